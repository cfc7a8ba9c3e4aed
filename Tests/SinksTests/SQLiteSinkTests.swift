import Foundation
import GRDB
import Orders
import SinkKit
import Sinks
import TestSupport
import Testing

@Suite("The SQLite sink")
struct SQLiteSinkTests {
    private let folder: ProjectFolder.Temporary
    private let settings: SQLiteSink.Settings
    private let context = SinkContext()

    init() throws {
        folder = try ProjectFolder.Temporary()
        settings = SQLiteSink.Settings(path: folder.path + "/erp.db")
    }

    private func rows(_ sql: String) throws -> [[String?]] {
        var configuration = Configuration()
        configuration.readonly = true
        // A sink that nobody holds any more closes its file in its own time.
        configuration.busyMode = .timeout(10)
        return try DatabaseQueue(path: settings.path, configuration: configuration).read { db in
            try Row.fetchAll(db, sql: sql).map { row in row.databaseValues.map(\.text) }
        }
    }

    @Test func `an order gets a number, and its lines 10, 20, 30, and both are found by our key`() async throws {
        let sink = try SQLiteSink(settings)
        let receipt = try await sink.create(try sinkOrder(), context).receipt
        let expected = SinkReceipt(
            erpOrderNumber: "SO-000001", state: .confirmed,
            lines: [100, 101, 102].enumerated().map { SinkReceiptLine(lineKey: "id:\($1)", erpLineNumber: Int64($0 + 1) * 10) })
        #expect(receipt == expected)
        #expect(try await sink.find(sinkKey(), context) == expected)
        #expect(try await sink.find(sinkKey(2), context) == nil)
        #expect(try await sink.find(IdempotencyKey(order: sinkKey().order, generation: 2), context) == nil)
        #expect(try await sink.create(sinkOrder(2), context).receipt?.erpOrderNumber == "SO-000002")
    }

    @Test func `the same order again is the order that is there`() async throws {
        let sink = try SQLiteSink(settings)
        let first = try await sink.create(try sinkOrder(), context)
        let again = try await sink.create(try sinkOrder(), context)
        #expect(first == again)
        let reopened = try await SQLiteSink(settings).create(try sinkOrder(), context)
        #expect(reopened == first)
        #expect(try rows("SELECT count(*) FROM orders") == [["1"]])
        #expect(try rows("SELECT count(*) FROM lines") == [["3"]])
    }

    @Test func `other content under a key that is taken is a conflict, and changes nothing`() async throws {
        let sink = try SQLiteSink(settings)
        _ = try await sink.create(try sinkOrder(), context)
        // Only spelled otherwise is otherwise: the bytes decide.
        for quantity in ["2.5", "3"] {
            let order = try sinkOrder(quantity: quantity)
            let error = await sinkError { () throws(SinkError) in try await sink.create(order, context) }
            #expect(error?.code == .conflict && error?.message.contains("SO-000001") == true)
        }
        #expect(try rows("SELECT DISTINCT quantity FROM lines") == [["2.50"]])
        // A conflict of one order stops no other.
        #expect(try await sink.create(sinkOrder(2), context).receipt != nil)
    }

    @Test func `a new generation of a key is a new order`() async throws {
        let sink = try SQLiteSink(settings)
        _ = try await sink.create(try sinkOrder(), context)
        #expect(try await sink.create(sinkOrder(generation: 2), context).receipt?.erpOrderNumber == "SO-000002")
    }

    @Test func `two hundred creates at once, half of them repeats, make a hundred orders`() async throws {
        let sink = try SQLiteSink(settings)
        let numbers = try await withThrowingTaskGroup(of: (Int64, String?).self) { group in
            for index in Int64(0)..<200 {
                group.addTask { [context] in
                    let answer = try await sink.create(try sinkOrder(index % 100 + 1), context)
                    return (index % 100 + 1, answer.receipt?.erpOrderNumber)
                }
            }
            return try await group.reduce(into: [Int64: Set<String?>]()) { $0[$1.0, default: []].insert($1.1) }
        }
        #expect(numbers.count == 100 && numbers.values.allSatisfy { $0.count == 1 && !$0.contains(nil) })
        #expect(Set(numbers.values.flatMap(\.self)).count == 100)
        #expect(try rows("SELECT count(*), count(DISTINCT key), max(number) FROM orders") == [["100", "100", "SO-000100"]])
        #expect(try rows("SELECT count(*) FROM lines") == [["300"]])
    }

    @Test func `two sinks on one file share its numbers`() async throws {
        let sinks = [try SQLiteSink(settings), try SQLiteSink(settings)]
        try await withThrowingTaskGroup { group in
            for index in Int64(0)..<60 {
                group.addTask { [context] in _ = try await sinks[Int(index % 2)].create(try sinkOrder(index / 2 + 1), context) }
            }
            try await group.waitForAll()
        }
        #expect(try rows("SELECT count(*), count(DISTINCT number) FROM orders") == [["30", "30"]])
    }

    @Test func `decimals of thirty digits are kept to the digit, as text`() async throws {
        let quantity = "123456789012345678901234567890.10"
        _ = try await SQLiteSink(settings).create(try sinkOrder(products: ["124"], quantity: quantity), context)
        #expect(
            try rows("SELECT quantity, unit_price, typeof(quantity), typeof(unit_price) FROM lines") == [
                [quantity, "12.5000", "text", "text"]
            ])
    }

    @Test func `an importer reads orders and lines with sqlite3`() async throws {
        let sink = try SQLiteSink(SQLiteSink.Settings(path: settings.path, numberPrefix: "X"))
        _ = try await sink.create(try sinkOrder(), context)
        let program = try ChildProgram.sqlite3(
            settings.path,
            "SELECT o.number, o.customer_name, l.number, l.product, l.quantity FROM orders o JOIN lines l ON l.order_number = o.number"
        )
        let customer = "Bakkerij Ö \"De Lelie\" 🥐"
        #expect(program == "X000001|\(customer)|10|124|2.50\nX000001|\(customer)|20|125|2.50\nX000001|\(customer)|30|124|2.50\n")
        let document = try JSONValue(parsing: #require(try rows("SELECT document FROM orders")[0][0]))
        #expect(try SinkOrder(json: #require(document.objectValue)) == sinkOrder())
    }

    @Test func `what was done to an order in the file is what a look-up tells`() async throws {
        let sink = try SQLiteSink(settings)
        _ = try await sink.create(try sinkOrder(), context)
        try await DatabaseQueue(path: settings.path).write { db in try db.execute(sql: "UPDATE orders SET state = 'cancelled'") }
        #expect(try await sink.find(sinkKey(), context)?.state == .cancelled)
    }

    @Test func `the class is K, and what the order must have is what was configured`() throws {
        let sink = try SQLiteSink(SQLiteSink.Settings(path: settings.path, requiredFields: ["customer.code"]))
        #expect(
            sink.capabilities
                == SinkCapabilities(
                    sinkClass: .key(retention: nil, latestEffect: .zero), requiredFields: ["customer.code"], tellsShipments: true)
        )
    }
}

extension DatabaseValue {
    /// An integer or a text, as text.
    fileprivate var text: String? {
        switch storage {
        case .int64(let number): String(number)
        case .string(let text): text
        default: nil
        }
    }
}

extension ChildProgram {
    /// What `sqlite3 FILE SQL` prints.
    fileprivate static func sqlite3(_ path: String, _ sql: String) throws -> String {
        String(decoding: try ChildProgram.output(of: ["sqlite3", path, sql]), as: UTF8.self)
    }
}
