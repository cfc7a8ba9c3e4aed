import Orders
import Transport

/// An answer of Khumbu's, whose shapes aren't documented, read as tolerantly as is safe.
struct KhumbuAnswer: Sendable {
    let status: Int
    /// `KS-0018`; `nil` where the answer names none.
    let code: String?
    /// Khumbu's own words; they may repeat what was sent.
    let reason: String?
    let ksOrderID: String?
    let partnerOrderID: String?
    /// Of a cart: what isn't as it was ordered.
    let discrepancies: [String]
    /// Neither JSON nor empty.
    let isGarbage: Bool

    init(_ response: HTTPResponse) {
        status = response.status
        let json = try? JSONValue(parsing: response.body)
        let isBlank = response.body.allSatisfy { [0x09, 0x0A, 0x0D, 0x20].contains($0) }
        isGarbage = json?.objectValue == nil && json?.isNull != true && !isBlank
        let stated = Self.text(json?["code"]) ?? Self.text(json?["errorCode"]) ?? Self.text(json?["error"]?["code"])
        let text = String(decoding: response.body.prefix(Self.bytesSearchedMax), as: UTF8.self)
        code = stated.flatMap(Self.code(in:)) ?? Self.code(in: text)
        reason =
            Self.text(json?["message"]) ?? Self.text(json?["reason"]) ?? Self.text(json?["errorMessage"])
            ?? Self.text(json?["error"]?["reason"]) ?? Self.text(json?["error"]?["message"])
        ksOrderID = Self.text(json?["ksOrderId"])
        partnerOrderID = Self.text(json?["partnerOrderId"])
        discrepancies = (json?["discrepancies"]?.arrayValue ?? []).map { entry in
            [Self.text(entry["id"]), Self.text(entry["reason"])].compactMap(\.self).joined(separator: ": ")
        }
    }

    /// A page of a gateway may be long.
    private static let bytesSearchedMax = 4096

    var isSuccess: Bool { (200..<300).contains(status) && code == nil && !isGarbage }

    /// `answered with 400 KS-0013`: nothing of what it repeats of the order.
    var outline: String { "answered with \(status)" + (code.map { " \($0)" } ?? isGarbageText) }

    private var isGarbageText: String { isGarbage ? " and no JSON" : "" }

    /// A text, or a number in its spelling: ids come as either.
    static func text(_ value: JSONValue?) -> String? {
        switch value {
        case .string(let string)?: string.value.isEmpty ? nil : string.value
        case .number(let number)?: number.spelling
        default: nil
        }
    }

    /// The first `KS-` with four digits behind it.
    static func code(in text: String) -> String? {
        var rest = text[...]
        while let place = rest.firstRange(of: "KS-") {
            rest = rest[place.upperBound...]
            let digits = rest.prefix { $0.isASCII && $0.isNumber }
            if digits.count == 4 { return "KS-\(digits)" }
        }
        return nil
    }
}
