internal import Documents
internal import Orders

/// `POST /proxy/oci_xml/purchase` with the ERP's numbers (reference, section 5). All of it is inferred.
///
/// An OrderRequest names the shop's order in the extrinsic ``CloudSuiteConfiguration/feedbackOrderName``, else before the `@` of its
/// payloadID, by its id or reference, and its lines by their product, one after the other where a product stands twice. A
/// ConfirmationRequest names the order in its OrderReference and a line by its place among all of the order's lines; the ERP's
/// numbers stand in extrinsics.
extension CloudSuiteSurface {
    mutating func takeFeedback(_ request: SimulatedRequest, at now: Int64) -> SurfaceAnswer {
        let message: FeedbackMessage
        do throws(DocumentFault) { message = try FeedbackMessage(request.body, configuration) } catch {
            return SurfaceAnswer(.cxml(400, "\(error)", at: now), .notApplied)
        }
        let digest = RequestLog.digest(request.body)
        if let earlier = feedback.first(where: { $0.payloadID == message.payloadID }) {
            let isSame = earlier.digest == digest
            let text = isSame ? "OK, known since before" : "The payloadID names another document."
            return SurfaceAnswer(.cxml(isSame ? 200 : 409, text, at: now), isSame ? .none : .notApplied)
        }
        guard let id = order(named: message.orderNames), let order = orderObject(id) else {
            return SurfaceAnswer(.cxml(400, "The document names no order.", at: now), .notApplied)
        }
        guard let numbers = message.lineNumbers(for: order) else {
            return SurfaceAnswer(.cxml(400, "The document names a line that the order doesn't have.", at: now), .notApplied)
        }
        let lines = (order["order_lines"]?.arrayValue ?? []).enumerated().map { index, line in
            guard let number = numbers[index], var object = line.objectValue else { return line }
            object["erp_line_number"] = .integer(number)
            return .object(object)
        }
        change(id, [("erp_order_number", .text(message.erpOrderNumber)), ("order_lines", .array(lines))], at: now)
        let byID = numbers.reduce(into: [Int: Int64]()) { byID, entry in
            if let lineID = lines[entry.key]["id"]?.integerValue { byID[Int(lineID)] = entry.value }
        }
        feedback.append(
            TakenFeedback(
                payloadID: message.payloadID, kind: message.kind, orderID: id, erpOrderNumber: message.erpOrderNumber,
                erpLineNumbers: byID, digest: digest))
        return SurfaceAnswer(.cxml(200, "OK", at: now), .applied)
    }

    /// The first of them that is an order's id, or the reference of one order.
    private func order(named names: [String]) -> Int? {
        for name in names {
            if let id = Int(name), orders.facts(id: id) != nil { return id }
            let found = orders.ids(reference: name)
            if found.count == 1 { return found[0] }
        }
        return nil
    }
}

/// What an OrderRequest or a ConfirmationRequest says of one order.
private struct FeedbackMessage {
    /// What tells a line: its product, or its place from 1; and the ERP's number for it.
    enum Line {
        case product(String, Int64)
        case place(Int64, Int64)
    }

    let kind: String
    let payloadID: String
    /// What may be the order's id or reference, the likeliest first.
    let orderNames: [String]
    let erpOrderNumber: String
    let lines: [Line]

    init(_ bytes: [UInt8], _ configuration: CloudSuiteConfiguration) throws(DocumentFault) {
        if let (envelope, confirmation) = try? ConfirmationRequest.parse(bytes) {
            try self.init(envelope, confirmation, configuration)
        } else {
            let (envelope, feedback) = try OrderFeedback.parse(bytes)
            self.init(envelope, feedback, configuration)
        }
    }

    private init(_ envelope: CXMLEnvelope, _ feedback: OrderFeedback, _ configuration: CloudSuiteConfiguration) {
        kind = "OrderRequest"
        payloadID = envelope.payloadID
        erpOrderNumber = feedback.erpOrderNumber
        let inExtrinsic = feedback.extrinsics.first { $0.name == configuration.feedbackOrderName }?.text
        orderNames = [inExtrinsic, String(envelope.payloadID.prefix { $0 != "@" })].compactMap(\.self)
        lines = feedback.lines.map { .product($0.supplierPartID, $0.erpLineNumber) }
    }

    private init(_ envelope: CXMLEnvelope, _ confirmation: ConfirmationRequest, _ configuration: CloudSuiteConfiguration)
        throws(DocumentFault)
    {
        guard let number = confirmation.extrinsics.first(where: { $0.name == configuration.feedbackERPOrderNumberName })?.text
        else {
            throw DocumentFault(
                element: "ConfirmationHeader/Extrinsic", "there is no '\(configuration.feedbackERPOrderNumberName)'")
        }
        kind = "ConfirmationRequest"
        payloadID = envelope.payloadID
        erpOrderNumber = number
        orderNames = [confirmation.order.orderID, confirmation.order.payloadID].compactMap(\.self)
        lines = confirmation.items.compactMap { item in
            let extrinsics = item.statuses.flatMap(\.extrinsics)
            let text = extrinsics.first { $0.name == configuration.feedbackERPLineNumberName }?.text
            return text.flatMap { Int64($0) }.map { .place(item.lineNumber, $0) }
        }
    }

    /// The ERP's line numbers by the line's index in the order; `nil` where one of them belongs to no line.
    func lineNumbers(for order: JSONObject) -> [Int: Int64]? {
        let stored = (order["order_lines"]?.arrayValue ?? []).map { DeliverableLine($0) }
        var numbers: [Int: Int64] = [:]
        for line in lines {
            let index: Int?
            let number: Int64
            switch line {
            case .product(let product, let erpNumber):
                index = stored.indices.first { numbers[$0] == nil && stored[$0]?.product == product }
                number = erpNumber
            case .place(let place, let erpNumber):
                index = stored.indices.first { Int64($0) == place - 1 && numbers[$0] == nil && stored[$0] != nil }
                number = erpNumber
            }
            guard let index else { return nil }
            numbers[index] = number
        }
        return numbers
    }
}
