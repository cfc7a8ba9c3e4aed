import Settings
import Testing

@Suite("Each webshop in one flow")
struct OverlapTests {
    private func faults(second: String, shop: String = "demo", url: String = "https://other.example", webshop: Int? = 1)
        -> [SettingsFault]
    {
        SettingsTests.faults(
            yaml(replacing: [
                11: "  copy:\n    base_url: \(url)", 25: webshop.map { "    webshop: \($0)" } ?? "",
                28: "  second:\n    shop: \(shop)\n    sink: erp\n    since: 2026-01-01\n\(second)",
            ]))
    }

    @Test func `two flows that take the same webshop are refused, where the second begins`() {
        let found = faults(second: "    webshop: 1")
        #expect(found.map(\.path) == ["flows.second"] && found[0].message.contains("as flow 'main'"))
        #expect(found[0].line == 29)
    }

    @Test func `a flow without a webshop overlaps all others, whichever comes first`() {
        #expect(faults(second: "").map(\.path) == ["flows.second"])
        #expect(faults(second: "    webshop: 2", webshop: nil).map(\.path) == ["flows.second"])
    }

    @Test func `different webshops of one shop, or of two, are no overlap`() {
        #expect(faults(second: "    webshop: 2").isEmpty)
        #expect(faults(second: "    webshop: 1", shop: "copy").isEmpty)
        #expect(faults(second: "    webshop: 1", shop: "copy", url: "https://shop.example/second").isEmpty)
    }

    @Test(arguments: ["https://shop.example", "https://shop.example/", "HTTPS://Shop.Example:443//"])
    func `one shop under two names is one shop, however its address is spelled`(_ url: String) {
        #expect(faults(second: "    webshop: 1", shop: "copy", url: url).map(\.path) == ["flows.second"])
    }
}
