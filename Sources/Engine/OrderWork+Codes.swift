import Ledger
import OrderFlow
import Orders
import SinkKit

/// Codes that the sink hands out are sealed here, and go into the ledger with the entry that says so; nothing else sees them.
extension OrderWork {
    /// The ticket as it may be journalled.
    mutating func kept(_ ticket: SinkTicket) throws(Interruption) -> SinkTicket {
        try keep(ticket.deliverables)
        return SinkTicket(ticket.text)
    }

    /// The receipt as it may be journalled.
    mutating func kept(_ receipt: SinkReceipt) throws(Interruption) -> SinkReceipt {
        try keep(receipt.deliverables)
        var receipt = receipt
        receipt.deliverables = []
        return receipt
    }

    /// What is kept already is passed over: each poll tells all of it again.
    private mutating func keep(_ deliverables: [SinkDeliverable]) throws(Interruption) {
        var names: [CodeName] = []
        for deliverable in deliverables {
            let name = CodeName(
                generation: progress.generation, lineKey: deliverable.lineKey, unit: deliverable.unit, label: deliverable.label)
            if progress.storedCodes.contains(name) || names.contains(name) { continue }
            guard let vault = flow.vault else {
                throw .flow(
                    .misconfigured(
                        "sink '\(flow.sinkName)' hands out codes, and there is no key to keep them under: set 'codes'"))
            }
            do throws(CodeVault.Fault) {
                codes.append(try vault.seal(deliverable.secret, as: name, of: claimed.row.key, nonce: Self.freshNonce()))
            } catch { throw .flow(.misconfigured(error.description)) }
            names.append(name)
        }
        if !names.isEmpty { note(.codesStored(names)) }
    }

    // MARK: Handing over

    /// What is kept of this order can't be used, and of others it can.
    struct Unfit: Error {
        var faults: [SinkFault]
    }

    /// The codes bought under the order's present key, where that is what the document is about.
    ///
    /// - Returns: a failure where not all of them are as they were kept: the buyer would get fewer than were paid for.
    func openedCodes(for cause: DocumentCause) async throws(Interruption) -> Result<[OpenedCode], Unfit> {
        guard case .codes = cause else { return .success([]) }
        let kept: [SealedCode]
        do throws(LedgerError) { kept = try await surroundings.ledger.codes(claimed.row.key) } catch { throw .ledger(error) }
        let ours = kept.filter { $0.name.generation == progress.generation }
        let bought = progress.storedCodes.filter { $0.generation == progress.generation }
        let gone = bought.subtracting(ours.map(\.name)).count
        var faults: [SinkFault] = []
        if gone > 0 {
            faults.append(
                SinkFault(
                    message:
                        "\(gone) of the \(bought.count) codes that were kept of it \(gone == 1 ? "is" : "are") gone from the ledger; "
                        + "their seller has them under ERP order \(progress.receipt?.erpOrderNumber ?? "")"))
        }
        var opened: [OpenedCode] = []
        for code in ours {
            switch try withVault({ vault throws(CodeVault.Fault) in try vault.open(code, of: claimed.row.key) }) {
            case .success(let secret): opened.append(OpenedCode(name: code.name, secret: secret))
            case .failure(let fault): faults.append(SinkFault(message: fault.description))
            }
        }
        return faults.isEmpty ? .success(opened) : .failure(Unfit(faults: faults))
    }

    /// The bytes that the ledger keeps of a document.
    func sealed(_ document: OutgoingDocument) throws(Interruption) -> [UInt8] {
        guard document.kind.isSealed else { return document.bytes }
        let sealed = try withVault { vault throws(CodeVault.Fault) in
            try vault.seal(document, of: claimed.row.key, nonce: Self.freshNonce())
        }
        do { return try sealed.get() } catch { throw .flow(.misconfigured(error.description)) }
    }

    /// The document as it is sent, of what the ledger keeps; `nil` where that is damaged, which is noted.
    mutating func opened(_ document: OutgoingDocument, about cause: DocumentCause) throws(Interruption) -> OutgoingDocument? {
        guard document.kind.isSealed else { return document }
        switch try withVault({ vault throws(CodeVault.Fault) in try vault.open(document, of: claimed.row.key) }) {
        case .success(let opened): return opened
        case .failure(let fault):
            note(.documentImpossible(cause, [SinkFault(message: fault.description)]))
            return nil
        }
    }

    /// - Returns: a failure where what is kept of this one order is damaged; without the right key nothing can be opened at all.
    private func withVault<Value>(
        _ body: (CodeVault) throws(CodeVault.Fault) -> Value
    ) throws(Interruption) -> Result<Value, CodeVault.Fault> {
        guard let vault = flow.vault else {
            throw .flow(.misconfigured("codes are kept in the ledger, and there is no key to open them with: set 'codes'"))
        }
        do throws(CodeVault.Fault) { return .success(try body(vault)) } catch {
            switch error {
            case .damaged, .damagedDocument: return .failure(error)
            case .unknownKey, .failed: throw .flow(.misconfigured(error.description))
            }
        }
    }

    /// 96 random bits, by the kernel's generator.
    private static func freshNonce() -> [UInt8] {
        var generator = SystemRandomNumberGenerator()
        return (0..<12).map { _ in UInt8.random(in: .min ... .max, using: &generator) }
    }
}
