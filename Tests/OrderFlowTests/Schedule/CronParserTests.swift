import OrderFlow
import Orders
import Testing

@Suite struct CronParserTests {
    private func next(_ text: String, after instant: Int64 = 1_768_953_600) throws -> Int64 {
        // Wednesday, 21 January 2026, 00:00:00Z.
        try CronExpression(text).next(
            after: Timestamp(milliseconds: instant * 1000), in: #require(ZoneClock("UTC"))
        ).milliseconds / 1000
    }

    private static let cases: [(text: String, seconds: Int64)] = [
        ("* * * * *", 60),
        ("*/5 * * * *", 300),
        ("7 * * * *", 420),
        ("0 * * * *", 3600),
        ("@hourly", 3600),
        ("30 6-22/4 * * *", 23400),
        ("0 0 * * thu", 86400),
        ("0 0 * * THU", 86400),
        ("0 0 * * 7", 345600),
        ("0 0 * * sun", 345600),
        ("0 0 * * sat-sun", 259200),
        ("0 0 * * 5-7", 172800),
        ("@weekly", 345600),
        ("@daily", 86400),
        ("@midnight", 86400),
        ("@monthly", 950400),
        ("@YEARLY", 29808000),
        ("0 0 1 feb *", 950400),
        ("0 0 1 feb-mar *", 950400),
        ("5,3,4 0 * * *", 180),
        ("  1  0\t* * * ", 60),
        // Either day suffices where both are named, and both must fit where one begins with a star.
        ("0 0 24 * thu", 86400),
        ("0 0 */2 * thu", 691200),
        ("0 0 24 * *", 259200),
        // The next 29 February, and the next that is a Sunday: 2032.
        ("0 0 29 2 *", 66441600),
        ("0 0 29 2 */7", 192672000),
    ]

    @Test(arguments: cases)
    func `the next time after a Wednesday's midnight`(text: String, seconds: Int64) throws {
        #expect(try next(text) == 1_768_953_600 + seconds)
    }

    private static let faults: [(text: String, position: Int, message: String)] = [
        ("", 1, "there are 0 fields; write five"), ("* * * *", 8, "there are 4 fields"),
        ("* * * * * *", 11, "there are 6 fields"),
        ("@often", 1, "there is no '@often'; write one of @annually, @daily"), ("@reboot", 1, "there is no '@reboot'"),
        ("60 * * * *", 1, "'60' is not the minute: 0 to 59, or *"), ("* 24 * * *", 3, "'24' is not the hour: 0 to 23"),
        ("* * 0 * *", 5, "'0' is not the day of the month: 1 to 31"),
        ("* * * 13 *", 7, "'13' is not the month: 1 to 12, or jan to dec"),
        ("* * * * 8", 9, "'8' is not the day of the week: 0 to 7, or sun to sun"),
        ("* * * * mo", 9, "'mo' is not the day of the week"),
        ("5/10 * * * *", 3, "a step follows '*' or a range: write 5-59/10"), ("*/0 * * * *", 3, "'0' is no step from 1 to 59"),
        ("*/90 * * * *", 3, "'90' is no step from 1 to 59"), ("*/5/2 * * * *", 5, "only one step can follow '*'"),
        ("1-2-3 * * * *", 5, "a range has two ends"), ("0 22-6 * * *", 3, "'22-6' ends before it begins; write 22-23,0-6"),
        ("1,,2 * * * *", 3, "'' is not the minute"), ("-5 * * * *", 1, "'' is not the minute"),
        ("+5 * * * *", 1, "'+5' is not the minute"),
        ("٣ * * * *", 1, "'٣' is not the minute"), ("00005 * * * *", 1, "'00005' is not the minute"),
        ("0 0 31 2 *", 1, "no month of these has such a day"), ("0 0 31 4,6,9,11 */2", 1, "no month of these has such a day"),
    ]

    @Test(arguments: faults)
    func `a fault says where it is and what to write`(text: String, position: Int, message: String) {
        do throws(CronFault) {
            _ = try CronExpression(text)
            Issue.record("'\(text)' was read")
        } catch {
            #expect(error.position == position && error.message.hasPrefix(message), "\(error)")
        }
    }
}
