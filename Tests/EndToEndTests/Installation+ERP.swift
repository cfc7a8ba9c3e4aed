import Foundation
import Glibc
import Orders
import Simulators
import TestSupport
import Testing

/// What tests over real ERPs have in common: their orders are of products that those were given.
extension Installation {
    static let erpProducts = ["SKU-1001", "SKU-1003", "SHIPPING"]

    /// A confirmed order in the shop: pieces, half a kilogram more each time, and shipping costs.
    func addOrder(_ id: Int, customer: Int = 2001, products: [String] = erpProducts) throws {
        let amounts = [("3.0", "8.3950"), ("0.5", "18.6822"), ("1.0", "4.1176")]
        let lines = zip(products, amounts).enumerated().map { index, line in
            """
            {"id":\(id * 10 + 1 + index),"type":"line","product":{"key":"\(line.0)","origin":"myorigin"},"description":"Theeglas & co",
             "quantity":\(line.1.0),"unit_price":"\(line.1.1)","erp_line_number":null}
            """
        }
        // Longer ago than the flow lets an order settle, and since the last listing but for the overlap.
        let style = Date.ISO8601FormatStyle(timeZone: try #require(TimeZone(identifier: "Europe/Amsterdam")))
            .year().month().day().time(includingFractionalSeconds: false)
        let confirmed = Date.now.addingTimeInterval(-600).formatted(style)
        // Two addresses for each of the simulated shop's customers.
        let invoice = 4001 + (customer - 2001) * 2
        let text = """
            {"id":\(id),"reference":"CS\(id)","erp_order_number":null,"state":"confirmed","payment_status":"account",
             "shipment_state":"none","order_date":"\(confirmed.prefix(10))","confirm_date":"\(confirmed)",
             "modified_date":"\(confirmed)","currency":"EUR","customer":\(customer),"webshop":1,"shipment_address":\(invoice + 1),
             "invoice_address":\(invoice),"order_lines":[\(lines.joined(separator: ","))]}
            """
        let order = try #require(try JSONValue(parsing: text).objectValue)
        _ = try #require(shop.add(order))
    }

    /// Runs until the order rests where only something new could move it.
    func syncUntilFinished(_ id: Int) async throws {
        var last: ChildProgram.Ending?
        for _ in 0..<10 {
            last = try await crossdock("sync")
            if try await standings()[id]?.standing == "finished" { return }
        }
        Issue.record("order \(id) isn't finished: \(String(describing: last))")
    }

    /// When a run is killed.
    enum Moment: CustomStringConvertible {
        /// As soon as the ERP's database shows what the query asks for.
        case shows(String, String)
        /// Wherever it is by then.
        case after(milliseconds: Int)

        var description: String {
            switch self {
            case .shows(let name, _): name
            case .after(let milliseconds): "after \(milliseconds) ms"
            }
        }
    }

    /// Starts a run, and ends it by `kill -9`.
    ///
    /// - Parameter rows: of the ERP's database.
    /// - Returns: whether the run hadn't ended by then.
    func kill(at moment: Moment, rows: (String) throws -> [String]) async throws -> Bool {
        let run = try start("sync")
        switch moment {
        case .shows(_, let query):
            try await Waiting.until(.seconds(100)) { try !run.isRunning || !rows(query).isEmpty }
        // A moment of chance is meant, not one that anything tells.
        case .after(let milliseconds): try await Task.sleep(for: .milliseconds(milliseconds))
        }
        run.send(SIGKILL)
        return try await run.waitForEnd().wasKilled
    }
}
