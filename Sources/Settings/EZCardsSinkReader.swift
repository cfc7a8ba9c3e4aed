import Foundation

/// Reads a section under `sinks` whose type is `ezcards`.
enum EZCardsSinkReader {
    static func read(_ reader: SettingsReader, absolute: (String) -> String) -> SinkSettings.Kind {
        var remote = RemoteReader.read(reader, authentication: nil, sharesRateLimit: true, absolute: absolute)
        // The account's limit (Design Principles, "Rate Limit Compliance"), whoever asks.
        remote.rateLimit = remote.rateLimit ?? RemoteSettings.RateLimit(requests: 10, period: .seconds(1), isShared: true)
        remote.credentials = .bearer(reader.credential("access_token", "the bearer token that was supplied"))
        var sink = EZCardsSinkSettings(apiKey: reader.credential("api_key", "the API key that was supplied"))
        sink.ordering = reader.word("order", "one request for each unit, or one for all lines", default: sink.ordering)
        sink.latestEffect = reader.duration(
            "latest_effect", "a request takes effect no later than that after its end", default: sink.latestEffect,
            atLeast: EZCardsSinkSettings.latestEffectMin)
        sink.payWithCurrency = reader.value(
            "pay_with_currency", "what products are paid with in whose currency the account has no balance, ISO 4217", .text,
            default: nil
        ) { text in
            SettingsReader.currency(text)
        }
        sink.dayZone = reader.value(
            "day_zone", "in which 'purchase-orders' counts days, an IANA name", .text, default: sink.dayZone
        ) { text in
            TimeZone(identifier: text) != nil ? .success(text) : .failure(SettingsFaultMessage("there is no time zone '\(text)'"))
        }
        sink.requiredFields = SinkReader.required(reader)
        return .ezcards(remote, sink)
    }
}
