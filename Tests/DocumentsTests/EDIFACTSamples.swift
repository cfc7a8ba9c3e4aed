import Documents
import Orders
import Testing

/// EDIFACT values to start from.
enum EDIFACTSamples {
    static let profiles = [
        EDIFACTProfile(directory: .d96a), EDIFACTProfile(directory: .d01b),
        EDIFACTProfile(directory: .d96a, eancomEdition: "EAN005"),
        EDIFACTProfile(directory: .d01b, eancomEdition: "EAN007"),
        EDIFACTProfile(directory: .d96a, repertoire: .unoa, transliteration: .western),
        EDIFACTProfile(directory: .d01b, repertoire: .unob, transliteration: .western),
        EDIFACTProfile(directory: .d96a, repertoire: .unod),
        EDIFACTProfile(directory: .d01b, repertoire: .unoe, transliteration: .western),
        EDIFACTProfile(directory: .d96a, repertoire: .unof, transliteration: .western),
    ]

    static func interchange(
        _ messages: [EDIFACTInterchange.Message], _ repertoire: EDIFACTRepertoire = .unoc, reference: String = "1A00000001"
    ) throws -> EDIFACTInterchange {
        EDIFACTInterchange(
            repertoire: repertoire, sender: EDIFACTInterchange.Partner("4012345000009", qualifier: "14"),
            recipient: EDIFACTInterchange.Partner("4054321000009", qualifier: "14"),
            preparation: try #require(ZonedTime(iso: "2024-03-06T16:05:00Z")), controlReference: reference,
            applicationReference: "DESADV", isTest: true, messages: messages)
    }

    static func despatch() throws -> Despatch {
        let time = try #require(ZonedTime(iso: "2024-03-06T16:00:00+01:00"))
        let order = OrderIdentity(number: "PO-4712", erpNumber: "ERP-1")
        var bolt = DespatchLine(
            order: order, orderLineNumber: 1, erpLineNumber: 10,
            article: Article(
                sellerNumber: "ART-0001", buyerNumber: "B+1", tradeNumber: "4000862141404",
                description: "Schraube M8: 10 mm's beste, verzinkt? Ja"), quantity: ExactDecimal(6), unit: "PCE")
        bolt.batch = "LOT-9"
        bolt.expiryDate = CalendarDate(iso: "2025-01-31")
        let rope = DespatchLine(
            order: order, orderLineNumber: 2, erpLineNumber: 20,
            article: Article(sellerNumber: "ART-0002", tradeNumber: "04000862141411", description: "Seil"),
            quantity: try ExactDecimal("2.5"), unit: "MTR")
        var despatch = Despatch(
            number: "DN-1001", noticeTime: time, shipmentTime: time, deliveryTime: time,
            packages: [
                DespatchPackage(
                    containerCode: "340123450000000017", trackingCode: "JD0001", typeCode: "CT",
                    weightKilograms: try ExactDecimal("3.25"),
                    lines: [bolt]), DespatchPackage(trackingCode: "JD0002", lines: [rope]),
            ])
        despatch.buyer = DocumentParty(locationNumber: "4054321000009")
        despatch.supplier = DocumentParty(
            locationNumber: "4012345000009", name: "Müller + Söhne Großhandel für Schrauben und Dübel GmbH & Co. KG",
            streets: ["Straße 1"],
            city: "Köln", postalCode: "50667", country: "DE")
        despatch.deliverTo = DocumentParty(locationNumber: "4054321000016")
        despatch.carrier = Carrier(name: "Paketdienst")
        despatch.comment = "Rampe 3"
        return despatch
    }

    static func confirmation() throws -> OrderConfirmation {
        let time = try #require(ZonedTime(iso: "2024-03-06T00:00:00Z"))
        let article = Article(sellerNumber: "ART-0001", tradeNumber: "4000862141404", description: "Schraube")
        let split = ConfirmedLine(
            orderLineNumber: 1, erpLineNumber: 10, article: article, quantity: ExactDecimal(10), unit: "PCE",
            parts: [
                ConfirmedPart(quantity: ExactDecimal(6), outcome: .accepted, deliveryTime: time),
                ConfirmedPart(quantity: ExactDecimal(4), outcome: .backordered, reason: "In 4 Wochen"),
            ])
        let repriced = ConfirmedLine(
            orderLineNumber: 2, erpLineNumber: 20, article: article, quantity: try ExactDecimal("2.5"), unit: "MTR",
            parts: [ConfirmedPart(quantity: try ExactDecimal("2.5"), outcome: .repriced(try ExactDecimal("9.95")))])
        let rejected = ConfirmedLine(
            orderLineNumber: 3, erpLineNumber: nil, article: article, quantity: ExactDecimal(1), unit: "PCE",
            parts: [ConfirmedPart(quantity: ExactDecimal(1), outcome: .rejected, reason: "Ausgelaufen")])
        var confirmation = OrderConfirmation(
            number: "OR-1", order: OrderIdentity(number: "PO-4712", erpNumber: "ERP-1"), time: time, currency: "EUR",
            lines: [split, repriced, rejected])
        confirmation.buyer = try despatch().buyer
        confirmation.supplier = try despatch().supplier
        confirmation.comment = "Danke"
        return confirmation
    }
}
