import FuzzTargets
import TestSupport
import Testing

/// The short form of `make fuzz`: every input that is kept, inputs too large for files, and changes of the kept ones by a fixed seed.
@Suite struct FuzzTests {
    static let folder = ProjectFolder.root + "/Fixtures/fuzz"

    @Test(arguments: FuzzTarget.all.map(\.name))
    func `every kept input keeps the properties`(_ name: String) throws {
        let target = try #require(FuzzTarget.named(name))
        let corpus = try Corpus(target, in: Self.folder)
        #expect(!corpus.inputs.isEmpty)
        for input in corpus.inputs {
            #expect(target.brokenProperty(by: input.bytes) == nil, "\(name)/\(input.name)")
        }
    }

    @Test(arguments: FuzzTarget.all.map(\.name))
    func `changed inputs keep the properties`(_ name: String) throws {
        let target = try #require(FuzzTarget.named(name))
        let corpus = try Corpus(target, in: Self.folder)
        let seed: UInt64 = 20_260_131
        var mutation = Mutation(of: corpus.inputs.map(\.bytes), inputBytesMax: target.inputBytesMax, seed: seed)
        for number in 1...(20 * target.share) {
            let input = mutation.next()
            #expect(
                target.brokenProperty(by: input) == nil,
                "\(name), seed \(seed), input \(number): \(String(decoding: input, as: UTF8.self))")
        }
    }

    /// Read in seconds; what takes minutes is quadratic, or has no end.
    @Test(.timeLimit(.minutes(5)), arguments: FuzzTarget.all.map(\.name))
    func `large inputs are read to the end`(_ name: String) throws {
        let target = try #require(FuzzTarget.named(name))
        for input in LargeInput.inputs(for: target) {
            #expect(target.brokenProperty(by: input.bytes) == nil, "\(name): \(input)")
        }
    }

    @Test func `a run's shares make a whole`() {
        #expect(FuzzTarget.all.reduce(0) { $0 + $1.share } == 1000)
    }
}
