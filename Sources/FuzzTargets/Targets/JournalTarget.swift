import OrderFlow
import Orders

extension FuzzTarget {
    /// A kind, a line break, and the stored body of a journal entry: what can be read is stored again as it is understood.
    static let journal = FuzzTarget(name: "journal", inputBytesMax: 1024, share: 120) { input throws(BrokenProperty) in
        let parts = input.split(separator: 0x0A, maxSplits: 1)
        guard parts.count == 2, let kind = JournalEvent.Kind(rawValue: String(decoding: parts[0], as: UTF8.self)),
            let body = (try? JSONValue(parsing: Array(parts[1])))?.objectValue
        else { return }
        let event: JournalEvent
        do throws(JournalFormatError) { event = try JournalEvent(kind: kind, body: body) } catch {
            try require(error.kind == kind.rawValue && !error.member.isEmpty, "a fault names the entry and the member")
            return
        }
        let stored = event.body
        try require(event.kind == kind, "an entry keeps its kind")
        let again = (try? JSONValue(parsing: JSONValue.object(stored).serialized()))?.objectValue
        let readAgain = again.flatMap { try? JournalEvent(kind: kind, body: $0) }
        try require(readAgain == event, "an entry that is stored reads as itself")
    }
}
