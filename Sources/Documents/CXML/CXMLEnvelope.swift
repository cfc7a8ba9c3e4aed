import XMLKit

/// Who sends a cXML document to whom, and what names it. Source: cXML 1.2.050, `Header` in the DTD.
package struct CXMLEnvelope: Sendable, Equatable {
    /// Names the document for ever: the same on every retry, new for every new document. See ``payloadID(kind:shop:number:host:)``.
    package var payloadID: String
    /// When the document was made, so a retry carries it too.
    package var timestamp: ZonedTime
    package var from: [CXMLCredential]
    package var to: [CXMLCredential]
    /// Who opens the connection.
    package var sender: [CXMLCredential]
    /// Proves the sender; it stands in the sender's first credential and nowhere else.
    package var sharedSecret: CXMLSecret?
    package var userAgent: String
    package var isTest: Bool
    /// BCP 47, of texts that need one.
    package var language: String
    /// In the DOCTYPE, such as `1.2.050`; a receiver may not know a newer one.
    package var version: String

    package init(
        payloadID: String, timestamp: ZonedTime, from: [CXMLCredential], to: [CXMLCredential], sender: [CXMLCredential],
        sharedSecret: CXMLSecret? = nil, userAgent: String = "Crossdock", isTest: Bool = false, language: String = "en",
        version: String = "1.2.050"
    ) {
        self.payloadID = payloadID
        self.timestamp = timestamp
        self.from = from
        self.to = to
        self.sender = sender
        self.sharedSecret = sharedSecret
        self.userAgent = userAgent
        self.isTest = isTest
        self.language = language
        self.version = version
    }

    /// `<kind>.<shop>.<number>@<host>`: the same for the same document after a crash, and no two documents share one.
    ///
    /// What is neither an ASCII letter nor a digit nor `-` nor `_` is written as `%` and its hexadecimal bytes.
    package static func payloadID(kind: String, shop: String, number: String, host: String) -> String {
        let parts = [kind, shop, number].map { part in
            part.utf8.reduce(into: "") { text, byte in
                switch byte {
                case 0x30...0x39, 0x41...0x5A, 0x61...0x7A, 0x2D, 0x5F: text.unicodeScalars.append(Unicode.Scalar(byte))
                default: text += "%" + (byte < 16 ? "0" : "") + String(byte, radix: 16, uppercase: true)
                }
            }
        }
        return parts.joined(separator: ".") + "@" + host
    }
}

/// A name in a domain, such as `NetworkId` `AN00000000001`.
package struct CXMLCredential: Sendable, Equatable {
    package var domain: String
    package var identity: String

    package init(domain: String, identity: String) {
        self.domain = domain
        self.identity = identity
    }
}

/// A shared secret; its text shows in documents only.
package struct CXMLSecret: Sendable, Equatable, CustomStringConvertible, CustomDebugStringConvertible {
    package let text: String

    package init(_ text: String) { self.text = text }

    package var description: String { "<redacted>" }
    package var debugDescription: String { description }
}

extension CXMLSecret: CustomReflectable {
    package var customMirror: Mirror { Mirror(self, children: []) }
}

extension CXMLEnvelope {
    func check(_ faults: inout FaultList) {
        faults.require(payloadID, "cXML/@payloadID")
        faults.require(userAgent, "Header/Sender/UserAgent")
        faults.require(language, "cXML/@xml:lang")
        if !Patterns.cXMLVersion.isWhole(version) {
            faults.add("DOCTYPE", "'\(version)' is not a version of cXML such as 1.2.050")
        }
        for (name, credentials) in [("From", from), ("To", to), ("Sender", sender)] {
            if credentials.isEmpty { faults.add("Header/\(name)/Credential", "there is no credential") }
            for credential in credentials {
                faults.require(credential.domain, "Header/\(name)/Credential/@domain")
                faults.require(credential.identity, "Header/\(name)/Credential/Identity")
            }
        }
        faults.check(sharedSecret?.text, "Header/Sender/Credential/SharedSecret")
    }

    var header: XMLElement {
        let plain = { (credential: CXMLCredential) in
            XMLNode.element(
                XMLElement(
                    "Credential", attributes: [XMLAttribute("domain", credential.domain)],
                    children: [.element(XMLElement("Identity", text: credential.identity))]))
        }
        var senders = sender.map(plain)
        if let sharedSecret, case .element(var first)? = senders.first {
            first.children.append(.element(XMLElement("SharedSecret", text: sharedSecret.text)))
            senders[0] = .element(first)
        }
        senders.append(.element(XMLElement("UserAgent", text: userAgent)))
        return XMLElement(
            "Header",
            children: [
                .element(XMLElement("From", children: from.map(plain))), .element(XMLElement("To", children: to.map(plain))),
                .element(XMLElement("Sender", children: senders)),
            ])
    }

    init(_ root: XMLElement, systemID: String?) throws(DocumentFault) {
        let header = try root.child("Header")
        let sender = try header.child("Sender")
        let request = try root.child("Request")
        self.init(
            payloadID: try root.requiredAttribute("payloadID"), timestamp: try root.requiredTime("timestamp"),
            from: try Self.credentials(header.child("From")), to: try Self.credentials(header.child("To")),
            sender: try Self.credentials(sender), sharedSecret: sender["Credential"]?["SharedSecret"].map { CXMLSecret($0.text) },
            userAgent: try sender.child("UserAgent").text, isTest: request.attribute("deploymentMode") == "test",
            language: root.attribute("xml:lang") ?? "en",
            version: systemID.flatMap { Patterns.cXMLSystemID.firstMatch($0) }.map { String($0.1) } ?? "")
    }

    private static func credentials(_ element: XMLElement) throws(DocumentFault) -> [CXMLCredential] {
        var credentials: [CXMLCredential] = []
        for credential in element.elements("Credential") {
            credentials.append(
                CXMLCredential(
                    domain: try credential.requiredAttribute("domain"), identity: try credential.child("Identity").text))
        }
        return credentials
    }
}
