import Orders
import XMLKit

/// One thing that a document can't say, or says wrongly, in words for a person.
package struct DocumentFault: Error, Sendable, Hashable, CustomStringConvertible {
    /// The order it concerns, by the number people know; `nil` for the document as a whole.
    package var order: String?
    /// The order's line number.
    package var line: Int64?
    /// Where in the document, in the document's own words: `Desadv/DesadvHeader/DesadvNumber`, `QTY C186.6060`.
    package var element: String
    package var message: String
    /// The segment of the EDIFACT file that it was found in.
    package var segment: EDIFACTPlace?

    package init(order: String? = nil, line: Int64? = nil, element: String, _ message: String) {
        self.order = order
        self.line = line
        self.element = element
        self.message = message
    }

    /// Order, line and element, as far as they are known.
    package var place: String {
        [order.map { "order \($0)" }, line.map { "line \($0)" }, element].compactMap(\.self).joined(separator: ", ")
    }

    package var description: String {
        let found = segment.map { "\($0): " } ?? ""
        // Names and texts in it come from outside.
        return LogText.line("\(found)\(place): \(message)", scalarsMax: 1000)
    }
}

/// All that is wrong with a document, at once; never empty.
package struct DocumentFaults: Error, Sendable, Equatable, CustomStringConvertible {
    package let faults: [DocumentFault]

    package init(faults: [DocumentFault]) { self.faults = faults }

    package var description: String { faults.map(\.description).joined(separator: "\n") }
}

/// Gathers faults while a document is made, so that a person is told of all of them at once.
struct FaultList {
    private(set) var faults: [DocumentFault] = []
    private var known: Set<DocumentFault> = []
    /// What the faults that are added next concern.
    var order: String?
    var line: Int64?
    var segment: EDIFACTPlace?

    mutating func add(_ element: String, _ message: String) {
        var fault = DocumentFault(order: order, line: line, element: element, message)
        fault.segment = segment
        if known.insert(fault).inserted { faults.append(fault) }
    }

    func throwIfAny() throws(DocumentFaults) {
        if !faults.isEmpty { throw DocumentFaults(faults: faults) }
    }

    /// Checks a text that must be there.
    mutating func require(_ text: String, _ element: String) {
        if text.allSatisfy(\.isWhitespace) { add(element, "a mandatory value is missing") }
        check(text, element)
    }

    /// Checks that XML can hold a text.
    mutating func check(_ text: String?, _ element: String) {
        guard let scalar = text?.unicodeScalars.first(where: { !XMLWriter.isAllowed($0) }) else { return }
        add(element, "XML can't hold the sign U+\(String(scalar.value, radix: 16, uppercase: true))")
    }

    /// Checks a quantity that moves goods.
    mutating func requirePositive(_ quantity: ExactDecimal, _ element: String) {
        if quantity.isZero || quantity.isNegative { add(element, "\(quantity) is not a quantity above zero") }
    }
}

extension DocumentFaults {
    /// What the XML writer found, for what no check of ours foresaw.
    init(_ fault: XMLWriteFault) { self.init(faults: [DocumentFault(element: fault.path, fault.message)]) }

    init(_ fault: DocumentFault) { self.init(faults: [fault]) }
}

extension DocumentFault {
    init(_ fault: XMLFault) { self.init(element: fault.line.map { "line \($0)" } ?? "document", fault.message) }
}

extension ExactDecimal {
    /// Without an exponent, a plus sign, or zeros that say nothing: `12.5` for `+1250e-2`.
    var plain: String { adding(.zero)?.spelling ?? spelling }

    /// How many digits stand before the point.
    var integerDigits: Int { plain.drop { $0 == "-" }.prefix { $0 != "." }.drop { $0 == "0" }.utf8.count }

    /// With at least so many digits behind the point.
    func plain(fractionDigits: Int) -> String {
        let text = plain
        let missing = fractionDigits - self.fractionDigits
        guard missing > 0 else { return text }
        return text + (self.fractionDigits == 0 ? "." : "") + String(repeating: "0", count: missing)
    }

    /// The exact sum, `nil` where it can't be held.
    static func sum(_ values: some Sequence<ExactDecimal>) -> ExactDecimal? {
        values.reduce(ExactDecimal?(.zero)) { total, value in total?.adding(value) }
    }
}
