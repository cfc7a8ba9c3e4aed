internal import Orders

/// Writes that were queued on request and answered with 202 (reference, section 1.5).
struct TaskBook: Sendable {
    /// The result, or `nil` while the task waits.
    private var results: [String: SimulatedResponse?] = [:]
    private var count = 0

    mutating func begin() -> String {
        count += 1
        let id = "7f3c2a10-0000-4000-8000-\(NaiveDateTime.padded(count, 12))"
        results[id] = .some(nil)
        return id
    }

    mutating func finish(id: String, _ response: SimulatedResponse) { results[id] = response }

    func answer(id: String) -> SimulatedResponse {
        guard let result = results[id] else { return .detail(404, "Not found.") }
        return result ?? .json(200, .object(["id": .text(id), "status": "PENDING"]))
    }
}
