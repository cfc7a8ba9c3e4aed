import Foundation
import Orders
import Posting
import Settings
import SinkKit
import SinkTesting
import Sinks

/// A `file` sink over folders of its own, with a program that takes the files and answers them as the settings say.
struct FileSinkBench {
    private let sink: SinkSettings
    private let settings: FileSinkSettings
    private let place: String

    /// - Throws: ``CommandFailure`` where no folders can be made.
    init(_ sink: SinkSettings, _ file: FileSinkSettings) throws {
        place = try SinkBench.temporaryFolder()
        self.sink = try sink.inSandbox(place, key: nil)
        var settings = file
        settings.move(into: place)
        self.settings = settings
        for folder in settings.folders {
            do { try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: true) } catch {
                throw CommandFailure(.tryLater, "a temporary folder can't be made: \(error.localizedDescription)")
            }
        }
    }

    func bench(_ parts: SinkParts) -> SinkBench {
        var bench = SinkBench(
            target: parts.target(sink, SinkSample(products: ["124", "125"], firstOrderID: parts.firstOrderID)))
        bench.notes = ["puts files into temporary folders, where a small program plays the ERP"]
        FileSinkAudit(settings: settings).equip(&bench.target)
        // With receipts, the kit's kill may strike a poll, whose end says nothing of the create.
        if settings.receiptsFolder == nil { bench.target.process = parts.process(sink.name, inSandbox: place, key: nil) }
        let player = Task { [settings] in await Self.play(settings) }
        bench.end = { [place] in
            player.cancel()
            await player.value
            try? FileManager.default.removeItem(atPath: place)
        }
        return bench
    }

    /// Answers every file, and moves it where files go that were taken, until cancelled.
    private static func play(_ settings: FileSinkSettings) async {
        let ending = "." + settings.format.fileExtension
        while !Task.isCancelled {
            for name in (try? FileManager.default.contentsOfDirectory(atPath: settings.folder)) ?? [] {
                guard name.hasSuffix(ending), !name.hasPrefix(".") else { continue }
                answer(name, String(name.dropLast(ending.count)), settings)
            }
            do { try await Task.sleep(for: .milliseconds(20)) } catch { return }
        }
    }

    private static func answer(_ name: String, _ stem: String, _ settings: FileSinkSettings) {
        let path = "\(settings.folder)/\(name)"
        if let folder = settings.receiptsFolder, !FileManager.default.fileExists(atPath: "\(folder)/\(stem).json") {
            guard let bytes = FileManager.default.contents(atPath: path),
                var receipt = FileSink.receipt(Array(bytes), stem, settings)?.json
            else { return }
            receipt["key"] = .text(stem.removingPercentEncoding.map { String($0.dropFirst(settings.prefix.count)) })
            _ = FolderWriter(folder: folder).put(JSONValue.object(receipt).serialized(), as: "\(stem).json")
        }
        if let folder = settings.takenFolder { try? FileManager.default.moveItem(atPath: path, toPath: "\(folder)/\(name)") }
    }
}

extension FileSinkSettings {
    var folders: [String] { [folder, takenFolder, receiptsFolder, shipmentsFolder].compactMap(\.self) }

    /// The same folders below another.
    mutating func move(into place: String) {
        folder = place + "/orders"
        if takenFolder != nil { takenFolder = place + "/taken" }
        if receiptsFolder != nil { receiptsFolder = place + "/receipts" }
        if shipmentsFolder != nil { shipmentsFolder = place + "/shipments" }
    }
}

/// Looks at the files of a `file` sink, and books shipments in its folders, as a program of an ERP's does.
struct FileSinkAudit: Sendable {
    let settings: FileSinkSettings

    func equip(_ target: inout SinkUnderTest) {
        target.auditor = SinkAuditor { key in orders(key) }
        // Which lines are done only a program can say that reads what was ordered.
        if settings.shipmentsFolder != nil, [.json, .csv].contains(settings.format) {
            target.warehouse = SinkWarehouse { _, key, line in try ship(key, line) }
        }
        let why =
            "the sink writes files: there is no connection that could be lost, and no answer that could be late or garbled"
        target.interference = SinkInterference(
            [], impossible: Dictionary(uniqueKeysWithValues: SinkMishap.allCases.map { ($0, why) }), arrange: { _ in }, mend: {})
    }

    private func orders(_ key: IdempotencyKey) -> [SinkAuditedOrder] {
        files(key).map { SinkAuditedOrder(number: FileName.safe(settings.prefix + key.text), lines: lines($0)) }
    }

    private func bytes(_ key: IdempotencyKey) -> [UInt8]? { files(key).first }

    private func files(_ key: IdempotencyKey) -> [[UInt8]] {
        let name = "\(FileName.safe(settings.prefix + key.text)).\(settings.format.fileExtension)"
        var seen: Set<ino_t> = []
        return [settings.folder, settings.takenFolder].compactMap { folder in
            // The ERP may move it from one to the other meanwhile, which makes no second file of it.
            guard let folder, let file = FileHandle(forReadingAtPath: "\(folder)/\(name)") else { return nil }
            defer { try? file.close() }
            var information = stat()
            guard fstat(file.fileDescriptor, &information) == 0, seen.insert(information.st_ino).inserted else { return nil }
            return (try? file.readToEnd()).map { Array($0) }
        }
    }

    /// `nil` in formats that another program reads.
    private func lines(_ bytes: [UInt8]) -> [SinkAuditedOrder.Line]? {
        switch settings.format {
        case .json:
            let lines = (try? JSONValue(parsing: bytes))?["lines"]?.arrayValue ?? []
            return lines.compactMap {
                line($0["quantity"]?.stringValue, $0["unit_price"]?.stringValue, $0["description"]?.stringValue)
            }
        case .csv:
            let records = CSVText(bytes, separator: ",").records
            let places = ["quantity", "unit_price", "description"].compactMap { records.first?.cells.firstIndex(of: $0) }
            guard places.count == 3 else { return nil }
            return records.dropFirst().compactMap { line($0.cells[places[0]], $0.cells[places[1]], $0.cells[places[2]]) }
        case .edifactOrders, .cxmlOrderRequest: return nil
        }
    }

    private func line(_ quantity: String?, _ price: String?, _ description: String?) -> SinkAuditedOrder.Line? {
        guard let quantity = quantity.flatMap({ try? ExactDecimal($0) }) else { return nil }
        return SinkAuditedOrder.Line(
            quantity: quantity, unitPrice: price.flatMap { try? ExactDecimal($0) }, description: description)
    }

    /// Writes all that was sent out so far anew, under another name first.
    private func ship(_ key: IdempotencyKey, _ line: SinkShippedLine) throws {
        let path = "\(settings.shipmentsFolder ?? "")/\(FileName.safe(settings.prefix + key.text)).json"
        let before = FileManager.default.contents(atPath: path).flatMap { try? JSONValue(parsing: Array($0)) }?.objectValue
        var told = before.flatMap(SinkShipments.init(json:)) ?? SinkShipments()
        let number = told.shipments.count + 1
        told.shipments.append(
            SinkShipment(
                id: "\(key.text)/\(number)", shippedAt: "2026-01-0\(min(number, 9))T10:00:00Z",
                packages: [SinkPackage(lines: [line])]))
        let lineKeys = FileSink.receipt(bytes(key) ?? [], "", settings)?.lines.map(\.lineKey) ?? []
        let ordered = zip(lineKeys, lines(bytes(key) ?? []) ?? [])
        told.closedLines = ordered.filter { key, line in
            told.shipments.flatMap(\.packages).flatMap(\.lines).filter { $0.lineKey == key }
                .reduce(ExactDecimal?.some(.zero)) { $0?.adding($1.quantity) } == line.quantity
        }.map(\.0)
        var object = told.json
        object["key"] = .text(key.text)
        try Data(JSONValue.object(object).serialized()).write(to: URL(fileURLWithPath: path), options: .atomic)
    }
}
