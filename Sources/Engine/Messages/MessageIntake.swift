import Ledger
import Logging
import OrderFlow
import Orders
import SinkKit

/// Takes what ERPs send by themselves: keeps it, and says so only once it is on disk. What it says is found out later, by
/// ``MessageDesk``.
///
/// Every message is kept, also one whose bytes came before: an ERP that has two things to say of an order may say them in the same
/// words. What a repeat means is decided when it is handled.
package struct MessageIntake: Sendable {
    private let receivers: Set<String>
    private let surroundings: Surroundings
    private let bodyBytesMax: Int

    /// - Parameters:
    ///   - flows: those whose sinks get messages are taken for.
    ///   - bodyBytesMax: of one message.
    package init(flows: [Flow], surroundings: Surroundings, bodyBytesMax: Int = 1_048_576) {
        self.init(
            receivers: flows.filter(\.sink.capabilities.receivesMessages).map(\.name), surroundings: surroundings,
            bodyBytesMax: bodyBytesMax)
    }

    /// - Parameters:
    ///   - receivers: names of flows that messages are taken for, also while their sinks can't be opened.
    ///   - bodyBytesMax: of one message.
    package init(receivers: [String], surroundings: Surroundings, bodyBytesMax: Int = 1_048_576) {
        self.receivers = Set(receivers)
        self.surroundings = surroundings
        self.bodyBytesMax = bodyBytesMax
    }

    /// - Parameter headers: in any case; what could be a credential, or holds the address with one, is left out here.
    /// - Returns: how the sender is to be answered. Only ``IntakeAnswer/stored(id:)`` says that the message can't be lost any more.
    package func take(flow: String, headers: [String: String], body: [UInt8]) async -> IntakeAnswer {
        guard receivers.contains(flow) else { return .notHere }
        guard body.count <= bodyBytesMax else { return .tooLarge }
        let receivedAt = surroundings.now
        let message = InboundMessage(
            id: "\(receivedAt.milliseconds)-\(ContentDigest.sha256(body).prefix(16))", receivedAt: receivedAt,
            headers: Self.kept(headers), body: body)
        do throws(LedgerError) {
            try await surroundings.ledger.keep(message, flow: flow)
        } catch {
            surroundings.logger.error("A message couldn't be kept", metadata: ["flow": "\(flow)", "why": "\(error)"])
            return .unavailable
        }
        surroundings.logger.info(
            "Message kept", metadata: ["flow": "\(flow)", "message": "\(message.id)", "bytes": "\(body.count)"])
        return .stored(id: message.id)
    }

    // MARK: Headers

    private static let credentialMarks = ["auth", "cookie", "secret", "token", "apikey", "api-key", "password", "credential"]
    /// Some proxies hand on in them the whole address, and with it a secret path.
    private static let addressNames = [
        "referer", "x-forwarded-uri", "x-original-uri", "x-original-url", "x-rewrite-url", "x-envoy-original-path",
    ]

    private static func kept(_ headers: [String: String]) -> [String: String] {
        var kept: [String: String] = [:]
        // In the order of their names, for names that differ by their case only.
        for (name, value) in headers.sorted(by: { $0.key < $1.key }) {
            let name = name.lowercased()
            let isCredential = credentialMarks.contains { name.contains($0) } || addressNames.contains(name)
            if !isCredential { kept[name] = value }
        }
        return kept
    }
}

/// How the sender of a message is answered.
package enum IntakeAnswer: Sendable, Equatable {
    /// It is on disk under that id.
    case stored(id: String)
    /// There is no such flow, or its sink gets no messages.
    case notHere
    case tooLarge
    /// It couldn't be kept; the sender is to try again.
    case unavailable

    /// The HTTP status that says so.
    package var status: Int {
        switch self {
        case .stored: 200
        case .notHere: 404
        case .tooLarge: 413
        case .unavailable: 503
        }
    }
}
