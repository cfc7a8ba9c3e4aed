import Foundation
import Orders
import Settings
import SinkKit
import Sinks
import TestSupport
import Testing

/// Orders as files: whole or not there, once each, and answered by files.
@Suite struct FileSinkTests {
    private let folder: ProjectFolder.Temporary
    private let context = SinkContext(timeLimit: .seconds(10))
    private static let stem = "crossdock%3Ademo%3A1"

    init() throws {
        folder = try ProjectFolder.Temporary()
        for name in ["orders", "taken", "receipts", "shipments"] {
            try FileManager.default.createDirectory(atPath: "\(folder.path)/\(name)", withIntermediateDirectories: true)
        }
    }

    private func sink(_ change: (inout FileSinkSettings) -> Void = { _ in }) -> FileSink {
        var settings = FileSinkSettings(folder: folder.path + "/orders")
        settings.takenFolder = folder.path + "/taken"
        change(&settings)
        return FileSink(settings)
    }

    private var files: [String] { (try? FileManager.default.contentsOfDirectory(atPath: folder.path + "/orders")) ?? [] }

    private func write(_ text: String, _ path: String) throws {
        try text.write(toFile: "\(folder.path)/\(path)", atomically: true, encoding: .utf8)
    }

    @Test(arguments: [FileSinkSettings.Format.json, .csv])
    func `an order is one file, accepted with the file's name, and found again`(_ format: FileSinkSettings.Format) async throws {
        let sink = sink { $0.format = format }
        let order = try sinkOrder()
        #expect(try await sink.find(order.key, context) == nil)
        let receipt = try #require(try await sink.create(order, context).receipt)
        #expect(receipt.erpOrderNumber == Self.stem && receipt.lines.map(\.lineKey) == ["id:100", "id:101", "id:102"])
        #expect(receipt.lines.map(\.erpLineNumber) == [1, 2, 3])
        #expect(files == ["\(Self.stem).\(format.fileExtension)"])
        #expect(try await sink.find(order.key, context) == receipt)
        #expect(try await sink.find(sinkKey(11), context) == nil)
    }

    @Test func `the JSON is the order's own form, and the CSV has a row for each line`() async throws {
        let order = try sinkOrder(quantity: "123456789012345678901234567890.10")
        _ = try await sink().create(order, context)
        _ = try await sink { $0.format = .csv }.create(order, context)
        let json = try JSONValue(parsing: String(contentsOfFile: "\(folder.path)/orders/\(Self.stem).json", encoding: .utf8))
        #expect(json == .object(order.json))
        let csv = CSVText(Array(try Data(contentsOf: URL(fileURLWithPath: "\(folder.path)/orders/\(Self.stem).csv"))))
        #expect(csv.faults.isEmpty && csv.records.count == 4 && csv.records.allSatisfy { $0.cells.count == 23 })
        #expect(csv.records[1].cells.contains("123456789012345678901234567890.1"))
        #expect(csv.records[1].cells.contains("Bakkerij Ö \"De Lelie\" 🥐"))
    }

    @Test func `the same order again is the same file, another one under its key a conflict that leaves it`() async throws {
        let sink = sink()
        let first = try await sink.create(try sinkOrder(), context)
        let before = try Data(contentsOf: URL(fileURLWithPath: "\(folder.path)/orders/\(Self.stem).json"))
        #expect(try await sink.create(try sinkOrder(), context) == first)
        let error = await sinkError { () throws(SinkError) in try await sink.create(try! sinkOrder(quantity: "3"), context) }
        #expect(error?.code == .conflict)
        #expect(
            try Data(contentsOf: URL(fileURLWithPath: "\(folder.path)/orders/\(Self.stem).json")) == before && files.count == 1)
    }

    @Test func `a file that the ERP took is not put there again`() async throws {
        let sink = sink()
        let first = try await sink.create(try sinkOrder(), context)
        try FileManager.default.moveItem(
            atPath: "\(folder.path)/orders/\(Self.stem).json", toPath: "\(folder.path)/taken/\(Self.stem).json")
        #expect(try await sink.create(try sinkOrder(), context) == first && files.isEmpty)
        #expect(try await sink.find(sinkKey(), context) == first.receipt)
        let error = await sinkError { () throws(SinkError) in try await sink.create(try! sinkOrder(quantity: "3"), context) }
        #expect(error?.code == .conflict && files.isEmpty)
    }

    @Test func `where nobody tells what was taken, nothing is promised and nothing found`() async throws {
        let sink = sink { $0.takenFolder = nil }
        #expect(sink.capabilities.sinkClass == .neither)
        #expect(await sinkError { () throws(SinkError) in try await sink.find(sinkKey(), context) }?.code == .misconfigured)
        let kept = self.sink {
            $0.takenFolder = nil
            $0.isEmptied = false
        }
        #expect(kept.capabilities.sinkClass == .key(retention: nil, latestEffect: nil))
        #expect(try await kept.find(sinkKey(), context) == nil)
    }

    @Test func `a folder that is gone is not an order that isn't there`() async throws {
        let sink = sink()
        try FileManager.default.moveItem(atPath: folder.path + "/taken", toPath: folder.path + "/away")
        #expect(await sinkError { () throws(SinkError) in try await sink.find(sinkKey(), context) }?.code == .misconfigured)
        #expect(
            await sinkError { () throws(SinkError) in try await sink.create(try! sinkOrder(), context) }?.code == .misconfigured)
        #expect(await sinkError { () throws(SinkError) in try await sink.check(context) }?.code == .misconfigured)
        #expect(files.isEmpty)
    }

    @Test func `what a crash left unfinished is neither an order nor in the way`() async throws {
        try write("{\"key\":", "orders/.\(Self.stem).json.part")
        let sink = sink()
        #expect(try await sink.find(sinkKey(), context) == nil)
        #expect(try await sink.create(try sinkOrder(), context).receipt != nil)
        #expect(files == ["\(Self.stem).json"])
    }

    @Test func `an order waits for the ERP's receipt, as JSON`() async throws {
        let sink = sink { $0.receiptsFolder = folder.path + "/receipts" }
        guard case .pending(let ticket) = try await sink.create(try sinkOrder(), context) else {
            Issue.record("not pending")
            return
        }
        #expect(try await sink.poll(ticket, context) == .pending(ticket))
        #expect(try await sink.find(sinkKey(), context)?.state == .draft)
        try write("{\"key\": \"crossdock:demo:1\", \"erp_ord", "receipts/\(Self.stem).json")
        #expect(await sinkError { () throws(SinkError) in try await sink.poll(ticket, context) }?.code == .notApplied)
        try write(
            #"{"key": "crossdock:demo:1", "erp_order_number": "A7", "state": "confirmed", "lines": [{"line": "id:100", "erp_line_number": 10, "outcome": "accepted"}]}"#,
            "receipts/\(Self.stem).json")
        let receipt = try #require(try await sink.poll(ticket, context).receipt)
        #expect(receipt.erpOrderNumber == "A7" && receipt.lines.map(\.erpLineNumber) == [10])
        #expect(try await sink.find(sinkKey(), context) == receipt)
        #expect(try await sink.create(try sinkOrder(), context).receipt == receipt && files.count == 1)
    }

    @Test func `a receipt may be CSV, a refusal, or of another order`() async throws {
        let sink = sink { $0.receiptsFolder = folder.path + "/receipts" }
        let ticket = SinkTicket("crossdock:demo:1 \(Self.stem)")
        try write(
            "key;erp_order_number;line;erp_line_number;outcome;message\ncrossdock:demo:1;A8;id:100;1;backordered;later\ncrossdock:demo:1;A8;id:101;2;;\n",
            "receipts/\(Self.stem).csv")
        let receipt = try #require(try await sink.poll(ticket, context).receipt)
        #expect(receipt.erpOrderNumber == "A8" && receipt.lines.map(\.outcome) == [.backordered, .accepted])
        try write(
            #"{"key": "crossdock:demo:1", "faults": [{"path": "lines[0]", "message": "unknown"}]}"#, "receipts/\(Self.stem).json")
        #expect(try await sink.poll(ticket, context) == .rejected([SinkFault(path: "lines[0]", message: "unknown")]))
        try write(
            #"{"key": "crossdock:demo:2", "erp_order_number": "A7", "state": "confirmed", "lines": []}"#,
            "receipts/\(Self.stem).json")
        #expect(await sinkError { () throws(SinkError) in try await sink.poll(ticket, context) }?.code == .conflict)
    }

    @Test func `shipments are read from files, as JSON or CSV`() async throws {
        let sink = sink { $0.shipmentsFolder = folder.path + "/shipments" }
        let receipt = try #require(try await sink.create(try sinkOrder(), context).receipt)
        #expect(try await sink.shipments(for: receipt, key: sinkKey(), context).shipments.isEmpty)
        let head = "key,shipment,shipped_at,carrier,tracking_code,line,quantity,closed\n"
        let rows =
            "crossdock:demo:1,S1,2026-11-21T10:00:00Z,Post,T1,id:100,1.5,\ncrossdock:demo:1,S1,2026-11-21T10:00:00Z,Post,T1,id:101,2.5,true\n"
        try write(head + rows, "shipments/\(Self.stem).csv")
        let told = try await sink.shipments(for: receipt, key: sinkKey(), context)
        #expect(
            told.shipments.count == 1 && told.shipments[0].packages.map(\.lines.count) == [2] && told.closedLines == ["id:101"])
        #expect(told.shipments[0].carrier == "Post" && told.shipments[0].packages[0].trackingCode == "T1")
        var object = told.json
        object["key"] = "crossdock:demo:1"
        try write(JSONValue.object(object).compactText, "shipments/\(Self.stem).json")
        #expect(try await sink.shipments(for: receipt, key: sinkKey(), context) == told)
    }
}
