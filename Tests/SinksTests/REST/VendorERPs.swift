import Foundation
import Orders
import Settings
import Simulators
import SinkKit
import Sinks
import TestSupport
import Transport

/// A simulated vendor's ERP with the sink that its example in `config/sinks` makes, over real sockets and libcurl.
struct VendorRemote {
    let simulator: VendorSimulator
    let sink: RESTSink
    let settings: RESTSinkSettings
    let context = SinkContext(timeLimit: .seconds(20))

    static func run(
        _ vendor: VendorERP, secret: String = "simulated-key", sink configure: (inout RESTSinkSettings) -> Void = { _ in },
        _ test: (VendorRemote) async throws -> Void
    ) async throws {
        let simulator = VendorSimulator(vendor)
        let url = try await simulator.start()
        let exchange = try CurlExchange()
        let (remote, declared) = try example(vendor, url: url, secret: secret)
        var settings = declared
        configure(&settings)
        let endpoint = Endpoint(
            Endpoint.Settings(base: try BaseURL(remote.baseURL)), authorizer: try authorizer(remote, exchange),
            surroundings: Endpoint.Surroundings(exchange: exchange))
        do {
            try await test(
                VendorRemote(simulator: simulator, sink: RESTSink(settings, endpoint: endpoint), settings: settings))
        } catch {
            await exchange.shutdown()
            await simulator.stop()
            throw error
        }
        await exchange.shutdown()
        await simulator.stop()
    }

    /// Posts that reached the ERP's orders.
    var posts: Int { simulator.requestLog.count { $0.method == "POST" && $0.target.contains("Order") } }

    func fail(_ action: FaultAction, method: String = "POST", times: Int? = 1) {
        simulator.addFault(FaultRule(method: method, kind: "orders", times: times, action: action))
    }

    static func example(_ vendor: VendorERP, url: String, secret: String) throws -> (RemoteSettings, RESTSinkSettings) {
        let names: [VendorERP: String] = [
            .businessCentral: "business-central", .erpNext: "erpnext", .businessOne: "sap-business-one",
        ]
        let path = "\(ProjectFolder.root)/config/sinks/\(names[vendor] ?? "").yml"
        let base = url + vendor.basePath
        let environment = [
            "SHOP_URL": "http://127.0.0.1:9", "SHOP_TOKEN_URL": "http://127.0.0.1:9", "CLOUDSUITE_SECRET": "a", "BC_URL": base,
            "BC_TOKEN_URL": url + "/tenant/oauth2/v2.0/token", "BC_CLIENT_ID": "crossdock", "BC_CLIENT_SECRET": secret,
            "ERPNEXT_URL": base, "ERPNEXT_KEY": "simulated", "ERPNEXT_SECRET": secret, "ERPNEXT_COMPANY": "Muster",
            "B1_URL": base,
            "B1_COMPANY": "SBODEMO", "B1_USER": "crossdock", "B1_PASSWORD": secret,
        ]
        let configuration = try ConfigurationReader.read(
            String(contentsOfFile: path, encoding: .utf8), file: path, folder: "/etc",
            secrets: SecretSource(environment: environment) { _ in nil })
        guard case .rest(let remote, let settings) = configuration.sink("erp")?.kind else { throw CocoaError(.fileReadUnknown) }
        return (remote, settings)
    }

    private static func authorizer(_ remote: RemoteSettings, _ exchange: CurlExchange) throws -> any Authorizer {
        let surroundings = Endpoint.Surroundings(exchange: exchange)
        switch remote.credentials {
        case .header(let name, let value): return FixedAuthorizer.header(name, value.revealed)
        case .oauth2(let tokenURL, let id, let secret, let scope):
            return OAuth2ClientCredentials(
                tokens: Endpoint(Endpoint.Settings(base: try BaseURL(tokenURL)), surroundings: surroundings),
                client: .init(identifier: id, secret: secret.revealed, scope: scope))
        case .session(let session):
            return SessionLogin(
                remote: Endpoint(Endpoint.Settings(base: try BaseURL(remote.baseURL)), surroundings: surroundings),
                login: .init(path: session.path, body: Array(session.body.revealed.utf8)))
        default: throw CocoaError(.featureUnsupported)
        }
    }
}

/// An order that an ERP of each vendor takes, with two lines of one product.
func vendorOrder(
    _ id: Int64 = 1, products: [String] = ["124_STUK", "123_KG", "124_STUK"], quantity: String = "2.5", price: String? = "12.50",
    reference: String = "CS1"
) throws -> SinkOrder {
    var order = Order(id: id, state: .confirmed)
    (order.reference, order.currency) = (reference, "EUR")
    (order.orderDate, order.requestedDeliveryDate) = ("2026-11-20", "2026-11-25T00:00:00")
    order.lines = try products.enumerated().map { index, product in
        OrderLine(
            id: id * 100 + Int64(index), position: index + 1, productKey: product, description: "Brötchen “\(index)”",
            quantity: try ExactDecimal(quantity), unitPrice: try price.map { try ExactDecimal($0) })
    }
    var customer = Party()
    (customer.name, customer.street, customer.city) = ("Bakkerij De Lelie", "Proeflaan", "Utrecht")
    return SinkOrder(
        key: IdempotencyKey(order: OrderKey(shop: "demo", orderID: id)), order: order, customer: customer,
        shipmentAddress: customer, invoiceAddress: nil, customerCode: "C-7")
}
