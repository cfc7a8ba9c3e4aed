package import SinkKit

/// How an ERP with a JSON API over HTTP takes and shows orders.
package struct RESTSinkSettings: Sendable, Equatable {
    package var sinkClass: SinkClass
    package var requiredFields: [String] = []

    /// Where orders are posted, below the base URL.
    package var createPath = "/orders"
    /// The header that carries our key; `nil`: none.
    package var keyHeader: String? = "Idempotency-Key"
    /// The member of the posted order that carries our key.
    package var keyField = "external_reference"

    /// Where orders are looked up, with `{key}` in it, such as `/orders?external_reference={key}`; needed for classes K and L.
    package var findPath: String? = "/orders?external_reference={key}"
    /// In a look-up's answer: the path to the list of orders.
    package var findResults = "results"

    /// Where an order's shipments are told, with `{number}` (the ERP's order number) or `{key}` (ours) in it, such as
    /// `/orders/{number}/shipments`; `nil`: the ERP doesn't tell them. The answer has the shape of ``SinkShipments/json``.
    package var shipmentsPath: String?

    /// In an order of the ERP's: paths to its number, its state and its lines.
    package var numberPath = "number"
    package var statePath: String? = "state"
    package var linesPath = "lines"
    /// In a line of the ERP's: paths to our line key as it was sent, to its number, its outcome and its message.
    package var lineKeyPath = "line"
    package var lineNumberPath = "number"
    package var lineOutcomePath: String? = "status"
    package var lineMessagePath: String? = "message"

    /// Statuses that say: refused because of the order itself, nothing was made. Declared, never guessed.
    package var rejectedStatuses = [400, 422]
    /// Statuses that say: something else stands under this key.
    package var conflictStatuses = [409]
    /// Statuses, besides 401 and 429, that say: nothing was done, try again later.
    package var notAppliedStatuses: [Int] = []
    /// Where a refusal lists its faults, and in a fault its place and its text.
    package var faultsPath = "errors"
    package var faultPathPath = "path"
    package var faultMessagePath = "message"

    package init(sinkClass: SinkClass) { self.sinkClass = sinkClass }
}
