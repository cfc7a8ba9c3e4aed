/// A file taken apart: its segments, UNB and UNZ among them, and what UNB says of the signs they are written in.
struct EDIFACTTokens {
    let repertoire: EDIFACTRepertoire
    let syntax: EDIFACTSyntax
    let segments: [EDIFACTSegment]

    /// - Throws: ``DocumentFault`` for a file that doesn't begin with UNB, and for bytes that make no segments.
    init(_ bytes: [UInt8]) throws(DocumentFault) {
        var cutter = try EDIFACTCutter(bytes)
        guard let head = try cutter.next(), head.tag == "UNB" else {
            throw DocumentFault(element: "UNB", "a file begins with UNB")
        }
        (repertoire, syntax) = (try Self.repertoire(head), try Self.syntax(head))
        if syntax == .version3 { cutter.signs.repetition = nil }
        var segments = [try head.segment(in: repertoire)]
        while let cut = try cutter.next() { segments.append(try cut.segment(in: repertoire)) }
        self.segments = segments
    }

    private static func repertoire(_ head: EDIFACTCut) throws(DocumentFault) -> EDIFACTRepertoire {
        let name = head.plainText(1, 0)
        guard let repertoire = EDIFACTRepertoire(rawValue: name) else {
            let known = EDIFACTRepertoire.allCases.map(\.rawValue).joined(separator: ", ")
            throw head.fault(
                "UNB S001.0001", "the repertoire '\(LogText.line(name, scalarsMax: 20))' is not read here, only \(known)")
        }
        return repertoire
    }

    private static func syntax(_ head: EDIFACTCut) throws(DocumentFault) -> EDIFACTSyntax {
        switch head.plainText(1, 1) {
        case "1", "2", "3": .version3
        case "4": .version4
        case let version:
            throw head.fault(
                "UNB S001.0002", "the syntax version '\(LogText.line(version, scalarsMax: 20))' is none from 1 to 4")
        }
    }
}
