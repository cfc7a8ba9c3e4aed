package import Orders

/// A stand-in for an ERP with a REST API: strict, with faults on demand, and an audit of what really happened.
///
/// What it can do in process it can also do over HTTP under `/_simulator/`: `GET stats`, `GET log`, `GET|POST|DELETE faults`,
/// `POST reset`, `GET audit`, `GET orders/{number}`, `POST orders/{number}/cancel`, `POST orders/{number}/ship` (``ship(_:_:)``),
/// `POST orders/{number}/close` (`{"lines": [10]}`, or `{}` for all). Those calls are neither counted nor logged,
/// need no key, and no fault strikes them.
///
/// `POST /orders` takes:
///
///     {"external_reference": "…", "customer": {"code": "…", "name": "…", …}, "currency": "EUR", …,
///      "lines": [{"line_id": …, "product": "124", "quantity": "2.5", "unit_price": "12.5000", …}]}
///
/// and answers 201 with `{"number": "SO-000001", "state": "confirmed", "external_reference": …,
/// "lines": [{"line_id": …, "number": 10, "status": "accepted", …}], …}`, 200 with the same order for a repeated key and the same
/// bytes, 409 `conflicting_request` for other bytes, 422 with `{"errors": [{"path": "lines[2].product", "message": …}]}`.
///
/// `GET /orders/{number}/shipments` (or the external reference in its place) answers `{"shipments": […], "closed_lines": […]}`.
package final class ERPSimulator: Simulator {
    package let configuration: ERPConfiguration
    private let host: SimulatorHost<ERPSurface>
    package let shell: SimulatorShell

    package init(configuration: ERPConfiguration = ERPConfiguration()) {
        self.configuration = configuration
        host = SimulatorHost(
            surface: ERPSurface(configuration: configuration), clock: configuration.clock, seed: configuration.seed,
            logCapacity: configuration.logCapacity, rateLimit: configuration.rateLimit)
        shell = SimulatorShell(host, address: configuration.address, port: configuration.port)
    }

    // MARK: Inspection

    /// All orders, in the order they were made.
    package var orders: [ERPOrder] { host.withState { state, _ in state.surface.orders } }

    /// What really happened, by external reference (by `Idempotency-Key` where a post has none).
    package func audit() -> [String: ERPAuditEntry] { host.withState { state, _ in state.surface.audit } }

    // MARK: People

    /// Cancels an order, as somebody in the ERP may. `false` where there is no such order.
    @discardableResult
    package func cancel(_ number: String) -> Bool { host.withState { state, _ in state.surface.cancel(number) != nil } }

    /// Sends goods of an order out; an empty request sends all that is left, in one package.
    ///
    /// - Parameter request: `{"id", "shared", "shipped_at", "expected_date", "carrier", "comment", "packages": [{"tracking_code",
    ///   "tracking_url", "sscc", "weight_kg", "lines": [{"number", "quantity"}]}]}`, all of it optional; `lines` beside `packages`
    ///   for one package. Several orders share one shipment where each gives the same `id` and `shared`.
    /// - Returns: the shipment's id.
    /// - Throws: ``DocumentFaults`` for what can't be sent.
    @discardableResult
    package func ship(_ number: String, _ request: JSONObject = JSONObject()) throws(DocumentFaults) -> String {
        let sent: Result<String, DocumentFaults> = host.withState { state, now in
            do throws(DocumentFaults) { return .success(try state.surface.ship(number, request, at: now).id) } catch {
                return .failure(error)
            }
        }
        return try sent.get()
    }

    /// Gives lines up: nothing further of them is sent out. - Parameter lines: by number; `nil`: all.
    /// - Returns: `false` where there is no such order or line.
    @discardableResult
    package func closeLines(_ number: String, _ lines: [Int64]? = nil) -> Bool {
        host.withState { state, _ in state.surface.closeLines(number, lines) != nil }
    }
}
