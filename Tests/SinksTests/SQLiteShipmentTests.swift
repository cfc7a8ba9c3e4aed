import Foundation
import Orders
import SinkKit
import Sinks
import TestSupport
import Testing

/// What people book in the file by hand, and what the sink tells of it.
@Suite("The SQLite sink's shipments")
struct SQLiteShipmentTests {
    private let folder: ProjectFolder.Temporary
    private let path: String
    private let sink: SQLiteSink
    private let context = SinkContext()

    init() throws {
        folder = try ProjectFolder.Temporary()
        path = folder.path + "/erp.db"
        sink = try SQLiteSink(SQLiteSink.Settings(path: path))
    }

    /// Books with the program that people use. - Returns: what it complains of.
    private func book(_ sql: String) async throws -> String {
        try await ChildProgram(["sqlite3", path, sql]).waitForEnd(within: .seconds(60)).errors
    }

    private func shipments(_ id: Int64 = 1) async throws -> SinkShipments {
        let key = sinkKey(id)
        let receipt = try #require(try await sink.find(key, context))
        return try await sink.shipments(for: receipt, key: key, context)
    }

    private static let booking = """
        INSERT INTO shipments (id, carrier, comment, expected_date) VALUES ('PS-77', 'DHL', 'Ring twice', '2026-11-22');
        INSERT INTO packages (shipment, number, tracking_code, tracking_url, sscc, weight_kg)
            VALUES ('PS-77', 1, '3SABC', 'https://track.example/3SABC', '340123450000000017', '2.50');
        INSERT INTO packages (shipment, number) VALUES ('PS-77', 2);
        INSERT INTO shipment_lines VALUES ('PS-77', 1, 'SO-000001', 10, '2.50'), ('PS-77', 2, 'SO-000001', 20, 1),
            ('PS-77', 1, 'SO-000001', 20, '0.5');
        """
    private static let leaving = "UPDATE shipments SET shipped_at = '2026-11-21T10:30:00+01:00' WHERE id = 'PS-77';"

    @Test func `a shipment is told when it has left, and what is delivered is closed`() async throws {
        _ = try await sink.create(try sinkOrder(), context)
        #expect(try await shipments() == SinkShipments())
        #expect(try await book(Self.booking) == "")
        #expect(try await shipments() == SinkShipments())
        #expect(try await book(Self.leaving) == "")
        let half = try ExactDecimal("0.5")
        let expected = SinkShipment(
            id: "PS-77", shippedAt: "2026-11-21T10:30:00+01:00", expectedDate: "2026-11-22", carrier: "DHL",
            comment: "Ring twice",
            packages: [
                SinkPackage(
                    trackingCode: "3SABC", trackingAddress: "https://track.example/3SABC", containerCode: "340123450000000017",
                    weightKilograms: try ExactDecimal("2.50"),
                    lines: [
                        SinkShippedLine(lineKey: "id:100", quantity: try ExactDecimal("2.50")),
                        SinkShippedLine(lineKey: "id:101", quantity: half),
                    ]), SinkPackage(lines: [SinkShippedLine(lineKey: "id:101", quantity: ExactDecimal(1))]),
            ])
        #expect(try await shipments() == SinkShipments(shipments: [expected], closedLines: ["id:100"]))
        #expect(try await book("UPDATE lines SET is_closed = 1 WHERE order_number = 'SO-000001' AND number = 30") == "")
        #expect(try await shipments().closedLines == ["id:100", "id:102"])
    }

    @Test func `an order that was cancelled in the file is told as cancelled, with what had left by then`() async throws {
        for id in [Int64(1), 2] { _ = try await sink.create(try sinkOrder(id), context) }
        #expect(try await book(Self.booking + Self.leaving) == "")
        var expected = try await shipments()
        #expect(!expected.isCancelled)
        #expect(try await book("UPDATE orders SET state = 'cancelled' WHERE number = 'SO-000001'") == "")
        expected.isCancelled = true
        #expect(try await shipments() == expected)
        #expect(try await shipments(2) == SinkShipments())
    }

    @Test func `a shipment is booked as the README says`() async throws {
        _ = try await sink.create(try sinkOrder(), context)
        let text = try String(contentsOfFile: ProjectFolder.root + "/README.md", encoding: .utf8)
        let booking = try #require(text.firstMatch(of: /sqlite3 erp\.db "(INSERT INTO shipments[^"]+)"/))
        #expect(try await book(String(booking.1)) == "")
        let told = try await shipments()
        #expect(told.shipments.map(\.id) == ["PS-77"] && told.shipments.first?.packages.first?.trackingCode == "3SABC0123456")
        #expect(try await book("UPDATE lines SET is_closed = 1 WHERE number = 30") == "")
        #expect(try await shipments().closedLines == ["id:102"])
    }

    @Test func `several shipments are told oldest first, and add up to the digit`() async throws {
        _ = try await sink.create(try sinkOrder(products: ["124"], quantity: "0.3"), context)
        // Half past eight in Kolkata is before four in UTC.
        for (id, time, quantity) in [
            ("A", "2026-11-21T04:00:00Z", "0.1"), ("B", "2026-11-21T08:30:00+05:30", "0.1"), ("C", "2026-11-21T05:00:00Z", "0.1"),
        ] {
            #expect(try await shipments().closedLines == [])
            let fault = try await book(
                """
                INSERT INTO shipments (id) VALUES ('\(id)'); INSERT INTO packages (shipment, number) VALUES ('\(id)', 1);
                INSERT INTO shipment_lines VALUES ('\(id)', 1, 'SO-000001', 10, '\(quantity)');
                UPDATE shipments SET shipped_at = '\(time)' WHERE id = '\(id)';
                """)
            #expect(fault == "")
        }
        let told = try await shipments()
        #expect(told.shipments.map(\.id) == ["B", "A", "C"])
        // Three times 0.1 is 0.3 in decimals, and less than it in binary floats.
        #expect(told.closedLines == ["id:100"])
    }

    @Test func `a shipment of two orders is told to each with its own goods, as shared`() async throws {
        for id in [Int64(1), 2] { _ = try await sink.create(try sinkOrder(id), context) }
        #expect(try await book(Self.booking + "INSERT INTO shipment_lines VALUES ('PS-77', 2, 'SO-000002', 30, '1');") == "")
        #expect(try await book(Self.leaving) == "")
        let (first, second) = (try await shipments(1), try await shipments(2))
        #expect(first.shipments.map(\.isShared) == [true] && second.shipments.map(\.isShared) == [true])
        #expect(first.shipments[0].packages.flatMap(\.lines).map(\.lineKey) == ["id:100", "id:101", "id:101"])
        #expect(second.shipments[0].packages.flatMap(\.lines).map(\.lineKey) == ["id:202"])
    }

    @Test(arguments: [
        "UPDATE shipments SET carrier = 'UPS'", "UPDATE shipments SET shipped_at = NULL", "DELETE FROM shipments",
        "INSERT OR REPLACE INTO shipments (id) VALUES ('PS-77')", "UPDATE packages SET tracking_code = 'other'",
        "INSERT INTO packages (shipment, number) VALUES ('PS-77', 3)", "DELETE FROM packages WHERE number = 2",
        "UPDATE shipment_lines SET quantity = '9'", "DELETE FROM shipment_lines",
        "INSERT INTO shipment_lines VALUES ('PS-77', 1, 'SO-000001', 30, '1')",
        "INSERT OR REPLACE INTO shipment_lines VALUES ('PS-77', 1, 'SO-000001', 10, '9')",
    ])
    func `what has left stays as it was told`(sql: String) async throws {
        _ = try await sink.create(try sinkOrder(), context)
        #expect(try await book(Self.booking + Self.leaving) == "")
        let told = try await shipments()
        #expect(try await book(sql).contains("this shipment has left; book a correction as a new one"))
        #expect(try await shipments() == told)
    }

    @Test(arguments: [
        ("INSERT INTO shipments (id, shipped_at) VALUES ('X', '2026-11-21T10:30:00Z')", "leave shipped_at empty"),
        (
            "INSERT INTO shipments (id) VALUES ('X'); UPDATE shipments SET shipped_at = '2026-11-21T10:30:00Z' WHERE id = 'X'",
            "nothing in"
        ),
        ("UPDATE shipments SET shipped_at = '2026-11-21T10:30:00'", "CHECK"),
        ("UPDATE shipments SET shipped_at = 'now'", "CHECK"),
        ("UPDATE shipments SET shipped_at = '2026-13-21T10:30:00Z'", "CHECK"),
        ("UPDATE shipments SET expected_date = 'soon'", "CHECK"),
        ("UPDATE packages SET sscc = '123'", "CHECK"), ("UPDATE packages SET weight_kg = '1.2.3'", "CHECK"),
        ("UPDATE packages SET weight_kg = '1.'", "CHECK"), ("UPDATE packages SET tracking_url = 'javascript:1'", "CHECK"),
        ("UPDATE shipment_lines SET quantity = '0.00'", "CHECK"), ("UPDATE shipment_lines SET quantity = '-1'", "CHECK"),
        ("UPDATE shipment_lines SET quantity = '1,5'", "CHECK"), ("UPDATE shipment_lines SET quantity = '1e3'", "CHECK"),
        ("INSERT INTO packages (shipment, number) VALUES ('none', 1)", "no such shipment"),
        ("INSERT INTO shipment_lines VALUES ('PS-77', 9, 'SO-000001', 10, '1')", "no such package"),
        ("INSERT INTO shipment_lines VALUES ('PS-77', 1, 'SO-000001', 40, '1')", "no such order line"),
    ])
    func `what can't be told can't be booked`(sql: String, reason: String) async throws {
        _ = try await sink.create(try sinkOrder(), context)
        #expect(try await book(Self.booking) == "")
        #expect(try await book(sql).contains(reason))
        #expect(try await shipments() == SinkShipments())
    }

    @Test func `an order that isn't in the file is a conflict, not one without shipments`() async throws {
        let receipt = SinkReceipt(erpOrderNumber: "SO-000009", lines: [])
        let error = await sinkError { () throws(SinkError) in try await sink.shipments(for: receipt, key: sinkKey(9), context) }
        #expect(error?.code == .conflict)
    }

    @Test func `a file of the release before is brought up to date with its orders`() async throws {
        _ = try await sink.create(try sinkOrder(), context)
        let older = folder.path + "/older.db"
        let undo = """
            VACUUM INTO '\(older)'
            """
        #expect(try await book(undo) == "")
        let drop = """
            DROP TABLE shipment_lines; DROP TABLE packages; DROP TABLE shipments; ALTER TABLE lines DROP COLUMN is_closed;
            DELETE FROM grdb_migrations WHERE identifier = '002 shipments';
            """
        #expect(try await ChildProgram(["sqlite3", older, drop]).waitForEnd(within: .seconds(60)).errors == "")
        let reopened = try SQLiteSink(SQLiteSink.Settings(path: older))
        let receipt = try #require(try await reopened.find(sinkKey(), context))
        #expect(try await reopened.shipments(for: receipt, key: sinkKey(), context) == SinkShipments())
    }
}
