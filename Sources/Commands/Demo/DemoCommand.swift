import ArgumentParser
import Foundation
import Orders
import Simulators

/// `crossdock demo`
struct DemoCommand: CrossdockSubcommand {
    static let configuration = CommandConfiguration(
        commandName: "demo",
        abstract: "Shows the whole job on this machine: a webshop, an ERP in a file, and what happens to each order.",
        discussion: """
            Starts the bundled webshop on a loopback port, writes a configuration into a folder and runs this very program against \
            it: three times for orders, twice for a shipment. The folder stays, to be looked at with sqlite3.

            EXAMPLE
              crossdock demo --folder demo-run --fixtures Fixtures/cloudsuite
              crossdock demo --sink ezcards
              crossdock demo --sink khumbu
            """)

    @Option(name: .long, help: "Where the configuration, the ledger and the ERP's file go; an earlier demo there is replaced.")
    var folder = "demo-run"

    @Option(name: .long, help: "A folder of orders as JSON files; without it, orders are generated.")
    var fixtures: String?

    @Option(name: .long, help: "Where the orders go: file; ezcards for a shop that sells digital codes; khumbu for a restaurant.")
    var sink = DemoSink.file

    func perform() async throws -> ExitStatus {
        switch sink {
        case .file: break
        case .ezcards: return try await EZCardsDemo.run(folder: folder)
        case .khumbu: return try await KhumbuDemo.run(folder: folder)
        }
        let demo = try await Demo(folder: folder, fixtures: fixtures)
        let status = try await demo.run()
        await demo.shop.stop()
        return status
    }
}

enum DemoSink: String, ExpressibleByArgument { case file, ezcards, khumbu }

/// The demonstration itself.
struct Demo {
    let shop: CloudSuiteSimulator
    private let folder: String
    private let configurationPath: String
    private let environment: [String: String]

    /// - Throws: ``CommandFailure`` where the folder can't be written or the fixtures can't be read.
    init(folder: String, fixtures: String?) async throws {
        self.folder = folder
        var configuration = CloudSuiteConfiguration()
        configuration.fixtures = fixtures
        if fixtures == nil {
            configuration.orders = 48
            configuration.generated.unpaidPerThousand = 250
        }
        do throws(FixtureError) { shop = try CloudSuiteSimulator(configuration: configuration) } catch {
            throw CommandFailure(.usage, "\(error)")
        }
        let url = try await shop.start()
        configurationPath = folder + "/crossdock.yml"
        environment = ["DEMO_CLIENT_SECRET": configuration.clientSecret]
        do {
            try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: true)
            for name in try FileManager.default.contentsOfDirectory(atPath: folder) where Self.isOurs(name) {
                try FileManager.default.removeItem(atPath: folder + "/" + name)
            }
            try DemoConfiguration.yaml(url: url).write(toFile: configurationPath, atomically: true, encoding: .utf8)
        } catch { throw CommandFailure(.usage, "the folder \(folder) can't be used: \(error.localizedDescription)") }
    }

    private static func isOurs(_ name: String) -> Bool {
        name.hasPrefix("ledger.db") || name.hasPrefix("erp.db") || name == "crossdock.yml"
    }

    func run() async throws -> ExitStatus {
        let before = states()
        heading("A webshop with \(before.count) orders; its confirmed ones are due. First run:")
        let first = try await crossdock("sync")
        heading("What became of each order, and what the shop shows of it now:")
        try await table(before)
        heading("Second run: nothing has changed, so nothing may be written.")
        let writes = shop.writes
        let second = try await crossdock("sync")
        Output.line("The shop counts \(shop.writes - writes) writes.")
        let paid = try await payOne()
        heading("Meanwhile somebody paid \(paid.title). Third run:")
        let third = try await crossdock("sync")
        heading("The story of that order:")
        _ = try await crossdock("order", paid.id)
        let shipped = try await ship()
        heading("The ERP is a file; so is the ledger:")
        Output.line("  sqlite3 \(folder)/erp.db 'SELECT number, reference, customer_name FROM orders LIMIT 5'")
        Output.line("  sqlite3 \(folder)/ledger.db 'SELECT reference, standing, reason FROM orders'")
        // The first run finds orders that need a person: that is part of the show.
        let isAsPlanned = (first == .needsPerson || first == .done) && second == .done && third == .done && shop.writes > writes
        return isAsPlanned && shipped ? .done : .tryLater
    }

    /// - Returns: whether the shop booked the shipment, and shows the order as sent.
    private func ship() async throws -> Bool {
        guard let id = shop.add(DemoConfiguration.wholesaleOrder) else {
            throw CommandFailure(.tryLater, "the demo's shop takes no further order")
        }
        heading("The shop's second webshop has orders, too. Its flow tells shipments by DESADV; this goes below the other flow:")
        Output.line(DemoConfiguration.wholesaleFlow)
        do {
            let yaml = try String(contentsOfFile: configurationPath, encoding: .utf8) + DemoConfiguration.wholesaleFlow + "\n"
            try yaml.write(toFile: configurationPath, atomically: true, encoding: .utf8)
        } catch { throw CommandFailure(.usage, "\(configurationPath) can't be written: \(error.localizedDescription)") }
        _ = try await crossdock("sync", "--flow", "wholesale")
        let state = shop.order(id).map(ShopState.init)
        heading("In the ERP somebody sends \(state?.erpNumber ?? "-") out, as shipment PS-77. Next run:")
        try DemoWarehouse.ship(state?.erpNumber ?? "", as: "PS-77", in: folder + "/erp.db")
        let status = try await crossdock("sync", "--flow", "wholesale")
        heading("What the shop was told, and booked:")
        _ = try await crossdock("document", "show", "1")
        let isSent = shop.order(id).map { ShopState($0).shipment } == "sent"
        Output.line(
            "The shop counts \(shop.deliveries.count) delivery; the order's shipment state is \(isSent ? "sent" : "not sent").")
        return status == .done && shop.deliveries.count == 1 && isSent
    }

    private func heading(_ text: String) { Output.line("\n\(Style.bold("── " + text))\n") }

    // MARK: The shop

    private struct ShopState {
        var reference: String
        var state: String
        var payment: String
        var shipment: String
        var erpNumber: String

        init(_ order: JSONValue) {
            func text(_ name: String) -> String { order[name]?.stringValue ?? "-" }
            reference = text("reference")
            state = text("state")
            payment = text("payment_status")
            shipment = text("shipment_state")
            erpNumber = text("erp_order_number")
        }
    }

    private func states() -> [(id: Int, state: ShopState)] {
        let ids = Set(["draft", "quotation", "confirmed", "processing", "done", "cancel"].flatMap { shop.orderIDs(state: $0) })
        return ids.sorted().compactMap { id in shop.order(id).map { (id, ShopState($0)) } }
    }

    private func table(_ before: [(id: Int, state: ShopState)]) async throws {
        let rows = try await decisions()
        var table = Table("ORDER", "PAYMENT", "BEFORE", "NOW", "SHIPMENT", "ERP NUMBER", "DECISION", "WHY")
        for (id, old) in before {
            guard let order = shop.order(id) else { continue }
            let new = ShopState(order)
            let decision = rows[id]
            table.add(
                old.reference, old.payment, old.state, new.state, new.shipment, new.erpNumber, decision?.standing ?? "not listed",
                decision?.sentence ?? "The shop's list of confirmed orders that were placed here doesn't have it.")
        }
        Output.line(table.text(aligned: true))
    }

    private func payOne() async throws -> (id: String, title: String) {
        let held = try await decisions().filter { $0.value.reason == "payment_started" || $0.value.reason == "unpaid" }
        guard let id = held.keys.min(), let order = shop.order(id) else {
            throw CommandFailure(.tryLater, "no order of the demo waits for a payment")
        }
        shop.pay(id)
        return (String(id), ShopState(order).reference)
    }

    // MARK: This program, as cron would start it

    private struct OrderDecision {
        var standing: String
        var reason: String
        var sentence: String
    }

    private func decisions() async throws -> [Int: OrderDecision] {
        let text = try await ChildProcess.output(arguments("orders", "--all", "--json"), environment: environment)
        var decisions: [Int: OrderDecision] = [:]
        for line in text.split(separator: "\n") {
            guard let row = try? JSONValue(parsing: String(line)), let id = row["order_id"]?.integerValue else { continue }
            decisions[Int(id)] = OrderDecision(
                standing: row["standing"]?.stringValue ?? "", reason: row["reason"]?.stringValue ?? "",
                sentence: row["sentence"]?.stringValue ?? "")
        }
        return decisions
    }

    private func arguments(_ words: String...) -> [String] { words + ["--config", configurationPath] }

    private func crossdock(_ words: String...) async throws -> ExitStatus? {
        let arguments = words + ["--config", configurationPath]
        Output.line(Style.dim("$ crossdock \(arguments.joined(separator: " "))"))
        let status = try await ChildProcess.run(arguments, environment: environment)
        Output.line(Style.dim("exit status \(status)"))
        return ExitStatus(rawValue: status)
    }
}
