/// A stand-in for Khumbu's order API and the POS behind it: strict, seeded, with faults on demand, and an audit of what really happened.
///
/// The final word on an order comes by webhook only. Somebody has to carry it: ``deliver(to:)`` goes on until it is cancelled,
/// ``deliverDue(to:)`` delivers once what is due by the simulator's clock.
///
/// What it can do in process it can also do over HTTP under `/_simulator/`: `GET stats`, `GET log`, `GET|POST|DELETE faults`, `POST reset`,
/// `GET audit` (by `providerOrderId`), `POST messages/faults` (`{"fault": "never", "times": 1}`), `DELETE messages/faults`,
/// `POST orders/{providerOrderId}/cancel`. Those calls are neither counted nor logged, need no key, and no fault strikes them.
///
/// Kinds of requests for faults: `token`, `orders` (create), `fire`, `cart`, `cancel`.
package final class KhumbuSimulator: Simulator {
    package static let tokenPath = "/oauth2/token"
    /// As in the UAT address.
    package static let basePath = "/uat/v1"

    package let configuration: KhumbuConfiguration
    private let host: SimulatorHost<KhumbuSurface>
    package let shell: SimulatorShell

    package init(configuration: KhumbuConfiguration = KhumbuConfiguration()) {
        self.configuration = configuration
        host = SimulatorHost(
            surface: KhumbuSurface(configuration: configuration), clock: configuration.clock, seed: configuration.seed,
            logCapacity: configuration.logCapacity, rateLimit: configuration.rateLimit)
        shell = SimulatorShell(host, address: configuration.address, port: configuration.port)
    }

    // MARK: Webhooks

    /// Takes one webhook's body. - Returns: the status that it was answered with; 0: no answer.
    package typealias Webhook = @Sendable (_ body: [UInt8]) async -> Int

    /// How long the courier rests when there is nothing to deliver.
    private static let rest = Duration.milliseconds(5)

    /// Delivers webhooks as they fall due, until the task is cancelled.
    package func deliver(to webhook: Webhook) async {
        while !Task.isCancelled {
            let count = await deliverDue(to: webhook)
            if count == 0 { try? await Task.sleep(for: Self.rest) }
        }
    }

    /// Delivers what is due, each once.
    ///
    /// - Returns: how many there were.
    @discardableResult
    package func deliverDue(to webhook: Webhook) async -> Int {
        let due = host.withState { state, now in
            state.surface.settlePOS(until: now)
            return state.surface.post.due(at: now)
        }
        for message in due {
            let status = await webhook(message.body)
            host.withState { state, now in state.surface.delivered(message, status: status, at: now) }
        }
        return due.count
    }

    package func addFault(_ fault: KhumbuMessageFault, times: Int = 1) {
        host.withState { state, _ in state.surface.post.add(fault, times: times) }
    }

    package func clearMessageFaults() { host.withState { state, _ in state.surface.post.clearFaults() } }

    /// Webhooks that are still to come, those that are held back included.
    package var messagesWaiting: Int { host.withState { state, _ in state.surface.post.waiting.count } }

    // MARK: Inspection

    /// All orders that were taken, in the order of their creates.
    package var orders: [KhumbuOrder] {
        host.withState { state, now in
            state.surface.settlePOS(until: now)
            return state.surface.orders
        }
    }

    package func audit(_ providerOrderID: String) -> KhumbuAudit {
        host.withState { state, now in
            state.surface.settlePOS(until: now)
            return state.surface.audit[providerOrderID] ?? KhumbuAudit()
        }
    }

    // MARK: People

    /// Somebody at the POS cancels the order. `false` where the POS hasn't got it.
    @discardableResult
    package func cancelAtPOS(_ providerOrderID: String) -> Bool {
        host.withState { state, now in state.surface.cancelAtPOS(providerOrderID, at: now) }
    }
}
