import Documents
import Foundation
import Mapping
import OrderFlow
package import Orders
import SinkKit
internal import Yams

/// Reads `crossdock.yml`. Nothing is contacted; every fault is reported at once, with its line.
package enum ConfigurationReader {
    /// - Parameters:
    ///   - folder: what relative paths in the file are relative to.
    ///   - readFile: reads a table that the configuration names; `nil` where it can't be read, or is larger than a table may be.
    /// - Throws: ``SettingsFaults``.
    package static func read(
        _ yaml: String, file: String, folder: String, secrets: SecretSource,
        readFile: @escaping (_ path: String) -> [UInt8]? = TableFile.read
    ) throws(SettingsFaults) -> Configuration {
        let root: Node
        do {
            if let line = try AliasExpansion(yaml).lineOfTooMany {
                let message = "with its aliases put in, this is more than \(AliasExpansion.valuesMax) values; write them out"
                throw SettingsFaults(file: file, faults: [SettingsFault(line: line, path: "", message: message)])
            }
            guard let composed = try Yams.compose(yaml: yaml) else {
                throw SettingsFaults(file: file, faults: [SettingsFault(line: nil, path: "", message: "the file is empty")])
            }
            root = composed
        } catch let faults as SettingsFaults {
            throw faults
        } catch {
            throw SettingsFaults(file: file, faults: [fault(of: error)])
        }
        let session = SettingsReader.Session(
            secrets: secrets, isDescribing: false, fileName: (file as NSString).lastPathComponent, readFile: readFile)
        let reader = SettingsReader(root, path: "", session: session)
        var configuration = self.configuration(reader, folder: folder)
        configuration.secrets = session.expanded.map { Secret($0) }
        reader.refuseUnknownKeys()
        guard session.faults.isEmpty else {
            let faults = session.faults.sorted { ($0.file ?? "", $0.line ?? 0) < ($1.file ?? "", $1.line ?? 0) }
            throw SettingsFaults(file: file, faults: faults)
        }
        return configuration
    }

    /// What is wrong with the configuration once `setting`, which doesn't exist, stands in the section of that sink.
    package static func faults(
        _ yaml: String, withUnknownSetting setting: String, inSink sink: String, folder: String, secrets: SecretSource
    ) throws -> [SettingsFault] {
        guard var root = try Yams.compose(yaml: yaml), root["sinks"]?[sink] != nil else { return [] }
        root["sinks"]?[sink]?[setting] = Node("1")
        let session = SettingsReader.Session(secrets: secrets, isDescribing: false)
        let reader = SettingsReader(root, path: "", session: session)
        _ = configuration(reader, folder: folder)
        return session.faults.filter { $0.path.hasSuffix(".\(setting)") }
    }

    /// The configuration's JSON Schema, for editors and checks.
    package static var schema: JSONValue {
        let session = SettingsReader.Session(
            secrets: SecretSource(environment: [:]) { _ in nil }, isDescribing: true)
        let reader = SettingsReader(nil, path: "", session: session)
        _ = configuration(reader, folder: "")
        var object = JSONObject([
            ("$schema", "https://json-schema.org/draft/2020-12/schema"), ("title", "Crossdock configuration"),
        ])
        for member in reader.schema.json.objectValue?.members ?? [] { object[member.name.value] = member.value }
        return .object(object)
    }

    private static func fault(of error: any Error) -> SettingsFault {
        switch error {
        case YamlError.scanner(_, let problem, let mark, _), YamlError.parser(_, let problem, let mark, _),
            YamlError.composer(_, let problem, let mark, _):
            SettingsFault(line: mark.line, path: "", message: "this is not YAML: \(problem)")
        case YamlError.duplicatedKeysInMapping(let duplicates, let context):
            SettingsFault(
                line: context.mark.line, path: "",
                message: "these settings stand twice: \(duplicates.joined(separator: ", "))")
        default: SettingsFault(line: nil, path: "", message: "this is not YAML: \(error)")
        }
    }

    private static func configuration(_ reader: SettingsReader, folder: String) -> Configuration {
        func absolute(_ path: String) -> String {
            path.hasPrefix("/") || folder.isEmpty ? path : (folder as NSString).appendingPathComponent(path)
        }
        let ledgerPath = absolute(
            reader.text("ledger", "the ledger's file, relative to this one; on a local disk", default: "crossdock.db"))
        let lease = reader.duration(
            "lease", "how long an order stays with a worker that can't be seen to have died", default: .seconds(600),
            atLeast: .milliseconds(100))
        let keepPayloads = reader.duration(
            "keep_payloads", "how long the bytes sent to the ERP are kept before 'ledger prune' erases them",
            default: .seconds(90 * 86_400))
        let serve = ServeReader.read(reader)
        let shops = reader.named("shops", "webshops by name; a shop's name never changes") { name, reader in
            ShopReader.read(name, reader, absolute: absolute)
        }.map(\.value)
        let sinks = reader.named("sinks", "where orders go, by name") { name, reader in
            SinkReader.read(name, reader, absolute: absolute)
        }
        let targets = reader.named("targets", "where documents go besides the shop, by name", isRequired: false) { name, reader in
            TargetReader.read(name, reader, absolute: absolute)
        }.compactMap(\.value)
        let flows = reader.named("flows", "a shop joined to a sink under one policy, by name") { name, reader in
            FlowReader.read(
                name, reader, shops: shops.map(\.name), sinks: sinks.map(\.name), targets: targets, absolute: absolute)
        }
        refuseOverlaps(flows.map(\.value), shops, reader)
        for case (let name, let flow) in flows where flow.documents.style.despatch != nil {
            guard case .rest(_, let sink)? = sinks.first(where: { $0.name == flow.sink })?.value?.kind, sink.shipmentsPath == nil
            else { continue }
            reader.fault(
                reader.section(named: name, in: "flows"), "flows.\(name).despatch",
                "sink '\(flow.sink)' doesn't say where it tells what was sent out; add sinks.\(flow.sink).shipments, or leave it off"
            )
        }
        for case (let name, .some(let sink)) in sinks {
            guard case .sqlite(ledgerPath, _, _) = sink.kind else { continue }
            reader.fault(
                reader.section(named: name, in: "sinks"), "sinks.\(name).path", "this is the ledger's file; name another one")
        }
        let vault = CodeKeyReader.read(reader)
        for case (let name, let flow) in flows where vault == nil && !reader.has("codes") {
            guard sinks.first(where: { $0.name == flow.sink })?.value?.kind.deliversCodes ?? false else { continue }
            reader.fault(
                reader.section(named: name, in: "flows"), "flows.\(name).sink",
                "sink '\(flow.sink)' hands out codes, which are kept encrypted; give the key under 'codes'")
        }
        for case (let name, let flow) in flows where flow.webhook == nil {
            guard case .khumbu? = sinks.first(where: { $0.name == flow.sink })?.value?.kind else { continue }
            reader.fault(
                reader.section(named: name, in: "flows"), "flows.\(name).sink",
                "sink '\(flow.sink)' tells what became of an order by webhook only; say under 'webhook' how 'crossdock serve' takes it"
            )
        }
        for case (let name, let flow) in flows where flow.webhook != nil {
            let kind = sinks.first { $0.name == flow.sink }?.value?.kind
            guard kind.map({ !$0.mayTakeMessages }) ?? false else { continue }
            reader.fault(
                reader.section(named: name, in: "flows"), "flows.\(name).webhook",
                "sink '\(flow.sink)' takes no messages; leave 'webhook' off")
        }
        refuseSandboxesThatAreNot(sinks.compactMap(\.value), sinks.map(\.name), reader)
        return Configuration(
            ledgerPath: ledgerPath, lease: lease, keepPayloads: keepPayloads, shops: shops, sinks: sinks.compactMap(\.value),
            targets: targets, flows: flows.map(\.value), vault: vault, serve: serve)
    }

    /// A sandbox is another sink of the configuration.
    private static func refuseSandboxesThatAreNot(_ sinks: [SinkSettings], _ names: [String], _ reader: SettingsReader) {
        for sink in sinks {
            guard let other = sink.sandbox?.sink else { continue }
            let fault =
                other == sink.name
                ? "is the sink itself; name another one" : names.contains(other) ? nil : "there is no sink '\(other)'"
            guard let fault else { continue }
            reader.fault(reader.section(named: sink.name, in: "sinks"), "sinks.\(sink.name).sandbox.sink", fault)
        }
    }

    /// Each shop and webshop belongs to one flow, or its orders would go to the ERP twice.
    private static func refuseOverlaps(_ flows: [FlowSettings], _ shops: [ShopSettings], _ reader: SettingsReader) {
        func address(_ flow: FlowSettings) -> String? {
            shops.first { $0.name == flow.shop && !$0.remote.baseURL.isEmpty }.map { comparable($0.remote.baseURL) }
        }
        for (index, flow) in flows.enumerated() {
            for other in flows[..<index] where address(other) == address(flow) && address(flow) != nil {
                if other.webshop == flow.webshop || other.webshop == nil || flow.webshop == nil {
                    reader.fault(
                        reader.section(named: flow.name, in: "flows"), "flows.\(flow.name)",
                        "it takes the same webshop's orders as flow '\(other.name)'; give each flow a 'webshop' of its own")
                }
            }
        }
    }

    /// One spelling for one address: neither case nor the scheme's own port nor a slash at the end makes another shop.
    private static func comparable(_ url: String) -> String {
        guard var parts = URLComponents(string: url) else { return url }
        parts.scheme = parts.scheme?.lowercased()
        parts.host = parts.host?.lowercased()
        if parts.port == (parts.scheme == "https" ? 443 : 80) { parts.port = nil }
        while parts.path.hasSuffix("/") { parts.path.removeLast() }
        return parts.string ?? url
    }
}
