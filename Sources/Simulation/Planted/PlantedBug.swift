import Engine
import Ledger
import OrderFlow
import SinkKit
import Transport

/// One mistake that could have been made, as a wrapper around a part of the real thing, to see whether the referee notices.
package struct PlantedBug: Sendable {
    package let name: String
    var exchange: (@Sendable (any HTTPExchange) -> any HTTPExchange)?
    var ledger: (@Sendable (any Ledger) -> any Ledger)?
    var sink: (@Sendable (any ERPSink) -> any ERPSink)?
    var timekeeper: (@Sendable (any Timekeeper) -> any Timekeeper)?
    var store: (@Sendable (any EndpointStateStore) -> any EndpointStateStore)?
    var planner: (@Sendable (any Planning, FlowPolicy) -> any Planning)?
    var judge: (@Sendable (any MessageJudging) -> any MessageJudging)?
    var policy: (@Sendable (inout FlowPolicy) -> Void)?
    /// Does everything instead of the engine.
    var client: (@Sendable (Office) async -> Void)?

    init(_ name: String) { self.name = name }
}
