import Orders
import SinkKit
import Synchronization

/// A sink over the ERP in memory that gets everything right, but for the flaw it is given.
///
/// Making and confirming are two calls, each a named attempt.
final class ReferenceSink: ERPSink {
    let capabilities: SinkCapabilities
    let erp: ReferenceERP
    private let password: String
    var flaw: Flaw? { erp.flaw }
    private let made = Mutex<Set<String>>([])
    /// What it takes for a key that the ERP enforces.
    private let numbers = Mutex<[String: String]>([:])
    private let isDead = Mutex(false)

    init(_ erp: ReferenceERP, password: String = ReferenceERP.password) {
        self.erp = erp
        self.password = password
        let opened = erp.state.withLock { state in
            state.opened += 1
            return state.opened
        }
        var capabilities = SinkCapabilities(
            sinkClass: Self.sinkClass(erp.letter), tellsShipments: true, validates: true, cancels: true, releases: true,
            receivesMessages: true)
        if erp.flaw == .variesItsCapabilities { capabilities.cancels = opened % 2 == 0 }
        self.capabilities = capabilities
        erp.state.withLock { $0.log.append("opened" + (erp.flaw == .leaksIntoItsLog ? " with \(password)" : "")) }
    }

    private static func sinkClass(_ letter: String) -> SinkClass {
        switch letter {
        case "K": .key(retention: nil, latestEffect: .zero)
        case "L": .lookUp(latestEffect: ReferenceERP.latestEffect)
        default: .neither
        }
    }

    func kill() { isDead.withLock { $0 = true } }

    // MARK: Finding

    func find(_ key: IdempotencyKey, _ context: SinkContext) async throws(SinkError) -> SinkReceipt? {
        if capabilities.sinkClass == .neither {
            if flaw == .findsNothingThoughItCannotAsk { return nil }
            throw SinkError(.misconfigured, "this ERP can't be asked")
        }
        let order: ReferenceERP.Order?
        do throws(ReferenceERP.WireFailure) { order = try await erp.get(limit: context.timeLimit) { $0.find(key) } } catch {
            if flaw == .findsNothingOnError { return nil }
            if flaw == .findsNothingOnDeadline, error == .timedOut { return nil }
            throw SinkError(.unavailable, "the ERP couldn't be asked" + leak)
        }
        guard let order else {
            if flaw == .throwsWhereNothingIs { throw SinkError(.notApplied, "the ERP answered 404") }
            return nil
        }
        if flaw == .forgetsOnRestart, !made.withLock({ $0.contains(key.text) }) { return nil }
        if flaw == .findsNothingAfterCancelling, order.state == .cancelled { return nil }
        return receipt(order, of: nil, number: flaw == .findGivesAnInternalID ? "id-\(order.number)" : order.number)
    }

    private var leak: String { flaw == .leaksIntoErrors ? " at https://me:\(password)@erp.example.com" : "" }

    // MARK: Making

    func create(_ order: SinkOrder, _ context: SinkContext) async throws(SinkError) -> SinkAnswer {
        if flaw == .needsTwoLines, order.order.lines.count < 2 { return .rejected([SinkFault(message: "too few lines")]) }
        if flaw == .failsOnUnicode, order.order.lines.contains(where: { $0.description?.utf8.contains { $0 > 127 } ?? false }) {
            throw SinkError(.notApplied, "this text can't be encoded")
        }
        // A refusal had no effect, so it is no evidence of one: the attempt ends as not applied, and the faults go beside it.
        let refusal = Refusal()
        let evidence: JSONObject
        do throws(SinkError) { evidence = try await makeOnce(order, context, refusal) } catch {
            let faults = refusal.faults.withLock { $0 }
            guard faults.isEmpty else { return .rejected(faults) }
            throw error
        }
        let number = evidence["number"]?.stringValue ?? ""
        _ = try await context.attempt("confirm", promise: .key(retention: nil, latestEffect: .zero)) { () throws(SinkError) in
            JSONObject([("state", .text(self.erp.confirm(number)?.state.rawValue))])
        }
        made.withLock { _ = $0.insert(order.key.text) }
        guard let confirmed = erp.orders(order.key).first(where: { $0.number == number }) else {
            return .accepted(SinkReceipt(erpOrderNumber: number, lines: []))
        }
        return .accepted(receipt(confirmed, of: order, number: flaw == .answersWithoutNumber ? "" : number))
    }

    private final class Refusal: Sendable {
        let faults = Mutex<[SinkFault]>([])
    }

    private func makeOnce(
        _ order: SinkOrder, _ context: SinkContext, _ refusal: Refusal
    ) async throws(SinkError) -> JSONObject {
        if flaw == .repeatsFinishedAttempts {
            let attempt = SinkAttemptName("make")
            try await context.attempts.begin(attempt)
            let evidence = try await make(order, context, refusal)
            try await context.attempts.end(attempt, .finished(evidence))
            return evidence
        }
        let name = flaw == .namesAttemptsAnew ? "make \(erp.state.withLock { $0.opened })" : "make"
        let promise: SinkClass =
            flaw == .sendsUnansweredAttemptsAgain ? .key(retention: nil, latestEffect: nil) : capabilities.sinkClass
        return try await context.attempt(
            name, promise: promise,
            find: { () throws(SinkError) in
                guard let order = self.erp.find(order.key) else { return nil }
                return JSONObject([("number", .text(order.number))])
            }, send: { () throws(SinkError) in try await self.make(order, context, refusal) })
    }

    private func make(
        _ order: SinkOrder, _ context: SinkContext, _ refusal: Refusal
    ) async throws(SinkError) -> JSONObject {
        if capabilities.sinkClass.letter == "L", flaw != .makesDraftsAnew, let known = erp.find(order.key), known.state == .draft
        {
            guard known.lines.map(\.quantity) == order.order.lines.map(\.quantity) else {
                throw SinkError(.conflict, "a draft with other lines")
            }
            if flaw != .sendsUnansweredAttemptsAgain { return JSONObject([("number", .text(known.number))]) }
        }
        if flaw == .keepsItsKeysInMemory, let number = numbers.withLock({ $0[order.key.text] }) {
            return JSONObject([("number", .text(number))])
        }
        if flaw != .ignoresTheStart { try SinkStartDeadline(context).check() }
        let answer: ReferenceERP.Answer
        do throws(ReferenceERP.WireFailure) { answer = try await post(order, context) } catch {
            if flaw == .takesACutOffForSuccess, error == .lost { return JSONObject([("number", .text("SO-guessed"))]) }
            throw failed(error, order)
        }
        switch answer {
        case .made(let made):
            numbers.withLock { $0[order.key.text] = made.number }
            return JSONObject([("number", .text(made.number))])
        case .conflict: throw SinkError(.conflict, "something else stands under this key")
        case .faults(let faults):
            refusal.faults.withLock { $0 = faults }
            throw SinkError(.notApplied, "the order was refused")
        }
    }

    private func post(_ order: SinkOrder, _ context: SinkContext) async throws(ReferenceERP.WireFailure) -> ReferenceERP.Answer {
        let isDead = { @Sendable [self] in self.isDead.withLock { $0 } }
        do throws(ReferenceERP.WireFailure) {
            return try await erp.post(order, password: password, limit: context.timeLimit, isDead: isDead)
        } catch {
            guard flaw == .retriesByItself, error == .lost else { throw error }
            return try await erp.post(order, password: password, limit: context.timeLimit, isDead: isDead)
        }
    }

    private func failed(_ failure: ReferenceERP.WireFailure, _ order: SinkOrder) -> SinkError {
        switch failure {
        case .notSent: return SinkError(.unavailable, "the ERP can't be reached" + leak)
        case .unauthorized:
            return SinkError(flaw == .saysUnknownToWrongCredentials ? .unknownOutcome : .unauthorized, "refused" + leak)
        case .lost, .timedOut:
            if isDead.withLock({ $0 }), flaw == .saysUnavailableWhenKilled { return SinkError(.unavailable, "the program ended") }
            if flaw == .sendsAgainFromCheck { erp.state.withLock { $0.unanswered.append(order) } }
            return SinkError(flaw == .saysNotAppliedAfterAcceptance ? .notApplied : .unknownOutcome, "no answer" + leak)
        }
    }

    private func receipt(_ order: ReferenceERP.Order, of sent: SinkOrder?, number: String) -> SinkReceipt {
        // Whoever loses or merges lines tells nobody.
        let keys = sent?.order.lines.map(\.key) ?? order.lines.map(\.key)
        var lines = keys.enumerated().map { index, key in
            SinkReceiptLine(lineKey: key, erpLineNumber: flaw == .givesAllLinesOneNumber ? 10 : Int64(index + 1) * 10)
        }
        if flaw == .receiptLacksALine { lines.removeLast() }
        return SinkReceipt(erpOrderNumber: number, state: order.state, lines: lines)
    }
}
