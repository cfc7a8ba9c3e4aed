/// What a simulated system answers; a value whose methods run under the host's lock.
protocol SimulatedSurface: Sendable {
    /// The request's kind, for statistics and fault rules: one of a handful of names.
    func kind(of request: SimulatedRequest) -> String

    /// Notes that a request came, whatever becomes of it.
    mutating func received(_ request: SimulatedRequest)

    /// Answers and applies the request. The host has dealt with rate limits and faults.
    mutating func answer(_ request: SimulatedRequest, at now: Int64) -> SurfaceAnswer

    /// Answers a request under `/_simulator/` that the host doesn't know itself; `nil` is 404.
    mutating func control(_ request: SimulatedRequest, at now: Int64) -> SimulatedResponse?

    /// What the surface adds to the statistics.
    var statistics: [(String, Int)] { get }

    mutating func expireTokens()
    mutating func reset(at now: Int64)
}

struct SurfaceAnswer: Sendable {
    var response: SimulatedResponse
    var effect: RequestEffect
    /// With `.pending`: what the host is to hand in again, and when.
    var later: Later?

    struct Later: Sendable {
        let dueUnixMicroseconds: Int64
        let request: SimulatedRequest
    }

    init(_ response: SimulatedResponse, _ effect: RequestEffect, later: Later? = nil) {
        self.response = response
        self.effect = effect
        self.later = later
    }
}
