package import Orders

/// The document that an ERP wants, with places to be filled from an order.
///
/// A place is `${order.…}`, `${line.…}` or `${key}`: a path into the order's or the line's JSON form (``SinkOrder/json``), where a line's
/// `erp` is always there, and its `number` (from 1) and `index` (from 0). `?` behind the path lets it be missing, and then what it
/// stands in is left out; `as` says how the value is written. A section with `for_each: lines` stands for a list.
package indirect enum RESTTemplate: Sendable, Equatable {
    case constant(JSONValue)
    /// The value as it is, which needn't be a text.
    case place(Place)
    /// Text with places in it.
    case text([Part])
    case object([Member])
    case array([RESTTemplate])
    /// One for each pushed line.
    case eachLine(RESTTemplate)

    package struct Member: Sendable, Equatable {
        package var name: String
        package var value: RESTTemplate
    }

    package enum Part: Sendable, Equatable {
        case literal(String)
        case place(Place)
    }

    package struct Place: Sendable, Equatable {
        package enum Root: String, Sendable, CaseIterable { case order, line, key }

        package var root: Root
        /// Below the root, in steps; empty for `key`.
        package var path: [String]
        package var mayBeMissing = false
        package var form = Form.asItIs

        /// As it stands in the file, without `as`.
        package var name: String { ([root.rawValue] + path).joined(separator: ".") }
    }

    /// How a value is written. What doesn't fit is a fault of the order's; nothing is cut, rounded or bent.
    package enum Form: Sendable, Equatable {
        case asItIs
        /// At most so many characters.
        case text(charactersMax: Int)
        /// A decimal without quotes: at most so many digits, and so many of them behind the point; `nil`: as many as there are.
        case number(digitsMax: Int?, fractionDigitsMax: Int?)
        case integer
        /// The day of a date or a date with a time: `YYYY-MM-DD`.
        case date
    }
}

extension RESTTemplate.Place {
    /// Reads what stands between `${` and `}`; `nil` where it is no place at all but the name of a secret.
    static func parse(_ text: String) -> Result<Self, SettingsFaultMessage>? {
        let words = text.split(separator: " ", omittingEmptySubsequences: true).map(String.init)
        guard var name = words.first else { return nil }
        let mayBeMissing = name.hasSuffix("?")
        if mayBeMissing { name.removeLast() }
        let steps = name.split(separator: ".", omittingEmptySubsequences: false).map(String.init)
        guard let root = Root(rawValue: steps[0]), root == .key ? steps.count == 1 : steps.count > 1 else { return nil }
        guard steps.allSatisfy({ !$0.isEmpty }) else { return .failure(SettingsFaultMessage("'\(name)' has an empty step")) }
        var place = Self(root: root, path: Array(steps.dropFirst()), mayBeMissing: mayBeMissing)
        guard words.count > 1 else { return .success(place) }
        guard words.count == 3, words[1] == "as", let form = RESTTemplate.Form(words[2]) else {
            return .failure(
                SettingsFaultMessage(
                    "'\(text)' can't be read; write '\(name) as number', number(15.2), integer, date or text(35)"))
        }
        place.form = form
        return .success(place)
    }
}

extension RESTTemplate.Form {
    /// `number`, `number(15.2)`, `integer`, `date`, `text(35)`.
    fileprivate init?(_ word: String) {
        if let match = word.wholeMatch(of: /text\(([0-9]{1,6})\)/), let most = Int(match.1), most > 0 {
            self = .text(charactersMax: most)
            return
        }
        if let match = word.wholeMatch(of: /number\(([0-9]{1,2})\.([0-9]{1,2})\)/), let digits = Int(match.1),
            let fraction = Int(match.2), digits > 0, fraction <= digits
        {
            self = .number(digitsMax: digits, fractionDigitsMax: fraction)
            return
        }
        switch word {
        case "number": self = .number(digitsMax: nil, fractionDigitsMax: nil)
        case "integer": self = .integer
        case "date": self = .date
        default: return nil
        }
    }
}
