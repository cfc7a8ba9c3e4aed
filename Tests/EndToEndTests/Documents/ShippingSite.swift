import Foundation
import Orders
import Simulators
import TestSupport
import Testing

/// An installation whose shop has one order of three lines, and what people do in its ERP, which is a SQLite file.
///
/// The lines are 10, 20 and 30 in the ERP: 10 glasses, 3 of another kind, 2.5 kg of almonds.
struct ShippingSite {
    static let orderID = 7001
    static let reference = "CS7001"
    /// What the ERP calls it.
    static let erpNumber = "SO-000001"
    static let ordered = [10: "10", 20: "3", 30: "2.5"]

    /// Documents about shipments to the shop, without any word about unknown outcomes.
    static let desadv = "    despatch: {with: desadv, shop: \"1\", user: \"10\"}\n"
    static let cxml = """
            cxml:
              from: {domain: NetworkId, identity: AN01}
              to: {domain: NetworkId, identity: AN02}
              sender: {domain: NetworkId, identity: AN01}
              shared_secret: simulated-secret
              host: connector.example

        """

    let installation: Installation
    var shop: CloudSuiteSimulator { installation.shop }
    private var erpPath: String { installation.folder.path + "/erp.db" }

    /// - Parameter settings: of the flow, each line indented by four; sections beside the flow's may follow.
    init(_ settings: String, shipmentState: CloudSuiteConfiguration.ShipmentStateMove = .never) async throws {
        installation = try await Installation(extra: settings) { $0.shipmentStateMove = shipmentState }
        _ = try #require(installation.shop.add(try Self.order(id: Self.orderID)))
    }

    /// As the shop has it. Its reference is the id with `CS` before it.
    static func order(id: Int) throws -> JSONObject {
        let lines = [("124_STUK", "10.0", "1.8500"), ("125_STUK", "3.0", "2.1000"), ("123_KG", "2.5", "13.4990")]
        let texts = lines.enumerated().map { index, line in
            """
            {"id":\(id * 10 + 1 + index),"type":"line","product":{"key":"\(line.0)","origin":"myorigin"},"description":"Theeglas & co",
             "quantity":\(line.1),"unit_price":"\(line.2)","erp_line_number":null}
            """
        }
        let text = """
            {"id":\(id),"reference":"CS\(id)","erp_order_number":null,"state":"confirmed","payment_status":"account",
             "shipment_state":"none","order_date":"2025-03-03","confirm_date":"2025-03-03T08:00:44.120000",
             "modified_date":"2025-03-03T08:00:44.130000","currency":"EUR","customer":2001,"webshop":1,"shipment_address":4002,
             "invoice_address":4001,"order_lines":[\(texts.joined(separator: ","))]}
            """
        return try #require(try JSONValue(parsing: text).objectValue)
    }

    // MARK: In the ERP

    /// Packs and sends a shipment.
    ///
    /// - Parameter packages: each with its tracking code and the quantities by ERP line number.
    func ship(_ id: String, _ packages: (code: String, quantities: KeyValuePairs<Int, String>)...) throws {
        var statements = ["INSERT INTO shipments (id, carrier) VALUES ('\(id)', 'DHL')"]
        for (index, package) in packages.enumerated() {
            statements.append(
                "INSERT INTO packages (shipment, number, tracking_code) VALUES ('\(id)', \(index + 1), '\(package.code)')")
            for (line, quantity) in package.quantities {
                statements.append(
                    "INSERT INTO shipment_lines VALUES ('\(id)', \(index + 1), '\(Self.erpNumber)', \(line), '\(quantity)')")
            }
        }
        statements.append("UPDATE shipments SET shipped_at = strftime('%Y-%m-%dT%H:%M:%SZ', 'now') WHERE id = '\(id)'")
        try write(statements)
    }

    /// Sends everything that was ordered, in one package.
    func shipAll(_ id: String = "PS-1") throws { try ship(id, ("3SALL", [10: "10", 20: "3", 30: "2.5"])) }

    /// Nothing more of that line will be sent.
    func close(line: Int) throws {
        try write(["UPDATE lines SET is_closed = 1 WHERE order_number = '\(Self.erpNumber)' AND number = \(line)"])
    }

    /// In the ERP's file.
    func write(_ statements: [String]) throws {
        // A run may hold the file at this instant.
        _ = try ChildProgram.output(of: ["sqlite3", "-cmd", ".timeout 10000", erpPath, statements.joined(separator: ";")])
    }

    // MARK: Crossdock

    func sync() async throws -> ChildProgram.Ending { try await installation.crossdock("sync") }

    /// Where the order stands: `finished`, or the reason why it isn't.
    func standing() async throws -> String? { try await installation.standings()[Self.orderID]?.reason }

    /// What `crossdock documents` lists, in its order.
    func documents(_ words: String...) async throws -> [JSONValue] {
        let list = try await ChildProgram.run(
            "crossdock", ["documents", "--json"] + words + ["--config", installation.configurationPath])
        #expect(list.status == 0, "\(list)")
        return try list.output.split(separator: "\n").map { try JSONValue(parsing: String($0)) }
    }

    /// Each document's name at its receiver, and its state.
    func documentStates() async throws -> [String] {
        try await documents(Self.reference).map {
            "\($0["document_number"]?.stringValue ?? "-") \($0["state"]?.stringValue ?? "-")"
        }
    }

    /// The very bytes that are sent.
    func bytes(ofDocument number: Int) throws -> [UInt8] {
        try ChildProgram.output(
            of: [
                ProjectFolder.program("crossdock"), "document", "show", String(number), "--bytes", "--config",
                installation.configurationPath,
            ])
    }

    // MARK: In the shop

    func shows(_ member: String) -> String? { installation.shopText(Self.orderID, member) }

    /// How much the shop has booked of each ERP line.
    func booked() -> [Int: String] {
        var sums: [Int: ExactDecimal] = [:]
        for item in shop.deliveries.flatMap(\.items) where item.orderID == Self.orderID {
            let line = Int(item.erpLineNumber)
            sums[line] = (sums[line] ?? .zero).adding(item.quantity)
        }
        return sums.mapValues { $0.spelling }
    }

    /// The digests of what was posted below `path`, in the order it came.
    func posts(below path: String) -> [String] {
        shop.requestLog.filter { $0.method == "POST" && $0.target.hasPrefix(path) }.map(\.bodyDigest)
    }

    /// The bodies of what was patched, in the order it came.
    var patches: [String] { shop.requestLog.filter { $0.method == "PATCH" }.compactMap(\.body) }
}
