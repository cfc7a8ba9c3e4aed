/// A list query without its page: which orders it asks for.
struct OrderFilter: Sendable, Equatable {
    enum Bound: Sendable, Equatable {
        case atLeast(Int64)
        case atMost(Int64)

        func admits(_ value: Int64?) -> Bool {
            guard let value else { return false }
            return switch self {
            case .atLeast(let least): value >= least
            case .atMost(let most): value <= most
            }
        }
    }

    enum DateField: String, Sendable {
        case order = "order_date"
        case create = "create_date"
        case modified = "modified_date"
        case confirm = "confirm_date"
    }

    struct DateBound: Sendable, Equatable {
        let field: DateField
        let bound: Bound
    }

    var state: String?
    var offline: Bool?
    var reference: String?
    var webshop: Int?
    var dates: [DateBound] = []

    func admits(_ facts: OrderFacts) -> Bool {
        if let state, facts.state != state { return false }
        if let offline, facts.offline != offline { return false }
        if let reference, facts.reference != reference { return false }
        if let webshop, facts.webshop != webshop { return false }
        return dates.allSatisfy { $0.bound.admits(facts.date($0.field)) }
    }
}

extension OrderFacts {
    fileprivate func date(_ field: OrderFilter.DateField) -> Int64? {
        switch field {
        case .order: orderDate
        case .create: createDate
        case .modified: modifiedDate
        case .confirm: confirmDate
        }
    }
}

/// A list query: filter and page.
struct OrderQuery: Sendable {
    var filter = OrderFilter()
    var limit: Int
    var offset = 0
    /// The filters as sent, without limit and offset, for the links; unknown ones too, as Django keeps them.
    private(set) var filterPairs: [(name: String, value: String)] = []

    static let states = ["draft", "quotation", "confirmed", "processing", "done", "cancel"]

    /// Reads the query string; filters it doesn't know are ignored, as the real API does (reference, section 9).
    ///
    /// - Throws: ``InvalidFilter`` with the first value that is none.
    init(_ query: String, configuration: CloudSuiteConfiguration) throws(InvalidFilter) {
        limit = configuration.pageSizeDefault
        for (name, value) in PercentEncoding.pairs(query) {
            switch name {
            case "limit": limit = min(configuration.pageSizeMax, try Self.whole(name, value, least: 1))
            case "offset": offset = try Self.whole(name, value, least: 0)
            default:
                filterPairs.append((name, value))
                if name != "offline" || !configuration.ignoresOfflineFilter { try read(name, value) }
            }
        }
    }

    private mutating func read(_ name: String, _ value: String) throws(InvalidFilter) {
        switch name {
        case "state":
            guard Self.states.contains(value) else {
                throw InvalidFilter(name: name, message: "Select a valid choice. \(value) is not one of the available choices.")
            }
            filter.state = value
        case "offline":
            guard let bool = ["true": true, "True": true, "1": true, "false": false, "False": false, "0": false][value] else {
                throw InvalidFilter(name: name, message: "Must be a valid boolean.")
            }
            filter.offline = bool
        case "reference": filter.reference = value
        case "webshop": filter.webshop = try Self.whole(name, value, least: 0)
        default: try readDate(name, value)
        }
    }

    private mutating func readDate(_ name: String, _ value: String) throws(InvalidFilter) {
        let isLowerBound = name.hasSuffix("__gte")
        guard isLowerBound || name.hasSuffix("__lte"), let field = OrderFilter.DateField(rawValue: String(name.dropLast(5)))
        else {
            return
        }
        guard let date = NaiveDateTime(value)?.microseconds else {
            throw InvalidFilter(name: name, message: "Enter a valid date/time.")
        }
        filter.dates.append(OrderFilter.DateBound(field: field, bound: isLowerBound ? .atLeast(date) : .atMost(date)))
    }

    static func whole(_ name: String, _ value: String, least: Int) throws(InvalidFilter) -> Int {
        guard let number = Int(value), number >= least else { throw InvalidFilter(name: name, message: "Enter a whole number.") }
        return number
    }
}

/// A filter's value that is none: answered with 400 and `{"<name>": ["<message>"]}`.
struct InvalidFilter: Error {
    let name: String
    let message: String

    var response: SimulatedResponse { .field(name, message) }
}
