public import SinkKit

/// A sink as the conformance kit judges it: how to have one, what it can be tried with, and who else can say what its ERP holds.
///
/// Only ``open`` and ``sample`` are needed. Whatever else is missing makes the rules that need it end with "not run" and why; no
/// rule holds without having looked.
///
/// ```swift
/// let target = SinkUnderTest("my-erp", sample: SinkSample(products: ["124"], unknownProduct: "no-such-product")) {
///     MySink(address: sandbox.address)
/// }
/// let report = try await SinkCheck(target).run()
/// ```
public struct SinkUnderTest: Sendable {
    /// What reports call it.
    public var name: String
    /// Makes an instance of the sink over the ERP, as a process does when it starts. Called again for a restart: what the ERP held
    /// before, it holds after.
    public var open: @Sendable () async throws -> any ERPSink
    /// Ends an instance in good order.
    public var close: @Sendable (any ERPSink) async -> Void = { _ in }
    /// What orders are made of.
    public var sample: SinkSample
    public var limits = SinkLimits()

    /// Looks into the ERP without the sink.
    public var auditor: SinkAuditor?
    /// What can be made to go wrong between sink and ERP.
    public var interference: SinkInterference?
    /// The sink as a process that can be killed, over the same ERP; `nil` where it can't be one.
    public var process: SinkProcess?
    /// Plays the people in the ERP who send goods out.
    public var warehouse: SinkWarehouse?
    public var drafts = SinkDrafts.untold

    /// Texts that must not be seen in any output: passwords, tokens, redeem codes.
    public var secrets: [String] = []
    /// Everything that the sink has logged or printed so far, a line each; `nil` where it can't be read.
    public var output: (@Sendable () async throws -> [String])?
    /// Makes an instance with a setting that doesn't exist, which must fail; `nil` where there are no settings to get wrong.
    public var openWithUnknownSetting: (@Sendable () async throws -> any ERPSink)?
    /// Makes an instance with credentials that the ERP refuses; `nil` where there are none.
    public var openWithWrongCredentials: (@Sendable () async throws -> any ERPSink)?

    public init(_ name: String, sample: SinkSample, open: @escaping @Sendable () async throws -> any ERPSink) {
        self.name = name
        self.sample = sample
        self.open = open
    }
}

/// A sink that runs in a process of its own.
public struct SinkProcess: Sendable {
    /// Starts one, beside any others.
    public var open: @Sendable () async throws -> any ERPSink
    /// Ends it at once, without a word: SIGKILL. A call that is under way ends with what the process's end means for it.
    public var kill: @Sendable (any ERPSink) async throws -> Void
    /// Lets go of what is left of it.
    public var close: @Sendable (any ERPSink) async -> Void
    /// Whether what ``SinkUnderTest/interference`` arranges strikes it too. Where it doesn't, it is killed at moments left to chance.
    public var meetsMishaps = true

    public init(
        open: @escaping @Sendable () async throws -> any ERPSink, kill: @escaping @Sendable (any ERPSink) async throws -> Void,
        close: @escaping @Sendable (any ERPSink) async -> Void = { _ in }
    ) {
        self.open = open
        self.kill = kill
        self.close = close
    }
}

/// How much a check may ask of a sink and of the patience of whoever waits for it.
public struct SinkLimits: Sendable, Equatable {
    /// For any one call, unless the rule is about deadlines.
    public var call: Duration = .seconds(30)
    /// The deadline that rules about deadlines set.
    public var deadline: Duration = .seconds(4)
    /// How much later than its deadline a call may end.
    public var grace: Duration = .seconds(2)
    /// The longest that a rule waits for what the sink promises to happen within a time, such as the latest effect of class L.
    public var patience: Duration = .seconds(20)
    /// In the largest order.
    public var lines = 400
    /// Creates of one key at once.
    public var concurrency = 6

    public init() {}
}

/// A rule that needn't hold, and why.
public struct SinkWaiver: Sendable, Equatable {
    /// The rule's id.
    public let rule: String
    /// In words for whoever reads the report.
    public let reason: String

    /// `nil` where no reason is given.
    public init?(rule: String, reason: String) {
        guard reason.contains(where: { $0.isLetter }) else { return nil }
        self.rule = rule
        self.reason = reason
    }
}
