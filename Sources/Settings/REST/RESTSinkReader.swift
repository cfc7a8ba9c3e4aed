import SinkKit

/// Reads a section under `sinks` whose type is `rest`.
enum RESTSinkReader {
    static func read(_ reader: SettingsReader, absolute: (String) -> String) -> SinkSettings.Kind {
        let remote = RemoteReader.read(reader, authentication: "how the ERP is told who asks", absolute: absolute)
        var sink = RESTSinkSettings(sinkClass: sinkClass(reader))
        sink.requiredFields = SinkReader.required(reader)
        sink.simulated = simulated(reader)
        sink.headers = reader.table("headers", "sent with every call").map {
            RESTSinkSettings.Header(name: $0.name, value: Secret($0.value))
        }
        reader.section("create", "how an order is posted") { create(&sink, $0) }
        sink.steps = reader.list("steps", "calls that follow on a create, such as one that confirms") { step($0) }
        reader.section("products", "how products are looked up before an order is posted, to name all unknown ones at once") {
            sink.products = products($0)
        }
        reader.section("find", "how an order is looked up by our key") { find(&sink, $0) }
        reader.section("shipments", "how the ERP tells what it sent out") {
            sink.shipments = RESTShipmentReader.read($0)
        }
        reader.section("answer", "where an order of the ERP's holds what") { answer(&sink, $0) }
        if sink.sinkClass == .neither { sink.findPath = nil }
        check(sink, reader)
        return .rest(remote, sink)
    }

    private static func simulated(_ reader: SettingsReader) -> RESTSinkSettings.Simulated? {
        let words = RESTSinkSettings.Simulated.allCases.map(\.rawValue)
        return reader.value(
            "simulated", "which of the bundled simulated ERPs 'crossdock sink check' tries it with", .words(words), default: nil
        ) { text in
            RESTSinkSettings.Simulated(rawValue: text).map { .success($0) }
                ?? .failure(SettingsFaultMessage("'\(text)' is not one of \(words.joined(separator: ", "))"))
        }
    }

    private static func create(_ sink: inout RESTSinkSettings, _ create: SettingsReader) {
        sink.createPath = path(create, "below the base URL", default: sink.createPath)
        sink.createMethod = create.word("method", "how it is sent", default: sink.createMethod)
        let header = create.text("key_header", "the header that carries our key; empty: none", default: sink.keyHeader ?? "")
        sink.keyHeader = header.isEmpty ? nil : header
        sink.keyField = create.text("key_field", "the member that carries our key", default: sink.keyField)
        sink.body = create.template(
            "body", "what is posted, with places such as ${order.reference}; without it, the order as it is")
        sink.answerRules = create.list("answers", "what answers mean, by status and a text in them; before the statuses below") {
            RESTAnswerRule(
                status: $0.integer("status", "the status", default: 400, in: 200...599),
                containing: $0.optionalText("containing", "a text that its body has in it"),
                meaning: $0.word("means", "what it says", default: .unknown))
        }
        sink.rejectedStatuses = statuses(create, "rejected", "statuses that refuse the order itself", sink.rejectedStatuses)
        sink.conflictStatuses = statuses(create, "conflict", "statuses that say the key is taken", sink.conflictStatuses)
        sink.notAppliedStatuses = statuses(
            create, "not_applied", "statuses that say nothing was done, besides 401 and 429", sink.notAppliedStatuses)
    }

    private static func step(_ reader: SettingsReader) -> RESTStepSettings {
        RESTStepSettings(
            name: reader.text("name", "what is done, such as submit"),
            method: reader.word("method", "how it is sent", default: .post),
            path: path(reader, "with {id} or {number} in it", default: "/", marks: ["{id", "{number"]),
            body: reader.template("body", "what is sent"),
            isIdempotent: reader.flag("idempotent", "whether doing it twice is as good as once", default: false))
    }

    private static func products(_ reader: SettingsReader) -> RESTProductSettings {
        RESTProductSettings(
            path: path(reader, "with {product} in it", default: "/", marks: ["{product"]),
            results: reader.optionalText("results", "where the answer has its list; without it, the status tells"),
            missingStatuses: statuses(reader, "missing", "statuses that say that there is none", [404]))
    }

    private static func find(_ sink: inout RESTSinkSettings, _ find: SettingsReader) {
        sink.findPath = path(find, "with {key} in it", default: sink.findPath ?? "", marks: ["{key"])
        sink.findResults = find.text("results", "where the answer has its list", default: sink.findResults)
        sink.readPath = optionalPath(find, "read", "where a listed order is read whole, with {id} in it", marks: ["{id"])
        sink.elsewherePaths = find.values(
            "elsewhere", "further look-ups, with {key}: a hit there is for a person", default: []
        ) { checked($0, ["{key"]) }
    }

    private static func answer(_ sink: inout RESTSinkSettings, _ answer: SettingsReader) {
        sink.orderPath = answer.text(
            "order", "in an answer that shows one order: where it is; empty: it is the answer", default: "")
        sink.idPath = answer.optionalText("id", "what names it in paths; without it, its number does")
        sink.numberPath = answer.text("number", "its number", default: sink.numberPath)
        sink.statePath = answer.text("state", "its state", default: sink.statePath ?? "")
        sink.states = states(answer)
        sink.linesPath = answer.text("lines", "its lines", default: sink.linesPath)
        sink.lineKeyPath = answer.text("line_key", "in a line: our line as it was sent", default: sink.lineKeyPath)
        sink.lineNumberPath = answer.text("line_number", "in a line: its number", default: sink.lineNumberPath)
        sink.lineOutcomePath = answer.text("line_outcome", "in a line: what became of it", default: sink.lineOutcomePath ?? "")
        sink.comparedMembers = answer.texts(
            "same", "members that a line shows as they were sent, by which an order is known as ours", default: [])
        sink.faultsPath = answer.text("faults", "in a refusal: its faults, or its only one", default: sink.faultsPath)
        sink.faultMessagePath = answer.text("fault_message", "in a fault: its text", default: sink.faultMessagePath)
    }

    private static func states(_ reader: SettingsReader) -> [RESTSinkSettings.State] {
        var states: [RESTSinkSettings.State] = []
        for (word, meaning) in reader.table("states", "what its words for states mean: draft, confirmed or cancelled") {
            guard let state = SinkReceipt.State(rawValue: meaning) else {
                reader.fault(under: "states", "'\(word)' should be draft, confirmed or cancelled, not '\(meaning)'")
                continue
            }
            states.append(RESTSinkSettings.State(word: word, state: state))
        }
        return states
    }

    private static func check(_ sink: RESTSinkSettings, _ reader: SettingsReader) {
        if sink.hasDrafts, sink.sinkClass == .neither {
            reader.fault(
                under: "class", "an order that isn't let go yet must be found again: that needs class key or look_up, and 'find'")
        }
        let needsFind = sink.answerRules.contains { $0.meaning == .duplicate } || sink.hasDrafts
        if needsFind, sink.findPath != nil, sink.comparedMembers.isEmpty {
            reader.fault(
                under: "answer", "'same' is missing: by which members is an order that stands under our key known as ours?")
        }
    }
}

/// Values that several of its sections have.
extension RESTSinkReader {
    static func path(
        _ reader: SettingsReader, _ help: String, default fallback: String, marks: [String] = []
    ) -> String {
        reader.value("path", help, .text, default: fallback, isRequired: fallback == "/") { checked($0, marks) }
    }

    static func optionalPath(_ reader: SettingsReader, _ key: String, _ help: String, marks: [String]) -> String? {
        reader.value(key, help, .text, default: nil) { text in checked(text, marks).map(Optional.some) }
    }

    /// - Parameter marks: one of them must be in it.
    static func checked(_ text: String, _ marks: [String]) -> Result<String, SettingsFaultMessage> {
        guard text.hasPrefix("/"), marks.isEmpty || marks.contains(where: text.contains) else {
            let names = marks.map { $0 + "}" }.joined(separator: " or ")
            return .failure(
                SettingsFaultMessage("'\(text)' should begin with '/'" + (marks.isEmpty ? "" : " and have \(names) in it")))
        }
        return .success(text)
    }

    private enum ClassWord: String, CaseIterable { case key, lookUp = "look_up", neither }

    private static func sinkClass(_ reader: SettingsReader) -> SinkClass {
        let word = reader.word("class", "what the ERP promises about a repeated create", default: ClassWord.neither)
        let latestEffect = reader.optionalDuration("latest_effect", "a request takes effect no later than that after its end")
        let retention = reader.optionalDuration("key_retention", "how long the ERP keeps a key; without it, for ever")
        switch word {
        case .key: return .key(retention: retention, latestEffect: latestEffect)
        case .lookUp:
            if !reader.has("latest_effect") {
                reader.fault(
                    nil, reader.inner("latest_effect"), "class look_up needs it: how late can a lost post still take effect?")
            }
            return .lookUp(latestEffect: latestEffect ?? .seconds(60))
        case .neither: return .neither
        }
    }

    static func statuses(_ reader: SettingsReader, _ key: String, _ help: String, _ fallback: [Int]) -> [Int] {
        reader.values(key, help, default: fallback) { text in
            guard let status = Int(text), (400..<600).contains(status) else {
                return .failure(SettingsFaultMessage("'\(text)' is no HTTP status from 400 to 599"))
            }
            return .success(status)
        }
    }
}
