package import Documents
package import OrderFlow
import Posting
package import Transport

/// The shop's own interfaces for documents. They are reached through the shop's endpoint: its address, credentials, rate limit and circuit.
package struct ShopDocumentTarget: DocumentTarget {
    /// One interface below the shop's base URL. What the parameters are is settled per customer.
    package struct Interface: Sendable, Equatable {
        /// Percent-encoded.
        package var path: String
        package var parameters: [Parameter]

        package init(path: String, parameters: [Parameter]) {
            self.path = path
            self.parameters = parameters
        }
    }

    package struct Parameter: Sendable, Equatable {
        package var name: String
        package var value: String

        package init(_ name: String, _ value: String) {
            self.name = name
            self.value = value
        }
    }

    private let post: DocumentPost

    /// - Parameter rule: `.status` for the delivery interface and for custom order status, whose replies are not documented. What order
    ///   feedback answers isn't either; a cXML Response is inferred.
    package init(_ interface: Interface, endpoint: Endpoint, rule: AnswerRule, timekeeper: any Timekeeper = SystemTimekeeper()) {
        let query = PercentEncoding.query(interface.parameters.map { ($0.name, $0.value) })
        post = DocumentPost(
            endpoint: endpoint, path: interface.path, query: query.isEmpty ? nil : query, rule: rule, timekeeper: timekeeper)
    }

    package func deliver(_ document: OutgoingDocument, timeLimit: Duration) async -> DeliveryAnswer {
        await post.send(document, timeLimit: timeLimit)
    }

    /// The shop documents no query for deliveries, order feedback or custom order status.
    package func holds(_ document: OutgoingDocument) async -> Bool? { nil }
}

extension ShopDocumentTarget.Interface {
    package static let deliveryPath = "/proxy/des_adv_xml/delivery/"
    package static let orderFeedbackPath = "/proxy/oci_xml/purchase"
    package static let orderStatusPath = "/proxy/v1/orderstatus/"

    /// Delivery messages. Source: CloudSuite, "Delivery (DESADV) - XML": both parameters are mandatory.
    package static func delivery(shop: String, user: String, path: String = deliveryPath) -> Self {
        Self(path: path, parameters: [.init("shop", shop), .init("user", user)])
    }

    /// What the ERP calls an order and its lines, as cXML.
    ///
    /// Unverified: the page that describes it is not public. Path, parameters and their order are those of its sibling, CloudSuite,
    /// "Order incoming offline (OCI XML)", whose `mode` is `sync`; which value feedback wants is not known.
    package static func orderFeedback(user: String, shop: String, mode: String, path: String = orderFeedbackPath) -> Self {
        Self(path: path, parameters: [.init("user", user), .init("shop", shop), .init("mode", mode)])
    }

    /// Custom order status. Source: CloudSuite, "Custom order status - JSON".
    package static func orderStatus(shop: String, path: String = orderStatusPath) -> Self {
        Self(path: path, parameters: [.init("shop", shop)])
    }
}
