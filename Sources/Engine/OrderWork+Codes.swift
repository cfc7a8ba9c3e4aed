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

    /// 96 random bits, by the kernel's generator.
    private static func freshNonce() -> [UInt8] {
        var generator = SystemRandomNumberGenerator()
        return (0..<12).map { _ in UInt8.random(in: .min ... .max, using: &generator) }
    }
}
