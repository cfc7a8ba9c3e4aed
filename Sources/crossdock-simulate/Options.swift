import Simulation

/// What the command line asks for.
struct Options {
    var schedules = 20_000
    var seed: UInt64 = 1
    var processes = 2
    /// Crashes in one schedule of the exhaustive search, 0 to 3.
    var crashDepth = 1
    /// Schedules that each planted bug gets at most; 0: none are planted.
    var planted = 0
    /// Only those whose names have it in them are planted.
    var bug = ""
    /// Only paths are searched for crashes whose names have it in them.
    var path = ""
    var ledger = Campaign.LedgerKind.values
    var replay: UInt64?
    var isTraced = false
    /// Which share of the work this process does for the one that started it.
    var share: Int?

    static let usage = """
        crossdock-simulate [--schedules N] [--seed S] [--processes P] [--crashes 0…3 [--path WORDS]] [--planted N [--bug WORDS]]
            [--ledger memory|sqlite]
        crossdock-simulate --replay SEED [--trace]
        """

    /// - Returns: `nil` where the arguments make no sense.
    init?(_ arguments: [String]) {
        var rest = arguments[...]
        while let name = rest.popFirst() {
            if name == "--trace" {
                isTraced = true
                continue
            }
            if name == "--bug" {
                guard let words = rest.popFirst() else { return nil }
                bug = words
                continue
            }
            if name == "--path" {
                guard let words = rest.popFirst() else { return nil }
                path = words
                continue
            }
            if name == "--ledger" {
                guard let kind = rest.popFirst().flatMap(Campaign.LedgerKind.init(rawValue:)) else { return nil }
                ledger = kind
                continue
            }
            guard let number = rest.popFirst().flatMap({ UInt64($0) }) else { return nil }
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

    func arguments(share: Int) -> [String] {
        [
            "--schedules", "\(schedules)", "--seed", "\(seed)", "--processes", "\(processes)", "--crashes", "\(crashDepth)",
            "--planted", "\(planted)", "--share", "\(share)", "--ledger", ledger.rawValue, "--bug", bug, "--path", path,
        ]
    }
}
