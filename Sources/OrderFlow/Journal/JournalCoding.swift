package import Orders
import SinkKit

/// The stored form of journal events: a kind and a JSON object. Members are only ever added, never renamed:
/// a ledger written by any release must be readable by every later one.
extension JournalEvent {
    package enum Kind: String, Sendable {
        case read, verdict, createIntended = "create_intended", createEnded = "create_ended", interrupted, sought, wrote, failed,
            person, restored, shipped, listedOffline = "listed_offline"
        case documentRendered = "document_rendered", documentImpossible = "document_impossible",
            documentSending = "document_sending", documentEnded = "document_ended"
        case codesStored = "codes_stored", codesRevealed = "codes_revealed"
        case attemptBegun = "attempt_begun", attemptEnded = "attempt_ended", draftKept = "draft_kept"
        case message
        case cancelAsked = "cancel_asked", cancelEnded = "cancel_ended"
    }

    package var kind: Kind {
        switch self {
        case .listedOffline: .listedOffline
        case .read: .read
        case .verdict: .verdict
        case .createIntended: .createIntended
        case .createEnded: .createEnded
        case .interrupted: .interrupted
        case .sought: .sought
        case .wrote: .wrote
        case .failed: .failed
        case .person: .person
        case .restored: .restored
        case .shipped: .shipped
        case .documentRendered: .documentRendered
        case .documentImpossible: .documentImpossible
        case .documentSending: .documentSending
        case .documentEnded: .documentEnded
        case .codesStored: .codesStored
        case .codesRevealed: .codesRevealed
        case .attemptBegun: .attemptBegun
        case .attemptEnded: .attemptEnded
        case .draftKept: .draftKept
        case .message: .message
        case .cancelAsked: .cancelAsked
        case .cancelEnded: .cancelEnded
        }
    }

    package var body: JSONObject {
        switch self {
        case .listedOffline, .draftKept, .cancelAsked: JSONObject()
        case .read(let reading): reading.json
        case .verdict(let verdict): verdict.json
        case .createIntended(let intent): intent.json
        case .createEnded(let attempt, let end): end.json(attempt: attempt)
        case .interrupted(let attempt): JSONObject([("attempt", .integer(attempt))])
        case .sought(.found(let receipt)): JSONObject([("found", .object(receipt.json))])
        case .sought(.absent): JSONObject([("found", .null)])
        case .wrote(let steps, let reading):
            JSONObject([("steps", .array(steps.map { .text($0.rawValue) })), ("reading", .object(reading.json))])
        case .failed(let failure): failure.json
        case .person(let decision): decision.json
        case .restored(let restoration):
            JSONObject(restoration.doubt.map { [("doubt", .text($0))] } ?? [])
        case .shipped(let shipments): shipments.json
        case .documentRendered(let record): record.json
        case .documentImpossible(let cause, let faults): cause.json.adding("faults", faults.json)
        case .documentSending(let ordinal): JSONObject([("ordinal", .integer(ordinal))])
        case .documentEnded(let ordinal, let end): end.json(ordinal: ordinal)
        case .codesStored(let names): names.json
        case .codesRevealed(let by, let reason): JSONObject([("by", .text(by)), ("reason", .text(reason))])
        case .attemptBegun(let attempt): attempt.json
        case .attemptEnded(let attempt, let end): end.json(attempt)
        case .message(let entry): entry.json
        case .cancelEnded(let end): end.json
        }
    }

    /// - Throws: ``JournalFormatError`` where the stored body has not the shape of its kind.
    package init(kind: Kind, body: JSONObject) throws(JournalFormatError) {
        let fields = JournalFields(kind: kind, object: body)
        switch kind {
        case .listedOffline: self = .listedOffline
        case .read: self = .read(try OrderReading(fields))
        case .verdict: self = .verdict(try Verdict(fields))
        case .createIntended: self = .createIntended(try CreateIntent(fields))
        case .createEnded: self = .createEnded(attempt: try fields.integer("attempt"), try CreateEnd(fields))
        case .interrupted: self = .interrupted(attempt: try fields.integer("attempt"))
        case .sought:
            // Only a `null` that stands there says "absent": a member that is missing or damaged must not let a create through.
            guard let found = body["found"] else { throw fields.fault("found") }
            self = .sought(found.isNull ? .absent : .found(try fields.receipt("found")))
        case .wrote:
            let steps = try fields.array("steps").map { step throws(JournalFormatError) in
                guard let step = step.stringValue.flatMap(WriteStep.init(rawValue:)) else { throw fields.fault("steps") }
                return step
            }
            self = .wrote(steps, try OrderReading(JournalFields(kind: kind, object: try fields.object("reading"))))
        case .failed: self = .failed(try Failure(fields))
        case .person: self = .person(try PersonDecision(fields))
        case .restored: self = .restored(Restoration(doubt: try fields.optionalText("doubt")))
        case .shipped: self = .shipped(try KnownShipments(fields))
        case .documentRendered: self = .documentRendered(try DocumentRecord(fields))
        case .documentImpossible: self = .documentImpossible(try DocumentCause(fields), try fields.faults("faults"))
        case .documentSending: self = .documentSending(ordinal: try fields.integer("ordinal"))
        case .documentEnded: self = .documentEnded(ordinal: try fields.integer("ordinal"), try DocumentEnd(fields))
        case .codesStored: self = .codesStored(try [CodeName](fields))
        case .codesRevealed: self = .codesRevealed(by: try fields.text("by"), reason: try fields.text("reason"))
        case .attemptBegun: self = .attemptBegun(try SinkAttemptName(fields))
        case .attemptEnded: self = .attemptEnded(try SinkAttemptName(fields), try SinkAttemptEnd(fields))
        case .draftKept: self = .draftKept
        case .message: self = .message(try MessageEntry(fields))
        case .cancelAsked: self = .cancelAsked
        case .cancelEnded: self = .cancelEnded(try CancelEnd(fields))
        }
    }
}

/// A journal row that can't be read: the ledger was damaged, or written by a later release.
package struct JournalFormatError: Error, Sendable, Equatable, CustomStringConvertible {
    package let kind: String
    package let member: String

    package init(kind: String, member: String) {
        self.kind = kind
        self.member = member
    }

    package var description: String { "the journal entry of kind '\(kind)' has no usable '\(member)'" }
}

/// Reads the members of a stored body, naming what is missing.
struct JournalFields {
    let kind: JournalEvent.Kind
    let object: JSONObject

    func fault(_ member: String) -> JournalFormatError { JournalFormatError(kind: kind.rawValue, member: member) }

    func text(_ member: String) throws(JournalFormatError) -> String {
        guard let text = object[member]?.stringValue else { throw fault(member) }
        return text
    }

    func integer(_ member: String) throws(JournalFormatError) -> Int {
        guard let integer = object[member]?.integerValue else { throw fault(member) }
        return Int(integer)
    }

    func instant(_ member: String) throws(JournalFormatError) -> Timestamp {
        Timestamp(milliseconds: Int64(try integer(member)))
    }

    /// `nil` where the member is missing or `null`; of another kind it is damaged.
    private func optional<Value>(_ member: String, _ read: (JSONValue) -> Value?) throws(JournalFormatError) -> Value? {
        guard let stored = object[member], !stored.isNull else { return nil }
        guard let value = read(stored) else { throw fault(member) }
        return value
    }

    func optionalText(_ member: String) throws(JournalFormatError) -> String? { try optional(member, \.stringValue) }

    func optionalInteger(_ member: String) throws(JournalFormatError) -> Int64? { try optional(member, \.integerValue) }

    func optionalBool(_ member: String) throws(JournalFormatError) -> Bool? { try optional(member, \.boolValue) }

    func optionalArray(_ member: String) throws(JournalFormatError) -> [JSONValue]? { try optional(member, \.arrayValue) }

    func optionalInstant(_ member: String) throws(JournalFormatError) -> Timestamp? {
        try optionalInteger(member).map(Timestamp.init(milliseconds:))
    }

    func array(_ member: String) throws(JournalFormatError) -> [JSONValue] {
        guard let array = object[member]?.arrayValue else { throw fault(member) }
        return array
    }

    func object(_ member: String) throws(JournalFormatError) -> JSONObject {
        guard let object = object[member]?.objectValue else { throw fault(member) }
        return object
    }

    func receipt(_ member: String) throws(JournalFormatError) -> SinkReceipt {
        guard let receipt = SinkReceipt(json: try object(member)) else { throw fault(member) }
        return receipt
    }

    /// A closed vocabulary: a word this release doesn't know is a fault.
    func word<Word: RawRepresentable<String>>(_ member: String, _: Word.Type = Word.self) throws(JournalFormatError) -> Word {
        guard let word = Word(rawValue: try text(member)) else { throw fault(member) }
        return word
    }

    /// None where the member is missing.
    func faults(_ member: String) throws(JournalFormatError) -> [SinkFault] {
        var faults: [SinkFault] = []
        for stored in try optionalArray(member) ?? [] {
            guard let path = stored["path"]?.stringValue, let message = stored["message"]?.stringValue else {
                throw fault(member)
            }
            faults.append(SinkFault(path: path, message: message))
        }
        return faults
    }
}
