import Orders
import SinkTesting
import Testing

@Suite("Reports of a check")
struct ReportTests {
    private func report(waivers: [SinkWaiver] = []) async throws -> SinkCheckReport {
        let rules = ["create.twice", "create.then-find", "class.neither.find", "create.killed"]
        var target = SinkUnderTest.reference("K", .makesASecondOrderOnRepeat)
        target.process = nil
        return try #require(await SinkCheck.run(target, rules, waivers: waivers))
    }

    @Test func `the text says of each rule what was expected, seen, and what to do`() async throws {
        let text = try await report().text
        #expect(text.contains("held         create.then-find: an order that was made is found by our key"))
        #expect(text.contains("FELL         create.twice: the same create again gives the same order (class K)"))
        #expect(text.contains("expected: the second create gives SO-"))
        #expect(text.contains("seen: accepted as SO-"))
        #expect(text.contains("hint: Class K needs a unique key in the ERP."))
        #expect(text.contains("not run      create.killed"))
        #expect(text.contains("why: the sink has no process of its own that could be killed"))
        #expect(text.hasSuffix("sink reference (class K): 1 held, 1 fell, 1 not run, 1 not applicable"))
    }

    @Test func `a waiver keeps a rule from counting, and its reason is told`() async throws {
        let waiver = try #require(SinkWaiver(rule: "create.twice", reason: "our ERP gets a unique index in May"))
        let report = try await report(waivers: [waiver])
        #expect(report.isGood)
        #expect(report.text.contains("waived: our ERP gets a unique index in May"))
        #expect(report.text.contains("without it: FELL"))
        #expect(report.junit.contains("waived: our ERP gets a unique index in May (without it: FELL)"))
        let held = try await self.report(waivers: [try #require(SinkWaiver(rule: "create.then-find", reason: "was slow once"))])
        #expect(held.text.contains("it holds; the waiver can go"))
    }

    @Test(arguments: ["", "  ", "…"]) func `a waiver without a reason is none`(_ reason: String) {
        #expect(SinkWaiver(rule: "create.twice", reason: reason) == nil)
    }

    @Test func `an unknown rule is refused, in a selection and in a waiver`() throws {
        #expect(throws: SinkCheckFault.self) { try SinkCheck(.reference(), rules: ["create.thrice"]) }
        let waiver = try #require(SinkWaiver(rule: "create.thrice", reason: "no such thing"))
        #expect(throws: SinkCheckFault.self) { try SinkCheck(.reference(), waivers: [waiver]) }
    }

    @Test func `the JSON has every rule with its verdict`() async throws {
        let json = JSONValue.object(try await report().json)
        #expect(json["good"]?.boolValue == false && json["class"]?.stringValue == "K")
        #expect(json["counts"]?["fell"]?.integerValue == 1)
        let rules = try #require(json["rules"]?.arrayValue)
        #expect(rules.compactMap { $0["verdict"]?.stringValue } == ["held", "not-run", "fell", "not-applicable"])
        #expect(rules[2]["expected"]?.stringValue?.isEmpty == false && rules[2]["hint"]?.stringValue?.isEmpty == false)
    }

    @Test func `the JUnit report counts failures and skipped rules, and escapes what it must`() async throws {
        let junit = try await report().junit
        #expect(junit.contains("tests=\"4\" failures=\"1\" errors=\"0\" skipped=\"2\""))
        #expect(junit.contains("<failure message=\"expected the second create gives"))
        var target = SinkUnderTest.reference()
        target.name = "a<b>&\"c\"\u{1}"
        let escaped = try #require(await SinkCheck.run(target, ["create.accepted"])).junit
        #expect(escaped.contains("classname=\"sink.a&lt;b&gt;&amp;&quot;c&quot;\u{FFFD}\""))
    }

    @Test func `ids of rules are unique and stay as they are`() {
        let ids = SinkRule.all.map(\.id)
        #expect(Set(ids).count == ids.count)
        #expect(
            ids.allSatisfy { id in id.split(separator: ".").count >= 2 && id.allSatisfy { $0.isLowercase || "-.".contains($0) } })
    }
}
