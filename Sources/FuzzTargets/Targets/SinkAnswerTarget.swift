import Orders
import Settings
import SinkKit
import Sinks
import Transport

extension FuzzTarget {
    /// A status, a line break and a body: an ERP's answer to a create and to a look-up.
    static let sinkAnswer = FuzzTarget(name: "sink-answer", inputBytesMax: 1024, share: 12) { input throws(BrokenProperty) in
        let parts = input.split(separator: 0x0A, maxSplits: 1, omittingEmptySubsequences: false)
        guard parts.count == 2, let status = Int(String(decoding: parts[0], as: UTF8.self)), (100..<600).contains(status)
        else { return }
        let response = HTTPResponse(status: status, body: Array(parts[1]))
        try checkCreate(response)
        try checkFind(response)
    }

    private static let reader = RESTAnswerReader(RESTSinkSettings(sinkClass: .neither))

    private static let sent: SinkOrder = {
        var order = Order(id: 7, state: .confirmed)
        order.lines = (1...3).map {
            OrderLine(id: $0 == 3 ? nil : Int64($0), position: $0, productKey: "P\($0)", quantity: .zero)
        }
        return SinkOrder(
            key: IdempotencyKey(order: OrderKey(shop: "shop", orderID: 7)), order: order, customer: nil, shipmentAddress: nil,
            invoiceAddress: nil)
    }()

    private static func checkCreate(_ response: HTTPResponse) throws(BrokenProperty) {
        let answer = Result<SinkAnswer, SinkError> { () throws(SinkError) in
            try reader.created(response, sent, title: "POST /orders")
        }
        switch answer {
        case .success(.accepted(let receipt)):
            try require([200, 201].contains(response.status) && !receipt.erpOrderNumber.isEmpty, "an acceptance has a number")
            try require(SinkReceipt(json: receipt.json) == receipt, "a receipt reads from its stored form")
        case .success(.rejected(let faults)):
            try require([400, 422].contains(response.status) && !faults.isEmpty, "a refusal is declared, and says why")
        case .success(.pending): throw BrokenProperty("nothing is declared as pending")
        case .failure(let error):
            try require(error.code == .unknownOutcome || response.status == 409, "what isn't declared is unknown")
        }
    }

    private static func checkFind(_ response: HTTPResponse) throws(BrokenProperty) {
        let found = Result<SinkReceipt?, SinkError> { () throws(SinkError) in
            try reader.found(response, sent.key, title: "GET /orders")
        }
        switch found {
        case .success(let receipt):
            try require(response.status == 200, "only a 200 answers a look-up")
            guard receipt == nil else { return }
            let results = (try? JSONValue(parsing: response.body))?["results"]?.arrayValue
            try require(results?.isEmpty == true, "only an empty list means that there is none")
        case .failure(let error):
            try require(error.code != .unknownOutcome, "a look-up has no effect that could be unknown")
        }
    }
}
