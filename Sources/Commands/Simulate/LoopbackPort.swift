import ArgumentParser

/// A port that a simulator listens on; 0 takes a free one.
struct LoopbackPort: ExpressibleByArgument {
    let number: Int

    init(number: Int) { self.number = number }

    init?(argument: String) {
        guard let number = Int(argument), (0...65_535).contains(number) else { return nil }
        self.number = number
    }

    var defaultValueDescription: String { String(number) }
}
