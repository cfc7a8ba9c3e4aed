import Foundation

/// The kept inputs of a target: seeds written by hand, what the fuzzer found to reach new code, and every input that broke something.
package struct Corpus: Sendable {
    package struct Input: Sendable {
        /// The file's name.
        package let name: String
        package let bytes: [UInt8]
    }

    package let inputs: [Input]

    /// - Parameter folder: `Fixtures/fuzz`.
    package init(_ target: FuzzTarget, in folder: String) throws {
        let own = "\(folder)/\(target.name)"
        inputs = try FileManager.default.contentsOfDirectory(atPath: own).sorted().map { name in
            Input(name: name, bytes: Array(try Data(contentsOf: URL(fileURLWithPath: "\(own)/\(name)"))))
        }
    }
}
