/// One thing that every sink must get right.
public struct SinkRule: Sendable, Identifiable {
    /// Stable: `create.then-find`. Waivers and reports name rules by it.
    public let id: String
    /// What must be, as a sentence.
    public let title: String
    let body: @Sendable (SinkTrial) async throws(RuleEnd) -> String

    /// - Parameter body: returns what was seen where the rule holds.
    init(_ id: String, _ title: String, _ body: @escaping @Sendable (SinkTrial) async throws(RuleEnd) -> String) {
        self.id = id
        self.title = title
        self.body = body
    }

    /// All of them, in the order in which they are run.
    public static let all: [SinkRule] =
        CreateRules.all + FindRules.all + KeyRules.all + LateRules.all + AttemptRules.all + DraftRules.all + RejectionRules.all
        + LineRules.all + ContentRules.all + DeadlineRules.all + CancelRules.all + ShipmentRules.all + SurfaceRules.all
        + SecretRules.all
}
