import Orders
import Settings
import Simulators
import SinkKit
import SinkTesting
import Sinks

/// A `rest` sink with its settings, and a simulated ERP of its vendor's in the place of its own.
struct VendorBench {
    private let sink: SinkSettings
    private let rest: RESTSinkSettings
    private let simulator: VendorSimulator
    private let note: String?
    private let sinkClass: SinkClass

    init(_ sink: SinkSettings, _ rest: RESTSinkSettings, _ vendor: VendorERP) {
        self.sink = sink
        self.rest = rest
        (sinkClass, note) = SimulatedERPBench.shortened(rest.sinkClass)
        simulator = VendorSimulator(vendor)
    }

    func bench(_ parts: SinkParts) async throws -> SinkBench {
        let sample = SinkSample(
            products: simulator.configuration.products.sorted(), unknownProduct: "CDCHECK-NONE", firstOrderID: parts.firstOrderID)
        var bench = try await SinkBench.over(
            simulator, named: "ERP", key: simulator.configuration.secret, sink, sample, parts)
        bench.notes = ["the ERP is a simulated \(simulator.vendor.rawValue)"] + (note.map { [$0] } ?? [])
        equip(&bench.target)
        return bench
    }

    private func equip(_ target: inout SinkUnderTest) {
        let (simulator, open) = (simulator, target.open)
        target.auditor = SinkAuditor(
            orders: { key in
                simulator.orders(under: key.text).map { order, lines in
                    SinkAuditedOrder(number: order.number, lines: lines.compactMap(SinkAuditedOrder.Line.init(vendor:)))
                }
            }, requests: { key in simulator.posts(under: key.text) })
        target.warehouse = SinkWarehouse { receipt, _, line in
            let number = receipt.lines.first { $0.lineKey == line.lineKey }?.erpLineNumber ?? 0
            simulator.ship(receipt.erpOrderNumber, line: number, quantity: line.quantity.spelling)
        }
        target.interference = SinkInterference(simulator, late: sinkClass.lateness)
        guard rest.hasDrafts else { return }
        target.drafts = .left { order in
            guard let sink = try await open() as? RESTSink, simulator.leave(sink.document(for: order)) else {
                throw SinkError(.notApplied, "the simulated ERP took no draft")
            }
        }
    }
}

extension RESTSinkSettings {
    /// Whose simulated ERP stands in for its own.
    var vendor: VendorERP? { simulated.flatMap { VendorERP(rawValue: $0.rawValue) } }
}

extension RemoteSettings.Credentials {
    /// The same scheme, with what a simulated ERP takes.
    func inSandbox(_ place: String, key: String, _ vendor: VendorERP) -> Self {
        switch self {
        case .oauth2(_, let clientID, _, let scope):
            .oauth2(tokenURL: place + "/tenant/oauth2/v2.0/token", clientID: clientID, clientSecret: Secret(key), scope: scope)
        case .session(let session):
            .session(
                RemoteSettings.Session(
                    path: session.path,
                    body: Secret(
                        JSONValue.object(
                            JSONObject([("CompanyDB", "SIMULATED"), ("UserName", "crossdock"), ("Password", .text(key))])
                        ).compactText), secrets: [Secret(key)]))
        case .header(let name, _) where vendor == .erpNext: .header(name: name, value: Secret("token simulated:\(key)"))
        default: self
        }
    }
}

extension SinkAuditedOrder.Line {
    fileprivate init?(vendor line: VendorLine) {
        guard let quantity = try? ExactDecimal(line.quantity) else { return nil }
        self.init(
            quantity: quantity, unitPrice: line.unitPrice.flatMap { try? ExactDecimal($0) }, description: line.description)
    }
}
