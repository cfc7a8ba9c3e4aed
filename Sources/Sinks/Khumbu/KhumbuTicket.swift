import Orders
import SinkKit

/// An order that Khumbu has and whose end comes by webhook: the text of the sink's tickets.
///
/// `{"provider_order_id", "since_ms", "ks_order_id", "partner_order_id", "repeated"}`
struct KhumbuTicket: Sendable, Equatable {
    var providerOrderID: String
    /// When Khumbu took it, in milliseconds since 1970.
    var since: Timestamp
    var ksOrderID: String?
    var partnerOrderID: String?
    /// Khumbu said that it had it already.
    var isRepeat = false

    init(providerOrderID: String, since: Timestamp) {
        self.providerOrderID = providerOrderID
        self.since = since
    }

    var text: String {
        var object = JSONObject([("provider_order_id", .text(providerOrderID)), ("since_ms", .integer(since.milliseconds))])
        if let ksOrderID { object.append("ks_order_id", .text(ksOrderID)) }
        if let partnerOrderID { object.append("partner_order_id", .text(partnerOrderID)) }
        if isRepeat { object.append("repeated", true) }
        return JSONValue.object(object).compactText
    }

    /// - Throws: ``SinkError/Code/conflict`` where it isn't one of this sink's.
    init(_ ticket: SinkTicket) throws(SinkError) {
        guard let json = try? JSONValue(parsing: Array(ticket.text.utf8)), let id = json["provider_order_id"]?.stringValue,
            let since = json["since_ms"]?.integerValue
        else { throw SinkError(.conflict, "the ticket isn't one of a Khumbu sink") }
        providerOrderID = id
        self.since = Timestamp(milliseconds: since)
        ksOrderID = json["ks_order_id"]?.stringValue
        partnerOrderID = json["partner_order_id"]?.stringValue
        isRepeat = json["repeated"]?.boolValue ?? false
    }
}
