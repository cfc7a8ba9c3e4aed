/// The documents that a flow sends.
package enum DocumentKind: String, Sendable, CaseIterable {
    /// cXML `ConfirmationRequest`.
    case confirmationRequest = "cxml_confirmation_request"
    /// cXML `OrderRequest` that tells the shop our numbers; see CloudSuite, "Offline orders", its sibling.
    case orderRequest = "cxml_order_request"
    /// CloudSuite's delivery message.
    case desadv
    /// cXML `ShipNoticeRequest`.
    case shipNotice = "cxml_ship_notice_request"
    /// UN/EDIFACT DESADV.
    case despatchAdvice = "edifact_desadv"
    /// UN/EDIFACT ORDRSP.
    case orderResponse = "edifact_ordrsp"
    /// A text for the buyer's timeline: CloudSuite, "Custom order status".
    case orderStatus = "order_status"
    /// The digital codes of an order, for its buyer.
    case codes

    /// Whether its bytes are worth money, so that the ledger holds them sealed.
    package var isSealed: Bool { self == .codes }

    package var contentType: String {
        switch self {
        case .confirmationRequest, .orderRequest, .shipNotice: "text/xml; charset=UTF-8"
        case .desadv: "application/xml; charset=UTF-8"
        case .despatchAdvice, .orderResponse: "application/edifact"
        case .orderStatus, .codes: "application/json"
        }
    }

    package var fileExtension: String {
        switch self {
        case .confirmationRequest, .orderRequest, .shipNotice, .desadv: "xml"
        case .despatchAdvice, .orderResponse: "edi"
        case .orderStatus, .codes: "json"
        }
    }
}
