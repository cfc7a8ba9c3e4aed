import Orders
import Simulators
import TestSupport
import Testing

/// A shop, a real Tryton, and the built binary between them.
struct TrytonSite {
    let server: TrytonServer
    let installation: Installation

    /// - Parameters:
    ///   - settings: of the flow, each line indented by four.
    ///   - password: Tryton's own unless given.
    init(_ server: TrytonServer, _ settings: String = "", password: String? = nil) async throws {
        self.server = server
        let sink =
            "{type: tryton, base_url: \"\(server.url)\", database: \(server.database), login: \(server.login), "
            + "password: \(password ?? server.password), web_shop: \(server.webShop), parties: create, "
            + "timeouts: {total: 90s, stall: 90s}, sandbox: {tools: \(server.sandboxTools)}}"
        installation = try await Installation(sink: .configured(sink, timeLimit: "90s"), extra: settings) {
            $0.shipmentStateMove = .never
        }
    }

    /// Runs a test with a Tryton and a shop of its own.
    static func run(
        _ settings: String = "", password: String? = nil, _ test: (TrytonSite) async throws -> Void
    ) async throws {
        let server = try await TrytonServer()
        do {
            let site = try await TrytonSite(server, settings, password: password)
            try await test(site)
            await site.installation.stop()
        } catch {
            await server.stop()
            throw error
        }
        await server.stop()
    }

    func addOrder(_ id: Int, customer: Int = 2001, products: [String] = Installation.erpProducts) throws {
        try installation.addOrder(id, customer: customer, products: products)
    }

    func webID(_ id: Int) -> String { "crossdock:test:\(id)" }

    func sync() async throws -> ChildProgram.Ending { try await installation.crossdock("sync") }

    func syncUntilFinished(_ id: Int) async throws { try await installation.syncUntilFinished(id) }
}
