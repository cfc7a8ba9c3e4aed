import Orders
import SinkKit

/// Stands in for a sink that is a program and isn't started: a flow can be put together with it, and nothing can be asked of it.
struct UnstartedSink: ERPSink {
    let name: String
    let capabilities = SinkCapabilities(sinkClass: .neither, tellsShipments: true)

    func find(_ key: IdempotencyKey, _ context: SinkContext) async throws(SinkError) -> SinkReceipt? { throw unstarted }
    func create(_ order: SinkOrder, _ context: SinkContext) async throws(SinkError) -> SinkAnswer { throw unstarted }
    func check(_ context: SinkContext) async throws(SinkError) -> [String] { throw unstarted }

    private var unstarted: SinkError { SinkError(.misconfigured, "sink '\(name)' is a program, which isn't started here") }
}
