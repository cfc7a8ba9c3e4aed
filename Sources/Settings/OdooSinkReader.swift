/// Reads a section under `sinks` whose type is `odoo`.
enum OdooSinkReader {
    static func read(_ reader: SettingsReader, absolute: (String) -> String) -> SinkSettings.Kind {
        let remote = RemoteReader.read(reader, authentication: nil, absolute: absolute)
        var sink = OdooSinkSettings(
            apiKey: reader.credential("api_key", "an API key of the user that makes orders; over jsonrpc its password will do"))
        sink.wireProtocol = reader.word(
            "protocol", "json2 from version 19 on, jsonrpc before it", default: sink.wireProtocol)
        sink.database = reader.optionalText("database", "the name of Odoo's database, where there are several; jsonrpc needs it")
        sink.login = reader.optionalCredential("login", "the user that makes orders, which jsonrpc needs")?.revealed
        if sink.wireProtocol == .jsonrpc {
            for key in ["database", "login"] where !reader.has(key) {
                reader.fault(nil, reader.inner(key), "protocol jsonrpc needs it")
            }
        }
        sink.company = reader.optionalText("company", "the name of the company whose orders they are; without it, the user's own")
        sink.confirmation = reader.word("confirm", "how far an order is taken by itself", default: sink.confirmation)
        sink.parties = PartyChoice.read(reader, erp: "Odoo", default: sink.parties)
        sink.partyMarks = PartyMark.read(reader, default: sink.partyMarks)
        sink.currency = reader.optionalText("currency", "of orders that name none, ISO 4217; without it, the company's own")
        sink.lineNumber = reader.word("line_number", "what the shop gets as a line's number", default: sink.lineNumber)
        sink.requiredFields = SinkReader.required(reader)
        return .odoo(remote, sink)
    }
}
