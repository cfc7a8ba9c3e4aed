import SinkKit

/// Reads a section under `sinks`.
enum SinkReader {
    /// - Returns: `nil` where the type isn't known.
    static func read(_ name: String, _ reader: SettingsReader, absolute: @escaping (String) -> String) -> SinkSettings? {
        let sandbox = SandboxSettings.read(reader)
        return reader.variant(
            "type", "the kind of sink",
            [
                ("sqlite", { sqlite($0, absolute: absolute) }),
                ("rest", { rest($0, absolute: absolute) }),
                ("plugin", { .plugin(PluginReader.read($0, absolute: absolute)) }),
                ("tryton", { TrytonSinkReader.read($0, absolute: absolute) }),
                ("odoo", { OdooSinkReader.read($0, absolute: absolute) }),
                ("ezcards", { EZCardsSinkReader.read($0, absolute: absolute) }),
            ]
        ).map { SinkSettings(name: name, kind: $0, sandbox: sandbox) }
    }

    static func required(_ reader: SettingsReader) -> [String] {
        reader.texts("require", "what an order must have, as paths such as customer.code or shipment_address.zip", default: [])
    }

    private static func sqlite(_ reader: SettingsReader, absolute: @escaping (String) -> String) -> SinkSettings.Kind {
        .sqlite(
            path: absolute(reader.text("path", "the file that orders and lines are written to", default: "erp.db")),
            numberPrefix: reader.text("number_prefix", "what order numbers begin with", default: "SO-"),
            requiredFields: required(reader))
    }

    private enum ClassWord: String, CaseIterable { case key, lookUp = "look_up", neither }

    private static func rest(_ reader: SettingsReader, absolute: @escaping (String) -> String) -> SinkSettings.Kind {
        let remote = RemoteReader.read(reader, authentication: "how the ERP is told who asks", absolute: absolute)
        var sink = RESTSinkSettings(sinkClass: sinkClass(reader))
        sink.requiredFields = required(reader)
        reader.section("create", "how an order is posted") { create in
            sink.createPath = path(create, "below the base URL", default: sink.createPath)
            let header = create.text("key_header", "the header that carries our key; empty: none", default: sink.keyHeader ?? "")
            sink.keyHeader = header.isEmpty ? nil : header
            sink.keyField = create.text("key_field", "the member that carries our key", default: sink.keyField)
            sink.rejectedStatuses = statuses(create, "rejected", "statuses that refuse the order itself", sink.rejectedStatuses)
            sink.conflictStatuses = statuses(create, "conflict", "statuses that say the key is taken", sink.conflictStatuses)
            sink.notAppliedStatuses = statuses(
                create, "not_applied", "statuses that say nothing was done, besides 401 and 429", sink.notAppliedStatuses)
        }
        reader.section("find", "how an order is looked up by our key") { find in
            sink.findPath = path(find, "with {key} in it", default: sink.findPath ?? "", mark: "{key}")
            sink.findResults = find.text("results", "where the answer has its list", default: sink.findResults)
        }
        reader.section("shipments", "how the ERP tells what it sent out") { shipments in
            sink.shipmentsPath = shipments.value(
                "path", "below the base URL, with {number} or {key} in it", .text, default: nil, isRequired: true
            ) { text in
                text.hasPrefix("/") && (text.contains("{number}") || text.contains("{key}"))
                    ? .success(text)
                    : .failure(SettingsFaultMessage("'\(text)' should begin with '/' and have {number} or {key} in it"))
            }
        }
        reader.section("answer", "where an order of the ERP's holds what") { answer in
            sink.numberPath = answer.text("number", "its number", default: sink.numberPath)
            sink.statePath = answer.text("state", "its state", default: sink.statePath ?? "")
            sink.linesPath = answer.text("lines", "its lines", default: sink.linesPath)
            sink.lineKeyPath = answer.text("line_key", "in a line: our line as it was sent", default: sink.lineKeyPath)
            sink.lineNumberPath = answer.text("line_number", "in a line: its number", default: sink.lineNumberPath)
            sink.lineOutcomePath = answer.text(
                "line_outcome", "in a line: what became of it", default: sink.lineOutcomePath ?? "")
            sink.faultsPath = answer.text("faults", "in a refusal: its faults", default: sink.faultsPath)
        }
        if sink.sinkClass == .neither { sink.findPath = nil }
        return .rest(remote, sink)
    }

    private static func path(_ reader: SettingsReader, _ help: String, default fallback: String, mark: String = "") -> String {
        reader.value("path", help, .text, default: fallback) { text in
            text.hasPrefix("/") && (mark.isEmpty || text.contains(mark))
                ? .success(text)
                : .failure(
                    SettingsFaultMessage("'\(text)' should begin with '/'" + (mark.isEmpty ? "" : " and have \(mark) in it")))
        }
    }

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

    private static func statuses(_ reader: SettingsReader, _ key: String, _ help: String, _ fallback: [Int]) -> [Int] {
        reader.values(key, help, default: fallback) { text in
            guard let status = Int(text), (400..<600).contains(status) else {
                return .failure(SettingsFaultMessage("'\(text)' is no HTTP status from 400 to 599"))
            }
            return .success(status)
        }
    }
}
