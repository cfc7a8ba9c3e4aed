import Settings
import Testing

/// A change to the good configuration and the one fault it must bring.
struct BadLine: CustomTestStringConvertible {
    var line: Int
    var text: String
    /// Where the fault is, if not in the changed line.
    var faultLine: Int?
    var path: String
    var message: String

    init(_ line: Int, _ text: String, at faultLine: Int? = nil, _ path: String, _ message: String) {
        (self.line, self.text, self.faultLine, self.path, self.message) = (line, text, faultLine, path, message)
    }

    var testDescription: String { text.trimmingPrefix { $0 == " " }.description }
}

@Suite("Faults in a configuration")
struct FaultTests {
    @Test(arguments: [
        BadLine(1, "leger: x.db", "leger", "there is no such setting; did you mean 'ledger'?"),
        BadLine(11, "    page_limits: 100", "shops.demo.page_limits", "did you mean 'page_limit'?"),
        BadLine(11, "    colour: red", "shops.demo.colour", "known here: "),
        BadLine(9, "      client_secert: ${SHOP_SECRET}", "shops.demo.auth.client_secert", "did you mean 'client_secret'?"),
        BadLine(9, "      client_secret: ${NOBODY}", "shops.demo.auth.client_secret", "the environment has no NOBODY"),
        BadLine(9, "      client_secret: ${file:none.txt}", "shops.demo.auth.client_secret", "the file none.txt can't be read"),
        BadLine(9, "      client_secret: ${EMPTY}", "shops.demo.auth.client_secret", "is empty"),
        BadLine(9, "      client_secret: \"${SHOP_SECRET\"", "shops.demo.auth.client_secret", "a '${' without its '}'"),
        BadLine(9, "      client_secret: [a]", "shops.demo.auth.client_secret", "should be a single value, not a list"),
        BadLine(6, "      type: password", "shops.demo.auth.type", "'password' is not one of oauth2, token"),
        BadLine(4, "    base_url: shop.example", "shops.demo.base_url", "should begin with https://"),
        BadLine(4, "    base_url: https://", "shops.demo.base_url", "should begin with https://"),
        BadLine(4, "    base_url: ftp://shop.example", "shops.demo.base_url", "should begin with https://"),
        BadLine(4, "    base_url: https://shop.example?x=1", "shops.demo.base_url", "have no query"),
        BadLine(4, "    base_url: https://shop.example:99999", "shops.demo.base_url", "should begin with https://"),
        BadLine(10, "    zone: Mars/Olympus", "shops.demo.zone", "no time zone that this system knows"),
        BadLine(11, "    page_limit: many", "shops.demo.page_limit", "no whole number from 2 to 5000"),
        BadLine(11, "    page_limit: 1", "shops.demo.page_limit", "no whole number from 2 to 5000"),
        BadLine(11, "    page_limit: 9.5", "shops.demo.page_limit", "no whole number"),
        BadLine(11, "    page_limit: { max: 5 }", "shops.demo.page_limit", "should be a single value, not a section"),
        BadLine(11, "    volatile_fields: modified_date", "shops.demo.volatile_fields", "should be a list, not a single value"),
        BadLine(11, "    lookups: { customer: /api/customer/ }", "shops.demo.lookups.customer", "have {id} in it"),
        BadLine(11, "    lookups: yes", "shops.demo.lookups", "should be a section with settings of its own"),
        BadLine(11, "    rate_limit: { requests: 0 }", "shops.demo.rate_limit.requests", "from 1 to"),
        BadLine(11, "    rate_limit: { per: 0s }", "shops.demo.rate_limit.per", "'0s' is too short"),
        BadLine(11, "    timeouts: { total: 0s }", "shops.demo.timeouts.total", "'0s' is too short"),
        BadLine(11, "    customers: { a: b }", "shops.demo.customers", "should be a list, not a section"),
        BadLine(11, "    addresses:\n      - name: x", at: 12, "shops.demo.addresses[0].id", "is missing"),
        BadLine(
            11, "    customers:\n      - id: \"7\"\n      - id: \"7\"", at: 13, "shops.demo.customers[1].id",
            "'7' stands there already"),
        BadLine(14, "    type: oracle", "sinks.erp.type", "'oracle' is not one of sqlite, rest, plugin"),
        BadLine(14, "    pfad: x", at: 14, "sinks.erp.type", "is missing: the kind of sink"),
        BadLine(15, "    path: data/ledger.db", at: 13, "sinks.erp.path", "this is the ledger's file"),
        BadLine(19, "    class: maybe", "sinks.remote.class", "'maybe' is not one of key, look_up, neither"),
        BadLine(20, "    latest_effect: 90", "sinks.remote.latest_effect", "'90' is no duration"),
        BadLine(20, "", at: 17, "sinks.remote.latest_effect", "class look_up needs it"),
        BadLine(18, "    base_url: http://x\n    find: { path: /orders }", at: 19, "sinks.remote.find.path", "have {key} in it"),
        BadLine(18, "    base_url: http://x\n    create: { path: orders }", at: 19, "sinks.remote.create.path", "begin with '/'"),
        BadLine(
            18, "    base_url: http://x\n    create:\n      rejected:\n        - 422\n        - 200", at: 22,
            "sinks.remote.create.rejected", "'200' is no HTTP status from 400 to 599"),
        BadLine(22, "  ma in:", "flows", "'ma in' can't be a name"),
        BadLine(23, "    shop: elsewhere", "flows.main.shop", "there is no shop 'elsewhere'; there are: demo"),
        BadLine(24, "    sink: elsewhere", "flows.main.sink", "there is no sink 'elsewhere'; there are: erp, remote"),
        BadLine(24, "", at: 23, "flows.main.sink", "is missing: the sink that orders go to"),
        BadLine(25, "    webshop: first", "flows.main.webshop", "'first' is no whole number"),
        BadLine(26, "    since: yesterday", "flows.main.since", "'yesterday' is no date"),
        BadLine(26, "    since: 2026-02-29", "flows.main.since", "'2026-02-29' is no date"),
        BadLine(26, "    since: 2026-13-01", "flows.main.since", "is no date"),
        BadLine(26, "    since: 2026-01-31T24:00:00", "flows.main.since", "is no date"),
        BadLine(27, "    settle: soon", "flows.main.settle", "'soon' is no duration; write 250ms, 30s, 5m, 3h or 2d"),
        BadLine(27, "    concurrency: 0", "flows.main.concurrency", "from 1 to 1024"),
        BadLine(27, "    totals_tolerance: about 5", "flows.main.totals_tolerance", "'about 5' is no decimal number"),
        BadLine(27, "    totals_tolerance: -0.01", "flows.main.totals_tolerance", "is no decimal number from 0"),
        BadLine(27, "    retry: { initial: 0s }", "flows.main.retry.initial", "'0s' is too short"),
        BadLine(27, "    sink_time_limit: 0s", "flows.main.sink_time_limit", "'0s' is too short"),
        BadLine(27, "    partial: maybe", "flows.main.partial", "'maybe' is not one of quarantine, accept"),
        BadLine(
            27, "    payment:\n      accept:\n        - paid\n        - gratis", at: 30, "flows.main.payment.accept",
            "'gratis' is not one of closed_success"),
        BadLine(27, "    select: { states: [confirmd] }", "flows.main.select.states", "'confirmd' is not one of draft"),
        BadLine(28, "    close: shut", "flows.main.close", "'shut' is not one of auto, done, leave"),
    ])
    func `one fault is named with its line and its path, and no other with it`(_ bad: BadLine) {
        let found = faults(yaml(replacing: [bad.line: bad.text]))
        let expectsMore = bad.text.contains("pfad") || bad.text.contains("secert")
        let fault = found.first { $0.path == bad.path }
        #expect(fault?.message.contains(bad.message) == true, "\(found)")
        #expect(fault?.line == bad.faultLine ?? bad.line, "\(found)")
        if !expectsMore { #expect(found.count == 1, "\(found)") }
    }

    @Test func `all faults are reported at once, in the file's order`() {
        let found = faults(
            yaml(replacing: [
                1: "legder: x", 9: "      client_secret: ${NOBODY}", 11: "    page_limit: x", 20: "    latest_effect: x",
                26: "    since: x",
                28: "    clothes: sent",
            ]))
        #expect(found.map(\.line) == [1, 9, 11, 20, 26, 28])
        #expect(
            found.map(\.path) == [
                "legder", "shops.demo.auth.client_secret", "shops.demo.page_limit", "sinks.remote.latest_effect",
                "flows.main.since",
                "flows.main.clothes",
            ])
    }

    @Test func `the report names the file, counts the faults and gives each a line of its own`() throws {
        do {
            _ = try read(yaml(replacing: [11: "    page_limit: x", 26: "    since: x"]))
            Issue.record("it was read")
        } catch {
            let lines = error.description.split(separator: "\n")
            #expect(lines.count == 3 && lines[0] == "2 faults in the configuration:")
            #expect(lines[1].hasPrefix("  crossdock.yml: line 11, shops.demo.page_limit: 'x' is no whole number"))
        }
    }

    @Test(
        arguments: [
            ("", nil, "the file is empty"), ("# nothing but a comment\n", nil, "the file is empty"),
            ("ledger: x\n\tshops: y\n", 2, "this is not YAML"), ("ledger: [x\n", 2, "this is not YAML"),
            ("a: b: c\n", 1, "this is not YAML"),
            ("ledger: a\nledger: b\n", 1, "these settings stand twice: ledger"), ("a: 1\n---\nb: 2\n", 2, "this is not YAML"),
        ] as [(String, Int?, String)])
    func `what can't be read at all is one fault`(_ text: String, _ line: Int?, _ message: String) {
        let found = faults(text)
        #expect(found.count == 1 && found[0].message.contains(message), "\(found)")
        #expect(found.first?.line == line, "\(found)")
    }

    @Test(arguments: ["just a text\n", "- a\n- list\n", "42\n"])
    func `a file that isn't a section is said to be none, and nothing else`(_ text: String) {
        let found = faults(text)
        #expect(found.count == 1 && found[0].message.contains("should be a section"), "\(found)")
    }

    @Test func `a setting that stands twice far down is found with its line`() {
        let found = faults(yaml(replacing: [27: "    shop: demo"]))
        #expect(found.count == 1 && found[0].message.contains("these settings stand twice: shop"), "\(found)")
        #expect(found.first?.line == 23, "\(found)")
    }

    @Test func `parts that are missing or empty are named`() {
        #expect(Set(faults("ledger: x.db\n").map(\.path)) == ["shops", "sinks", "flows"])
        #expect(Set(faults("shops:\nsinks: {}\nflows: []\n").map(\.path)) == ["shops", "sinks", "flows"])
    }
}
