package import CloudSuite
package import Documents
package import OrderFlow
package import Orders
package import SinkKit

/// Makes documents of what a flow knows. Pure: the same arguments give the same bytes.
package struct DocumentMaker: Sendable {
    let style: DocumentStyle
    let clock: ShopClock

    /// - Parameter clock: the shop's, in whose zone all dates and times are written.
    package init(_ style: DocumentStyle, clock: ShopClock) {
        self.style = style
        self.clock = clock
    }

    /// An entry for the buyer's timeline (CloudSuite, "Custom order status"; that the body is JSON is inferred).
    package func status(_ text: StatusText, of order: Order, receipt: SinkReceipt, at: Timestamp) -> OutgoingDocument {
        let object = status(id: text.id, language: text.language, text: text.text, of: order, receipt: receipt, at: at)
        return OutgoingDocument(
            kind: .orderStatus, number: "\(receipt.erpOrderNumber).\(text.step.rawValue)",
            bytes: JSONValue.object(object).serialized())
    }

    func status(
        id: String?, language: String, text: String, of order: Order, receipt: SinkReceipt, at: Timestamp
    ) -> JSONObject {
        var object = JSONObject()
        if let reference = order.reference { object.append("CloudsuiteOrderId", .text(reference)) }
        object.append("orderId", .text(receipt.erpOrderNumber))
        object.append("dateTime", .text(clock.text(at)))
        if let id { object.append("stateId", .text(id)) }
        object.append("state", ["lang": .text(language), "value": .text(text)])
        return object
    }

    /// The instant in the shop's zone.
    func time(_ instant: Timestamp, _ element: String, _ match: inout LineMatch) -> ZonedTime? {
        let time = ZonedTime(instant, offsetMinutes: clock.offsetMinutes(at: instant))
        if time == nil { match.add(element, "the calendar doesn't reach so far") }
        return time
    }

    /// The beginning of a day in the shop's zone.
    func beginning(of date: CalendarDate) -> ZonedTime? {
        clock.instant("\(date.iso)T00:00:00").flatMap { ZonedTime($0, offsetMinutes: clock.offsetMinutes(at: $0)) }
    }

    /// What the configuration should have refused.
    static func missing(_ section: String) -> DocumentFaults {
        DocumentFaults(faults: [DocumentFault(element: section, "the flow's configuration says nothing about it")])
    }
}

extension DocumentMaker {
    var confirmationKind: DocumentKind? {
        switch style.confirmation {
        case .confirmationRequest?: .confirmationRequest
        case .orderRequest?: .orderRequest
        case nil: nil
        }
    }

    var despatchKind: DocumentKind? {
        switch style.despatch {
        case .desadv?: .desadv
        case .cxml?: .shipNotice
        case .edifact?: .despatchAdvice
        case nil: nil
        }
    }
}
