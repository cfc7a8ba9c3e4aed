internal import HTTPTypes
internal import Orders

/// The shop's interfaces for documents, under `/proxy/` (reference, sections 5 to 7).
///
/// Which credentials they want isn't documented; here they want a token as the API does.
extension CloudSuiteSurface {
    enum ProxyInterface: String {
        case delivery = "desadv"
        case feedback = "order-feedback"
        case status = "order-status"

        init?(_ segments: [String]) {
            switch segments.joined(separator: "/") {
            case "proxy/des_adv_xml/delivery": self = .delivery
            case "proxy/oci_xml/purchase": self = .feedback
            case "proxy/v1/orderstatus": self = .status
            default: return nil
            }
        }

        /// As documented; the sibling of order feedback is shown without a slash at the end.
        var endsInSlash: Bool { self != .feedback }
        var parameters: [String] {
            switch self {
            case .delivery: ["shop", "user"]
            case .feedback: ["shop", "user", "mode"]
            case .status: ["shop"]
            }
        }
        var mediaTypes: [String] { self == .status ? ["application/json"] : ["application/xml", "text/xml"] }
    }

    mutating func proxyAnswer(_ request: SimulatedRequest, _ segments: [String], at now: Int64) -> SurfaceAnswer {
        guard let interface = ProxyInterface(segments), !interface.endsInSlash || request.path.hasSuffix("/") else {
            return SurfaceAnswer(.html(404, title: "Not Found"), request.refusedEffect)
        }
        guard request.method == "POST" else {
            return SurfaceAnswer(.notAllowed(request.method, allow: "POST"), request.refusedEffect)
        }
        if let refusal = parameterRefusal(request, interface) { return SurfaceAnswer(refusal, .notApplied) }
        guard interface.mediaTypes.contains(request.mediaType) else {
            return SurfaceAnswer(.detail(415, "Unsupported media type \"\(request.mediaType)\" in request."), .notApplied)
        }
        switch interface {
        case .delivery: return takeDelivery(request, at: now)
        case .feedback: return takeFeedback(request, at: now)
        case .status: return takeStatus(request)
        }
    }

    private func parameterRefusal(_ request: SimulatedRequest, _ interface: ProxyInterface) -> SimulatedResponse? {
        let given = PercentEncoding.pairs(request.query)
        for name in interface.parameters {
            guard let value = given.first(where: { $0.name == name })?.value, !value.isEmpty else {
                return .detail(400, "The parameter '\(name)' is missing.")
            }
            let expected = ["shop": configuration.proxyShop, "user": configuration.proxyUser][name]
            if let expected, value != expected { return .detail(400, "There is no \(name) '\(value)'.") }
        }
        return nil
    }

    /// `GET deliveries`, `GET order-feedback`, `GET order-statuses`: what was taken, oldest first.
    func proxyControl(_ request: SimulatedRequest) -> SimulatedResponse? {
        guard request.method == "GET" else { return nil }
        switch request.segments.dropFirst().joined(separator: "/") {
        case "deliveries": return .json(200, ["deliveries": .array(deliveries.map(\.json))])
        case "order-feedback": return .json(200, ["order_feedback": .array(feedback.map(\.json))])
        case "order-statuses": return .json(200, ["order_statuses": .array(orderStatuses.map(\.json))])
        default: return nil
        }
    }

    /// The order that is called so by the ERP, else by the shop; `nil` where there is none or several.
    func order(called number: String) -> Int? {
        let byERP = orders.ids(erpOrderNumber: number)
        let found = byERP.isEmpty ? orders.ids(reference: number) : byERP
        return found.count == 1 ? found[0] : nil
    }

    func orderObject(_ id: Int) -> JSONObject? {
        orders.body(id: id).flatMap { try? JSONValue(parsing: $0) }?.objectValue
    }

    /// Puts changed members into an order, and the time of the change.
    mutating func change(_ id: Int, _ members: [(String, JSONValue)], at now: Int64) { _ = edit(id, members, at: now) }
}

/// One line of a stored order, as the document interfaces look at it.
struct DeliverableLine {
    let id: Int?
    let erpLineNumber: Int64?
    let product: String?
    let quantity: ExactDecimal?

    /// `nil` for a line that isn't sold goods.
    init?(_ line: JSONValue) {
        guard line["type"]?.stringValue ?? "line" == "line" else { return nil }
        id = line["id"]?.integerValue.map { Int($0) }
        erpLineNumber = line["erp_line_number"].flatMap { $0.integerValue ?? $0.stringValue.flatMap(Int64.init) }
        product = line["product"]?["key"]?.stringValue ?? line["product"]?.stringValue
        quantity = line["quantity"]?.decimalValue
    }

    static func lines(of order: JSONObject) -> [DeliverableLine] {
        order["order_lines"]?.arrayValue?.compactMap { DeliverableLine($0) } ?? []
    }
}

extension JSONValue {
    /// A number, or a string of one.
    fileprivate var decimalValue: ExactDecimal? {
        switch self {
        case .number(let number): try? ExactDecimal(number.spelling)
        case .string(let string): try? ExactDecimal(string.value)
        default: nil
        }
    }
}
