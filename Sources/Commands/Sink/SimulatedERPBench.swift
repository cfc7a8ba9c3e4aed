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
        let url: String
        do { url = try await simulator.start() } catch {
            throw CommandFailure(.tryLater, "the simulated ERP can't be started: \(error)")
        }
        let sample = SinkSample(
            products: ["124_STUK", "123_KG", "122_DOOS"], unknownProduct: "CDCHECK-NONE", firstOrderID: parts.firstOrderID)
        let key = simulator.configuration.apiKey
        var bench = SinkBench(target: parts.target(try sink.inSandbox(url, key: key), sample))
        bench.notes = ["the ERP is the bundled simulated one"] + (note.map { [$0] } ?? [])
        equip(&bench.target)
        bench.target.openWithWrongCredentials = parts.target(try sink.inSandbox(url, key: "wrong"), sample).open
        bench.target.process = parts.process(sink.name, inSandbox: url, key: key)
        let simulator = simulator
        bench.end = {
            simulator.clearFaults()
            await simulator.stop()
        }
        return bench
    }

    private func equip(_ target: inout SinkUnderTest) {
        let simulator = simulator
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
        let late = sinkClass.lateness
        target.interference = SinkInterference(
            Set(SinkMishap.allCases), arrange: { mishap in simulator.addFault(mishap.rule(late: late)) },
            mend: { simulator.clearFaults() })
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

extension SinkMishap {
    /// As a fault of a simulated ERP.
    func rule(late milliseconds: Int) -> FaultRule {
        // Longer than any deadline of a check; what still waits is left behind when the simulator ends.
        let silence = 120_000
        func create(_ action: FaultAction, times: Int? = 1) -> FaultRule {
            FaultRule(method: "POST", kind: "orders", times: times, action: action)
        }
        func lookUp(_ action: FaultAction) -> FaultRule { FaultRule(method: "GET", kind: "orders", action: action) }
        return switch self {
        case .unreachable: FaultRule(action: .outage(requests: nil))
        case .cutOffBefore: create(.dropBeforeApplying)
        case .cutOffAfter: create(.applyThenDrop)
        case .errorPageAfter: create(.applyThenStatus(502))
        case .garbageAfter: create(.html200(applied: true))
        case .silentAfter: create(.delay(milliseconds: silence, .after), times: nil)
        case .lateEffect: create(.lateEffect(milliseconds: milliseconds))
        case .failingLookUp: lookUp(.status(500, retryAfterSeconds: nil))
        case .garbageLookUp: lookUp(.html200(applied: false))
        case .silentLookUp: lookUp(.delay(milliseconds: silence, .before))
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
