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
        // Where both are cancelled there is nothing left to do, and whether they are says the shop.
        let isShopAsked = receipt.state == .cancelled
        if !isShopAsked, let verdict = receiptVerdict(progress) { return .rest(verdict) }
        guard let reading = progress.freshReading(at: now), !progress.mustRead,
            progress.receiptAt.map({ reading.beganAt >= $0 }) ?? false
        else { return .read }
        if reading.state == .cancelled { return cancelledInShop(progress, at: now) }
        if isShopAsked { return .rest(cancelledInERP) }
        if let verdict = conflict(reading, progress) { return .rest(verdict) }
        let decision = handOver(reading, progress, at: now) ?? despatchAndClose(reading, progress, at: now)
        if case .write(let steps)? = decision, let last = progress.lastWrite, last.steps == steps,
            let verdict = withoutEffect(last, at: now)
        {
            return .rest(verdict)
        }
        return decision
            ?? .rest(Verdict(.finished, .finished, finishedWords))
    }

    /// A draft that was kept as it is stays one, since the shop says that somebody has the order in hand.
    private var finishedWords: String {
        let words = "ERP order \(receipt.erpOrderNumber); the shop shows everything it should."
        return receipt.state == .draft ? words + " It is a draft in the ERP: confirm it there." : words
    }

    /// Until the shop shows the ERP's numbers.
    private func handOver(_ reading: OrderReading, _ progress: OrderProgress, at now: Timestamp) -> Decision? {
        let missing = missingSteps(reading)
        guard let confirmation = policy.confirmation else { return missing.isEmpty ? nil : .write(joined(missing)) }
        if missing.contains(.mark) { return .write([.mark]) }
        return missing.isEmpty ? evidence(progress) : confirm(progress, confirmation, at: now)
    }

    private func despatchAndClose(_ reading: OrderReading, _ progress: OrderProgress, at now: Timestamp) -> Decision? {
        if let decision = tell(.processing, progress) { return decision }
        // An order that was finished before the partner was to be told anything isn't told of when somebody touches it.
        if let response = policy.orderResponse, !progress.isFinished, let decision = respond(progress, response, at: now) {
            return decision
        }
        if let handOff = policy.codeHandOff, !progress.isFinished, let decision = handOverCodes(progress, handOff, at: now) {
            return decision
        }
        if let despatch = policy.despatch {
            if let decision = self.despatch(progress, despatch, at: now) { return decision }
        }
        // With despatch documents the shop may have closed it by itself.
        return isClosed(reading) ? tell(.done, progress) : .write([.close])
    }

    /// Writes in a row that the shop accepts and doesn't show before a person must look.
    private static let writesWithoutEffectMax = 5

    /// What was just written and isn't there is written again after a while, and not for ever.
    private func withoutEffect(_ last: OrderProgress.LastWrite, at now: Timestamp) -> Verdict? {
        let names = last.steps.map { "'\($0.rawValue)'" }.joined(separator: " and ")
        if last.timesInARow >= Self.writesWithoutEffectMax {
            return Verdict(
                .quarantined, .writeWithoutEffect, "The shop accepted \(names) \(last.timesInARow) times and doesn't show it.")
        }
        let again = last.at + policy.retry.delay(afterFailures: last.timesInARow)
        guard again > now else { return nil }
        return Verdict(
            .waiting, .retryLater, "The shop accepted \(names) and doesn't show it; it is written again.", until: again)
    }

    var cancelledInERP: Verdict {
        Verdict(
            .quarantined, .cancelledInERP,
            "ERP order \(receipt.erpOrderNumber) is cancelled in the ERP; the shop isn't told. 'rerun --new-key' creates it again."
        )
    }

    private func receiptVerdict(_ progress: OrderProgress) -> Verdict? {
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
        orderConflict(reading, progress) ?? uncoveredLines(reading, progress) ?? numberConflict(reading, progress)
            ?? stateConflict(reading, progress) ?? lineConflict(reading, progress)
    }

    /// The order isn't what it was any more.
    private func orderConflict(_ reading: OrderReading, _ progress: OrderProgress) -> Verdict? {
        let number = receipt.erpOrderNumber
        if !reading.faults.isEmpty {
            return Verdict(
                .quarantined, .malformed, "Since ERP order \(number) was made, the shop's data for it can't be used any more.",
                faults: reading.faults)
        }
        if let conflict = progress.conflict { return Verdict(.quarantined, .editedMeanwhile, conflict) }
        if let pushed = progress.pushedContentDigest, pushed != reading.contentDigest, !progress.isReleased(.changedAfterPush) {
            return Verdict(
                .quarantined, .changedAfterPush,
                "The shop's order was changed after it went to the ERP; ERP order \(number) has it as it was.")
        }
        return nil
    }

    /// Lines that were pushed and that the receipt says nothing of. A receipt without any line is of an ERP that tells none.
    private func uncoveredLines(_ reading: OrderReading, _ progress: OrderProgress) -> Verdict? {
        guard policy.partial == .quarantine, !progress.isReleased(.partiallyAccepted), !receipt.lines.isEmpty,
            progress.pushedContentDigest.map({ $0 == reading.contentDigest }) ?? true
        else { return nil }
        let covered = Set(receipt.lines.map(\.lineKey))
        let faults = reading.lines.filter { !covered.contains($0.key) }.map {
            SinkFault(path: "line \($0.key)", message: "the ERP's receipt doesn't mention it")
        }
        if faults.isEmpty { return nil }
        return Verdict(
            .quarantined, .partiallyAccepted,
            "ERP order \(receipt.erpOrderNumber) doesn't show every line; nothing is written to the shop until somebody says 'release'.",
            faults: faults)
    }

    private func numberConflict(_ reading: OrderReading, _ progress: OrderProgress) -> Verdict? {
        let ours = [receipt] + progress.replacedReceipts
        guard let number = reading.erpOrderNumber, !number.isEmpty, !ours.contains(where: { $0.erpOrderNumber == number }) else {
            return nil
        }
        return Verdict(
            .quarantined, .numberConflict,
            "The shop shows ERP number '\(number)', and the order went to ERP order \(receipt.erpOrderNumber).")
    }

    private func stateConflict(_ reading: OrderReading, _ progress: OrderProgress) -> Verdict? {
        if reading.state == .processing || reading.state == .done { return nil }
        if policy.selectedStates.contains(reading.state) {
            guard progress.isFinished, !progress.isReleased(.reopenedInShop) else { return nil }
            return Verdict(
                .quarantined, .reopenedInShop,
                "It was finished, and the shop shows it as '\(reading.state.rawValue)' again; 'release' marks it once more.")
        }
        return Verdict(
            .quarantined, .unexpectedState,
            "The shop shows it as '\(reading.state.rawValue)' after it went to the ERP as \(receipt.erpOrderNumber).")
    }

    private func lineConflict(_ reading: OrderReading, _ progress: OrderProgress) -> Verdict? {
        let wanted = numberedLines
        let replaced = progress.replacedReceipts.flatMap(\.lines)
        let faults = reading.lines.compactMap { line -> SinkFault? in
            guard let number = line.erpLineNumber, let ours = wanted[line.key], number != ours,
                !replaced.contains(where: { $0.lineKey == line.key && $0.erpLineNumber == number })
            else { return nil }
            return SinkFault(path: "line \(line.key)", message: "the shop shows ERP line \(number), the ERP says \(ours)")
        }
        if faults.isEmpty { return nil }
        return Verdict(.quarantined, .lineNumberConflict, "Lines carry other ERP line numbers in the shop.", faults: faults)
    }

    private var numberedLines: [String: Int64] {
        Dictionary(
            receipt.lines.compactMap { line in line.erpLineNumber.map { (line.lineKey, $0) } },
            uniquingKeysWith: { first, _ in first })
    }

    private func missingSteps(_ reading: OrderReading) -> [WriteStep] {
        let wanted = numberedLines
        var steps: [WriteStep] = []
        if reading.state != .processing && reading.state != .done { steps.append(.mark) }
        if reading.erpOrderNumber != receipt.erpOrderNumber { steps.append(.number) }
        if reading.lines.contains(where: { line in wanted[line.key].map { $0 != line.erpLineNumber } ?? false }) {
            steps.append(.lines)
        }
        return steps
    }

    /// Those of the missing steps that go into the next request.
    private func joined(_ missing: [WriteStep]) -> [WriteStep] {
        if policy.merge == .all, missing.contains(.lines) { return missing }
        return policy.merge != .none && missing.starts(with: [.mark, .number]) ? [.mark, .number] : [missing[0]]
    }

    private func isClosed(_ reading: OrderReading) -> Bool {
        switch policy.close {
        case .auto: reading.shipment == .sent
        case .done: reading.state == .done
        case .leave: true
        }
    }
}
