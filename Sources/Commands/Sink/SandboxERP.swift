import Orders
import Simulators
import SinkKit
import SinkTesting
import Transport

/// The ERP that a plugin is tried with over HTTP: a test ERP of its own behind a relay, or the bundled simulated one.
struct SandboxERP: Sendable {
    /// Where the plugin is to look for it.
    let url: String
    /// What the simulated one wants as `X-Api-Key`.
    var key: String?
    let note: String
    /// Gives a check what can be seen and arranged there.
    let equip: @Sendable (inout SinkUnderTest) -> Void
    let stop: @Sendable () async -> Void

    /// How late an effect of the simulated one comes, where it comes late: the plugin's own declaration isn't known yet.
    private static let latenessMilliseconds = 500

    /// - Throws: ``CommandFailure`` where it can't be started, or its address can't be used.
    static func start(_ erp: PluginSandbox.TestERP) async throws -> SandboxERP {
        switch erp {
        case .simulated(let promise): try await simulated(promise)
        case .at(let url, let create): try await relay(to: url, create: create)
        }
    }

    private static func simulated(_ promise: PluginSandbox.TestERP.Promise) async throws -> SandboxERP {
        var configuration = ERPConfiguration()
        configuration.mode =
            switch promise {
            case .key: .key
            case .lookUp: .lookUp
            case .neither: .neither
            }
        let simulator = ERPSimulator(configuration: configuration)
        let url: String
        do { url = try await simulator.start() } catch {
            throw CommandFailure(.tryLater, "the simulated ERP can't be started: \(error)")
        }
        return SandboxERP(
            url: url, key: configuration.apiKey, note: "the ERP is the bundled simulated one",
            equip: { target in
                if target.sample.products.isEmpty { target.sample.products = ["124_STUK", "123_KG", "122_DOOS"] }
                if target.sample.unknownProduct == nil { target.sample.unknownProduct = "CDCHECK-NONE" }
                SimulatedERPBench.equip(&target, simulator, late: latenessMilliseconds)
            },
            stop: {
                simulator.clearFaults()
                await simulator.stop()
            })
    }

    /// - Parameter create: what stands in the address or the body of requests that make an order.
    private static func relay(to url: String, create: String?) async throws -> SandboxERP {
        let base = url.hasSuffix("/") ? String(url.dropLast()) : url
        let curl: CurlExchange
        do {
            _ = try BaseURL(base)
            curl = try CurlExchange()
        } catch let fault as OriginFault {
            throw CommandFailure(.badConfiguration, "the sandbox's ERP '\(url)' can't be used: \(fault.message)")
        } catch { throw CommandFailure(.tryLater, "\(error)") }
        let mishaps = MishapExchange.Plan { !$0.onlyReads }
        let exchange = MishapExchange(base: curl, plan: mishaps)
        let relay = Relay { asked in
            guard let request = HTTPRequest(passingOn: asked, to: base, create: create) else {
                return InProcessResponse(status: 501, headers: [], body: Array("the relay knows no such method".utf8))
            }
            do throws(TransportError) {
                let response = try await exchange.perform(request)
                return InProcessResponse(
                    status: response.status, headers: response.headers.fields.map { ($0.name, $0.value) }, body: response.body)
            } catch { return nil }
        }
        let address: String
        do { address = try await relay.start() } catch {
            throw CommandFailure(.tryLater, "the relay to the sandbox's ERP can't be started: \(error)")
        }
        return SandboxERP(
            url: address, note: "its requests are passed on to the ERP at \(base)",
            equip: { $0.interference = mishaps.interference },
            stop: {
                await relay.stop()
                await curl.shutdown()
            })
    }
}

extension HTTPRequest {
    /// A plugin's request, as the ERP is to get it: once. `nil` for a method that isn't known here.
    fileprivate init?(passingOn asked: InProcessRequest, to base: String, create: String?) {
        guard let method = HTTPMethod(rawValue: asked.method) else { return nil }
        let makesOrder =
            !method.onlyReads
            && (create.map { asked.target.contains($0) || String(decoding: asked.body, as: UTF8.self).contains($0) } ?? true)
        self.init(
            method: method, url: base + asked.target, headers: HTTPHeaders(asked.headers.map { .init($0.name, $0.value) }),
            body: method.onlyReads && asked.body.isEmpty ? nil : asked.body, isRepeatable: method.onlyReads,
            onlyReads: !makesOrder)
    }
}
