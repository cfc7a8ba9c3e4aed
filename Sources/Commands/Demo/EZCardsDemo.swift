import Foundation
import Orders
import Simulators

/// A shop that sells digital codes: an order of twelve, one of whose answers is lost, and one that can't be had whole.
enum EZCardsDemo {
    /// - Throws: ``CommandFailure``.
    static func run(folder: String) async throws -> ExitStatus {
        let shop = try CloudSuiteSimulator(configuration: CloudSuiteConfiguration())
        var configuration = EZCardsConfiguration()
        configuration.codesPerRequestMax = 2
        let ezcards = EZCardsSimulator(configuration: configuration)
        let (shopURL, ezcardsURL) = (try await shop.start(), try await ezcards.start())
        _ = shop.add(order("CS88001", 880, [("8PX-UF-Y5U", 7), ("4TR-GH-K2M", 5)]))
        _ = shop.add(order("CS88002", 881, [("8PX-UF-Y5U", 1), ("6CA-NC-EL1", 1)]))
        // The fourth purchase is taken, and its answer lost.
        ezcards.addFault(FaultRule(method: "POST", skip: 3, times: 1, action: .applyThenDrop))
        let demo = try DemoFolder(
            folder, name: "ezcards", yaml: yaml(shopURL, ezcardsURL),
            environment: [
                "DEMO_CLIENT_SECRET": CloudSuiteConfiguration().clientSecret,
                "DEMO_TOKEN": EZCardsConfiguration().accessToken, "DEMO_KEY": EZCardsConfiguration().apiKey,
                // A real one comes from 'openssl rand -hex 32', and is kept.
                "DEMO_CODES_KEY": String(repeating: "0123456789abcdef", count: 4),
            ])
        let isAsPlanned = try await show(demo, shop, ezcards)
        await shop.stop()
        await ezcards.stop()
        return isAsPlanned ? .done : .tryLater
    }

    /// - Returns: whether everything went as it should.
    private static func show(_ demo: DemoFolder, _ shop: CloudSuiteSimulator, _ ezcards: EZCardsSimulator) async throws -> Bool {
        DemoFolder.heading(
            "Two orders for codes are due: CS88001 for twelve, CS88002 for two, of which one can't be had. First run:")
        let first = try await demo.crossdock("sync")
        DemoFolder.heading(
            "The story of the first. The answer to one purchase was lost, so EZ Cards was asked before anything was sent again:")
        _ = try await demo.crossdock("order", "CS88001")
        let posts = ezcards.requestCounts["POST instant-orders"] ?? 0
        let numbers = Set(ezcards.purchases.compactMap(\.clientOrderNumber))
        Output.line(
            "EZ Cards counts \(posts) requests and \(numbers.count) purchases: \(ezcards.spent["EUR"]?.description ?? "0") EUR.")
        DemoFolder.heading("Its codes are in the ledger, encrypted. Whoever looks at them is written down:")
        _ = try await demo.crossdock("codes", "CS88001")
        let shown = try await demo.crossdock("codes", "CS88001", "--reveal", "--reason", "to show it")
        DemoFolder.heading(
            "The buyer of the first finds them in the shop, once; the ledger shows that they went, and keeps them to itself:")
        _ = try await demo.crossdock("documents", "CS88001")
        Output.line("The shop's timelines have \(shop.orderStatuses.count) such entry.")
        DemoFolder.heading("The second waits for a person, because one of its codes was cancelled:")
        _ = try await demo.crossdock("orders", "--state", "quarantined")
        DemoFolder.heading("What EZ Cards will put on today's invoice:")
        let invoiced = try await demo.crossdock("purchase-orders")
        let isOnce = posts == ezcards.purchases.count && numbers.count == posts && shop.orderStatuses.count == 1
        Output.line("\nEZ Cards never saw more than \(ezcards.requestsInBusiestSecond) requests in any second; ten are allowed.")
        return first == .needsPerson && shown == .done && invoiced == .done && isOnce && ezcards.requestsInBusiestSecond <= 10
    }

    private static func order(_ reference: String, _ number: Int, _ lines: [(key: String, quantity: Int)]) -> JSONObject {
        PlainOrder(reference: reference, number: number, description: "A digital card", unitPrice: "12.5000", lines: lines).json
    }

    private static func yaml(_ shopURL: String, _ ezcardsURL: String) -> String {
        """
        # Written by 'crossdock demo --sink ezcards'. The annotated example is config/crossdock.yml.
        ledger: ezcards.db
        codes: {key_id: demo, key: "${DEMO_CODES_KEY}"}

        shops:
          demo:
            base_url: \(shopURL)
            auth:
              type: oauth2
              token_url: \(shopURL)\(CloudSuiteSimulator.tokenPath)
              client_id: crossdock
              client_secret: ${DEMO_CLIENT_SECRET}

        sinks:
          codes:
            type: ezcards
            base_url: \(ezcardsURL)
            access_token: ${DEMO_TOKEN}
            api_key: ${DEMO_KEY}
            # A demo can't wait long for late effects.
            latest_effect: 1s

        flows:
          main:
            shop: demo
            sink: codes
            webshop: 1
            since: 2020-01-01
            poll: {initial: 500ms, max: 1s}
            code_hand_off: {target: shop, shop: "1", language: en_GB, text: "Your codes: {codes}"}

        """
    }
}
