package import Orders
package import SinkKit

/// What is next once the ERP has the order: mark, number, lines, close, each satisfied when a read shows it.
package struct AfterPush: Sendable {
    package let policy: FlowPolicy
    package let receipt: SinkReceipt

    package init(policy: FlowPolicy, receipt: SinkReceipt) {
        self.policy = policy
        self.receipt = receipt
    }

    package func next(_ progress: OrderProgress, at now: Timestamp) -> Decision {
        if let verdict = receiptVerdict(progress) { return .rest(verdict) }
        guard let reading = progress.reading, reading.isFresh(at: now), !progress.mustRead,
            progress.receiptAt.map({ reading.beganAt >= $0 }) ?? false
        else { return .read }
        if let verdict = conflict(reading, progress) { return .rest(verdict) }
        let steps = nextSteps(reading)
        if steps.isEmpty {
            return .rest(Verdict(.finished, .finished, "ERP order \(receipt.erpOrderNumber); the shop shows everything it should."))
        }
        if let last = progress.lastWrite, last.steps == steps, let verdict = withoutEffect(last, progress, at: now) {
            return .rest(verdict)
        }
        return .write(steps)
    }

    /// Writes in a row that the shop accepts and doesn't show before a person must look.
    private static let writesWithoutEffectMax = 5

    /// What was just written and isn't there is written again after a while, and not for ever.
    private func withoutEffect(_ last: OrderProgress.LastWrite, _ progress: OrderProgress, at now: Timestamp) -> Verdict? {
        let names = last.steps.map(\.rawValue).joined(separator: " and ")
        if last.timesInARow >= Self.writesWithoutEffectMax, !progress.isReleased(.writeWithoutEffect) {
            return Verdict(
                .quarantined, .writeWithoutEffect, "The shop accepted \(names) \(last.timesInARow) times and doesn't show it.")
        }
        let again = last.at + policy.retry.delay(afterFailures: last.timesInARow)
        guard again > now else { return nil }
        return Verdict(.waiting, .retryLater, "The shop accepted \(names) and doesn't show it; it is written again.", until: again)
    }

    private func receiptVerdict(_ progress: OrderProgress) -> Verdict? {
        if receipt.state == .cancelled {
            return Verdict(
                .quarantined, .cancelledInERP,
                "ERP order \(receipt.erpOrderNumber) is cancelled in the ERP; the shop isn't told. 'rerun --new-key' creates it again.")
        }
        if !receipt.isWhole, policy.partial == .quarantine, !progress.isReleased(.partiallyAccepted) {
            let faults = receipt.lines.filter { $0.outcome == .changed || $0.outcome == .rejected }.map {
                SinkFault(path: "line \($0.lineKey)", message: "\($0.outcome.rawValue)\($0.message.map { ": \($0)" } ?? "")")
            }
            return Verdict(
                .quarantined, .partiallyAccepted,
                "ERP order \(receipt.erpOrderNumber) doesn't have every line as it was sent; nothing is written to the shop until "
                    + "somebody says 'release'.", faults: faults)
        }
        return nil
    }

    /// What a person must look at before anything else is written to the shop.
    private func conflict(_ reading: OrderReading, _ progress: OrderProgress) -> Verdict? {
        func quarantined(_ reason: ReasonCode, _ sentence: String, faults: [SinkFault] = []) -> Verdict? {
            progress.isReleased(reason) ? nil : Verdict(.quarantined, reason, sentence, faults: faults)
        }
        let erpOrder = "ERP order \(receipt.erpOrderNumber)"
        if reading.state == .cancelled {
            return Verdict(
                .quarantined, .cancelledAfterPush,
                "It was cancelled in the shop after it went to the ERP as \(receipt.erpOrderNumber). Nothing further is written to the "
                    + "shop; cancel it in the ERP, then 'skip' it.")
        }
        if !reading.faults.isEmpty, let verdict = quarantined(
            .malformed, "Since \(erpOrder) was made, the shop's data for it can't be used any more.", faults: reading.faults)
        { return verdict }
        if let conflict = progress.conflict, let verdict = quarantined(.editedMeanwhile, conflict) { return verdict }
        if let pushed = progress.pushedContentDigest, pushed != reading.contentDigest,
            let verdict = quarantined(.changedAfterPush, "The shop's order was changed after it went to the ERP; \(erpOrder) has it as it was.")
        { return verdict }
        if let number = reading.erpOrderNumber, !number.isEmpty, number != receipt.erpOrderNumber,
            number != progress.replacedReceipt?.erpOrderNumber,
            let verdict = quarantined(.numberConflict, "The shop shows ERP number '\(number)', and the order went to \(erpOrder).")
        { return verdict }
        if let verdict = stateConflict(reading, progress) { return verdict }
        return lineConflict(reading, progress)
    }

    private func stateConflict(_ reading: OrderReading, _ progress: OrderProgress) -> Verdict? {
        if policy.selectedStates.contains(reading.state) {
            guard progress.isFinished, !progress.isReleased(.reopenedInShop) else { return nil }
            return Verdict(
                .quarantined, .reopenedInShop,
                "It was finished, and the shop shows it as '\(reading.state.rawValue)' again; 'release' marks it once more.")
        }
        if reading.state == .processing || reading.state == .done { return nil }
        return Verdict(
            .quarantined, .unexpectedState,
            "The shop shows it as '\(reading.state.rawValue)' after it went to the ERP as \(receipt.erpOrderNumber).")
    }

    private func lineConflict(_ reading: OrderReading, _ progress: OrderProgress) -> Verdict? {
        let wanted = Self.numbers(receipt)
        let replaced = progress.replacedReceipt.map(Self.numbers) ?? [:]
        let faults = reading.lines.compactMap { line -> SinkFault? in
            guard let number = line.erpLineNumber, let ours = wanted[line.key], number != ours, number != replaced[line.key] else {
                return nil
            }
            return SinkFault(path: "line \(line.key)", message: "the shop shows ERP line \(number), the ERP says \(ours)")
        }
        if faults.isEmpty { return nil }
        return Verdict(.quarantined, .lineNumberConflict, "Lines carry other ERP line numbers in the shop.", faults: faults)
    }

    private static func numbers(_ receipt: SinkReceipt) -> [String: Int64] {
        Dictionary(receipt.lines.compactMap { line in line.erpLineNumber.map { (line.lineKey, $0) } }, uniquingKeysWith: { first, _ in first })
    }

    private func nextSteps(_ reading: OrderReading) -> [WriteStep] {
        let needsMark = policy.selectedStates.contains(reading.state)
        let needsNumber = reading.erpOrderNumber != receipt.erpOrderNumber
        let wanted = Self.numbers(receipt)
        let needsLines = reading.lines.contains { line in wanted[line.key].map { $0 != line.erpLineNumber } ?? false }
        if policy.merge == .all, needsLines {
            return (needsMark ? [.mark] : []) + (needsNumber ? [.number] : []) + [.lines]
        }
        if needsMark { return policy.merge != .none && needsNumber ? [.mark, .number] : [.mark] }
        if needsNumber { return [.number] }
        if needsLines { return [.lines] }
        switch policy.close {
        case .shipmentSent: return reading.shipment == .sent ? [] : [.close]
        case .stateDone: return reading.state == .done ? [] : [.close]
        case .leave: return []
        }
    }
}
