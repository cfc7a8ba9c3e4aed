import OrderFlow
import Orders
import SinkKit
import Synchronization
import Transport

/// Hands requests on to another exchange, but for what a planted bug does differently.
struct WrappedExchange: HTTPExchange {
    let base: any HTTPExchange
    let onPerform: @Sendable (HTTPRequest, any HTTPExchange) async throws(TransportError) -> HTTPResponse

    func perform(_ request: HTTPRequest) async throws(TransportError) -> HTTPResponse { try await onPerform(request, base) }
}

/// Hands calls on to another sink, but for what a planted bug does differently.
struct WrappedSink: ERPSink {
    let base: any ERPSink
    var onFind: (@Sendable (IdempotencyKey, SinkContext, any ERPSink) async throws(SinkError) -> SinkReceipt?)?
    var onCreate: (@Sendable (SinkOrder, SinkContext, any ERPSink) async throws(SinkError) -> SinkAnswer)?
    var onPoll: (@Sendable (SinkTicket, SinkContext, any ERPSink) async throws(SinkError) -> SinkAnswer)?
    var onCancel: (@Sendable (SinkReceipt, IdempotencyKey, SinkContext, any ERPSink) async throws(SinkError) -> SinkCancellation)?
    var onShipments: (@Sendable (SinkShipments, SinkReceipt) -> SinkShipments)?
    var onReceive: (@Sendable ([SinkEvent]) -> [SinkEvent])?

    init(_ base: any ERPSink) { self.base = base }

    var capabilities: SinkCapabilities { base.capabilities }

    func find(_ key: IdempotencyKey, _ context: SinkContext) async throws(SinkError) -> SinkReceipt? {
        if let onFind { return try await onFind(key, context, base) }
        return try await base.find(key, context)
    }

    func create(_ order: SinkOrder, _ context: SinkContext) async throws(SinkError) -> SinkAnswer {
        if let onCreate { return try await onCreate(order, context, base) }
        return try await base.create(order, context)
    }

    func poll(_ ticket: SinkTicket, _ context: SinkContext) async throws(SinkError) -> SinkAnswer {
        if let onPoll { return try await onPoll(ticket, context, base) }
        return try await base.poll(ticket, context)
    }

    func cancel(
        _ receipt: SinkReceipt, key: IdempotencyKey, _ context: SinkContext
    ) async throws(SinkError) -> SinkCancellation {
        if let onCancel { return try await onCancel(receipt, key, context, base) }
        return try await base.cancel(receipt, key: key, context)
    }

    func ticket(for key: IdempotencyKey) -> SinkTicket? { base.ticket(for: key) }

    func receive(_ message: InboundMessage, _ context: SinkContext) async throws(SinkError) -> [SinkEvent] {
        let events = try await base.receive(message, context)
        return onReceive?(events) ?? events
    }

    func shipments(
        for receipt: SinkReceipt, key: IdempotencyKey, _ context: SinkContext
    ) async throws(SinkError) -> SinkShipments {
        let told = try await base.shipments(for: receipt, key: key, context)
        return onShipments?(told, receipt) ?? told
    }

    func check(_ context: SinkContext) async throws(SinkError) -> [String] { try await base.check(context) }
}

/// Asks another planner, then decides otherwise.
struct WrappedPlanner: Planning {
    let base: any Planning
    let policy: FlowPolicy
    let onNext: @Sendable (Decision, OrderProgress, FlowPolicy, Timestamp) -> Decision

    func next(_ progress: OrderProgress, at now: Timestamp) -> Decision {
        onNext(base.next(progress, at: now), progress, policy, now)
    }
}

/// Asks another judge, then judges otherwise.
struct WrappedJudge: MessageJudging {
    let base: any MessageJudging
    let onJudge: @Sendable (MessageJudgement, SinkEvent.Kind) -> MessageJudgement

    func judge(
        _ event: SinkEvent.Kind, name: MessageName, generation: Int, digest: String, _ progress: OrderProgress
    ) -> MessageJudgement {
        onJudge(base.judge(event, name: name, generation: generation, digest: digest, progress), event)
    }
}

/// What a ``SinkOrder`` is made of.
struct OrderParts {
    var key: IdempotencyKey
    var order: Order
    var customer: Party?
    let shipmentAddress: Party?
    let invoiceAddress: Party?

    init(_ order: SinkOrder) {
        key = order.key
        self.order = order.order
        customer = order.customer
        shipmentAddress = order.shipmentAddress
        invoiceAddress = order.invoiceAddress
    }

    var sinkOrder: SinkOrder {
        SinkOrder(key: key, order: order, customer: customer, shipmentAddress: shipmentAddress, invoiceAddress: invoiceAddress)
    }
}

extension PlantedBug {
    static func onTheWire(
        _ name: String,
        _ perform: @escaping @Sendable (HTTPRequest, any HTTPExchange) async throws(TransportError) -> HTTPResponse
    ) -> PlantedBug {
        var bug = PlantedBug(name)
        bug.exchange = { WrappedExchange(base: $0, onPerform: perform) }
        return bug
    }

    /// A bug in the body of a request with that method.
    static func inBody(
        of method: HTTPMethod, _ name: String, _ change: @escaping @Sendable (inout JSONObject) -> Void
    ) -> PlantedBug {
        onTheWire(name) { request, base throws(TransportError) in
            guard request.method == method, var object = (try? JSONValue(parsing: request.body ?? []))?.objectValue else {
                return try await base.perform(request)
            }
            change(&object)
            var request = request
            request.body = JSONValue.object(object).serialized()
            return try await base.perform(request)
        }
    }

    static func inSink(_ name: String, _ change: @escaping @Sendable (inout WrappedSink) -> Void) -> PlantedBug {
        var bug = PlantedBug(name)
        bug.sink = { base in
            var sink = WrappedSink(base)
            change(&sink)
            return sink
        }
        return bug
    }

    /// A bug in what is sent to the ERP.
    static func inOrder(_ name: String, _ change: @escaping @Sendable (inout OrderParts) -> Void) -> PlantedBug {
        inSink(name) { sink in
            sink.onCreate = { order, context, base throws(SinkError) in
                var parts = OrderParts(order)
                change(&parts)
                return try await base.create(parts.sinkOrder, context)
            }
        }
    }

    static func inPlanner(
        _ name: String, _ next: @escaping @Sendable (Decision, OrderProgress, FlowPolicy, Timestamp) -> Decision
    ) -> PlantedBug {
        var bug = PlantedBug(name)
        bug.planner = { WrappedPlanner(base: $0, policy: $1, onNext: next) }
        return bug
    }

    static func inJudge(
        _ name: String, _ judge: @escaping @Sendable (MessageJudgement, SinkEvent.Kind) -> MessageJudgement
    ) -> PlantedBug {
        var bug = PlantedBug(name)
        bug.judge = { WrappedJudge(base: $0, onJudge: judge) }
        return bug
    }

    static func inPolicy(_ name: String, _ change: @escaping @Sendable (inout FlowPolicy) -> Void) -> PlantedBug {
        var bug = PlantedBug(name)
        bug.policy = change
        return bug
    }
}
