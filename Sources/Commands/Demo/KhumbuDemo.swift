import Foundation
import Glibc
import Orders
import Simulators

/// A shop whose orders go to a restaurant's POS through Khumbu, whose final word comes by webhook to `crossdock serve`.
struct KhumbuDemo {
    private let shop: CloudSuiteSimulator
    private let khumbu: KhumbuSimulator
    private let folder: DemoFolder
    private let port: Int

    private static let webhookSecret = "a-secret-of-the-demo"
    /// How long anything may take until the demo gives up.
    private static let patience: Duration = .seconds(30)

    /// - Throws: ``CommandFailure``.
    static func run(folder: String) async throws -> ExitStatus {
        let shop = try CloudSuiteSimulator(configuration: CloudSuiteConfiguration())
        let khumbu = KhumbuSimulator()
        let (shopURL, khumbuURL) = (try await shop.start(), try await khumbu.start())
        let port = try FreePort.find()
        let place = try DemoFolder(
            folder, name: "khumbu", yaml: yaml(shopURL, khumbuURL, port: port),
            environment: [
                "DEMO_CLIENT_SECRET": CloudSuiteConfiguration().clientSecret,
                "DEMO_KHUMBU_SECRET": KhumbuConfiguration().clientSecret, "DEMO_KHUMBU_KEY": KhumbuConfiguration().apiKey,
                "DEMO_WEBHOOK_SECRET": webhookSecret,
            ])
        let poster = try WebhookPoster(
            address: "http://127.0.0.1:\(port)/webhooks/main/\(webhookSecret)", headers: [])
        let courier = Task { await khumbu.deliver { await poster.post($0) } }
        let isAsPlanned = try await KhumbuDemo(shop: shop, khumbu: khumbu, folder: place, port: port).show()
        courier.cancel()
        await courier.value
        await poster.close()
        await shop.stop()
        await khumbu.stop()
        return isAsPlanned ? .done : .tryLater
    }

    /// - Returns: whether everything went as it should.
    private func show() async throws -> Bool {
        DemoFolder.heading(
            "Khumbu can't be asked what it holds, so only orders confirmed after the ledger was made go by themselves:")
        let first = try await folder.crossdock("sync")
        DemoFolder.heading("The service starts. Two orders are confirmed; the POS doesn't know an item of the second:")
        let service = try folder.begin("serve")
        let whole = add("CS99001", 991, item: "101000001||2||1")
        _ = add("CS99002", 992, item: "101000009||1||1")
        var isAsPlanned = await isDone(whole)
        isAsPlanned = try await isQuarantined("CS99002") && isAsPlanned
        DemoFolder.heading("The answer to the third is lost. Its webhook proves that the POS has it, and nothing is sent twice:")
        khumbu.addFault(FaultRule(method: "POST", kind: "orders", times: 1, action: .applyThenDrop))
        isAsPlanned = await isDone(add("CS99003", 993, item: "101000002||1||1")) && isAsPlanned
        DemoFolder.heading("Of the fourth nothing is ever heard. After 'webhook_wait' a person is told:")
        khumbu.addFault(.never)
        _ = add("CS99004", 994, item: "101000003||1||1")
        isAsPlanned = try await isQuarantined("CS99004") && isAsPlanned
        service.terminate()
        let status = await Task.detached {
            service.waitUntilExit()
            return service.terminationStatus
        }.value
        Output.line(Style.dim("the service ended with \(status)"))
        DemoFolder.heading("How they stand, and the story of the third:")
        _ = try await folder.crossdock("orders")
        _ = try await folder.crossdock("order", "CS99003")
        let counts = khumbu.orders.map(\.timesAtPOS)
        Output.line("\nThe POS got \(counts.count) orders, each \(counts.allSatisfy { $0 == 1 } ? "once" : "\(counts) times").")
        return isAsPlanned && first == .done && status == 0 && counts == [1, 1, 1, 1]
    }

    // MARK: Waiting

    /// Whether the shop comes to show that it was handed on, and told so.
    private func isDone(_ id: Int?) async -> Bool {
        await comesTrue {
            guard let order = id.flatMap({ shop.order($0) }) else { return false }
            return order["state"]?.stringValue == "processing" && order["shipment_state"]?.stringValue == "sent"
        }
    }

    private func isQuarantined(_ reference: String) async throws -> Bool {
        try await comesTrue { try await folder.output("orders", "--state", "quarantined", "--json").contains(reference) }
    }

    private func comesTrue(_ condition: () async throws -> Bool) async rethrows -> Bool {
        let end = ContinuousClock.now + Self.patience
        while ContinuousClock.now < end {
            if try await condition() { return true }
            try? await Task.sleep(for: .milliseconds(100))
        }
        return false
    }

    // MARK: Data

    /// Confirmed now, by the shop's clock.
    private func add(_ reference: String, _ number: Int, item: String) -> Int? {
        var order = PlainOrder(
            reference: reference, number: number, description: "A meal", unitPrice: "9.5000", lines: [(item, 2)])
        order.confirmedAt = shop.nowText
        return shop.add(order.json)
    }

    private static func yaml(_ shopURL: String, _ khumbuURL: String, port: Int) -> String {
        """
        # Written by 'crossdock demo --sink khumbu'. The annotated example is config/crossdock.yml.
        ledger: khumbu.db
        serve: {port: \(port)}

        shops:
          demo:
            base_url: \(shopURL)
            auth:
              type: oauth2
              token_url: \(shopURL)\(CloudSuiteSimulator.tokenPath)
              client_id: crossdock
              client_secret: ${DEMO_CLIENT_SECRET}

        sinks:
          pos:
            type: khumbu
            base_url: \(khumbuURL)\(KhumbuSimulator.basePath)
            token_url: \(khumbuURL)\(KhumbuSimulator.tokenPath)
            client_id: simulated-client
            client_secret: ${DEMO_KHUMBU_SECRET}
            api_key: ${DEMO_KHUMBU_KEY}
            provider: standardprovider
            partner: simphony
            market: plkpl
            # A demo can't wait half an hour.
            webhook_wait: 3s
            stores: [{provider_store_id: S-1, partner_store_id: P-1}]

        flows:
          main:
            shop: demo
            sink: pos
            webshop: 1
            since: 2020-01-01
            schedule: {every: 1s}
            webhook: {secret: "${DEMO_WEBHOOK_SECRET}"}
            poll: {initial: 500ms, max: 1s}

        """
    }
}

/// A port that nobody listens on at this moment.
private enum FreePort {
    /// - Throws: ``CommandFailure``.
    static func find() throws -> Int {
        let descriptor = socket(AF_INET, Int32(SOCK_STREAM.rawValue), 0)
        defer { close(descriptor) }
        var address = sockaddr_in()
        address.sin_family = sa_family_t(AF_INET)
        address.sin_addr.s_addr = inet_addr("127.0.0.1")
        var length = socklen_t(MemoryLayout<sockaddr_in>.size)
        let isBound = withUnsafeMutablePointer(to: &address) { pointer in
            pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) {
                bind(descriptor, $0, length) == 0 && getsockname(descriptor, $0, &length) == 0
            }
        }
        guard isBound else { throw CommandFailure(.tryLater, "there is no free port on 127.0.0.1") }
        return Int(UInt16(bigEndian: address.sin_port))
    }
}
