import Foundation
import Orders
import TestSupport
import Testing

/// `crossdock sink check` over the example configurations of sinks, as they stand.
@Suite struct ExampleSinkCheckTests {
    private static let environment = [
        "SHOP_URL": "http://127.0.0.1:9", "SHOP_TOKEN_URL": "http://127.0.0.1:9", "CLOUDSUITE_SECRET": "a",
        "BC_URL": "http://127.0.0.1:9", "BC_TOKEN_URL": "http://127.0.0.1:9", "BC_CLIENT_ID": "b", "BC_CLIENT_SECRET": "c",
        "ERPNEXT_URL": "http://127.0.0.1:9", "ERPNEXT_KEY": "d", "ERPNEXT_SECRET": "e", "ERPNEXT_COMPANY": "Muster",
        "B1_URL": "http://127.0.0.1:9", "B1_COMPANY": "f", "B1_USER": "g", "B1_PASSWORD": "h",
    ]

    private func verdicts(_ yaml: String) async throws -> (report: JSONValue, ending: ChildProgram.Ending) {
        let folder = try ProjectFolder.Temporary()
        try yaml.write(toFile: folder.path + "/crossdock.yml", atomically: true, encoding: .utf8)
        let ending = try await ChildProgram(
            "crossdock", ["sink", "check", "erp", "--json", "--config", folder.path + "/crossdock.yml"],
            environment: Self.environment, in: folder.path
        ).waitForEnd(within: .seconds(300))
        return (try JSONValue(parsing: ending.output), ending)
    }

    private func expectAllHeld(_ yaml: String, _ letter: String, besides: [String] = []) async throws {
        let (report, ending) = try await verdicts(yaml)
        let rules = try #require(report["rules"]?.arrayValue)
        let open = rules.filter {
            ["fell", "not-run"].contains($0["verdict"]?.stringValue) && !besides.contains($0["id"]?.stringValue ?? "")
        }
        #expect(ending.status == 0 && report["class"]?.stringValue == letter && open.map(\.compactText) == [], "\(ending.errors)")
        #expect(rules.count { $0["verdict"]?.stringValue == "held" } > 20)
    }

    @Test(arguments: [("business-central", "L"), ("erpnext", "K"), ("sap-business-one", "L")])
    func `an example for a vendor's ERP holds every rule over the simulated one`(_ name: String, _ letter: String) async throws {
        try await expectAllHeld(
            String(contentsOfFile: "\(ProjectFolder.root)/config/sinks/\(name).yml", encoding: .utf8), letter)
    }

    @Test(arguments: ["json", "csv"], ["receipts", "none"])
    func `the file sink holds every rule, with a program that takes and answers its files`(
        _ format: String, _ receipts: String
    ) async throws {
        let yaml = try String(contentsOfFile: "\(ProjectFolder.root)/config/sinks/file-example.yml", encoding: .utf8)
            .replacing("format: json", with: "format: \(format)").replacing("receipts: receipts", with: "receipts: \(receipts)")
        try await expectAllHeld(yaml, "K", besides: receipts == "none" ? [] : ["create.killed"])
    }

    /// Nobody but the sink reads what these files hold here; programs of others do in its own tests.
    @Test(arguments: ["edifact_orders", "cxml_order_request"])
    func `the file sink holds every rule with trade documents`(_ format: String) async throws {
        let yaml = try String(contentsOfFile: "\(ProjectFolder.root)/config/sinks/file-example.yml", encoding: .utf8)
        let style = """
            format: \(format)
                edifact:
                  sender: { qualifier: "14", id: "4012345000009" }
                  receiver: { qualifier: "14", id: "4054321000009" }
                  repertoire: UNOW
                  buyer: { gln: "4012345000009" }
                  supplier: { gln: "4054321000009" }
                cxml:
                  from: { domain: NetworkId, identity: AN1 }
                  to: { domain: DUNS, identity: "9" }
                  host: shop.example
            """
        try await expectAllHeld(
            yaml.replacing("format: json", with: style).replacing("receipts: receipts", with: "receipts: none"), "K",
            besides: [
                "text.kept", "decimal.long", "decimal.fraction", "decimal.negative", "shipments.partial", "shipments.unchanged",
            ])
    }
}
