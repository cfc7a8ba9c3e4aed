import OrderFlow
import Orders

/// Reads what is about `crossdock serve`: the section of that name, and each flow's `schedule` and `webhook`.
enum ServeReader {
    /// Shorter ones can be guessed; 'openssl rand -hex 16' makes twice as much.
    private static let secretCharactersMin = 16

    static func read(_ reader: SettingsReader) -> ServeSettings {
        var serve = ServeSettings()
        reader.section("serve", "how 'crossdock serve' listens and stops") { section in
            serve.address = section.text("address", "the address that is listened on", default: serve.address)
            serve.port = section.integer("port", "the port; 0 takes a free one", default: serve.port, in: 0...65_535)
            serve.bodyBytesMax = section.integer(
                "body_limit", "the longest webhook, in bytes", default: serve.bodyBytesMax, in: 1024...16_777_216)
            serve.requestTimeLimit = section.duration(
                "request_time_limit", "how long a request may take to arrive", default: serve.requestTimeLimit,
                atLeast: .milliseconds(1))
            serve.keepAlive = section.duration(
                "keep_alive", "how long a connection without a request is kept", default: serve.keepAlive,
                atLeast: .milliseconds(1))
            serve.connectionsMax = section.integer(
                "connections", "how many are served at a time; others wait", default: serve.connectionsMax, in: 1...10_000)
            serve.healthPath = section.value("health_path", "where health is told", .text, default: serve.healthPath) { text in
                text.wholeMatch(of: /\/[A-Za-z0-9._~\/-]*/) != nil && !text.hasPrefix("/webhooks")
                    ? .success(text)
                    : .failure(SettingsFaultMessage("'\(text)' is no path of its own, such as /health"))
            }
            serve.stopTimeLimit = section.duration(
                "stop_time_limit", "how long orders in flight are waited for at the end", default: serve.stopTimeLimit)
        }
        return serve
    }

    // MARK: A flow's

    /// - Parameter reader: of a flow's section.
    static func schedule(_ reader: SettingsReader) -> ScheduleSettings {
        reader.section("schedule", "when 'crossdock serve' runs the flow") { section in
            let period = section.optionalDuration("every", "so often, by elapsed time", atLeast: .seconds(1))
            let expression: CronExpression? = section.value(
                "cron", "or by the clock on the wall, as crontabs have it: \"*/5 6-22 * * 1-5\"", .text, default: nil
            ) { text in
                do throws(CronFault) { return .success(try CronExpression(text)) } catch {
                    return .failure(SettingsFaultMessage("'\(text)' is no cron expression, \(error)"))
                }
            }
            let zone: String? = section.value("zone", "the IANA time zone of 'cron'", .text, default: nil) { text in
                ZoneClock(text) == nil
                    ? .failure(SettingsFaultMessage("'\(text)' is no time zone that this system knows")) : .success(text)
            }
            if section.has("every"), section.has("cron") {
                section.fault(under: "cron", "stands beside 'every'; give one of them")
            }
            if section.has("zone"), !section.has("cron") { section.fault(under: "zone", "is for 'cron' only") }
            return expression.map { .cron($0, zone: zone) } ?? .every(period ?? Self.usualPeriod)
        } ?? .every(usualPeriod)
    }

    private static let usualPeriod: Duration = .seconds(300)

    /// - Parameter reader: of a flow's section.
    static func webhook(_ reader: SettingsReader) -> WebhookSettings? {
        reader.section("webhook", "how the ERP may send messages to 'crossdock serve'") { section in
            let header: String? = section.value(
                "header", "the header that carries the secret; without it, the path does", .text, default: nil
            ) {
                $0.wholeMatch(of: /[A-Za-z0-9-]+/) != nil
                    ? .success($0) : .failure(SettingsFaultMessage("'\($0)' is no header's name, such as X-Webhook-Secret"))
            }
            let secret = section.credential("secret", "what proves the ERP; make one by 'openssl rand -hex 32'")
            let text = secret.revealed
            if !text.isEmpty, text.count < Self.secretCharactersMin {
                section.fault(under: "secret", "is shorter than \(Self.secretCharactersMin) characters and could be guessed")
            }
            let isPlain = text.utf8.allSatisfy { header == nil ? isUnreserved($0) : (0x21...0x7E).contains($0) }
            if !isPlain {
                section.fault(
                    under: "secret",
                    header == nil
                        ? "can't stand in a path: use letters, digits, '-', '.', '_' and '~'"
                        : "can't stand in a header: use ASCII")
            }
            return WebhookSettings(secret: secret, header: header)
        }
    }

    /// RFC 3986, 2.3.
    private static func isUnreserved(_ byte: UInt8) -> Bool {
        switch byte {
        case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"), UInt8(ascii: "0")...UInt8(ascii: "9"),
            UInt8(ascii: "-"), UInt8(ascii: "."), UInt8(ascii: "_"), UInt8(ascii: "~"):
            true
        default: false
        }
    }
}
