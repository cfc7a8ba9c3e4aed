import Settings
import Testing

/// What a `rest` sink's template may say, and what is told of one that can't work.
@Suite struct RESTTemplateTests {
    private func yaml(_ body: String) -> String {
        """
        shops: {main: {base_url: "https://shop.example"}}
        sinks: {erp: {type: rest, base_url: "https://erp.example", class: key, create: {body: \(body)}}}
        flows: {main: {shop: main, sink: erp, since: 2026-11-01}}
        """
    }

    @Test(arguments: [
        ("{a: \"${order.reference as numbr}\"}", "can't be read"), ("{a: \"${order..x}\"}", "empty step"),
        ("{a: \"${line.erp.product}\"}", "only below 'for_each: lines'"), ("{a: {for_each: rows, b: 1}}", "should be 'lines'"),
        ("{a: {for_each: lines, b: {for_each: lines, c: 1}}}", "can't stand within another"),
        ("{a: \"${NOT_SET}\"}", "NOT_SET"), ("{a: \"${order.reference as number(2.3)}\"}", "can't be read"),
        ("text", "a section"),
    ])
    func `a template that can't work is a fault that says why`(_ body: String, _ message: String) {
        let found = faults(yaml(body))
        #expect(found.count == 1 && found[0].message.contains(message), "\(found)")
    }

    @Test func `places, secrets and constants stand side by side`() throws {
        let body = "{a: \"${order.x?} ${SHOP_SECRET}\", b: [1, {for_each: lines, c: \"${line.erp.quantity as number(15.3)}\"}]}"
        guard case .rest(_, let sink) = try read(yaml(body)).sink("erp")?.kind, case .object(let members) = sink.body else {
            Issue.record("no template")
            return
        }
        #expect(members.map(\.name) == ["a", "b"])
        let place = RESTTemplate.Place.self
        guard case .text(let parts) = members[0].value, case .place(let first) = parts[0] else {
            Issue.record("no text")
            return
        }
        #expect(first.root == place.Root.order && first.path == ["x"] && first.mayBeMissing)
        #expect(parts[1] == .literal(" ") && parts[2] == .literal("s3cret"))
    }
}
