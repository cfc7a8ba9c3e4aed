import Orders
import Settings
import SinkKit
import SinkTesting
import Transport

/// A sink over an ERP that is called by remote procedures, with all that can be arranged from this side of the wire: what goes wrong with
/// answers, and drafts, left behind as the same sink leaves them that is told to confirm nothing.
struct LiveERPBench {
    let settings: SinkSettings
    /// The same sink, which leaves orders as drafts; `nil` where that is what it does anyway.
    private let drafting: SinkSettings?
    /// Whether a request makes the order: a piece of its address or of its body names that.
    private let createMark: String

    /// For any one call: 400 lines take such an ERP half a minute where the machine is busy. Tryton itself allows a request 60 s.
    private static let callTimeMax = Duration.seconds(120)
    /// Before the order is sent, the sink logs in and looks up all that the order names.
    private static let deadline = Duration.seconds(10)

    /// - Returns: `nil` for a sink that isn't over such an ERP.
    init?(_ settings: SinkSettings) {
        self.settings = settings
        var drafting = settings
        let isDrafting: Bool
        switch settings.kind {
        case .tryton(let remote, var tryton):
            createMark = #""model.sale.sale.create""#
            isDrafting = tryton.confirmation == .draft
            tryton.confirmation = .draft
            drafting.kind = .tryton(remote, tryton)
        case .odoo(let remote, var odoo):
            // Contacts are made by the same method of another model.
            createMark = odoo.wireProtocol == .json2 ? "/json/2/sale.order/load" : #""sale.order","load""#
            isDrafting = odoo.confirmation == .draft
            odoo.confirmation = .draft
            drafting.kind = .odoo(remote, odoo)
        default: return nil
        }
        self.drafting = isDrafting ? nil : drafting
    }

    func bench(_ parts: SinkParts, _ sample: SinkSample) -> SinkBench {
        let mark = createMark
        let mishaps = MishapExchange.Plan { request in
            request.url.contains(mark) || String(decoding: request.body ?? [], as: UTF8.self).contains(mark)
        }
        var bench = SinkBench(
            target: parts.target(settings, sample, interfere: { MishapExchange(base: $0, plan: mishaps) }))
        (bench.target.limits.call, bench.target.limits.deadline) = (Self.callTimeMax, Self.deadline)
        bench.target.interference = mishaps.interference
        if let drafting {
            bench.target.drafts = .left { order in
                let sink = try await parts.open(drafting)
                let answer: Result<SinkAnswer, SinkError>
                do throws(SinkError) { answer = .success(try await sink.create(order, SinkContext())) } catch {
                    answer = .failure(error)
                }
                await parts.close(sink)
                guard case .accepted(let receipt) = try answer.get(), receipt.state == .draft else {
                    throw CommandFailure(.needsPerson, "no draft could be left: \(answer)")
                }
            }
        } else {
            bench.target.drafts = .none
        }
        bench.target.process = parts.process(settings.name)
        // They are arranged in this process.
        bench.target.process?.meetsMishaps = false
        return bench
    }
}
