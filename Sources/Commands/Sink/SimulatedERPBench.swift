import Orders
import Settings
import Simulators
import SinkKit
import SinkTesting

/// A `rest` sink with its settings, and the bundled simulated ERP in the place of its own.
struct SimulatedERPBench {
    private let sink: SinkSettings
    private let sinkClass: SinkClass
    private let simulator: ERPSimulator
    private let note: String?

    /// No rule should wait longer than that for late effects of an ERP that is only played.
    private static let latestEffectMax = Duration.seconds(2)

    /// - Throws: ``CommandFailure`` where the sink's settings are for an ERP that speaks otherwise.
    init(_ sink: SinkSettings, _ rest: RESTSinkSettings) throws {
        let bundled = RESTSinkSettings(sinkClass: rest.sinkClass)
        let speaksAlike =
            rest.createPath == bundled.createPath && rest.keyField == bundled.keyField && rest.numberPath == bundled.numberPath
            && rest.linesPath == bundled.linesPath && rest.lineNumberPath == bundled.lineNumberPath
            && (rest.findPath == nil || rest.findPath == bundled.findPath && rest.findResults == bundled.findResults)
        guard speaksAlike else {
            throw CommandFailure(
                .usage,
                "sink '\(sink.name)' is for an ERP with other paths than the bundled simulated one; name a 'sandbox' in its settings, or write "
                    + "to the ERP itself with --live")
        }
        self.sink = sink
        (sinkClass, note) = Self.shortened(rest.sinkClass)
        var configuration = ERPConfiguration()
        configuration.mode = ERPConfiguration.Mode(rawValue: sinkClass.letter) ?? .key
        simulator = ERPSimulator(configuration: configuration)
    }

    /// The class with a latest effect that a check can wait out, and what to say of it.
    static func shortened(_ sinkClass: SinkClass) -> (sinkClass: SinkClass, note: String?) {
        let note = "the simulated ERP is judged with a 'latest_effect' of \(latestEffectMax.components.seconds)s"
        switch sinkClass {
        case .lookUp(let latest) where latest > latestEffectMax: return (.lookUp(latestEffect: latestEffectMax), note)
        case .key(let retention, let latest?) where latest > latestEffectMax:
            return (.key(retention: retention, latestEffect: latestEffectMax), note)
        default: return (sinkClass, nil)
        }
    }

    func bench(_ parts: SinkParts) async throws -> SinkBench {
        let sample = SinkSample(
            products: ["124_STUK", "123_KG", "122_DOOS"], unknownProduct: "CDCHECK-NONE", firstOrderID: parts.firstOrderID)
        var bench = try await SinkBench.over(
            simulator, named: "ERP", key: simulator.configuration.apiKey, sink, sample, parts)
        bench.notes = ["the ERP is the bundled simulated one"] + (note.map { [$0] } ?? [])
        Self.equip(&bench.target, simulator, late: sinkClass.lateness)
        return bench
    }

    /// Gives a check all that can be seen and done in a simulated ERP.
    ///
    /// - Parameter milliseconds: how late an effect comes.
    static func equip(_ target: inout SinkUnderTest, _ simulator: ERPSimulator, late milliseconds: Int) {
        target.auditor = SinkAuditor(
            orders: { key in
                simulator.orders.filter { $0.externalReference == key.text }.map { order in
                    SinkAuditedOrder(number: order.number, lines: order.lines.compactMap(SinkAuditedOrder.Line.init(simulated:)))
                }
            }, requests: { key in simulator.audit()[key.text]?.posts ?? 0 })
        target.warehouse = SinkWarehouse { receipt, _, line in
            let number = receipt.lines.first { $0.lineKey == line.lineKey }?.erpLineNumber ?? 0
            let content = JSONValue.object(
                JSONObject([("number", .integer(number)), ("quantity", .text(line.quantity.spelling))]))
            try simulator.ship(receipt.erpOrderNumber, JSONObject([("lines", .array([content]))]))
        }
        target.interference = SinkInterference(simulator, late: milliseconds)
    }
}

extension SinkClass {
    /// Half of what is declared, in milliseconds.
    var lateness: Int {
        switch self {
        case .lookUp(let latest): Int((latest / 2).inMilliseconds)
        default: 500
        }
    }
}

extension SinkAuditedOrder.Line {
    fileprivate init?(simulated line: JSONValue) {
        guard let quantity = line["quantity"]?.stringValue.flatMap({ try? ExactDecimal($0) }) else { return nil }
        self.init(
            quantity: quantity, unitPrice: line["unit_price"]?.stringValue.flatMap { try? ExactDecimal($0) },
            description: line["description"]?.stringValue)
    }
}
