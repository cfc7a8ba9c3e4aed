import Orders
import XMLKit

/// What a file is, and all that is wrong with it, for a person who asks.
package struct DocumentCheck: Sendable, Equatable {
    /// Such as `cXML ConfirmationRequest` or `EDIFACT DESADV D.96A`; `nil` where it can't be told.
    package private(set) var kind: String?
    /// Empty for a file that is right as far as it can be told.
    package private(set) var faults: [DocumentFault] = []
    /// What could not be looked into.
    package private(set) var notes: [String] = []

    package init(_ bytes: [UInt8], definitions: DocumentDefinitions = .none) {
        let start = bytes.drop { [0x20, 0x09, 0x0D, 0x0A].contains($0) }
        if start.starts(with: Array("UNA".utf8)) || start.starts(with: Array("UNB".utf8)) {
            checkInterchange(bytes)
        } else {
            checkXML(bytes, definitions)
        }
    }

    private mutating func checkXML(_ bytes: [UInt8], _ definitions: DocumentDefinitions) {
        let reader = XMLReader(limits: .document)
        let document: XMLDocument
        do throws(XMLFault) {
            document = try reader.read(bytes)
        } catch {
            faults.append(DocumentFault(error))
            return
        }
        let schema = definitions.schema(document.root.namespace ?? document.root.name)
        switch document.root.name {
        case "Desadv":
            kind = "CloudSuite DESADV"
            if let schema { validate { () throws(XMLFault) in try reader.validate(bytes, against: XMLSchema(schema)) } }
            // What a schema complains of needn't be said twice.
            if faults.isEmpty { faults = DesadvInspection(document.root).faults }
            if faults.isEmpty { look { () throws(DocumentFaults) in try DesadvDocument.checked(bytes) } }
        case "cXML":
            let content = document.root["Request"] ?? document.root["Response"] ?? document.root["Message"]
            kind = "cXML \(content?.name == "Request" ? content?.elements.first?.name ?? "Request" : content?.name ?? "")"
            validate(bytes, reader, document.systemID, definitions)
            checkCXML(bytes, kind?.dropFirst("cXML ".count) ?? "")
        default:
            if let schema {
                kind = "XML \(LogText.line(document.root.name, scalarsMax: 60))"
                notes.append("of documents of this kind only the schema's rules are known")
                return validate { () throws(XMLFault) in try reader.validate(bytes, against: XMLSchema(schema)) }
            }
            faults.append(DocumentFault(element: document.root.name, "neither cXML nor a delivery message for CloudSuite"))
        }
    }

    private mutating func validate(
        _ bytes: [UInt8], _ reader: XMLReader, _ systemID: String?, _ definitions: DocumentDefinitions
    ) {
        guard let systemID else {
            if kind != "cXML Response" { faults.append(DocumentFault(element: "DOCTYPE", "the document names no DTD")) }
            return
        }
        guard let rules = definitions.typeDefinition(systemID) else {
            notes.append("there is no local copy of \(LogText.line(systemID)), so the document was not held against its DTD")
            return
        }
        validate { () throws(XMLFault) in try reader.validate(bytes, against: DTD(rules)) }
    }

    private mutating func validate(_ validation: () throws(XMLFault) -> [XMLFault]) {
        do throws(XMLFault) {
            faults += try validation().map { DocumentFault($0) }
        } catch {
            faults.append(DocumentFault(error))
        }
    }

    private mutating func checkCXML(_ bytes: [UInt8], _ name: Substring) {
        switch name {
        case "ConfirmationRequest": look { () throws(DocumentFaults) in try ConfirmationRequest.checked(bytes) }
        case "ShipNoticeRequest": look { () throws(DocumentFaults) in try ShipNoticeRequest.checked(bytes) }
        case "Response":
            do throws(DocumentFault) {
                let response = try CXMLResponse(bytes)
                notes.append("the Status is \(response.code): \(response.message)")
            } catch {
                faults.append(error)
            }
        default: notes.append("of cXML documents of this kind only the DTD's rules are known")
        }
    }

    private mutating func checkInterchange(_ bytes: [UInt8]) {
        do throws(DocumentFault) {
            let tokens = try EDIFACTTokens(bytes)
            kind = "EDIFACT " + tokens.segments.filter { $0.tag == "UNH" }.map(\.messageKind).joined(separator: ", ")
            let interchange = try EDIFACTInterchange(tokens)
            for message in interchange.messages { check(message, in: interchange.repertoire) }
            checkEnvelope(of: interchange)
        } catch {
            faults.append(error)
        }
    }

    /// The envelope, and signs that the repertoire doesn't hold in segments that nothing else was found in.
    private mutating func checkEnvelope(of interchange: EDIFACTInterchange) {
        let known = Set(faults.compactMap(\.segment))
        do throws(DocumentFaults) {
            _ = try interchange.render()
        } catch {
            faults += error.faults.filter { $0.segment.map { !known.contains($0) } ?? true }
        }
    }

    private mutating func check(_ message: EDIFACTInterchange.Message, in repertoire: EDIFACTRepertoire) {
        let profile = EDIFACTProfile(
            directory: message.type.directory, repertoire: repertoire, eancomEdition: message.type.eancomEdition)
        let before = faults.count
        do throws(DocumentFault) {
            switch message.type.name {
            case "DESADV":
                let advice = try DespatchAdvice(message)
                look { () throws(DocumentFaults) in _ = try advice.render(profile) }
            case "ORDRSP":
                let response = try OrderResponse(message)
                look { () throws(DocumentFaults) in _ = try response.render(profile) }
            default: notes.append("of \(message.type.name) only the envelope and the counts are known")
            }
        } catch {
            faults.append(error)
        }
        faults.replaceSubrange(before..., with: EDIFACTFaultPlaces(message).located(Array(faults[before...])))
    }

    private mutating func look(_ check: () throws(DocumentFaults) -> Void) {
        do throws(DocumentFaults) {
            try check()
        } catch {
            faults += error.faults
        }
    }
}

extension CXMLBody {
    fileprivate static func checked(_ bytes: [UInt8]) throws(DocumentFaults) {
        let read: (envelope: CXMLEnvelope, body: Self)
        do throws(DocumentFault) {
            read = try Self.read(bytes)
        } catch {
            throw DocumentFaults(error)
        }
        _ = try read.body.bytes(in: read.envelope)
    }
}

extension DesadvDocument {
    fileprivate static func checked(_ bytes: [UInt8]) throws(DocumentFaults) {
        let document: DesadvDocument
        do throws(DocumentFault) {
            document = try DesadvDocument(bytes)
        } catch {
            throw DocumentFaults(error)
        }
        _ = try document.render()
    }
}
