import Orders
import Simulators
import TestSupport
import Testing

/// A shop whose orders go to the POS behind the bundled Khumbu, which posts its webhooks to `crossdock serve`.
///
/// Nobody carries webhooks by himself: each test says when they are delivered, and to whom.
struct KhumbuSite {
    let installation: Installation
    let khumbu: KhumbuSimulator

    static let webhookSecret = "a-secret-of-the-tests"
    /// On the menu.
    static let meal = "101000001||2||1"
    /// The POS doesn't know it.
    static let strangeMeal = "101000009||1||1"

    /// - Parameters:
    ///   - sink: settings of the sink beside those that every one needs.
    ///   - flow: settings of the flow, a line each.
    init(
        webhookWait: String = "10m", sink: String = "", flow: [String] = [],
        _ configure: (inout KhumbuConfiguration) -> Void = { _ in }
    ) async throws {
        var configuration = KhumbuConfiguration()
        configuration.pos.delayMilliseconds = 0...20
        configure(&configuration)
        khumbu = KhumbuSimulator(configuration: configuration)
        let url = try await khumbu.start()
        let settings = """
            {type: khumbu, base_url: "\(url)\(KhumbuSimulator.basePath)", token_url: "\(url)\(KhumbuSimulator.tokenPath)", \
            client_id: simulated-client, client_secret: simulated-secret, api_key: simulated-key, provider: standardprovider, \
            partner: simphony, market: plkpl, stores: [{provider_store_id: S-1, partner_store_id: P-1}], \
            webhook_wait: \(webhookWait)\(sink.isEmpty ? "" : ", " + sink)}
            """
        let lines = [
            "schedule: {every: 1s}", "webhook: {secret: \(Self.webhookSecret)}", "poll: {initial: 50ms, max: 200ms}",
        ]
        installation = try await Installation(
            sink: .configured(settings, timeLimit: "100s"), settle: "0s",
            extra: (lines + flow).map { "    " + $0 }.joined(separator: "\n")
        ) { $0.orders = 0 }
        // Khumbu can't be asked what it holds, so only what is confirmed after the ledger was made goes by itself.
        _ = try await installation.crossdock("sync")
    }

    func stop() async {
        await installation.stop()
        await khumbu.stop()
    }

    // MARK: Orders

    /// A paid order, confirmed now by the shop's clock. - Returns: its id.
    func add(_ item: String = Self.meal, reference: String = "CS95001") -> Int {
        var order = PlainOrder(
            reference: reference, number: Int(reference.dropFirst(2)) ?? 0, description: "A meal", unitPrice: "9.5000",
            lines: [(item, 2)])
        order.confirmedAt = installation.shop.nowText
        return installation.shop.add(order.json) ?? 0
    }

    func stands(_ id: Int) async throws -> String? { try await installation.standings()[id]?.reason }

    /// Waits until the order stands there.
    func waits(for id: Int, _ reason: String) async throws {
        do { try await Waiting.until { try await stands(id) == reason } } catch {
            Issue.record("no \(reason): \(try await installation.crossdock("order", String(id)).output)")
            throw error
        }
    }

    /// How many webhooks came to that.
    func messages(_ state: String) async throws -> Int64 {
        let status = try await installation.crossdock("status", "--json")
        let counts = try JSONValue(parsing: status.output)["messages"]?["counts"]?.arrayValue ?? []
        return counts.first { $0["state"]?.stringValue == state }?["messages"]?.integerValue ?? 0
    }

    func isDone(_ id: Int) -> Bool {
        installation.shopText(id, "state") == "processing" && installation.shopText(id, "shipment_state") == "sent"
    }

    /// What Khumbu really got of its only order.
    var audit: KhumbuAudit { khumbu.orders.first.map { khumbu.audit($0.providerOrderID) } ?? KhumbuAudit() }

    // MARK: Webhooks

    /// Delivers what is due, once, to whoever listens on that port. - Returns: how the last one was answered; 0: not at all.
    @discardableResult
    func deliver(to port: Int) async -> Int? {
        let last = LastStatus()
        _ = await khumbu.deliverDue { body in
            let status = await Self.post(body, port: port)
            await last.set(status)
            return status
        }
        return await last.status
    }

    /// Delivers until one was taken.
    func deliverNext(to service: RunningService) async throws {
        try await Waiting.until { await deliver(to: service.port) == 200 }
    }

    private actor LastStatus {
        var status: Int?

        func set(_ status: Int) { self.status = status }
    }

    static func post(_ body: [UInt8], port: Int, secret: String = Self.webhookSecret) async -> Int {
        let head =
            "POST /webhooks/main/\(secret) HTTP/1.1\r\nHost: localhost\r\nContent-Type: application/json\r\n"
            + "Content-Length: \(body.count)\r\n\r\n"
        guard let connection = try? PlainConnection(port: port) else { return 0 }
        return await connection.exchange(head + String(decoding: body, as: UTF8.self))?.status ?? 0
    }
}
