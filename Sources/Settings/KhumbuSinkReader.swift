import Orders

/// Reads a section under `sinks` whose type is `khumbu`.
enum KhumbuSinkReader {
    static func read(_ reader: SettingsReader, absolute: (String) -> String) -> SinkSettings.Kind {
        var remote = RemoteReader.read(reader, authentication: nil, absolute: absolute)
        remote.credentials = .oauth2(
            tokenURL: reader.value("token_url", "where tokens are given out", .text, default: "", isRequired: true) {
                RemoteReader.url($0)
            }, clientID: reader.credential("client_id", "the client id that was supplied").revealed,
            clientSecret: reader.credential("client_secret", "the client secret that was supplied"),
            scope: reader.text("scope", "the scope asked for", default: "access/all"))
        var sink = KhumbuSinkSettings(
            apiKey: reader.credential("api_key", "the API key that was supplied"),
            provider: name(reader, "provider", "our name with Khumbu, the integration partner's", lengths: 2...100),
            partner: name(reader, "partner", "the POS's name, such as simphony"),
            market: name(reader, "market", "the brand's name in its region, such as plkpl"), stores: stores(reader))
        readWays(reader, &sink)
        readWords(reader, &sink)
        sink.requiredFields = SinkReader.required(reader)
        return .khumbu(remote, sink)
    }

    private static func readWays(_ reader: SettingsReader, _ sink: inout KhumbuSinkSettings) {
        sink.sending = reader.word("send", "to the POS at once, or parked and then fired", default: sink.sending)
        sink.validation = reader.word(
            "validate", "what looks at an order before it is sent: the settings alone, or Khumbu's cart, too, which is a POST",
            default: sink.validation)
        sink.webhookWait = reader.duration(
            "webhook_wait", "so long the final word is waited for before a person is told", default: sink.webhookWait,
            atLeast: .seconds(1))
        sink.amountUnit = reader.word("amounts", "in major units, 12.5, or in minor ones, 1250", default: sink.amountUnit)
        sink.total = reader.word("total", "of the lines, without tax, or what was paid", default: sink.total)
        sink.itemIDs = reader.word(
            "item_ids", "what products must be named by: ids as menus have them, or any", default: sink.itemIDs)
        sink.orderNumber = reader.word(
            "order_number", "which of Khumbu's numbers the shop gets", default: sink.orderNumber)
    }

    private static func readWords(_ reader: SettingsReader, _ sink: inout KhumbuSinkSettings) {
        sink.fulfillmentMode = reader.text(
            "fulfillment_mode", "how orders get to the guest, in Khumbu's words", default: sink.fulfillmentMode)
        sink.itemType = reader.text("item_type", "what lines are, in Khumbu's words", default: sink.itemType)
        sink.currency = reader.value("currency", "of orders that name none, ISO 4217", .text, default: nil) { text in
            SettingsReader.currency(text)
        }
        reader.section("payment_methods", "Khumbu's payment method by the shop's payment status; others are refused") { methods in
            for status in PaymentStatus.known where status != .started && status != .closedCancelled {
                let help = "of orders whose payment status is \(status.rawValue)"
                if let method = methods.optionalText(status.rawValue, help) { sink.paymentMethods[status] = method }
            }
        }
        sink.failureStatuses = statuses(
            reader, "failure_statuses", "orderStatus of a webhook that says that the order failed", sink.failureStatuses)
        sink.cancelledStatuses = statuses(
            reader, "cancelled_statuses", "orderStatus of a webhook that says that it was cancelled", sink.cancelledStatuses)
    }

    private static func statuses(
        _ reader: SettingsReader, _ key: String, _ help: String, _ fallback: [String]
    ) -> [String] {
        reader.values(key, help, default: fallback) { text in
            let word = text.uppercased()
            return word.isEmpty || word == "SUCCESS"
                ? .failure(SettingsFaultMessage("'\(text)' says nothing of the kind")) : .success(word)
        }
    }

    /// A part of a path.
    private static func name(
        _ reader: SettingsReader, _ key: String, _ help: String, lengths: ClosedRange<Int> = 1...100
    ) -> String {
        reader.value(key, help, .text, default: "", isRequired: true) { text in
            lengths.contains(text.count) && !text.contains("/")
                ? .success(text)
                : .failure(
                    SettingsFaultMessage(
                        "'\(text)' should have \(lengths.lowerBound) to \(lengths.upperBound) characters and no '/'"))
        }
    }

    private static func stores(_ reader: SettingsReader) -> [KhumbuSinkSettings.Store] {
        let stores = reader.list(
            "stores", "the restaurants; one without 'webshop' takes the orders of all others", isRequired: true
        ) { store in
            KhumbuSinkSettings.Store(
                webshop: store.optionalInteger("webshop", "whose orders go there, its id in the shop"),
                providerStoreID: store.text("provider_store_id", "the restaurant's id with us"),
                partnerStoreID: store.optionalText("partner_store_id", "its id in the POS"),
                additionalProperties: store.table(
                    "additional_properties", "what the POS wants besides, such as REVENUE_CENTER_ID"
                ).map {
                    KhumbuSinkSettings.Property($0.name, $0.value)
                })
        }
        if stores.isEmpty, reader.hasList("stores") { reader.fault(under: "stores", "name at least one store") }
        for (index, store) in stores.enumerated() where stores[..<index].contains(where: { $0.webshop == store.webshop }) {
            let which = store.webshop.map { "webshop \($0)" } ?? "all other webshops"
            reader.fault(under: "stores", "two stores are for \(which)")
        }
        return stores
    }
}
