import OrderFlow
import Orders
import Settings
import Testing

@Suite("Settings of serve, schedules and webhooks")
struct ServeSettingsTests {
    private static let secret = "0123456789abcdef"
    /// A sink that may take messages.
    private static let plugin = [14: "    type: plugin", 15: "    command: [erp-sink]"]

    private static func lines(_ number: Int, _ text: String) -> [Int: String] {
        plugin.merging([number: text]) { _, given in given }
    }

    @Test func `without a word every flow runs every five minutes, and the listener is for this machine only`() throws {
        let configuration = try read(yaml())
        #expect(configuration.schedule(of: configuration.flows[0]) == .every(.seconds(300)))
        #expect(configuration.flows[0].webhook == nil)
        #expect(configuration.serve == ServeSettings() && configuration.serve.address == "127.0.0.1")
    }

    @Test func `a cron expression is read in the shop's zone unless it has its own`() throws {
        let cron = "    schedule: {cron: \"30 6 * * 1-5\""
        let own = try read(yaml(replacing: [28: cron + ", zone: America/New_York}"]))
        let shops = try read(yaml(replacing: [28: cron + "}"]))
        let expression = try CronExpression("30 6 * * 1-5")
        #expect(try own.schedule(of: own.flows[0]) == .cron(expression, #require(ZoneClock("America/New_York"))))
        #expect(try shops.schedule(of: shops.flows[0]) == .cron(expression, #require(ZoneClock("Europe/Amsterdam"))))
    }

    @Test func `a webhook's secret is kept from whoever prints it`() throws {
        let text = "    webhook: {secret: \(Self.secret), header: X-Hook}"
        let webhook = try #require(try read(yaml(replacing: Self.lines(28, text))).flows[0].webhook)
        #expect(webhook.secret.revealed == Self.secret && webhook.header == "X-Hook")
        #expect(!"\(webhook)".contains(Self.secret))
    }

    @Test(arguments: [
        BadLine(1, "serve: {port: 70000}", "serve.port", "'70000' is no whole number from 0 to 65535"),
        BadLine(1, "serve: {body_limit: 12}", "serve.body_limit", "from 1024 to 16777216"),
        BadLine(1, "serve: {health_path: health}", "serve.health_path", "'health' is no path of its own, such as /health"),
        BadLine(1, "serve: {health_path: /webhooks/x}", "serve.health_path", "is no path of its own"),
        BadLine(1, "serve: {request_time_limit: 0s}", "serve.request_time_limit", "'0s' is too short"),
        BadLine(1, "serve: {listen: here}", "serve.listen", "there is no such setting"),
        BadLine(28, "    schedule: {every: 10ms}", "flows.main.schedule.every", "'10ms' is too short"),
        BadLine(28, "    schedule: {every: 5}", "flows.main.schedule.every", "'5' is no duration"),
        BadLine(
            28, "    schedule: {cron: \"0 24 * * *\"}", "flows.main.schedule.cron",
            "'0 24 * * *' is no cron expression, at character 3: '24' is not the hour"),
        BadLine(
            28, "    schedule: {every: 5m, cron: \"@daily\"}", "flows.main.schedule.cron",
            "stands beside 'every'; give one of them"),
        BadLine(28, "    schedule: {every: 5m, zone: UTC}", "flows.main.schedule.zone", "is for 'cron' only"),
        BadLine(28, "    schedule: {cron: \"@daily\", zone: Mars}", "flows.main.schedule.zone", "'Mars' is no time zone"),
        BadLine(28, "    webhook: {header: X-Hook}", "flows.main.webhook.secret", "is missing"),
        BadLine(28, "    webhook: {secret: short}", "flows.main.webhook.secret", "is shorter than 16 characters"),
        BadLine(28, "    webhook: {secret: 0123456789/abcdef}", "flows.main.webhook.secret", "can't stand in a path"),
        BadLine(
            28, "    webhook: {secret: 0123456789äbcdef, header: X-Hook}", "flows.main.webhook.secret", "can't stand in a header"),
        BadLine(
            28, "    webhook: {secret: 0123456789abcdef, header: \"X Hook\"}", "flows.main.webhook.header", "is no header's name"),
    ])
    func `a fault is named with its line and its path`(_ bad: BadLine) {
        let found = faults(yaml(replacing: Self.lines(bad.line, bad.text)))
        #expect(found.count == 1 && found[0].path == bad.path && found[0].line == bad.line, "\(found)")
        #expect(found.first?.message.contains(bad.message) == true, "\(found)")
    }

    @Test func `a webhook is no use to a sink that takes no messages`() {
        let found = faults(yaml(replacing: [28: "    webhook: {secret: \(Self.secret)}"]))
        #expect(
            found.map(\.path) == ["flows.main.webhook"] && found[0].message.contains("sink 'erp' takes no messages"), "\(found)")
    }
}
