/// Reads a section under `sinks` whose type is `tryton`.
enum TrytonSinkReader {
    static func read(_ reader: SettingsReader, absolute: (String) -> String) -> SinkSettings.Kind {
        let remote = RemoteReader.read(reader, authentication: nil, absolute: absolute)
        var sink = TrytonSinkSettings(
            database: reader.text("database", "the name of Tryton's database"), login: login(reader),
            password: reader.credential("password", "that user's password"),
            webShop: reader.text("web_shop", "the name of the web shop in Tryton, of its module web_shop"))
        sink.confirmation = reader.word(
            "confirm", "how far an order is taken by itself", default: sink.confirmation)
        sink.parties = PartyChoice.read(reader, erp: "Tryton", default: sink.parties)
        sink.partyMarks = PartyMark.read(reader, default: sink.partyMarks)
        sink.currency = reader.optionalText("currency", "of orders that name none, ISO 4217")
        sink.lineNumber = reader.word("line_number", "what the shop gets as a line's number", default: sink.lineNumber)
        sink.agreedWarnings = reader.values(
            "agree_to", "what the names of warnings begin with that are agreed to without a person", default: []
        ) { text in
            text.isEmpty ? .failure(SettingsFaultMessage("an empty name would agree to everything")) : .success(text)
        }
        sink.requiredFields = SinkReader.required(reader)
        return .tryton(remote, sink)
    }

    private static func login(_ reader: SettingsReader) -> String {
        let login = reader.credential("login", "the user that makes orders").revealed
        // It stands before the first colon of what proves a session.
        if login.contains(":") { reader.fault(under: "login", "has a colon in it, which Tryton can't take") }
        return login
    }
}
