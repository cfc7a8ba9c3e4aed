import Orders

/// Takes what ERPs send by themselves: `POST /webhooks/<flow>/<secret>`, or `POST /webhooks/<flow>` with the secret in a header.
///
/// A wrong secret and an unknown flow get the same answer after the same work, so that neither can be found out by trying.
package struct WebhookPage: WebPage {
    /// Where one flow's messages come in.
    package struct Door: Sendable {
        fileprivate let flow: String
        fileprivate let secret: SecretDigest
        fileprivate let header: String?

        /// - Parameter header: carries the secret; `nil`: the path ends with it.
        package init(flow: String, secret: String, header: String?) {
            self.flow = flow
            self.secret = SecretDigest(of: secret)
            self.header = header?.lowercased()
        }
    }

    private static let root = "/webhooks/"
    /// What is compared where there is no such flow.
    private static let nobody = Door(flow: "", secret: "", header: nil)

    private let doors: [Door]
    private let bodyBytesMax: Int
    private let take: @Sendable (Webhook) async -> WebhookReceipt

    /// - Parameters:
    ///   - bodyBytesMax: a longer body is answered with 413.
    ///   - take: returns once the message is kept for good.
    package init(doors: [Door], bodyBytesMax: Int, take: @escaping @Sendable (Webhook) async -> WebhookReceipt) {
        self.doors = doors
        self.bodyBytesMax = bodyBytesMax
        self.take = take
    }

    package func receive(_ request: WebRequest) -> WebReception? {
        guard request.path.hasPrefix(Self.root) else { return nil }
        guard request.method == "POST" else { return .answer(.wrongMethod(["POST"])) }
        guard let door = door(for: request) else { return .answer(.notFound) }
        var headers = request.headers
        if let header = door.header { headers[header] = nil }
        return .takeBody(bytesMax: bodyBytesMax) { [headers] body in
            await take(Webhook(flow: door.flow, headers: headers, body: body)).answer
        }
    }

    private func door(for request: WebRequest) -> Door? {
        let parts = request.path.dropFirst(Self.root.count).split(separator: "/", omittingEmptySubsequences: false)
        let known = doors.first { $0.flow == parts[0] }
        let door = known ?? Self.nobody
        let isWhole = parts.count == (door.header == nil ? 2 : 1)
        let offered = door.header.map { request.headers[$0] ?? "" } ?? parts.dropFirst().first.map { String($0) } ?? ""
        let isProven = SecretDigest(of: offered).isSame(as: door.secret)
        return isWhole && isProven ? known : nil
    }
}

/// A message whose sender has proven itself.
package struct Webhook: Sendable, Equatable {
    package var flow: String
    /// Names in lower case, without the one that carried the secret.
    package var headers: [String: String]
    package var body: [UInt8]

    package init(flow: String, headers: [String: String], body: [UInt8]) {
        self.flow = flow
        self.headers = headers
        self.body = body
    }
}

/// What became of a message.
package enum WebhookReceipt: Sendable, Equatable {
    /// It is on disk, and nothing that happens from now on loses it.
    case stored
    /// The flow takes none.
    case notHere
    case tooLarge
    /// It couldn't be kept, and is to be sent again.
    case unavailable

    fileprivate var answer: WebAnswer {
        switch self {
        case .stored: WebAnswer(200, ["stored": true])
        case .notHere: .notFound
        case .tooLarge: .refusal(413, "The message is too long.")
        case .unavailable: .refusal(503, "The message could not be kept; send it again.")
        }
    }
}
