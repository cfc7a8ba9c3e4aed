import Simulation

/// What the command line asks for.
struct Options {
    var schedules = 20_000
    var seed: UInt64 = 1
    var processes = 2
    /// Crashes in one schedule of the exhaustive search, 0 to 3.
    var crashDepth = 1
    /// Of crashes that leave the same behind only one is searched for further ones.
    var onlyDistinct = false
    /// Schedules that each planted bug gets at most; 0: none are planted.
    var planted = 0
    /// Only those whose names have it in them are planted.
    var bug = ""
    /// Only paths are searched for crashes whose names have it in them.
    var path = ""
    var ledger = Campaign.LedgerKind.values
    /// Of so many equal parts of the search for crashes the one that is made, from 1: a long search is made part by part.
    var part = (number: 1, count: 1)
    var replay: UInt64?
    /// Where the one path named dies, and how, to be played once more.
    var crashes: [Disturbance] = []
    var isTraced = false
    /// Which share of the work this process does for the one that started it.
    var share: Int?

    static let usage = """
        crossdock-simulate [--schedules N] [--seed S] [--processes P] [--crashes 0…3 [--distinct] [--path WORDS] [--part K/N]]
            [--planted N [--bug WORDS]] [--ledger memory|sqlite]
        crossdock-simulate --replay SEED [--ledger memory|sqlite] [--trace]
        crossdock-simulate --path WORDS --crash POINT:KIND[,POINT:KIND…] [--trace]
        """

    /// - Returns: `nil` where the arguments make no sense.
    init?(_ arguments: [String]) {
        var rest = arguments[...]
        while let name = rest.popFirst() {
            if name == "--trace" {
                isTraced = true
                continue
            }
            if name == "--distinct" {
                onlyDistinct = true
                continue
            }
            guard let value = rest.popFirst() else { return nil }
            if let isGood = takeWords(name, value) {
                guard isGood else { return nil }
                continue
            }
            guard let number = UInt64(value) else { return nil }
            switch name {
            case "--schedules": schedules = Int(number)
            case "--seed": seed = number
            case "--processes": processes = max(1, Int(number))
            case "--crashes": crashDepth = min(3, Int(number))
            case "--planted": planted = Int(number)
            case "--replay": replay = number
            case "--share": share = Int(number)
            default: return nil
            }
        }
    }

    /// - Returns: `nil` where the option takes a number; else whether its value makes sense.
    private mutating func takeWords(_ name: String, _ value: String) -> Bool? {
        switch name {
        case "--bug": bug = value
        case "--path": path = value
        case "--ledger":
            guard let kind = Campaign.LedgerKind(rawValue: value) else { return false }
            ledger = kind
        case "--part":
            let numbers = value.split(separator: "/").compactMap { Int($0) }
            guard numbers.count == 2, (1...max(1, numbers[1])).contains(numbers[0]) else { return false }
            part = (numbers[0], numbers[1])
        case "--crash":
            crashes = value.split(separator: ",").compactMap { Disturbance(crashText: $0) }
            return crashes.count == value.split(separator: ",").count
        default: return nil
        }
        return true
    }

    /// Those that are asked for.
    var paths: [CrashPath] {
        if let named = CrashPath.all.first(where: { $0.name == path }) { return [named] }
        return CrashPath.all.filter { path.isEmpty || $0.name.contains(path) }
    }

    func arguments(share: Int) -> [String] {
        [
            "--schedules", "\(schedules)", "--seed", "\(seed)", "--processes", "\(processes)", "--crashes", "\(crashDepth)",
            "--planted", "\(planted)", "--share", "\(share)", "--ledger", ledger.rawValue, "--bug", bug, "--path", path,
            "--part", "\(part.number)/\(part.count)",
        ] + (onlyDistinct ? ["--distinct"] : [])
    }
}
