import Foundation
package import Orders

/// Odoo's own spellings of values in JSON: `false` for what is missing, `[id, "name"]` for a reference, dates in UTC without a zone.
extension JSONValue {
    /// The id of a reference.
    package var reference: Int64? { arrayValue?.first?.integerValue }

    /// What Odoo calls what a reference leads to.
    package var referenceName: String? { arrayValue?.dropFirst().first?.stringValue }

    /// Of a binary float, in the shortest spelling that brings it back.
    package var odooDecimal: ExactDecimal? {
        guard case .number(let number) = self else { return nil }
        return try? ExactDecimal(number.spelling)
    }

    /// `YYYY-MM-DD HH:MM:SS` as ISO 8601.
    package var odooInstant: String? {
        guard let text = stringValue, text.utf8.count == 19 else { return nil }
        return text.prefix(10) + "T" + text.suffix(8) + "Z"
    }
}

/// The shop's dates as Odoo wants them.
package struct OdooClock: Sendable {
    /// Of dates that name no zone.
    private let zone: TimeZone

    /// - Parameter zone: an IANA name; `nil` or an unknown one: UTC.
    package init(zone: String?) { self.zone = zone.flatMap(TimeZone.init(identifier:)) ?? .gmt }

    /// - Parameter text: `YYYY-MM-DD`, or with a time and perhaps an offset behind it; a day alone means its noon.
    /// - Returns: `YYYY-MM-DD HH:MM:SS` in UTC; `nil` where it is none of them.
    package func utc(_ text: String) -> String? {
        if text.utf8.count == 10 { return instant(text + "T12:00:00", zone).map(spelling) }
        let time = text.dropFirst(11)
        guard time.utf8.count >= 8 else { return nil }
        let seconds = String(text.prefix(10) + "T" + time.prefix(8))
        let rest = time.dropFirst(8).drop { $0 == "." || $0.isNumber }
        if rest.isEmpty { return instant(seconds, zone).map(spelling) }
        return instant(seconds + rest, nil).map(spelling)
    }

    /// - Parameter zone: `nil`: it stands in the text.
    private func instant(_ text: String, _ zone: TimeZone?) -> Date? {
        let date = Date.ISO8601FormatStyle(timeZone: zone ?? .gmt).year().month().day()
        let style = date.time(includingFractionalSeconds: false)
        return try? (zone == nil ? style.timeZone(separator: .colon) : style).parse(text)
    }

    private func spelling(_ date: Date) -> String {
        let style = Date.ISO8601FormatStyle(timeZone: .gmt).year().month().day().dateTimeSeparator(.space)
        return date.formatted(style.time(includingFractionalSeconds: false))
    }
}

/// External ids of what the sink makes. Letters, digits and these signs; a space is what Odoo refuses.
package enum OdooMark {
    private static let module = "crossdock."

    /// Of an order: its key, which has no other dot in it.
    package static func order(_ key: IdempotencyKey) -> String { module + key.text.dropFirst("crossdock:".count) }

    package static func line(_ key: IdempotencyKey, _ line: String) -> String { order(key) + "/" + line }

    /// The shop's line that an external id of a line of that order names.
    package static func lineKey(_ text: String, of key: IdempotencyKey) -> String? {
        let prefix = order(key) + "/"
        return text.hasPrefix(prefix) ? String(text.dropFirst(prefix.count)) : nil
    }
}
