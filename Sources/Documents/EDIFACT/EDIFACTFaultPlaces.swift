/// Finds the segments of a message that faults speak of which were found by writing it again.
struct EDIFACTFaultPlaces {
    /// More of them nobody reads, and looking for each takes a walk over the message.
    private static let faultsMax = 1000

    private struct Line: Hashable {
        var order: String
        var number: String
    }

    /// Of each order's line.
    private var lines: [Line: [EDIFACTSegment]] = [:]
    /// Those that belong to no line.
    private var others: [EDIFACTSegment] = []

    init(_ message: EDIFACTInterchange.Message) {
        let beginnings: Set = ["LIN", "CPS", "UNS", "CNT"]
        var segments = message.segments[...]
        while let first = segments.first {
            let end = segments.dropFirst().firstIndex { beginnings.contains($0.tag) } ?? segments.endIndex
            let group = segments[..<end]
            segments = segments[end...]
            if first.tag != "LIN" {
                others += group
            } else if let reference = group.first(where: { $0.tag == "RFF" && $0[0, 0] == "ON" }) {
                lines[Line(order: reference[0, 1], number: reference[0, 2]), default: []] += group
            }
        }
    }

    /// The faults, each with its segment where there is but one that it can mean.
    func located(_ faults: [DocumentFault]) -> [DocumentFault] {
        faults.prefix(Self.faultsMax).map { fault in
            var fault = fault
            if fault.segment == nil { fault.segment = place(of: fault) }
            return fault
        } + faults.dropFirst(Self.faultsMax)
    }

    /// By the element's words, `QTY 12 C186.6060` or `BGM 1004`, and by the value that the fault quotes.
    private func place(of fault: DocumentFault) -> EDIFACTPlace? {
        let words = fault.element.split(separator: " ").map(String.init)
        let scope = fault.line.map { lines[Line(order: fault.order ?? "", number: String($0))] ?? [] } ?? others
        var candidates = scope.filter { $0.tag == words.first }
        if words.count > 1, candidates.contains(where: { $0[0, 0] == words[1] }) {
            candidates.removeAll { $0[0, 0] != words[1] }
        }
        if candidates.count > 1 {
            candidates.removeAll { segment in
                !segment.elements.joined().contains { !$0.isEmpty && fault.message.contains("'\($0)'") }
            }
        }
        return candidates.count == 1 ? candidates[0].place : nil
    }
}
