/// One reader of hostile bytes, with what must hold whatever it is given.
package struct FuzzTarget: Sendable {
    /// Also the name of its folder in `Fixtures/fuzz/`.
    package let name: String
    /// The longest input that tells anything new; longer ones only cost time.
    package let inputBytesMax: Int
    /// Its part of a long run, in thousandths: as many of a run's executions go to it.
    package let share: Int
    /// Reads the bytes, and throws where a property doesn't hold. A trap, an endless loop or memory without end breaks one too.
    let check: @Sendable (_ input: [UInt8]) throws(BrokenProperty) -> Void

    /// What the input breaks, if anything.
    package func brokenProperty(by input: [UInt8]) -> BrokenProperty? {
        do throws(BrokenProperty) {
            try check(input)
            return nil
        } catch {
            return error
        }
    }

    package static let all: [FuzzTarget] = [
        .json, .decimal, .order, .list, .journal, .http, .time, .sinkAnswer, .pluginMessage, .settings, .xml, .edifact,
    ]

    package static func named(_ name: String) -> FuzzTarget? { all.first { $0.name == name } }
}

/// A property that an input broke.
package struct BrokenProperty: Error, Sendable, Equatable, CustomStringConvertible {
    package let description: String

    init(_ description: String) { self.description = description }
}

/// - Throws: ``BrokenProperty`` unless the condition holds.
func require(_ condition: Bool, _ property: @autoclosure () -> String) throws(BrokenProperty) {
    if !condition { throw BrokenProperty(property()) }
}
