import Foundation
import Orders
import Simulators
import TestSupport
import Testing

/// A shop, a real Tryton, and the built binary between them.
struct TrytonSite {
    let server: TrytonServer
    let installation: Installation

    /// - Parameters:
    ///   - settings: of the flow, each line indented by four.
    ///   - password: Tryton's own unless given.
    init(_ server: TrytonServer, _ settings: String = "", password: String? = nil) async throws {
        self.server = server
        let sink =
            "{type: tryton, base_url: \"\(server.url)\", database: \(server.database), login: \(server.login), "
            + "password: \(password ?? server.password), web_shop: \(server.webShop), parties: create, "
            + "timeouts: {total: 90s, stall: 90s}}"
        installation = try await Installation(sink: .configured(sink, timeLimit: "90s"), extra: settings) {
            $0.shipmentStateMove = .never
        }
    }

    /// Runs a test with a Tryton and a shop of its own.
    static func run(
        _ settings: String = "", password: String? = nil, _ test: (TrytonSite) async throws -> Void
    ) async throws {
        let server = try await TrytonServer()
        do {
            let site = try await TrytonSite(server, settings, password: password)
            try await test(site)
            await site.installation.stop()
        } catch {
            await server.stop()
            throw error
        }
        await server.stop()
    }

    /// A confirmed order in the shop: pieces, half a kilogram more each time, and shipping costs.
    func addOrder(_ id: Int, customer: Int = 2001, products: [String] = ["SKU-1001", "SKU-1003", "SHIPPING"]) throws {
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
        _ = try #require(installation.shop.add(order))
    }

    func webID(_ id: Int) -> String { "crossdock:test:\(id)" }

    func sync() async throws -> ChildProgram.Ending { try await installation.crossdock("sync") }

    /// Runs until the order rests where only something new could move it.
    func syncUntilFinished(_ id: Int) async throws {
        var last: ChildProgram.Ending?
        for _ in 0..<10 {
            last = try await sync()
            if try await installation.standings()[id]?.standing == "finished" { return }
        }
        Issue.record("order \(id) isn't finished: \(String(describing: last))")
    }
}
