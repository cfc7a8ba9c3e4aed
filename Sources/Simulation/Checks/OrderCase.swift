import Ledger
import OrderFlow
import Orders

/// What the referee knows of one order: the truth in the shop, what is durable in the ledger, and who was told what.
final class OrderCase {
    let plan: OrderPlan

    // The truth in the shop.
    var isInShop = false
    var payment = ""
    var state: String
    /// The fields that aren't Crossdock's to write, as shop and person made them.
    var foreign: [ForeignField] = []
    var edits: [Edit] = []
    var cancelledAt: Int64?
    var contentEdits = 0
    var wasEverUnpaid = false
    /// When a write to the shop last went unanswered.
    var lastLostWriteAt: Int64?
    /// A person let it go on while an unanswered write to the shop could still take effect: what that undoes isn't promised.
    var wasHurried = false
    var wasCancelledInERP = false
    /// Somebody in the shop set it to 'processing'.
    var wasTakenInHand = false

    // What is durable.
    var isRecorded = false
    var token: Int64 = 0
    var claimant: Int?
    var openIntent: CreateIntent?
    var wasIntended = false
    var payloads: [String: [UInt8]] = [:]
    /// By the keys of purchases how many tries were begun and didn't end, as far as anybody knows.
    var openAttempts: [String: Int] = [:]
    /// The ERP order that a look-up showed as a draft.
    var draftNumber: String?
    var receiptNumbers: [String] = []
    var isHeldByPerson = false
    var isSkipped = false
    var wasAdopted = false
    var wasReleased = false
    /// What people decided, as the journal has it.
    var decisions: [String] = []
    var createsOrdered = 0
    var failures = 0
    /// What the ERP answered to the last try is on disk.
    var wasTicketKept = false
    /// Tries written down that aren't known to have had no effect.
    var triesPossiblySent = 0
    /// That the ERP is asked to cancel it is written down, and not what came of that.
    var isCancelAsked = false
    /// Taken in from messages.
    var messages: Set<MessageName> = []
    /// In the order of their rendering.
    var documents: [DocumentCase] = []

    // Who was told what.
    var posts: [Post] = []
    /// When the ERP answered that it has no such order, and under which key.
    var absences: [(at: Int64, key: String)] = []
    /// What the ERP said of it by itself, and was answered that it is kept.
    var told: [Telling.Word] = []
    /// How many creates had gone out each time that the ERP said that it cancelled the order.
    var postsBeforeCancels: [Int] = []
    /// The ERP says of an order that it has that it refused it.
    var wasRefusalMadeUp = false
    private var reads: [(worker: Int, read: Read)] = []
    var writesWithoutEffect = 0

    init(_ plan: OrderPlan) {
        self.plan = plan
        state = plan.state
    }

    var key: OrderKey { OrderKey(shop: World.shopName, orderID: Int64(plan.id)) }

    /// One that had no effect says nothing about an earlier one whose end isn't known.
    func endTry(of purchase: String) {
        let left = openAttempts[purchase, default: 0] - 1
        openAttempts[purchase] = left > 0 ? left : nil
    }

    func document(_ ordinal: Int) -> DocumentCase? { documents.first { $0.record.ordinal == ordinal } }

    struct Edit {
        var at: Int64
        var field: String
    }

    /// What one answer from the shop showed.
    struct Read {
        var beganAt: Int64
        var payment: String
        var state: String
        var wasOutage = false
    }

    func read(by worker: Worker) -> Read? { reads.first { $0.worker == worker.number }?.read }

    func setRead(_ read: Read, by worker: Worker) {
        reads.removeAll { $0.worker == worker.number }
        reads.append((worker.number, read))
    }

    func snapshot(beganAt: Int64) -> Read { Read(beganAt: beganAt, payment: payment, state: state) }

    /// One create that went out.
    final class Post {
        enum End { case answered, unknown, nothing }

        let key: String
        let worker: Worker
        let sentAt: Int64
        let createsOrderedBefore: Int
        private(set) var end: End?
        private(set) var endedAt: Int64?

        init(key: String, worker: Worker, sentAt: Int64, createsOrderedBefore: Int) {
            self.key = key
            self.worker = worker
            self.sentAt = sentAt
            self.createsOrderedBefore = createsOrderedBefore
        }

        func end(_ end: End, at now: Int64) {
            guard self.end == nil else { return }
            self.end = end
            // A process that was stopped hears late of what ended in its time.
            endedAt = min(now, sentAt + Office.sinkTimeLimit.inMilliseconds)
        }

        /// When its connection ended, if it has; a process that is stopped doesn't keep it open for longer.
        func endedAt(by now: Int64) -> Int64? {
            let latest = sentAt + Office.sinkTimeLimit.inMilliseconds
            return endedAt ?? (now >= latest ? latest : nil)
        }

        /// The ERP has refused it after all.
        func wasRefused() { end = .nothing }
    }
}

/// A member of the shop's order, by its path, in the spelling it has.
struct ForeignField: Equatable {
    var path: String
    var bytes: [UInt8]

    private static let ours = ["state", "erp_order_number", "shipment_state", "modified_date"]

    /// Every member but those that are Crossdock's and the shop's own to change.
    static func all(in order: JSONObject) -> [ForeignField] {
        var fields: [ForeignField] = []
        for member in order.members where !ours.contains(member.name.value) {
            if member.name.value == "order_lines", let lines = member.value.arrayValue {
                for (index, line) in lines.enumerated() {
                    var rest = line.objectValue ?? JSONObject()
                    rest["erp_line_number"] = nil
                    fields.append(ForeignField(path: "order_lines[\(index)]", bytes: JSONValue.object(rest).serialized()))
                }
                fields.append(ForeignField(path: "order_lines.count", bytes: Array("\(lines.count)".utf8)))
            } else {
                fields.append(ForeignField(path: member.name.literal, bytes: member.value.serialized()))
            }
        }
        return fields
    }
}
