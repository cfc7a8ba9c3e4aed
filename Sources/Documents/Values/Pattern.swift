/// A regular expression that is compiled once; a literal in a function is compiled anew at every call.
///
/// `Regex` isn't `Sendable`, since one may be built of closures. Those of a literal or a text hold none, and their program is stored
/// atomically when it is first needed.
package struct Pattern<Output>: @unchecked Sendable {
    private let regex: Regex<Output>

    /// - Parameter regex: without closures of its own.
    package init(_ regex: Regex<Output>) { self.regex = regex }

    package func wholeMatch(_ text: String) -> Regex<Output>.Match? { text.wholeMatch(of: regex) }

    package func firstMatch(_ text: String) -> Regex<Output>.Match? { text.firstMatch(of: regex) }

    package func isWhole(_ text: String) -> Bool { text.wholeMatch(of: regex) != nil }

    package func isFound(in text: String) -> Bool { text.firstMatch(of: regex) != nil }
}

/// Patterns of several documents.
enum Patterns {
    /// ISO 4217.
    static let currency = Pattern(/[A-Z]{3}/)
    /// ISO 3166-1 alpha-2.
    static let country = Pattern(/[A-Z]{2}/)
    /// UN/ECE recommendation 20, and 21 with its prefix.
    static let unit = Pattern(/[A-Za-z0-9]{1,3}/)
    static let role = Pattern(/[A-Za-z0-9._:\-]+/)
    static let cXMLVersion = Pattern(/1\.2\.0[0-9]{2}/)
    static let cXMLSystemID = Pattern(/\/cXML\/(1\.2\.0[0-9]{2})\//)
    static let statusCode = Pattern(/[1-5][0-9]{2}/)
    static let time = Pattern(
        /(\d{4}-\d\d-\d\d)(?:T(\d\d):(\d\d)(?::(\d\d)(?:[.,]\d+)?)?(Z|[+\-]\d\d:?\d\d)?)?/.asciiOnlyDigits())
}
