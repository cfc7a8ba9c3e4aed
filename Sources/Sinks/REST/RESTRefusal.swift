import Orders
import Settings
import SinkKit
import Transport

/// What an ERP refused an order for, in words for a person, and without what they may say about the customer.
struct RESTRefusal {
    private let settings: RESTSinkSettings

    /// Longer texts are cut: an error may hold a page of HTML or a trace.
    private static let charactersMax = 200

    init(_ settings: RESTSinkSettings) { self.settings = settings }

    func faults(_ response: HTTPResponse, of order: SinkOrder) -> [SinkFault] {
        let json = try? JSONValue(parsing: response.body)
        let there = json?.value(at: settings.faultsPath)
        let listed = there?.arrayValue ?? (there?.objectValue == nil ? [] : [there].compactMap(\.self))
        let faults = listed.map { fault in
            SinkFault(
                path: fault.value(at: settings.faultPathPath)?.plainText ?? "",
                message: fault.value(at: settings.faultMessagePath)?.plainText.map { shown($0, order) } ?? fault.outline)
        }
        if !faults.isEmpty { return faults }
        let outline = json?.outline ?? "without a readable reason"
        return [SinkFault(message: "the ERP answered \(response.status): \(outline)")]
    }

    /// The text on one line, without markup and without texts of the order's parties, cut where it is long.
    private func shown(_ text: String, _ order: SinkOrder) -> String {
        let line = text.replacing(/<[^>]*>/, with: " ").split(whereSeparator: \.isWhitespace).joined(separator: " ")
        let plain = order.withoutPersonalWords(line)
        return plain.count > Self.charactersMax ? plain.prefix(Self.charactersMax) + "…" : plain
    }
}
