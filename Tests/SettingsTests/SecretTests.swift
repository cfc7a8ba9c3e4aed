import Settings
import Testing

@Suite("Secrets")
struct SecretTests {
    @Test func `a secret shows itself only when asked for by name`() throws {
        let secret = Secret("hunter2")
        #expect(secret.revealed == "hunter2")
        var dumped = ""
        dump(secret, to: &dumped)
        dump(RemoteSettings.Credentials.basic(user: "u", password: secret), to: &dumped)
        let texts = [
            "\(secret)", String(describing: secret), String(reflecting: secret), "\([secret])", "\(["a": secret])",
            "\(Optional(secret) as Any)",
            "\(RemoteSettings.Credentials.bearer(secret))", dumped,
        ]
        for text in texts {
            #expect(!text.contains("hunter2"))
        }
        #expect("\(secret)" == "‹secret›")
    }

    @Test func `a whole configuration prints without its secrets`() throws {
        let configuration = try read(yaml())
        var dumped = ""
        dump(configuration, to: &dumped)
        #expect(!dumped.contains("s3cret") && !"\(configuration)".contains("s3cret"))
    }

    @Test(arguments: [
        ("${SHOP_SECRET}", "s3cret"), ("a-${SHOP_SECRET}-${SHOP_SECRET}", "a-s3cret-s3cret"), ("plain", "plain"),
        ("$SHOP", "$SHOP"),
        ("${file:key.txt}", "from a file"), ("${file:windows.txt}", "from a file"), ("${file:two.txt}", "two\n"),
    ])
    func `a secret is put in wherever it is named, without a file's last line break`(_ text: String, _ value: String) throws {
        let configuration = try read(yaml(replacing: [9: "      client_secret: \"\(text)\""]))
        guard case .oauth2(_, _, let secret, _) = configuration.shops[0].remote.credentials else {
            Issue.record("no credentials")
            return
        }
        #expect(secret.revealed == value)
    }

    @Test(arguments: [
        [4: "    base_url: https://ann:${SHOP_SECRET}@shop.example"], [11: "    page_limit: ${SHOP_SECRET}"],
        [27: "    settle: ${SHOP_SECRET}"], [10: "    zone: ${SHOP_SECRET}"], [14: "    type: ${SHOP_SECRET}"],
        [27: "    payment: { accept: [\"${SHOP_SECRET}\"] }"], [26: "    since: ${SHOP_SECRET}"],
        [23: "    shop: ${SHOP_SECRET}"],
    ])
    func `no fault shows what was put in`(_ replacements: [Int: String]) {
        let found = faults(yaml(replacing: replacements))
        #expect(!found.isEmpty)
        #expect(found.allSatisfy { !$0.description.contains("s3cret") }, "\(found)")
    }

    @Test func `a password written into an address isn't repeated by the fault`() {
        let found = faults(yaml(replacing: [4: "    base_url: https://ann:hunter2@shop.example"]))
        #expect(found.count == 1 && !found[0].description.contains("hunter2"), "\(found)")
    }

    @Test func `every missing secret is named, with its line`() {
        let found = faults(
            yaml(replacing: [8: "      client_id: ${ONE}", 9: "      client_secret: ${TWO}", 15: "    path: ${file:three}"]))
        #expect(found.map(\.line) == [8, 9, 15])
        for (fault, name) in zip(found, ["ONE", "TWO", "three"]) { #expect(fault.message.contains(name)) }
    }
}
