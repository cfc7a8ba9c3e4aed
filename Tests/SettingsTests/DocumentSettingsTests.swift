import Documents
import OrderFlow
import Orders
import Settings
import Testing

/// What a flow says about documents.
@Suite("Documents in a configuration")
struct DocumentSettingsTests {
    private static let targets = """
        targets:
          partner: { type: https, base_url: "https://partner.example/in", answer: status, already_known: "^409 " }
          plain: { type: https, base_url: "https://partner.example/in" }
          files: { type: folder, path: out, prefix: "a-" }
          kept: { type: folder, path: /srv/kept, emptied: false }
        """
    private static let cxml = """
            cxml:
              from: { domain: NetworkId, identity: AN01 }
              to: { domain: DUNS, identity: "2" }
              shared_secret: ${SHOP_SECRET}
              host: connector.example
              test: true
        """
    private static let edifact = """
            edifact:
              sender: { id: "4012345000009" }
              receiver: { id: partner, qualifier: ZZ }
              directory: D.01B
              transliterate: true
              buyer: { code: "10" }
              supplier: { gln: "4012345000009" }
        """

    private func text(_ lines: String) -> String { yaml(replacing: [1: "ledger: data/ledger.db\n" + Self.targets, 28: lines]) }

    private func flow(_ lines: String) throws -> FlowSettings { try #require(read(text(lines)).flows.first) }

    @Test func `a flow that says nothing sends no documents`() throws {
        let flow = try flow("")
        #expect(flow.documents.style == DocumentStyle() && flow.documents.statuses.isEmpty)
        #expect(flow.template.confirmation == nil && flow.template.despatch == nil && flow.template.statusMoments.isEmpty)
        #expect(flow.template.close == .auto && flow.template.offline == .ignore)
    }

    @Test(arguments: ["    despatch: desadv", "    despatch:\n      with: desadv"])
    func `a plain word is short for a section with it`(short: String) throws {
        let found = faults(text(short))
        #expect(found.map(\.path) == ["flows.main.despatch.shop", "flows.main.despatch.user"])
        #expect(faults(text(short.replacing("desadv", with: "fax"))).map(\.path) == ["flows.main.despatch.with"])
        #expect(faults(text(short.replacing("desadv", with: "fax"))).first?.line == (short.contains("with") ? 34 : 33))
        #expect(try flow(short.replacing("desadv", with: "off")).template.despatch == nil)
    }

    @Test func `deliveries to the shop have its parameters`() throws {
        let flow = try flow(
            """
                despatch: { with: desadv, shop: 1, user: 10, packages: joined, carrier: DHL, days_until_delivery: 3, unit: PCE,
                  overdue_after: 10d, package_type: CT, buyer_party: B7, already_known: "^409 ", on_unknown: resend }
                close: done
                offline: mark_sent
            """)
        let style = flow.documents.style
        #expect(style.despatch == .desadv && style.packageSplit == .oneMessage && style.confirmation == nil)
        #expect(style.carrier == "DHL" && style.daysUntilDelivery == 3 && style.unit == "PCE")
        #expect(style.packageType == "CT" && style.buyerParty == "B7")
        var interface = ShopInterfaceSettings(rule: try AnswerRule(expects: .status, alreadyKnown: "^409 "))
        (interface.shop, interface.user) = ("1", "10")
        #expect(flow.documents.despatch == .shop(interface))
        #expect(flow.template.despatch == DocumentPolicy(onUnknown: .resend) && flow.template.confirmation == nil)
        #expect(flow.template.shipmentOverdueAfter == .seconds(10 * 86_400))
        #expect(flow.template.close == .done && flow.template.offline == .markSent)
    }

    @Test func `the ERP's numbers may go to the shop by cXML`() throws {
        let flow = try flow(
            """
                write_back: cxml
                confirmation: { document: order_request, shop: 1, user: 10, mode: update, path: /proxy/other, answer: status,
                  order_type: update, payload_id: order_id, order_id: ID, reference: Ref, erp_order_number: No, erp_line_number: Line,
                  shows_within: 5m }
            \(Self.cxml)
            """)
        let style = flow.documents.style
        #expect(style.confirmation == .orderRequest && style.despatch == nil)
        var interface = ShopInterfaceSettings(rule: AnswerRule(expects: .status))
        (interface.path, interface.shop, interface.user, interface.mode) = ("/proxy/other", "1", "10", "update")
        #expect(flow.documents.confirmation == .shop(interface))
        #expect(flow.template.confirmation == DocumentPolicy(onUnknown: .person))
        #expect(flow.template.confirmationShowsWithin == .seconds(300))
        let cxml = try #require(style.cxml)
        #expect(cxml.from == CXMLCredential(domain: "NetworkId", identity: "AN01") && cxml.sender == cxml.from)
        #expect(cxml.to == CXMLCredential(domain: "DUNS", identity: "2") && cxml.sharedSecret == CXMLSecret("s3cret"))
        #expect(cxml.host == "connector.example" && cxml.isTest && cxml.version == "1.2.050" && cxml.language == "en")
        #expect(cxml.confirmation == ConfirmationStyle(erpOrderNumberName: "No", erpLineNumberName: "Line"))
        #expect(cxml.orderRequest.type == "update" && cxml.orderRequest.payloadIDIsOrderID)
        #expect(cxml.orderRequest.orderIDName == "ID" && cxml.orderRequest.referenceName == "Ref")
    }

    @Test func `deliveries to a partner may be EDIFACT files`() throws {
        let flow = try flow("    despatch: { with: edifact, target: files }\n\(Self.edifact)")
        #expect(flow.documents.despatch == .target("files") && flow.documents.style.despatch == .edifact)
        let edifact = try #require(flow.documents.style.edifact)
        #expect(edifact.sender == EDIFACTInterchange.Partner("4012345000009", qualifier: "14"))
        #expect(edifact.recipient == EDIFACTInterchange.Partner("partner", qualifier: "ZZ"))
        #expect(
            edifact.profile == EDIFACTProfile(directory: .d01b, repertoire: .unoc, transliteration: .western, eancomEdition: nil))
        #expect(edifact.buyer == DocumentParty(code: "10") && edifact.supplier == DocumentParty(locationNumber: "4012345000009"))
        #expect(edifact.deliverTo == nil && !edifact.isTest && edifact.layout == EDIFACTLayout())
    }

    @Test(arguments: [
        "order_response: { with: edifact, target: kept, on_unknown: resend }", "order_response: { with: edifact, target: kept }",
    ])
    func `a trading partner may be told of the lines by EDIFACT files`(line: String) throws {
        let flow = try flow("    \(line)\n\(Self.edifact)")
        #expect(flow.documents.response == .target("kept") && flow.documents.style.response == .edifact)
        #expect(flow.template.orderResponse == DocumentPolicy(onUnknown: line.contains("resend") ? .resend : .person))
        #expect(flow.template.confirmation == nil && flow.template.despatch == nil && flow.documents.style.despatch == nil)
        let off = try self.flow("    order_response: off\n\(Self.edifact)")
        #expect(off.documents.style.response == nil && off.template.orderResponse == nil)
    }

    @Test func `targets are read like other remotes, with their answers`() throws {
        let configuration = try read(text(""))
        #expect(configuration.targets.map(\.name) == ["partner", "plain", "files", "kept"])
        #expect(configuration.targets.map(\.takesOnce) == [true, false, false, true])
        guard case .https(let remote, let rule) = configuration.target("partner")?.kind,
            case .https(_, let plain) = configuration.target("plain")?.kind,
            case .folder(let path, let prefix, let isEmptied) = configuration.target("files")?.kind,
            case .folder(let absolute, _, false) = configuration.target("kept")?.kind
        else {
            Issue.record("other targets")
            return
        }
        #expect(remote.baseURL == "https://partner.example/in" && plain == AnswerRule(expects: .cxml))
        #expect(rule == (try AnswerRule(expects: .status, alreadyKnown: "^409 ")))
        #expect(path == "/etc/crossdock/out" && prefix == "a-" && isEmptied && absolute == "/srv/kept")
    }

    @Test func `the buyer gets texts at the steps that have one`() throws {
        let flow = try flow(
            """
                order_status:
                  shop: 1
                  done: { language: nl_NL, text: Klaar }
                  processing: { id: 20, language: nl_NL, text: Bezig }
            """)
        #expect(
            flow.documents.statuses == [
                StatusText(step: .processing, id: "20", language: "nl_NL", text: "Bezig"),
                StatusText(step: .done, language: "nl_NL", text: "Klaar"),
            ])
        #expect(flow.documents.statusInterface.shop == "1" && flow.documents.statusInterface.path == nil)
        #expect(flow.template.statusMoments == [.processing, .done])
    }

    @Test func `codes go to the shop's timeline, or to somebody who gives them to the buyer`() throws {
        let shown = try flow(
            "    code_hand_off: { shop: 1, id: 30, language: nl_NL, text: \"Uw codes: {codes}\" }")
        #expect(shown.documents.style.codes == .status(id: "30", language: "nl_NL", text: "Uw codes: {codes}"))
        #expect(shown.template.codeHandOff == DocumentPolicy(onUnknown: .person))
        guard case .shop(let interface) = shown.documents.codes else {
            Issue.record("another route")
            return
        }
        #expect(interface.shop == "1")
        let posted = try flow("    code_hand_off: { target: partner, on_unknown: resend }")
        #expect(posted.documents.style.codes == .lines && posted.documents.codes == .target("partner"))
        #expect(posted.template.codeHandOff == DocumentPolicy(onUnknown: .resend))
        #expect(try flow("").documents.style.codes == nil)
    }

    @Test(arguments: [
        ("{ shop: 1, language: nl_NL, text: Dank u }", "text", "{codes}"),
        ("{ shop: 1, text: \"{codes}\" }", "language", "is missing"),
        ("{ language: nl_NL, text: \"{codes}\" }", "shop", "the shop's interface needs it"),
        ("{ target: files }", "target", "a folder keeps them for anybody to read"),
        ("{ target: plain, text: \"{codes}\" }", "text", "for 'target: shop' only"),
        ("{ target: plain, on_unknown: resend }", "on_unknown", "book twice"),
    ])
    func `codes are handed over completely, and to nobody who keeps them`(line: String, key: String, says: String) {
        let found = faults(text("    code_hand_off: \(line)"))
        #expect(found.map(\.path) == ["flows.main.code_hand_off.\(key)"])
        #expect(found.first?.message.contains(says) == true, "\(found)")
    }

    @Test func `what isn't switched on may stand there`() throws {
        let flow = try flow("    confirmation: { document: order_request }\n\(Self.cxml)\n\(Self.edifact)")
        #expect(flow.documents.style.confirmation == nil && flow.template.confirmation == nil)
    }

    @Test func `deliveries need a sink that tells what was sent out`() throws {
        let despatch = "    despatch: { with: desadv, target: files }"
        func text(_ lines: [Int: String]) -> String {
            yaml(
                replacing: [1: "ledger: data/ledger.db\n" + Self.targets, 24: "    sink: remote", 28: despatch].merging(lines) {
                    $1
                })
        }
        let found = faults(text([:]))
        #expect(found.map(\.path) == ["flows.main.despatch"])
        #expect(found.first?.message.contains("add sinks.remote.shipments") == true)
        _ = try read(text([20: "    latest_effect: 90s\n    shipments: { path: \"/orders/{number}/shipments\" }"]))
    }

    @Test(arguments: [
        (
            "    write_back: cxml",
            [
                "confirmation.shop: write_back cxml to the shop needs it",
                "confirmation.user: write_back cxml to the shop needs it",
                "confirmation.erp_order_number: write_back cxml to the shop needs it",
                "confirmation.erp_line_number: write_back cxml to the shop needs it", "cxml: write_back cxml needs this section",
            ]
        ),
        (
            "    write_back: { with: cxml, merge: all }\n    confirmation: { shop: 1, user: 2 }\n\(cxml)",
            [
                "write_back.merge: with cxml there is nothing to join; leave it out",
                "confirmation.erp_order_number: the shop can't learn the number without it",
                "confirmation.erp_line_number: the shop can't learn the number without it",
            ]
        ),
        (
            "    despatch: cxml",
            [
                "despatch.shop: the shop's interface needs it", "despatch.user: the shop's interface needs it",
                "despatch.target: the shop takes deliveries as desadv only; name one of the targets for cxml",
                "cxml: despatch cxml needs this section",
            ]
        ),
        ("    despatch: { with: edifact, target: files }", ["edifact: despatch edifact needs this section"]),
        (
            "    order_response: edifact",
            [
                "order_response.target: is missing: the name of one of the targets",
                "edifact: order_response edifact needs this section",
            ]
        ),
        (
            "    order_response: { with: edifact, target: shop, path: /x }\n\(edifact)",
            [
                "order_response.target: there is no target 'shop'; there are: partner, plain, files, kept",
                "order_response.path: there is no such setting",
            ]
        ),
        (
            "    order_response: { with: edifact, target: files, on_unknown: resend }\n\(edifact)",
            ["order_response.on_unknown: resend may make a receiver book twice"]
        ),
        (
            "    despatch: { with: desadv, target: elsewhere }",
            ["despatch.target: there is no target 'elsewhere'; there are: shop, partner, plain, files, kept"]
        ),
        (
            "    despatch: { with: desadv, target: files, user: 10 }",
            ["despatch.user: it is for 'target: shop' only; leave it out"]
        ),
        ("    despatch: { with: desadv, target: files, dedupes: true }", ["despatch.dedupes: it belongs into targets.files"]),
        (
            "    despatch: { with: desadv, shop: 1, user: 10, on_unknown: resend }",
            [
                "despatch.on_unknown: resend may make a receiver book twice; say 'dedupes: true' or 'already_known' in flows.main.despatch"
            ]
        ),
        (
            "    despatch: { with: desadv, target: plain, on_unknown: resend }",
            [
                "despatch.on_unknown: resend may make a receiver book twice; say 'dedupes: true' or 'already_known' in targets.plain"
            ]
        ),
        ("    despatch: { with: desadv, shop: 1, user: 10, path: proxy }", ["despatch.path: 'proxy' should begin with '/'"]),
        (
            "    despatch: { with: desadv, shop: 1, user: 10, already_known: \"(\" }",
            ["despatch.already_known: '(' is not a regular expression"]
        ),
        (
            "    despatch: { with: desadv, shop: 1, user: 10, days_until_delivery: soon }",
            ["despatch.days_until_delivery: 'soon' is no whole number"]
        ),
        (
            "    despatch: { with: desadv, shop: 1, user: 10, dedupes: maybe }",
            ["despatch.dedupes: 'maybe' is not one of true, false"]
        ),
        (
            "    order_status: { processing: { text: x } }",
            ["order_status.shop: is missing", "order_status.processing.language: is missing"]
        ),
        (
            "    cxml: { from: { domain: x, identity: y }, host: h, version: \"2.0\" }",
            ["cxml.to: is missing", "cxml.version: '2.0' is not a version of cXML"]
        ),
        (
            "    edifact: { sender: { id: \"123\" }, receiver: { id: x, qualifier: ZZ }, buyer: {}, supplier: { gln: \"4012345000008\" } }",
            [
                "edifact.sender.id: '123' is not a GLN", "edifact.buyer: a party has a gln, a code or a name",
                "edifact.supplier.gln: '4012345000008' is not a GLN",
            ]
        ),
        ("    despatch: [desadv]", ["despatch: should be a section"]),
    ])
    func `what can't work is said, with what to do`(lines: String, expected: [String]) {
        let found = faults(text(lines)).map { "\($0.path.replacing("flows.main.", with: "")): \($0.message)" }
        for fault in expected {
            #expect(
                found.contains { $0.replacing("flows.main.", with: "").hasPrefix(fault.replacing("flows.main.", with: "")) },
                "\(fault) is not in \(found)")
        }
        #expect(found.count == expected.count, "\(found)")
    }

    @Test(arguments: [
        ("  shop: { type: folder, path: x }", "targets.shop", "'shop' names the shop itself"),
        ("  a: { type: fax }", "targets.a.type", "'fax' is not one of https, folder"),
        ("  a: { type: folder }", "targets.a.path", "is missing: the folder"),
        (
            "  a: { type: https, base_url: \"https://x.example\", already_known: \".\" }", "targets.a.already_known",
            "finds something in any answer"
        ),
        ("  a: { type: https, base_url: \"https://x.example\", url: x }", "targets.a.url", "there is no such setting"),
    ])
    func `a target that can't work is said`(line: String, path: String, message: String) {
        let found = faults(yaml(replacing: [1: "ledger: x.db\ntargets:\n\(line)"]))
        #expect(found.count == 1 && found.first?.path == path, "\(found)")
        #expect(found.first?.message.contains(message) == true, "\(found)")
    }
}
