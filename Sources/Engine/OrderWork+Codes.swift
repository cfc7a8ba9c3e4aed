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

    /// The codes bought under the order's present key, where that is what the document is about.
    func openedCodes(for cause: DocumentCause) async throws(Interruption) -> [OpenedCode] {
        guard case .codes = cause else { return [] }
        let kept: [SealedCode]
        do throws(LedgerError) { kept = try await surroundings.ledger.codes(claimed.row.key) } catch { throw .ledger(error) }
        var opened: [OpenedCode] = []
        for code in kept where code.name.generation == progress.generation {
            let secret = try withVault { vault throws(CodeVault.Fault) in try vault.open(code, of: claimed.row.key) }
            opened.append(OpenedCode(name: code.name, secret: secret))
        }
        return opened
    }

    /// The bytes that the ledger keeps of a document.
    func sealed(_ document: OutgoingDocument) throws(Interruption) -> [UInt8] {
        guard document.kind.isSealed else { return document.bytes }
        return try withVault { vault throws(CodeVault.Fault) in
            try vault.seal(document, of: claimed.row.key, nonce: Self.freshNonce())
        }
    }

    /// The document as it is sent, of what the ledger keeps.
    func opened(_ document: OutgoingDocument) throws(Interruption) -> OutgoingDocument {
        guard document.kind.isSealed else { return document }
        return try withVault { vault throws(CodeVault.Fault) in try vault.open(document, of: claimed.row.key) }
    }

    private func withVault<Result>(_ body: (CodeVault) throws(CodeVault.Fault) -> Result) throws(Interruption) -> Result {
        guard let vault = flow.vault else {
            throw .flow(.misconfigured("codes are kept in the ledger, and there is no key to open them with: set 'codes'"))
        }
        do throws(CodeVault.Fault) { return try body(vault) } catch { throw .flow(.misconfigured(error.description)) }
    }

    /// 96 random bits, by the kernel's generator.
    private static func freshNonce() -> [UInt8] {
        var generator = SystemRandomNumberGenerator()
        return (0..<12).map { _ in UInt8.random(in: .min ... .max, using: &generator) }
    }
}
