package import Orders

/// An answer in JSON.
package struct WebAnswer: Sendable, Equatable {
    package var status: Int
    package var body: JSONValue
    /// The methods that the path has; goes with 405.
    package var allowed: [String]

    package init(_ status: Int, _ body: JSONValue, allowed: [String] = []) {
        self.status = status
        self.body = body
        self.allowed = allowed
    }

    /// An error, in words for whoever calls.
    package static func refusal(_ status: Int, _ message: String) -> WebAnswer {
        WebAnswer(status, ["error": .text(message)])
    }

    static let notFound = refusal(404, "There is nothing here.")

    static func wrongMethod(_ allowed: [String]) -> WebAnswer {
        WebAnswer(405, ["error": .text("This takes \(allowed.joined(separator: " and ")) only.")], allowed: allowed)
    }
}
