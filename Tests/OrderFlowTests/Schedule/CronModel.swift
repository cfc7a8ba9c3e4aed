import Foundation
import TestSupport

/// A random cron expression, kept as plain sets, and what cron would do with it minute by minute.
struct CronModel {
    private struct Field {
        var text: String
        var values: Set<Int>
        var hasStar: Bool
    }

    private var fields: [Field] = []

    init(_ random: inout SeededGenerator) {
        for (range, density) in [(0...59, 3), (0...23, 3), (1...31, 2), (1...12, 6), (0...6, 2)] {
            fields.append(Self.field(range, likesStars: density, &random))
        }
    }

    var text: String { fields.map(\.text).joined(separator: " ") }

    private static func field(_ range: ClosedRange<Int>, likesStars: Int, _ random: inout SeededGenerator) -> Field {
        switch Int.random(in: 0..<(likesStars + 3), using: &random) {
        case 0:
            let step = Int.random(in: 1...max(1, range.upperBound / 2), using: &random)
            return Field(
                text: "*/\(step)", values: Set(stride(from: range.lowerBound, through: range.upperBound, by: step)), hasStar: true
            )
        case 1:
            let from = Int.random(in: range, using: &random), to = Int.random(in: from...range.upperBound, using: &random)
            return Field(text: "\(from)-\(to)", values: Set(from...to), hasStar: false)
        case 2:
            let values = (0..<3).map { _ in Int.random(in: range, using: &random) }
            return Field(text: values.map(String.init).joined(separator: ","), values: Set(values), hasStar: false)
        default: return Field(text: "*", values: Set(range), hasStar: true)
        }
    }

    /// What the clock on the wall shows at one minute.
    struct Face: Hashable {
        var year: Int, month: Int, day: Int, weekday: Int, hour: Int, minute: Int
    }

    func names(_ face: Face) -> Bool {
        let (onDay, onWeekday) = (fields[2].values.contains(face.day), fields[4].values.contains(face.weekday))
        let bothCount = fields[2].hasStar || fields[4].hasStar
        return fields[0].values.contains(face.minute) && fields[1].values.contains(face.hour)
            && fields[3].values.contains(face.month) && (bothCount ? onDay && onWeekday : onDay || onWeekday)
    }

    /// The minutes of `days` at which it is due.
    func due(in days: WallClockDays) -> [Int64] {
        let followsTheFace = fields[0].hasStar || fields[1].hasStar
        var seen: Set<Face> = []
        return days.minutes.compactMap { minute in
            // What was skipped counts at the first minute after it.
            let isDue =
                followsTheFace
                ? names(minute.face)
                : names(minute.face) && !seen.contains(minute.face) || minute.skipped.contains { names($0) }
            seen.insert(minute.face)
            return isDue ? minute.second : nil
        }
    }
}

/// Every minute of some days in a zone, as Foundation's calendar has them.
struct WallClockDays {
    struct Minute {
        var second: Int64
        var face: CronModel.Face
        /// What the clock would have shown before this minute, had it not been set forward.
        var skipped: [CronModel.Face] = []
    }

    private(set) var minutes: [Minute] = []

    init(zone name: String, from start: Int64, days: Int64) {
        let zone = TimeZone(identifier: name)!
        var local = Calendar(identifier: .gregorian), plain = local
        local.timeZone = zone
        plain.timeZone = TimeZone(identifier: "UTC")!
        var offset = zone.secondsFromGMT(for: Date(timeIntervalSince1970: Double(start - 60)))
        for second in stride(from: start, to: start + days * 86_400, by: 60) {
            let date = Date(timeIntervalSince1970: Double(second))
            var minute = Minute(second: second, face: Self.face(date, local))
            let newOffset = zone.secondsFromGMT(for: date)
            for skipped in stride(from: 0, to: max(0, newOffset - offset), by: 60) {
                minute.skipped.append(Self.face(date.addingTimeInterval(Double(offset + skipped)), plain))
            }
            offset = newOffset
            minutes.append(minute)
        }
    }

    private static func face(_ date: Date, _ calendar: Calendar) -> CronModel.Face {
        let parts = calendar.dateComponents([.year, .month, .day, .weekday, .hour, .minute], from: date)
        return CronModel.Face(
            year: parts.year!, month: parts.month!, day: parts.day!, weekday: parts.weekday! - 1, hour: parts.hour!,
            minute: parts.minute!)
    }
}
