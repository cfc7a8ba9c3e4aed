package import Orders

/// What became of a request's effect.
package enum RequestEffect: String, Sendable {
    /// The request asks for no change.
    case none
    case applied
    /// Refused, or struck by a fault before it took effect.
    case notApplied = "not_applied"
    /// Takes effect later.
    case pending
}

/// One request that a simulator got.
package struct LoggedRequest: Sendable {
    /// Counts from 1; never reused, not even by a reset.
    package let sequence: Int
    package let receivedUnixMicroseconds: Int64
    package let method: String
    /// Path and query as sent.
    package let target: String
    /// The body as text where it has at most ``bodyBytesMax`` bytes, `nil` where it is longer.
    package let body: String?
    /// FNV-1a, 64 bits, of the body's bytes, in hexadecimal.
    package let bodyDigest: String
    /// `nil` where the connection ended without an answer.
    package let status: Int?
    package var effect: RequestEffect
    /// The name of the fault that struck it.
    package let fault: String?

    package static let bodyBytesMax = 2048

    package var json: JSONValue {
        [
            "sequence": .integer(sequence), "received_unix_microseconds": .integer(receivedUnixMicroseconds),
            "method": .text(method), "target": .text(target), "body": .text(body), "body_digest": .text(bodyDigest),
            "status": status.map { .integer($0) } ?? .null, "effect": .text(effect.rawValue), "fault": .text(fault),
        ]
    }
}

/// The last requests, oldest first.
package struct RequestLog: Sendable {
    /// Requests kept; older ones are dropped.
    package let capacity: Int
    private var ring: [LoggedRequest] = []
    private var sequenceLast = 0

    init(capacity: Int) { self.capacity = max(1, capacity) }

    package var entries: [LoggedRequest] {
        guard ring.count == capacity else { return ring }
        let oldest = sequenceLast % capacity
        return Array(ring[oldest...] + ring[..<oldest])
    }

    /// - Returns: the request's sequence number.
    mutating func append(
        _ request: SimulatedRequest, at now: Int64, status: Int?, effect: RequestEffect, fault: String?
    ) -> Int {
        let entry = LoggedRequest(
            sequence: sequenceLast + 1, receivedUnixMicroseconds: now, method: request.method, target: request.target,
            body: request.body.count <= LoggedRequest.bodyBytesMax ? String(decoding: request.body, as: UTF8.self) : nil,
            bodyDigest: Self.digest(request.body), status: status, effect: effect, fault: fault)
        if ring.count < capacity { ring.append(entry) } else { ring[sequenceLast % capacity] = entry }
        sequenceLast += 1
        return sequenceLast
    }

    /// Says what became of a request whose effect was pending, if it is still in the log.
    mutating func settle(sequence: Int, effect: RequestEffect) {
        let index = (sequence - 1) % capacity
        guard ring.indices.contains(index), ring[index].sequence == sequence else { return }
        ring[index].effect = effect
    }

    static func digest(_ bytes: [UInt8]) -> String {
        let hash = bytes.reduce(0xCBF2_9CE4_8422_2325 as UInt64) { ($0 ^ UInt64($1)) &* 0x100_0000_01B3 }
        return String(hash, radix: 16)
    }
}
