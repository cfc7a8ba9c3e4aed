import Documents
import Orders
import TestSupport

/// Shipments and confirmations as odd as trade allows, the same for the same seed.
struct RandomDocuments {
    /// Which signs texts are made of.
    enum Alphabet { case anything, latin1 }

    var generator: SeededGenerator
    let alphabet: Alphabet

    init(seed: UInt64, alphabet: Alphabet = .anything) {
        generator = SeededGenerator(seed: seed)
        self.alphabet = alphabet
    }

    private static let plain = Array("abcXYZ 019-/&<>\"'+:?.,;()".unicodeScalars)
    private static let latin = plain + Array("äöüßÉñ£§¿ÿ\u{A0}".unicodeScalars)
    private static let all = latin + Array("€ŁőДж中😀\u{301}\u{200D}\u{FFFD}\u{10FFFD}\r\n\t]]>".unicodeScalars)

    mutating func number(_ range: ClosedRange<Int>) -> Int { Int.random(in: range, using: &generator) }

    /// Of so many signs; begins and ends with a letter where it mustn't be empty.
    mutating func text(_ length: ClosedRange<Int>) -> String {
        let scalars = alphabet == .latin1 ? Self.latin : Self.all
        let count = number(length)
        guard count > 0 else { return "" }
        var text = String.UnicodeScalarView("a".unicodeScalars)
        while text.count < count - 1 { text.append(generator.pick(scalars)) }
        if count > 1 { text.append("z") }
        return String(text)
    }

    mutating func optionalText(_ length: ClosedRange<Int>) -> String? { generator.oneIn(2) ? text(length) : nil }

    /// Above zero, with at most 4 decimals.
    mutating func quantity() -> ExactDecimal {
        let whole = generator.oneIn(10) ? number(1...9_999_999) : number(1...500)
        let spellings = [
            "\(whole)", "\(whole).5", "\(whole).2500", "0.\(number(1...9))", "\(whole)e0", "\(whole).\(number(1000...9999))",
        ]
        return (try? ExactDecimal(generator.pick(spellings))) ?? ExactDecimal(1)
    }

    mutating func time() -> ZonedTime {
        let instant = Timestamp(milliseconds: Int64(number(946_684_800...4_000_000_000)) * 1000)
        return ZonedTime(instant, offsetMinutes: generator.pick([0, 60, 120, -300, 345, -210])) ?? midnight
    }

    private var midnight: ZonedTime {
        guard let date = CalendarDate(year: 2024, month: 2, day: 29), let time = ZonedTime(date: date, offsetMinutes: 0) else {
            preconditionFailure("there is such a day")
        }
        return time
    }

    /// Digits with the right check digit.
    mutating func checked(_ digits: Int) -> String {
        let body = (1..<digits).map { _ in String(number(0...9)) }.joined()
        return (0...9).lazy.map { body + String($0) }.first { CheckDigit.isValid($0, digits: [digits]) } ?? body
    }

    mutating func article() -> Article {
        Article(
            sellerNumber: text(1...35), buyerNumber: optionalText(1...35),
            tradeNumber: generator.oneIn(2) ? checked(generator.pick([8, 12, 13, 14])) : nil,
            description: generator.oneIn(3) ? nil : text(generator.oneIn(5) ? 1...1700 : 1...60))
    }

    mutating func party() -> DocumentParty {
        DocumentParty(
            locationNumber: generator.oneIn(2) ? checked(13) : nil, code: nil, name: text(1...175),
            streets: (0..<number(1...4)).map { _ in text(1...35) }, city: text(1...35), postalCode: optionalText(1...9),
            country: generator.pick(["NL", "DE", "BE"]))
    }

    mutating func order() -> OrderIdentity { OrderIdentity(number: text(1...35), erpNumber: text(1...35)) }

    mutating func despatch() -> Despatch {
        let orders = (0..<number(1...3)).map { index in
            var order = order()
            order.number += "\(index)"
            order.number = String(order.number.unicodeScalars.suffix(35))
            return order
        }
        let shipment = time()
        let delivery = ZonedTime(
            Timestamp(milliseconds: Int64(shipment.instant + number(0...864_000)) * 1000), offsetMinutes: shipment.offsetMinutes)
        let lineCount = generator.oneIn(100) ? 400 : number(1...6)
        var packages = (0..<number(1...4)).map { _ in package() }
        for number in 1...lineCount {
            var line = line(generator.pick(orders), Int64(number))
            packages[self.number(0...packages.count - 1)].lines.append(line)
            guard generator.oneIn(4) else { continue }
            line.quantity = quantity()
            packages[self.number(0...packages.count - 1)].lines.append(line)
        }
        packages.removeAll { $0.lines.isEmpty }
        var despatch = Despatch(
            number: text(1...35), noticeTime: time(), shipmentTime: shipment, deliveryTime: delivery ?? shipment,
            packages: packages)
        despatch.comment = optionalText(1...300)
        despatch.isComplete = generator.pick([nil, true, false])
        despatch.carrier = Carrier(name: text(1...35), alphaCode: optionalText(2...4), serviceLevel: optionalText(1...20))
        (despatch.buyer, despatch.supplier) = (party(), party())
        despatch.deliverTo = generator.oneIn(2) ? party() : nil
        return despatch
    }

    private mutating func package() -> DespatchPackage {
        DespatchPackage(
            containerCode: generator.oneIn(2) ? checked(18) : nil, trackingCode: text(1...35),
            typeCode: generator.pick(["CT", "PX"]),
            weightKilograms: generator.oneIn(2) ? quantity() : nil, lines: [])
    }

    private mutating func line(_ order: OrderIdentity, _ number: Int64) -> DespatchLine {
        var line = DespatchLine(
            order: order, orderLineNumber: number, erpLineNumber: number * 10, article: article(), quantity: quantity(),
            unit: generator.pick(["EA", "KGM", "MTR", "C62"]))
        line.batch = optionalText(1...35)
        line.expiryDate = generator.oneIn(3) ? time().date : nil
        return line
    }

    mutating func confirmation() -> OrderConfirmation {
        let lineCount = generator.oneIn(100) ? 400 : number(0...6)
        var confirmation = OrderConfirmation(number: text(1...35), order: order(), time: time(), currency: "EUR", lines: [])
        for number in 0..<lineCount { confirmation.lines.append(confirmedLine(Int64(number + 1))) }
        confirmation.comment = optionalText(1...300)
        (confirmation.buyer, confirmation.supplier) = (party(), party())
        return confirmation
    }

    private mutating func confirmedLine(_ number: Int64) -> ConfirmedLine {
        let parts = (0..<self.number(1...3)).map { _ in part() }
        let sum = parts.reduce(ExactDecimal.zero) { $0.adding($1.quantity) ?? $0 }
        return ConfirmedLine(
            orderLineNumber: number, erpLineNumber: generator.oneIn(4) ? nil : number * 10, article: article(), quantity: sum,
            unit: generator.pick(["EA", "KGM"]), parts: parts)
    }

    private mutating func part() -> ConfirmedPart {
        let outcome: ConfirmedPart.Outcome = generator.pick([
            .accepted, .accepted, .repriced(quantity()), .changed, .backordered, .rejected,
        ])
        return ConfirmedPart(
            quantity: quantity(), outcome: outcome, deliveryTime: generator.oneIn(3) ? time() : nil, reason: optionalText(1...200)
        )
    }
}
