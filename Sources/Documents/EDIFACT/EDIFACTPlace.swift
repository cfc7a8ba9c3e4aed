/// Where a segment stands in the file that it was read from.
package struct EDIFACTPlace: Sendable, Hashable, CustomStringConvertible {
    /// From 1, which is UNB; a UNA before it is no segment.
    package var number: Int
    /// Empty where it is not known.
    package var tag: String
    /// On which it begins, from 1; 1 throughout where the file has but one.
    package var line: Int

    package init(number: Int, tag: String, line: Int) {
        self.number = number
        self.tag = tag
        self.line = line
    }

    package var description: String { "segment \(number)\(tag.isEmpty ? "" : " (\(tag))"), line \(line)" }
}

extension EDIFACTSegment {
    /// A fault of this segment.
    func fault(_ element: String, _ message: String) -> DocumentFault {
        var fault = DocumentFault(element: element, message)
        fault.segment = place
        return fault
    }
}
