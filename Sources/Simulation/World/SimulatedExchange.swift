import Orders
import Simulators
import Transport

/// Hands a process's requests to the simulated remotes, without sockets.
struct SimulatedExchange: HTTPExchange {
    let world: World
    let worker: Worker

    func perform(_ request: HTTPRequest) async throws(TransportError) -> HTTPResponse {
        guard worker.isAlive else { throw Self.dead(request) }
        guard let sent = SentRequest(request) else {
            throw TransportError(.invalidRequest, .notSent, "\(request.title): no simulated remote has that URL")
        }
        let referee = world.referee
        let watch = referee.sending(sent, by: worker)
        let call = WireCall(effect: sent.effect, worker: worker, deadline: request.deadlines.total.wholeMilliseconds)
        let lag = Lag()
        let outcome = await world.transmit(
            call, deliver: { watch.delivered { answer(sent, lag: lag.milliseconds) } },
            instead: { fault in
                switch fault {
                case .tokensExpire:
                    world.shop.expireTokens()
                    return nil
                case .lag(let milliseconds):
                    lag.milliseconds = milliseconds
                    return nil
                default: return fault.replacement
                }
            })
        switch outcome {
        case .answered(let response):
            watch.ended(.answered(response))
            return response
        case .refused:
            watch.ended(.refused)
            throw TransportError(.connectionFailed, .notSent, "\(request.title): connection refused")
        case .lost:
            watch.ended(.lost)
            throw TransportError(.connectionLost, .unknown, "\(request.title): the connection ended")
        case .timedOut:
            watch.ended(.lost)
            throw TransportError(.timedOut, .unknown, "\(request.title): no answer in time")
        case .dead: throw Self.dead(request)
        }
    }

    private static func dead(_ request: HTTPRequest) -> TransportError {
        TransportError(.cancelled, .unknown, "\(request.title): the process is gone")
    }

    private func answer(_ sent: SentRequest, lag: Int64) -> HTTPResponse {
        var request = InProcessRequest(
            method: sent.request.method.rawValue, target: sent.target, host: sent.host,
            headers: sent.request.headers.fields.map { ($0.name, $0.value) }, body: sent.request.body ?? [])
        request.lookupLagMilliseconds = Int(lag)
        let response = sent.effect.remote == .erp ? world.erp.answer(request) : world.shop.answer(request)
        world.note(Int64(response.status), Int64(response.body.count))
        return HTTPResponse(
            status: response.status, headers: HTTPHeaders(response.headers.map { HTTPHeaders.Field($0.name, $0.value) }),
            body: response.body)
    }
}

/// How far the look-up lags behind for one call; known only once the call is on its way.
private final class Lag: @unchecked Sendable {
    var milliseconds: Int64 = 0
}

extension WireFault {
    /// The answer that comes instead of the remote's.
    fileprivate var replacement: HTTPResponse? {
        switch self {
        case .status(let status, _):
            let page = "<html><body><h1>\(status)</h1></body></html>"
            return HTTPResponse(status: status, headers: ["Content-Type": "text/html"], body: Array(page.utf8))
        case .throttled(let seconds):
            return HTTPResponse(
                status: 429, headers: ["Content-Type": "application/json", "Retry-After": "\(seconds)"],
                body: Array(#"{"detail":"throttled"}"#.utf8))
        case .html: return HTTPResponse(status: 200, headers: ["Content-Type": "text/html"], body: Array("<html>log in".utf8))
        case .cutJSON:
            return HTTPResponse(
                status: 200, headers: ["Content-Type": "application/json"], body: Array(#"{"id": 1, "state": "#.utf8))
        case .errorInside200:
            return HTTPResponse(
                status: 200, headers: ["Content-Type": "application/json"], body: Array(#"{"detail": "went wrong"}"#.utf8))
        default: return nil
        }
    }
}

/// A request with what it is for.
struct SentRequest: Sendable {
    let request: HTTPRequest
    let host: String
    /// Path and query.
    let target: String
    let effect: Effect
    let orderID: Int64?

    init?(_ request: HTTPRequest) {
        // By bytes: splitting by characters was a fifteenth of a schedule's work.
        let slash = UInt8(ascii: "/")
        guard let scheme = request.url.utf8.firstIndex(of: slash) else { return nil }
        let rest = request.url.utf8[scheme...].dropFirst(2)
        guard let root = rest.firstIndex(of: slash) else { return nil }
        self.request = request
        host = String(Substring(rest[..<root]))
        target = String(request.url[root...])
        let mark = target.utf8.firstIndex(of: UInt8(ascii: "?")) ?? target.endIndex
        let path = String(target[..<mark]).parts(between: slash)
        switch (host, path.count > 1 ? path[1] : path.first ?? "", path.count) {
        case (World.loginHost, _, _): (effect, orderID) = (.token, nil)
        case (World.erpHost, _, _):
            effect = request.method == .post ? .create : .find
            let key = request.headers["Idempotency-Key"] ?? target
            let id = key.replacing("%3A", with: ":").split(separator: ":").dropFirst(2).first
            orderID = id.flatMap { Int64($0) }
        case (_, "des_adv_xml", _): (effect, orderID) = (.desadv, nil)
        case (_, "v1", _): (effect, orderID) = (.tellBuyer, nil)
        case (_, "oci_xml", _): (effect, orderID) = (.confirm, nil)
        case (_, "order", 2): (effect, orderID) = (.list, nil)
        case (_, "order", _):
            effect = request.method == .put ? .put : request.method == .patch ? .patch : .readOrder
            orderID = Int64(path[2])
        case (_, "customer", _): (effect, orderID) = (.customer, nil)
        case (_, "address", _): (effect, orderID) = (.address, nil)
        default: return nil
        }
    }
}
