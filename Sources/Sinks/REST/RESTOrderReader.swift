import Orders
import Settings
import SinkKit

/// Reads an order as the ERP shows it, by the declaration of where it holds what. Performs nothing.
struct RESTOrderReader {
    let settings: RESTSinkSettings

    /// What names the order in paths.
    func id(_ json: JSONValue) -> String? { json.value(at: settings.idPath ?? settings.numberPath)?.plainText }

    func state(_ json: JSONValue) -> SinkReceipt.State {
        guard let value = settings.statePath.flatMap({ json.value(at: $0) }) else { return .confirmed }
        if let declared = settings.states.first(where: { $0.word == value.conditionText }) { return declared.state }
        return value.stringValue.flatMap(SinkReceipt.State.init(rawValue:)) ?? .confirmed
    }

    /// - Parameter order: what was sent, so that lines the ERP gives back without our key can be matched by their place.
    /// - Returns: `nil` for what has no number.
    func receipt(_ json: JSONValue, for order: SinkOrder?) -> SinkReceipt? {
        guard let number = json.value(at: settings.numberPath)?.plainText, !number.isEmpty else { return nil }
        let answered = json.value(at: settings.linesPath)?.arrayValue ?? []
        let sent = order?.order.lines ?? []
        let keys = answered.map(lineKey)
        // Lines that the ERP shows without our key are the ones that are left, in their order, if none is missing.
        let left = sent.map(\.key).filter { !keys.contains($0) }
        var unnamed = left.count == keys.count { $0 == nil } ? left[...] : []
        var lines: [SinkReceiptLine] = []
        for (line, shownKey) in zip(answered, keys) {
            guard let key = shownKey ?? unnamed.popFirst() else { continue }
            let outcome = settings.lineOutcomePath.flatMap { line.value(at: $0)?.stringValue }
            lines.append(
                SinkReceiptLine(
                    lineKey: key, erpLineNumber: line.value(at: settings.lineNumberPath)?.plainText.flatMap(Int64.init),
                    outcome: outcome.flatMap(SinkReceiptLine.Outcome.init(rawValue:)) ?? .accepted,
                    message: settings.lineMessagePath.flatMap { line.value(at: $0)?.stringValue }))
        }
        for line in sent where !lines.contains(where: { $0.lineKey == line.key }) && !answered.isEmpty {
            lines.append(
                SinkReceiptLine(
                    lineKey: line.key, erpLineNumber: nil, outcome: .rejected, message: "the ERP's answer doesn't show it"))
        }
        return SinkReceipt(erpOrderNumber: number, state: state(json), lines: lines)
    }

    func lineKey(_ line: JSONValue) -> String? {
        line.value(at: settings.lineKeyPath)?.plainText.flatMap { $0.isEmpty ? nil : Self.lineKey($0) }
    }

    /// An ERP may give back the whole line key as it was sent, or only the shop's line id in it.
    static func lineKey(_ text: String) -> String { Int64(text) == nil ? text : "id:\(text)" }

    /// The receipt of a create, where lines that the ERP shows otherwise than they were sent are told as changed.
    func receipt(_ json: JSONValue, for order: SinkOrder, posted: JSONValue?) -> SinkReceipt? {
        guard var receipt = receipt(json, for: order), let posted else { return receipt(json, for: order) }
        let shown = json.value(at: settings.linesPath)?.arrayValue ?? []
        for line in posted.value(at: settings.linesPath)?.arrayValue ?? [] {
            guard let key = lineKey(line), let index = receipt.lines.firstIndex(where: { $0.lineKey == key }),
                receipt.lines[index].outcome == .accepted, let same = shown.first(where: { lineKey($0) == key }),
                let difference = difference(same, line)
            else { continue }
            receipt.lines[index].outcome = .changed
            receipt.lines[index].message = difference
        }
        return receipt
    }

    /// How the ERP's order differs from what is posted for ours, in words that follow "in which"; `nil`: not at all.
    func difference(_ json: JSONValue, from posted: JSONValue) -> String? {
        let shown = json.value(at: settings.linesPath)?.arrayValue ?? []
        let sent = posted.value(at: settings.linesPath)?.arrayValue ?? []
        guard shown.count == sent.count else { return "there are \(shown.count) lines and not \(sent.count)" }
        for line in sent {
            let key = lineKey(line)
            let same = shown.filter { lineKey($0) == key }
            guard same.count == 1 else { return "line \(key ?? "without a key") stands \(same.count) times" }
            if let difference = difference(same[0], line) { return "\(difference) in line \(key ?? "")" }
        }
        return nil
    }

    private func difference(_ shown: JSONValue, _ sent: JSONValue) -> String? {
        for member in settings.comparedMembers {
            let (there, ours) = (shown.value(at: member), sent.value(at: member))
            // What we leave out the ERP fills in.
            guard let ours else { continue }
            let isSame =
                if let number = ours.decimal { there?.decimal == number } else { there?.conditionText == ours.conditionText }
            if !isSame { return "'\(member)' is \(there?.conditionText ?? "missing") and not \(ours.conditionText ?? "")" }
        }
        return nil
    }
}
