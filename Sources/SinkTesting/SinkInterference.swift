/// Something that goes wrong between the sink and its ERP.
public enum SinkMishap: String, Sendable, Hashable, CaseIterable {
    /// Until mended, the ERP can't be reached by any call.
    case unreachable
    /// The next create's connection ends before the ERP has done anything.
    case cutOffBefore = "cut-off-before"
    /// The ERP takes the next create, and the connection ends without an answer.
    case cutOffAfter = "cut-off-after"
    /// The ERP takes the next create, and an error page of a gateway is the answer.
    case errorPageAfter = "error-page-after"
    /// The ERP takes the next create, and what is answered as a success can't be read.
    case garbageAfter = "garbage-after"
    /// The ERP takes the next create and says nothing until mended.
    case silentAfter = "silent-after"
    /// The next create's connection ends without an answer, and the ERP takes it as late as it ever may.
    case lateEffect = "late-effect"
    /// Until mended, look-ups are answered with an error.
    case failingLookUp = "failing-look-up"
    /// Until mended, look-ups are answered with something that can't be read.
    case garbageLookUp = "garbage-look-up"
    /// Until mended, look-ups get no answer.
    case silentLookUp = "silent-look-up"

    /// As a report says it.
    public var words: String {
        switch self {
        case .unreachable: "the ERP can't be reached"
        case .cutOffBefore: "the connection ended before the ERP had done anything"
        case .cutOffAfter: "the ERP took the order and the connection ended without an answer"
        case .errorPageAfter: "the ERP took the order and a gateway answered with an error page"
        case .garbageAfter: "the ERP took the order and its answer can't be read"
        case .silentAfter: "the ERP took the order and didn't answer"
        case .lateEffect: "the connection ended without an answer and the ERP took the order later"
        case .failingLookUp: "the look-up is answered with an error"
        case .garbageLookUp: "the look-up is answered with something that can't be read"
        case .silentLookUp: "the look-up isn't answered"
        }
    }
}

/// Makes things go wrong between the sink and its ERP, on demand.
public struct SinkInterference: Sendable {
    /// What can be arranged.
    public var mishaps: Set<SinkMishap>
    /// What can't happen with this sink at all, and why: those rules are "not applicable" rather than "not run".
    public var impossible: [SinkMishap: String]
    public var arrange: @Sendable (SinkMishap) async throws -> Void
    /// Undoes whatever was arranged.
    public var mend: @Sendable () async throws -> Void

    public init(
        _ mishaps: Set<SinkMishap>, impossible: [SinkMishap: String] = [:],
        arrange: @escaping @Sendable (SinkMishap) async throws -> Void, mend: @escaping @Sendable () async throws -> Void
    ) {
        self.mishaps = mishaps
        self.impossible = impossible
        self.arrange = arrange
        self.mend = mend
    }
}
