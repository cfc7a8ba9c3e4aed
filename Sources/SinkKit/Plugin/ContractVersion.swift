/// The version of the contract that this module describes, by the rules of https://semver.org/spec/v2.0.0.html: a new major version may
/// break a plugin, a new minor one adds members and methods that it may pass over.
public struct ContractVersion: Sendable, Equatable, CustomStringConvertible {
    public let major: Int
    public let minor: Int
    public let patch: Int

    public static let current = ContractVersion(major: 1, minor: 0, patch: 0)

    public init(major: Int, minor: Int, patch: Int) {
        self.major = major
        self.minor = minor
        self.patch = patch
    }

    /// Reads `1.2.3`; what follows a `-` or `+` is passed over. `nil` where it is no version.
    public init?(_ text: String) {
        let core = text.prefix { $0 != "-" && $0 != "+" }
        let numbers = core.split(separator: ".", omittingEmptySubsequences: false).map { part in
            part.utf8.allSatisfy { (UInt8(ascii: "0")...UInt8(ascii: "9")).contains($0) } ? Int(part) : nil
        }
        guard numbers.count == 3, let major = numbers[0], let minor = numbers[1], let patch = numbers[2] else { return nil }
        self.init(major: major, minor: minor, patch: patch)
    }

    /// Whether a plugin of that version and a Crossdock of this one understand each other.
    public func isCompatible(with other: ContractVersion) -> Bool { major == other.major }

    public var description: String { "\(major).\(minor).\(patch)" }
}
