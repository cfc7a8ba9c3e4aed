/// The harness itself can't go on.
package struct HarnessFault: Error, CustomStringConvertible {
    package let description: String

    package init(_ description: String) { self.description = description }
}
