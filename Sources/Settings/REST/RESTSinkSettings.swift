package import SinkKit

/// How an ERP with a JSON API over HTTP takes and shows orders.
package struct RESTSinkSettings: Sendable, Equatable {
    package enum Simulated: String, Sendable, CaseIterable {
        case businessCentral = "business_central"
        case erpNext = "erpnext"
        case businessOne = "business_one"
    }
    package enum Method: String, Sendable, CaseIterable { case post, put, patch }

    package var sinkClass: SinkClass
    package var requiredFields: [String] = []
    /// Which of the bundled simulated ERPs stands in for it where it is put to the test; `nil`: the one with an API of its own.
    package var simulated: Simulated?
    /// Sent with every call, besides what the sink sets itself.
    package var headers: [Header] = []

    /// Where orders are posted, below the base URL, with a query where there is one.
    package var createPath = "/orders"
    package var createMethod = Method.post
    /// The header that carries our key; `nil`: none.
    package var keyHeader: String? = "Idempotency-Key"
    /// The member of the posted order that carries our key, and of the ERP's order that shows it.
    package var keyField = "external_reference"
    /// What is posted; `nil`: the order's own JSON form with our key in ``keyField``.
    package var body: RESTTemplate?
    /// What is asked before an order is posted, so that all products that the ERP doesn't know are named at once; `nil`: nothing.
    package var products: RESTProductSettings?
    /// Calls that follow on a create, in their order.
    package var steps: [RESTStepSettings] = []

    /// Where orders are looked up, with `{key}` in it, such as `/orders?external_reference={key}`; needed for classes K and L.
    package var findPath: String? = "/orders?external_reference={key}"
    /// In a look-up's answer: the path to the list of orders; empty: the answer is the list.
    package var findResults = "results"
    /// Where a listed order is read whole, with `{id}` in it; `nil`: the list shows it whole.
    package var readPath: String?
    /// Further look-ups, with `{key}`: where orders are that left the first place. A hit is a conflict, for a person.
    package var elsewherePaths: [String] = []

    /// How the ERP tells what it sent out; `nil`: it doesn't.
    package var shipments: RESTShipmentSettings?

    /// In an answer that shows one order: the path to it; empty: the answer is the order.
    package var orderPath = ""
    /// In an order of the ERP's: paths to what names it in paths (`{id}`), its number for people, its state and its lines.
    package var idPath: String?
    package var numberPath = "number"
    package var statePath: String? = "state"
    /// What the ERP's words for states mean, the first that fits; empty: they are ours.
    package var states: [State] = []
    package var linesPath = "lines"
    /// In a line of the ERP's: paths to our line key as it was sent, to its number, its outcome and its message.
    package var lineKeyPath = "line"
    package var lineNumberPath = "number"
    package var lineOutcomePath: String? = "status"
    package var lineMessagePath: String? = "message"
    /// Members that a line of the ERP's shows as they were sent; whether an order under our key is ours is told by them.
    package var comparedMembers: [String] = []

    /// What answers mean, the first that fits; before the statuses below.
    package var answerRules: [RESTAnswerRule] = []
    /// Statuses that say: refused because of the order itself, nothing was made. Declared, never guessed.
    package var rejectedStatuses = [400, 422]
    /// Statuses that say: something else stands under this key.
    package var conflictStatuses = [409]
    /// Statuses, besides 401 and 429, that say: nothing was done, try again later.
    package var notAppliedStatuses: [Int] = []
    /// Where a refusal lists its faults, or has its only one, and in a fault its place and its text.
    package var faultsPath = "errors"
    package var faultPathPath = "path"
    package var faultMessagePath = "message"

    package init(sinkClass: SinkClass) { self.sinkClass = sinkClass }

    /// ``RESTShipmentSettings/path``, of an ERP that tells shipments in our shape.
    package var shipmentsPath: String? {
        get { shipments?.path }
        set { shipments = newValue.map { RESTShipmentSettings(path: $0) } }
    }

    /// Whether a create may leave an order that isn't let go yet.
    package var hasDrafts: Bool { !steps.isEmpty || states.contains { $0.state == .draft } }

    package struct Header: Sendable, Equatable {
        package var name: String
        package var value: Secret
    }

    package struct State: Sendable, Equatable {
        package var word: String
        package var state: SinkReceipt.State
    }
}

/// What an answer to a create means, by its status and by a text in it.
package struct RESTAnswerRule: Sendable, Equatable {
    package enum Meaning: String, Sendable, CaseIterable {
        /// An order stands under our key already: it is looked up, and taken for ours if its lines are.
        case duplicate
        case rejected, conflict, throttled, unauthorized
        case notApplied = "not_applied"
        case unknown
    }

    package var status: Int
    /// Somewhere in the body, letters as they are; `nil`: whatever it says.
    package var containing: String?
    package var meaning: Meaning
}

/// How products are looked up.
package struct RESTProductSettings: Sendable, Equatable {
    /// With `{product}` in it.
    package var path: String
    /// In the answer: the list, which is empty where there is no such product; `nil`: a status tells.
    package var results: String?
    /// Statuses that say that there is none.
    package var missingStatuses = [404]
}

/// A call that follows on a create, such as one that confirms.
package struct RESTStepSettings: Sendable, Equatable {
    /// The attempt's name where it isn't idempotent.
    package var name: String
    package var method: RESTSinkSettings.Method
    /// With `{id}` or `{number}` in it.
    package var path: String
    package var body: RESTTemplate?
    /// Whether doing it twice is as good as once.
    package var isIdempotent: Bool
}

/// How shipments are read.
package struct RESTShipmentSettings: Sendable, Equatable {
    /// With `{number}`, `{key}`, or `{order.…}`: a member of the ERP's order, which is looked up first.
    package var path: String
    /// The list in the answer; `nil`: the answer has the shape of ``SinkShipments/json``, and nothing below is used.
    package var results: String?
    /// Where each is read whole, with `{id}`; `nil`: the list shows it whole.
    package var readPath: String?
    /// In such an answer: the path to it.
    package var shipmentPath = ""
    /// In a shipment: what names it for ever.
    package var idPath = "id"
    /// Only shipments and lines with these values count; paths and values.
    package var conditions: [RESTCondition] = []
    package var lineConditions: [RESTCondition] = []
    /// The day or the instant; a day is told as its noon, a time without a zone as one in UTC.
    package var datePath = "date"
    package var carrierPath: String?
    package var trackingPath: String?
    package var linesPath = "lines"
    /// In a line of a shipment, and in a line of the order: what joins them.
    package var orderLinePath = "order_line"
    package var joinPath: String?
    package var quantityPath = "quantity"
    /// In both kinds of lines: the unit, which must be the same.
    package var unitPath: String?
    /// In a line of the order: what is still to be sent; none: nothing further comes.
    package var openPath: String?
    /// In a line of the order: what was ordered and what was delivered; the same: nothing further comes.
    package var orderedPath: String?
    package var deliveredPath: String?
    /// Whether an order that can't be looked up any more, of which something was sent out, is done.
    package var endsWithOrder = false

    package init(path: String) { self.path = path }
}

/// A value that must be so, written as the ERP's JSON has it.
package struct RESTCondition: Sendable, Equatable {
    package var path: String
    /// Or `{order.…}`: a member of the ERP's order.
    package var value: String

    package var orderPath: String? {
        value.hasPrefix("{order.") && value.hasSuffix("}") ? String(value.dropFirst(7).dropLast()) : nil
    }
}
