package import Orders

/// The shop's naive date-times, which carry no zone: which zone they mean isn't documented, so it is a setting.
package struct ShopClock: Sendable {
    private let zone: ZoneClock

    /// The IANA name.
    package var zoneName: String { zone.name }

    /// - Parameter zone: an IANA name such as `Europe/Amsterdam`; `nil` result where the system doesn't know it.
    package init?(zone name: String) {
        guard let zone = ZoneClock(name) else { return nil }
        self.zone = zone
    }

    /// `YYYY-MM-DDTHH:MM:SS` in the shop's zone, as its filters want it (CloudSuite, "Orders GET - json"); the second that the
    /// instant lies in.
    package func text(_ instant: Timestamp) -> String {
        let second = instant.milliseconds.flooredQuotient(by: 1000)
        let local = zone.local(atSecond: second)
        let days = local.flooredQuotient(by: 86_400)
        let time = local - days * 86_400
        return
            "\(dateText(CivilDate(daysSince1970: days)))T\(padded(time / 3600, 2)):\(padded(time / 60 % 60, 2)):\(padded(time % 60, 2))"
    }

    /// Reads `YYYY-MM-DDTHH:MM:SS`, with or without a fraction of a second; a `Z` or an offset behind it (`+02:00`, `+0200`,
    /// `+02`) is honoured. `nil` for anything else, and for days that no calendar has.
    ///
    /// In the hour that a change of clocks repeats, the first of the two instants is meant; a time in the hour that a change
    /// skips is read by the offset before the change. Foundation's `Calendar` does both.
    package func instant(_ text: String) -> Timestamp? {
        let bytes = Array(text.utf8)
        guard bytes.count >= 19, bytes[10] == UInt8(ascii: "T") || bytes[10] == UInt8(ascii: " "),
            bytes[13] == UInt8(ascii: ":"), bytes[16] == UInt8(ascii: ":"),
            let date = civilDate(bytes[0..<10]), let hour = number(bytes[11..<13]), let minute = number(bytes[14..<16]),
            let second = number(bytes[17..<19]), hour < 24, minute < 60, second < 61
        else { return nil }
        var rest = bytes[19...]
        guard let milliseconds = takeFraction(&rest) else { return nil }
        let local = date.daysSince1970 * 86_400 + hour * 3600 + minute * 60 + second
        if rest.isEmpty { return Timestamp(milliseconds: secondsSince1970(local: local) * 1000 + milliseconds) }
        guard let stated = statedOffset(rest) else { return nil }
        return Timestamp(milliseconds: (local - stated) * 1000 + milliseconds)
    }

    /// How far the shop's zone is ahead of UTC then; seconds, which zones had before there were standard times, are left out.
    package func offsetMinutes(at instant: Timestamp) -> Int {
        Int(zone.offsetSeconds(atSecond: instant.milliseconds.flooredQuotient(by: 1000)) / 60)
    }

    /// What the clock's face says, in seconds, as seconds since 1970 in UTC.
    private func secondsSince1970(local: Int64) -> Int64 {
        switch zone.showing(local: local) {
        case .once(let second), .twice(let second, _): second
        case .never(let change): local - zone.offsetSeconds(atSecond: change - 1)
        }
    }

    /// Milliseconds, rounded down; `nil` for a point without digits.
    private func takeFraction(_ rest: inout ArraySlice<UInt8>) -> Int64? {
        guard rest.first == UInt8(ascii: ".") else { return 0 }
        let digits = rest.dropFirst().prefix { (UInt8(ascii: "0")...UInt8(ascii: "9")).contains($0) }
        guard !digits.isEmpty else { return nil }
        rest = rest.dropFirst(1 + digits.count)
        let padded = digits.prefix(3) + [UInt8](repeating: UInt8(ascii: "0"), count: max(0, 3 - digits.count))
        return number(padded)
    }

    /// `Z`, or a sign with `HH:MM`, `HHMM` or `HH`, in seconds.
    private func statedOffset(_ rest: ArraySlice<UInt8>) -> Int64? {
        if rest.elementsEqual([UInt8(ascii: "Z")]) { return 0 }
        guard let sign = rest.first, sign == UInt8(ascii: "+") || sign == UInt8(ascii: "-") else { return nil }
        var digits = Array(rest.dropFirst())
        if digits.count == 5, digits[2] == UInt8(ascii: ":") { digits.remove(at: 2) }
        guard digits.count == 4 || digits.count == 2, let hours = number(digits[0..<2]), let minutes = number(digits[2...]),
            hours < 24, minutes < 60
        else { return nil }
        return (sign == UInt8(ascii: "-") ? -1 : 1) * (hours * 3600 + minutes * 60)
    }
}

private func padded(_ value: Int64, _ width: Int) -> String {
    let digits = String(value)
    return String(repeating: "0", count: max(0, width - digits.utf8.count)) + digits
}

private func number(_ digits: ArraySlice<UInt8>) -> Int64? {
    var result: Int64 = 0
    for digit in digits {
        guard (UInt8(ascii: "0")...UInt8(ascii: "9")).contains(digit) else { return nil }
        result = result * 10 + Int64(digit - UInt8(ascii: "0"))
    }
    return result
}

/// Reads `YYYY-MM-DD`; `nil` for days such as 30 February.
private func civilDate(_ text: ArraySlice<UInt8>) -> CivilDate? {
    let bytes = Array(text)
    guard bytes[4] == UInt8(ascii: "-"), bytes[7] == UInt8(ascii: "-"), let year = number(bytes[0..<4]),
        let month = number(bytes[5..<7]), let day = number(bytes[8..<10])
    else { return nil }
    return CivilDate(year: year, month: month, day: day)
}

private func dateText(_ date: CivilDate) -> String { "\(padded(date.year, 4))-\(padded(date.month, 2))-\(padded(date.day, 2))" }
