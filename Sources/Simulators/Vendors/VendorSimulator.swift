internal import HTTPTypes
package import Orders

/// A stand-in for a vendor's ERP: refuses what the published shapes don't have, with faults on demand.
package final class VendorSimulator: Simulator {
    package let vendor: VendorERP
    package let configuration: VendorConfiguration
    private let host: SimulatorHost<VendorSurface>
    package let shell: SimulatorShell

    package init(_ vendor: VendorERP, configuration: VendorConfiguration = VendorConfiguration()) {
        self.vendor = vendor
        self.configuration = configuration
        host = SimulatorHost(
            surface: VendorSurface(dialect: vendor.dialect, store: VendorStore(configuration: configuration)),
            clock: configuration.clock, seed: configuration.seed, logCapacity: configuration.logCapacity,
            rateLimit: configuration.rateLimit)
        shell = SimulatorShell(host, address: configuration.address, port: configuration.port)
    }

    /// All tokens and sessions end.
    package func expireSessions() { host.withState { state, _ in state.surface.expireTokens() } }

    // MARK: Inspection

    package func orders(under key: String) -> [(order: VendorOrder, lines: [VendorLine])] {
        host.withState { state, _ in
            let dialect = state.surface.dialect
            return state.surface.store.orders.filter { $0.key == key }.map { ($0, $0.lines.map(dialect.audited)) }
        }
    }

    /// Creates that came under that key.
    package func posts(under key: String) -> Int { host.withState { state, _ in state.surface.store.posts[key] ?? 0 } }
    package var sessionCount: Int { host.withState { state, _ in state.surface.store.sessionCount } }

    // MARK: People

    /// Sends so much of a line out, in a shipment of its own. - Returns: whether there is such an order.
    @discardableResult
    package func ship(_ number: String, line: Int64, quantity: String) -> Bool {
        host.withState { state, now in
            state.surface.dialect.ship(number, line: line, quantity: quantity, &state.surface.store, at: now)
        }
    }

    @discardableResult
    package func cancel(_ number: String) -> Bool {
        host.withState { state, _ in state.surface.cancel(number) }
    }

    /// Posts a document as a client does that ends right after it.
    package func leave(_ document: JSONValue) -> Bool {
        host.withState { state, now in state.surface.leave(document, at: now) }
    }

    /// Takes an order out of the orders, as an ERP does that has invoiced it.
    package func invoice(_ number: String) {
        host.withState { state, _ in
            guard let index = state.surface.store.orders.firstIndex(where: { $0.number == number }) else { return }
            let order = state.surface.store.orders.remove(at: index)
            state.surface.store.invoices.append(order.head)
        }
    }
}

/// One vendor's API over what its ERP holds.
struct VendorSurface: SimulatedSurface {
    var dialect: any VendorDialect
    var store: VendorStore

    private func segments(_ request: SimulatedRequest) -> [String]? {
        let base = dialect.vendor.basePath.split(separator: "/").map(String.init)
        let all = request.segments
        return all.starts(with: base) ? Array(all.dropFirst(base.count)) : nil
    }

    func kind(of request: SimulatedRequest) -> String {
        let path = PercentEncoding.decode(request.path)
        return path.contains("/\(dialect.ordersSegment)") ? "orders" : "other"
    }

    mutating func received(_ request: SimulatedRequest) {
        guard request.method == "POST", kind(of: request) == "orders",
            let key = (try? request.parsedBody())?[dialect.keyField]?.stringValue
        else { return }
        store.posts[key, default: 0] += 1
    }

    mutating func answer(_ request: SimulatedRequest, at now: Int64) -> SurfaceAnswer {
        if !request.isLate, let refusal = dialect.refusedAccess(request, store) {
            return SurfaceAnswer(refusal, request.refusedEffect)
        }
        guard let segments = segments(request) ?? (dialect.vendor == .businessCentral ? request.segments : nil) else {
            return SurfaceAnswer(.json(404, ["error": ["code": "NotFound"]]), request.refusedEffect)
        }
        do throws(VendorRefusal) { return try dialect.answer(request, segments, &store, at: now) } catch {
            return SurfaceAnswer(error.response, request.refusedEffect)
        }
    }

    func control(_ request: SimulatedRequest, at now: Int64) -> SimulatedResponse? { nil }

    var statistics: [(String, Int)] { [("orders", store.orders.count), ("shipments", store.shipments.count)] }

    mutating func expireTokens() { store.sessions = [] }
    mutating func reset(at now: Int64) { store = VendorStore(configuration: store.configuration) }
    mutating func cancel(_ number: String) -> Bool { dialect.cancel(number, &store) }

    mutating func leave(_ document: JSONValue, at now: Int64) -> Bool {
        let path = "\(dialect.vendor.basePath)/\(dialect.ordersSegment)"
        let fields: HTTPFields = [.contentType: "application/json"]
        let request = SimulatedRequest(
            method: "POST", target: path.replacing(" ", with: "%20"), headers: fields, host: "localhost",
            body: document.serialized())
        guard let segments = segments(request) else { return false }
        do throws(VendorRefusal) { return try dialect.answer(request, segments, &store, at: now).effect == .applied } catch {
            return false
        }
    }
}
