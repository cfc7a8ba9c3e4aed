import Documents
import OrderFlow

/// Reads what a flow says about documents: `write_back`, `confirmation`, `order_response`, `despatch`, `cxml`, `edifact`,
/// `order_status` and `code_hand_off`.
///
/// Sections that no document needs may stand there all the same, so that one word switches a document on.
struct DocumentReader {
    let reader: SettingsReader
    let targets: [TargetSettings]

    private enum WriteBackWord: String, CaseIterable { case json, cxml }
    private enum DespatchWord: String, CaseIterable { case desadv, cxml, edifact, off }
    private enum ResponseWord: String, CaseIterable { case edifact, off }
    private enum PackagesWord: String, CaseIterable { case split, joined }
    private enum PayloadIDWord: String, CaseIterable { case derived, orderID = "order_id" }

    /// - Parameter policy: gets what it says about unknown outcomes.
    func read(_ policy: inout FlowPolicy) -> DocumentSettings {
        var style = DocumentStyle()
        let confirms = readWriteBack(&policy)
        style.cxml = CXMLReader.read(reader)
        style.edifact = EDIFACTReader.read(reader)
        let confirmation = readConfirmation(&style, &policy, isOn: confirms)
        let response = readResponse(&style, &policy)
        let despatch = readDespatch(&style, &policy)
        let codes = readCodes(&style, &policy)
        var settings = DocumentSettings(
            confirmation: confirmation, response: response, despatch: despatch, codes: codes,
            statusInterface: ShopInterfaceSettings(rule: AnswerRule(expects: .status)))
        readStatuses(&settings)
        policy.statusMoments = settings.statuses.compactMap { StatusMoment(rawValue: $0.step.rawValue) }
        settings.timeLimit = reader.duration(
            "document_time_limit", "how long handing one document over may take", default: settings.timeLimit,
            atLeast: .milliseconds(1))
        settings.style = style
        return settings
    }

    /// - Returns: whether a document tells the shop the ERP's numbers.
    private func readWriteBack(_ policy: inout FlowPolicy) -> Bool {
        var word = WriteBackWord.json
        let help = "how the shop is told the ERP's numbers; a plain word is short for 'with'"
        reader.section("write_back", help, shortFor: "with", WriteBackWord.self) { section in
            word = section.word("with", "as JSON, or by a cXML document", default: word)
            policy.merge = section.word("merge", "which writes of JSON are joined into one request", default: policy.merge)
            if word == .cxml, policy.merge != .none {
                section.fault(nil, section.inner("merge"), "with cxml there is nothing to join; leave it out")
            }
        }
        return word == .cxml
    }

    private func readConfirmation(_ style: inout DocumentStyle, _ policy: inout FlowPolicy, isOn: Bool) -> DocumentRoute {
        var document = DocumentStyle.Confirmation.confirmationRequest
        var shop = ShopInterfaceSettings(rule: AnswerRule(expects: .cxml))
        shop.mode = "sync"
        var sending = DocumentSending(shop)
        var (names, order) = (ConfirmationStyle(), OrderRequestStyle())
        let help = "the document that tells the shop the ERP's numbers, with 'write_back: cxml' (unverified)"
        reader.section("confirmation", help) { section in
            document = section.word("document", "the kind of cXML document", default: document)
            names.erpOrderNumberName = section.optionalText(
                "erp_order_number", "confirmation_request: the extrinsic that carries the ERP's order number")
            names.erpLineNumberName = section.optionalText(
                "erp_line_number", "confirmation_request: the extrinsic that carries a line's number in the ERP")
            order.type = section.text("order_type", "order_request: the header's type", default: order.type)
            let payloadID = section.word(
                "payload_id", "order_request: derived from shop and ERP number, or the shop's order id",
                default: PayloadIDWord.derived)
            order.payloadIDIsOrderID = payloadID == .orderID
            order.orderIDName = section.optionalText("order_id", "order_request: the extrinsic that carries the shop's order id")
            order.referenceName = section.optionalText(
                "reference", "order_request: the extrinsic that carries the shop's reference")
            policy.confirmationShowsWithin = section.duration(
                "shows_within", "how long the shop may take to show the numbers", default: policy.confirmationShowsWithin)
            sending.shop.rule.expects = section.word("answer", "what the shop answers with", default: sending.shop.rule.expects)
            sending.read(section, targets, parameters: ["shop", "user", "mode"], isOn: isOn)
            if isOn, document == .confirmationRequest, sending.isToShop {
                for (key, name) in [("erp_order_number", names.erpOrderNumberName), ("erp_line_number", names.erpLineNumberName)]
                where name == nil {
                    section.fault(
                        nil, section.inner(key), "the shop can't learn the number without it; agree on the name with its operator"
                    )
                }
            }
        }
        style.cxml?.confirmation = names
        style.cxml?.orderRequest = order
        guard isOn else { return sending.route }
        style.confirmation = document
        policy.confirmation = sending.policy
        if !reader.has("confirmation") {
            need(["shop", "user", "erp_order_number", "erp_line_number"], in: "confirmation", for: "write_back cxml to the shop")
        }
        if !reader.has("cxml") { needSection("cxml", for: "write_back cxml") }
        return sending.route
    }

    private func readResponse(_ style: inout DocumentStyle, _ policy: inout FlowPolicy) -> DocumentRoute {
        var sending = DocumentSending(ShopInterfaceSettings(rule: AnswerRule(expects: .status)), takesShop: false)
        var word = ResponseWord.off
        let help = "the document that tells a partner what became of the order's lines; a plain word is short for 'with'"
        reader.section("order_response", help, shortFor: "with", ResponseWord.self) { section in
            word = section.word("with", "its kind", default: word)
            sending.read(section, targets, parameters: [], isOn: word != .off)
        }
        guard let response = DocumentStyle.Response(rawValue: word.rawValue) else { return sending.route }
        style.response = response
        policy.orderResponse = sending.policy
        if !reader.has("edifact") { needSection("edifact", for: "order_response edifact") }
        return sending.route
    }

    private func readDespatch(_ style: inout DocumentStyle, _ policy: inout FlowPolicy) -> DocumentRoute {
        var sending = DocumentSending(ShopInterfaceSettings(rule: AnswerRule(expects: .status)))
        var word = DespatchWord.off
        let help = "the document that tells a shipment; a plain word is short for 'with'"
        reader.section("despatch", help, shortFor: "with", DespatchWord.self) { section in
            word = section.word("with", "its kind", default: word)
            let packages = section.word(
                "packages", "desadv: one message for each tracking code, or one for all", default: PackagesWord.split)
            style.packageSplit = packages == .split ? .messagePerTrackingCode : .oneMessage
            style.daysUntilDelivery = section.integer(
                "days_until_delivery", "days on the way where the sink tells no date", default: style.daysUntilDelivery,
                in: 0...365)
            policy.shipmentRecheckMax = section.duration(
                "recheck_max", "how long at the most until the sink is asked again", default: policy.shipmentRecheckMax,
                atLeast: .milliseconds(1))
            policy.shipmentOverdueAfter = section.duration(
                "overdue_after", "how long nothing may be sent out before a person is told",
                default: policy.shipmentOverdueAfter, atLeast: .milliseconds(1))
            style.carrier = section.optionalText("carrier", "who carries what the sink names no carrier for")
            style.unit = section.text("unit", "the unit of all quantities (UN/CEFACT recommendation 20)", default: style.unit)
            style.packageType = section.optionalText("package_type", "the type of all packages (element 7065)")
            style.buyerParty = section.optionalText("buyer_party", "desadv: DesadvParty/BuyerParty")
            sending.read(section, targets, parameters: ["shop", "user"], isOn: word != .off)
            if [.cxml, .edifact].contains(word), sending.isToShop {
                section.fault(
                    nil, section.inner("target"), "the shop takes deliveries as desadv only; name one of the targets for \(word)")
            }
        }
        guard let despatch = DocumentStyle.Despatch(rawValue: word.rawValue) else { return sending.route }
        style.despatch = despatch
        policy.despatch = sending.policy
        if despatch == .cxml, !reader.has("cxml") { needSection("cxml", for: "despatch cxml") }
        if despatch == .edifact, !reader.has("edifact") { needSection("edifact", for: "despatch edifact") }
        return sending.route
    }

    /// Text in the shop's timeline, or JSON to a target.
    private func readCodes(_ style: inout DocumentStyle, _ policy: inout FlowPolicy) -> DocumentRoute {
        var sending = DocumentSending(ShopInterfaceSettings(rule: AnswerRule(expects: .status)))
        let help = "who gives the digital codes of an order to its buyer; without it they stay in the ledger"
        reader.section("code_hand_off", help) { section in
            let id = section.optionalText("id", "target shop: the shop's own id of the status")
            let language = section.optionalText("language", "target shop: of the text, such as nl_NL")
            let text = section.optionalText("text", "target shop: what the buyer sees, with {codes} where they belong")
            sending.read(section, targets, parameters: ["shop"], isOn: true)
            policy.codeHandOff = sending.policy
            guard sending.isToShop else {
                for key in ["id", "language", "text"] where section.has(key) {
                    section.fault(nil, section.inner(key), "it is for 'target: shop' only; leave it out")
                }
                style.codes = .lines
                return refuseFolder(sending.route, section)
            }
            if language == nil { section.fault(nil, section.inner("language"), "is missing: that of the text, such as nl_NL") }
            if !(text?.contains("{codes}") ?? false) {
                section.fault(under: "text", "should say what the buyer sees, with {codes} where the codes belong")
            }
            style.codes = .status(id: id, language: language ?? "", text: text ?? "")
        }
        return sending.route
    }

    private func refuseFolder(_ route: DocumentRoute, _ section: SettingsReader) {
        guard case .target(let name) = route, let target = targets.first(where: { $0.name == name }),
            case .folder = target.kind
        else { return }
        section.fault(under: "target", "codes are money, and a folder keeps them for anybody to read; name an https target")
    }

    private func readStatuses(_ settings: inout DocumentSettings) {
        reader.section("order_status", "texts that the buyer sees, posted as custom order status") { section in
            settings.statusInterface.path = DocumentSending.path(section)
            settings.statusInterface.shop = section.text("shop", "the parameter of that name, as supplied")
            for step in StatusText.Step.allCases {
                let text = section.section(step.rawValue, step.help) { text in
                    StatusText(
                        step: step, id: text.optionalText("id", "the shop's own id of this status"),
                        language: text.text("language", "of the text, such as nl_NL"), text: text.text("text", "what is shown"))
                }
                if let text { settings.statuses.append(text) }
            }
        }
    }

    private func need(_ keys: [String], in section: String, for what: String) {
        for key in keys { reader.fault(nil, "\(reader.inner(section)).\(key)", "\(what) needs it") }
    }

    private func needSection(_ name: String, for what: String) {
        reader.fault(nil, reader.inner(name), "\(what) needs this section")
    }
}

extension StatusText.Step {
    fileprivate var help: String {
        switch self {
        case .processing: "when the shop shows the ERP's numbers"
        case .shipped: "when the last shipment was told"
        case .done: "when the order is closed"
        }
    }
}
