import Settings
import SinkKit
import Testing

@Suite struct SandboxTests {
    private func yaml(_ sandbox: String) -> String {
        """
        shops: {main: {base_url: "https://shop.example"}}
        sinks:
          erp: {type: sqlite, sandbox: \(sandbox)}
          test: {type: sqlite, path: test.db}
        flows: {main: {shop: main, sink: erp, since: 2026-11-01}}
        """
    }

    private func read(_ sandbox: String) throws(SettingsFaults) -> Configuration {
        let secrets = SecretSource(environment: [:]) { _ in nil }
        return try ConfigurationReader.read(yaml(sandbox), file: "crossdock.yml", folder: "/etc", secrets: secrets)
    }

    @Test func `a sandbox is another sink, and what its ERP knows`() throws {
        let sandbox = try read("{sink: test, products: [\"7\"], unknown_product: X, currency: EUR, customer_code: C}").sink(
            "erp")?.sandbox
        #expect(sandbox?.sink == "test" && sandbox?.products == ["7"] && sandbox?.unknownProduct == "X")
        #expect(sandbox?.currency == "EUR" && sandbox?.customerCode == "C")
    }

    @Test func `a sandbox's tools are programs that start in the configuration's folder`() throws {
        let sandbox = try read("{tools: {orders: [./look, \"{key}\"], ship: [./ship]}}").sink("erp")?.sandbox
        #expect(
            sandbox?.tools == [.orders: ["./look", "{key}"], .ship: ["./ship"]] && sandbox?.toolsFolder.hasPrefix("/etc") == true)
    }

    @Test(arguments: [
        ("{tools: {look: [a]}}", "known here: leave_draft, orders, ship"), ("{tools: [a]}", "should be a section"),
        ("{sink: none}", "there is no sink 'none'"),
        ("{sink: erp}", "is the sink itself"), ("{sinks: test}", "sink"),
    ])
    func `a sandbox that isn't another sink is a fault`(_ sandbox: String, _ message: String) {
        do throws(SettingsFaults) {
            _ = try read(sandbox)
            Issue.record("no fault")
        } catch { #expect(error.faults.count == 1 && error.faults[0].message.contains(message), "\(error)") }
    }

    @Test func `a setting that doesn't exist is found in the section of its sink`() throws {
        let secrets = SecretSource(environment: [:]) { _ in nil }
        let faults = try ConfigurationReader.faults(
            yaml("{sink: test}"), withUnknownSetting: "colour", inSink: "test", folder: "/etc", secrets: secrets)
        #expect(faults.map(\.path) == ["sinks.test.colour"])
    }
}
