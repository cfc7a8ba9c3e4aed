import Orders

/// How one vendor's API speaks. The request's path is told without ``VendorERP/basePath``.
protocol VendorDialect: Sendable {
    var vendor: VendorERP { get }
    /// The member of an order that carries our key.
    var keyField: String { get }
    /// The first segment of paths to orders.
    var ordersSegment: String { get }
    var linesName: String { get }

    /// - Returns: `nil` for what needs no proof or has it.
    func refusedAccess(_ request: SimulatedRequest, _ store: VendorStore) -> SimulatedResponse?
    func answer(
        _ request: SimulatedRequest, _ segments: [String], _ store: inout VendorStore, at now: Int64
    ) throws(VendorRefusal) -> SurfaceAnswer
    /// Sends so much of a line out.
    func ship(_ number: String, line: Int64, quantity: String, _ store: inout VendorStore, at now: Int64) -> Bool
    /// What a line of an order holds, for whoever looks into the ERP.
    func audited(_ line: JSONObject) -> VendorLine
    mutating func cancel(_ number: String, _ store: inout VendorStore) -> Bool
}

/// A line as the simulated ERP holds it.
package struct VendorLine: Sendable {
    package let number: Int64
    package let quantity: String
    package let unitPrice: String?
    package let description: String?
}

extension VendorDialect {
    /// Adds a line's delivered quantity.
    func booked(
        _ number: String, line: Int64, quantity: String, in store: inout VendorStore, lineNumber: String,
        delivered: String?, open: String?
    ) -> VendorOrder? {
        store.change(number) { order in
            guard let index = order.lines.firstIndex(where: { $0[lineNumber]?.integerValue == line }) else { return }
            let line = order.lines[index]
            let decimal = { (name: String) in line[name].flatMap(ExactDecimal.init(erp:)) ?? .zero }
            guard let more = try? ExactDecimal(quantity) else { return }
            if let delivered, let sum = decimal(delivered).adding(more) {
                order.lines[index][delivered] = .number(JSONNumber(spelling: sum.spelling))
            }
            if let open, let left = decimal(open).subtracting(more) {
                order.lines[index][open] = .number(JSONNumber(spelling: left.spelling))
            }
        }
    }

    static func day(_ now: Int64) -> String { String(ERPSurface.instant(now).prefix(10)) }

    /// The value of a parameter of the query.
    func parameter(_ name: String, _ request: SimulatedRequest) -> String? {
        PercentEncoding.pairs(request.query).first { $0.name == name }?.value
    }
}
