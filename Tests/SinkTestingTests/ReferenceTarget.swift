import Orders
import SinkKit
import SinkTesting
import Synchronization

extension SinkUnderTest {
    /// The sink over the ERP in memory, with every means that a check can be given.
    static func reference(_ letter: String = "K", _ flaw: Flaw? = nil) -> SinkUnderTest {
        let erp = ReferenceERP(letter, flaw)
        let sample = SinkSample(products: ReferenceERP.products, unknownProduct: "no-such-product", firstOrderID: 1001)
        var target = SinkUnderTest("reference", sample: sample) { ReferenceSink(erp) }
        (target.limits.deadline, target.limits.grace) = (.milliseconds(200), .seconds(1))
        target.auditor = SinkAuditor(
            orders: { key in
                erp.orders(key).map { order in
                    SinkAuditedOrder(
                        number: order.number,
                        lines: order.lines.map {
                            SinkAuditedOrder.Line(quantity: $0.quantity, unitPrice: $0.unitPrice, description: $0.description)
                        })
                }
            }, requests: { key in erp.state.withLock { $0.requests[key.text] ?? 0 } })
        target.interference = SinkInterference(
            Set(SinkMishap.allCases), arrange: { mishap in erp.state.withLock { $0.mishap = mishap } },
            mend: { erp.state.withLock { $0.mishap = nil } })
        target.process = SinkProcess(open: { ReferenceSink(erp) }, kill: { sink in (sink as? ReferenceSink)?.kill() })
        target.warehouse = SinkWarehouse { receipt, _, line in erp.ship(receipt.erpOrderNumber, line) }
        target.drafts = .left { order in erp.leaveDraft(order) }
        target.secrets = [ReferenceERP.password]
        target.output = { erp.state.withLock { $0.log } }
        target.openWithUnknownSetting = {
            guard flaw == .takesUnknownSettings else { throw SinkError(.misconfigured, "there is no setting 'colour'") }
            return ReferenceSink(erp)
        }
        target.openWithWrongCredentials = { ReferenceSink(erp, password: "wrong") }
        return target
    }
}

/// The verdict of one rule on a target.
func verdict(_ rule: String, _ target: SinkUnderTest) async throws -> SinkVerdict? {
    await SinkCheck.run(target, [rule])?[rule]
}

extension SinkCheck {
    static func run(_ target: SinkUnderTest, _ rules: [String]? = nil, waivers: [SinkWaiver] = []) async -> SinkCheckReport? {
        await (try? SinkCheck(target, rules: rules, waivers: waivers))?.run()
    }
}
