import Orders
internal import Yams

/// Reads one section of the configuration, collecting every fault instead of stopping at the first.
///
/// The same code that reads a section describes it: given no node, a reader hands out defaults and only notes which settings
/// there are, which is what `crossdock config schema` prints. So the schema can't differ from what is accepted.
final class SettingsReader {
    /// What all sections of one file share.
    final class Session {
        var faults: [SettingsFault] = []
        let secrets: SecretSource
        let isDescribing: Bool

        init(secrets: SecretSource, isDescribing: Bool) {
            self.secrets = secrets
            self.isDescribing = isDescribing
        }
    }

    let session: Session
    let path: String
    private let node: Node?
    private var usedKeys: Set<String> = []
    private(set) var schema = SectionSchema()

    init(_ node: Node?, path: String, session: Session) {
        self.node = node
        self.path = path
        self.session = session
        if let node, node.mapping == nil, !session.isDescribing {
            fault(node, path, "should be a section with settings of its own, not \(Self.kind(node))")
        }
    }

    // MARK: Faults

    func fault(_ node: Node?, _ path: String, _ message: String) {
        guard !session.isDescribing else { return }
        session.faults.append(SettingsFault(line: (node ?? self.node)?.mark?.line, path: path, message: message))
    }

    func inner(_ key: String) -> String { path.isEmpty ? key : "\(path).\(key)" }

    /// Reports keys that nothing has read. Call it last.
    func refuseUnknownKeys() {
        for (key, _) in node?.mapping ?? [:] {
            guard let name = key.string, !usedKeys.contains(name) else { continue }
            let near = usedKeys.map { (distance: EditDistance.between($0, name), key: $0) }
                .filter { $0.distance <= max(1, name.count / 3) }.min { ($0.distance, $0.key) < ($1.distance, $1.key) }?.key
            let known = near.map { "did you mean '\($0)'?" } ?? "known here: \(usedKeys.sorted().joined(separator: ", "))"
            fault(key, inner(name), "there is no such setting; \(known)")
        }
    }

    /// Whether something stands under `key`, right or wrong.
    func has(_ key: String) -> Bool { node?.mapping?[key] != nil }

    /// Where the section of that name below `key` begins, for faults that are found later.
    func section(named name: String, in key: String) -> Node? {
        node?.mapping?[key]?.mapping?.first { $0.key.string == name }?.key
    }

    static func kind(_ node: Node) -> String {
        switch node {
        case .scalar: "a single value"
        case .mapping: "a section"
        case .sequence: "a list"
        case .alias: "an alias"
        }
    }

    // MARK: Values

    /// The node under `key`; `nil` where it is missing or empty.
    private func take(_ key: String, _ help: String, _ type: ValueSchema, isRequired: Bool) -> Node? {
        usedKeys.insert(key)
        schema.properties.append(.init(name: key, help: help, type: type, isRequired: isRequired))
        let value = node?.mapping?[key]
        if let value, value.null == nil || value.scalar?.style != .plain { return value }
        // What isn't a section at all was reported as that.
        if isRequired, node?.mapping != nil { fault(node, inner(key), "is missing: \(help)") }
        return nil
    }

    private func plainText(_ value: Node, _ key: String) -> String? {
        guard let scalar = value.scalar else {
            fault(value, inner(key), "should be a single value, not \(Self.kind(value))")
            return nil
        }
        switch session.secrets.expand(scalar.string) {
        case .success(let text): return text
        case .failure(let message):
            fault(value, inner(key), message.text)
            return nil
        }
    }

    func optionalText(_ key: String, _ help: String) -> String? {
        take(key, help, .text, isRequired: false).flatMap { plainText($0, key) }
    }

    func text(_ key: String, _ help: String, default fallback: String? = nil) -> String {
        take(key, help, .text, isRequired: fallback == nil).flatMap { plainText($0, key) } ?? fallback ?? ""
    }

    func secret(_ key: String, _ help: String) -> Secret {
        guard let node = take(key, help, .text, isRequired: true), let text = plainText(node, key) else { return Secret("") }
        if text.isEmpty { fault(node, inner(key), "is empty; is what it takes its value from set?") }
        return Secret(text)
    }

    /// A value that `parse` makes of the text, or its complaint.
    func value<Value>(
        _ key: String, _ help: String, _ type: ValueSchema, default fallback: Value, isRequired: Bool = false,
        parse: (String) -> Result<Value, SettingsFaultMessage>
    ) -> Value {
        guard let node = take(key, help, type, isRequired: isRequired), let text = plainText(node, key) else { return fallback }
        return parsed(text, from: node, key, parse) ?? fallback
    }

    /// What `parse` makes of `text`; `nil` after a fault, which shows the text as it stands in the file and no secret that is put into it.
    private func parsed<Value>(
        _ text: String, from node: Node, _ key: String, _ parse: (String) -> Result<Value, SettingsFaultMessage>
    ) -> Value? {
        switch parse(text) {
        case .success(let value): return value
        case .failure(let message):
            let written = node.string ?? ""
            fault(node, inner(key), text == written || text.isEmpty ? message.text : message.text.replacing(text, with: written))
            return nil
        }
    }

    func integer(_ key: String, _ help: String, default fallback: Int, in range: ClosedRange<Int>) -> Int {
        value(key, help, .integer(range), default: fallback) { text in
            guard let number = Int(text), range.contains(number) else {
                return .failure(
                    SettingsFaultMessage("'\(text)' is no whole number from \(range.lowerBound) to \(range.upperBound)"))
            }
            return .success(number)
        }
    }

    func optionalInteger(_ key: String, _ help: String) -> Int64? {
        value(key, help, .integer(Int.min...Int.max), default: nil) { text in
            Int64(text).map { .success($0) } ?? .failure(SettingsFaultMessage("'\(text)' is no whole number"))
        }
    }

    /// - Parameter atLeast: the shortest that makes sense.
    func duration(_ key: String, _ help: String, default fallback: Duration, atLeast shortest: Duration = .zero) -> Duration {
        optionalDuration(key, help, atLeast: shortest) ?? fallback
    }

    func optionalDuration(_ key: String, _ help: String, atLeast shortest: Duration = .zero) -> Duration? {
        value(key, help, .duration, default: nil) { text in
            guard let duration = DurationText.parse(text) else {
                return .failure(SettingsFaultMessage("'\(text)' is no duration; write 250ms, 30s, 5m, 3h or 2d"))
            }
            return duration >= shortest ? .success(duration) : .failure(SettingsFaultMessage("'\(text)' is too short"))
        }
    }

    /// A decimal that isn't negative.
    func decimal(_ key: String, _ help: String, default fallback: ExactDecimal) -> ExactDecimal {
        value(key, help, .text, default: fallback) { text in
            guard let decimal = try? ExactDecimal(text), !decimal.isNegative else {
                return .failure(SettingsFaultMessage("'\(text)' is no decimal number from 0"))
            }
            return .success(decimal)
        }
    }

    func word<Word: RawRepresentable<String> & CaseIterable>(_ key: String, _ help: String, default fallback: Word) -> Word {
        let words = Word.allCases.map(\.rawValue)
        return value(key, help, .words(words), default: fallback) { text in
            Word(rawValue: text).map { .success($0) }
                ?? .failure(SettingsFaultMessage("'\(text)' is not one of \(words.joined(separator: ", "))"))
        }
    }

    func texts(_ key: String, _ help: String, default fallback: [String]) -> [String] {
        values(key, help, default: fallback) { .success($0) }
    }

    /// A list of what `parse` makes of each text.
    func values<Value>(
        _ key: String, _ help: String, default fallback: [Value], parse: (String) -> Result<Value, SettingsFaultMessage>
    ) -> [Value] {
        guard let node = take(key, help, .list, isRequired: false) else { return fallback }
        guard let sequence = node.sequence else {
            fault(node, inner(key), "should be a list, not \(Self.kind(node))")
            return fallback
        }
        return sequence.compactMap { item in plainText(item, key).flatMap { parsed($0, from: item, key, parse) } }
    }

    // MARK: Sections

    /// A section of its own; `nil` where it is missing.
    func section<Value>(_ key: String, _ help: String, isRequired: Bool = false, read: (SettingsReader) -> Value) -> Value? {
        let node = take(key, help, .section(SectionSchema()), isRequired: isRequired)
        if node == nil, !session.isDescribing { return nil }
        let reader = SettingsReader(node, path: inner(key), session: session)
        let value = read(reader)
        reader.refuseUnknownKeys()
        schema.replaceLast(with: .section(reader.schema))
        return value
    }

    /// Sections under names of the user's choice, in the file's order.
    func named<Value>(_ key: String, _ help: String, read: (String, SettingsReader) -> Value) -> [(name: String, value: Value)] {
        let node = take(key, help, .named(SectionSchema()), isRequired: true)
        if session.isDescribing {
            let reader = SettingsReader(nil, path: inner(key), session: session)
            _ = read("name", reader)
            schema.replaceLast(with: .named(reader.schema))
            return []
        }
        guard let node else { return [] }
        guard let mapping = node.mapping else {
            fault(node, inner(key), "should be sections by name, not \(Self.kind(node))")
            return []
        }
        if mapping.isEmpty { fault(node, inner(key), "has nothing under it; give one a name") }
        return mapping.map { nameNode, child in
            let name = nameNode.string ?? ""
            if !Self.isName(name) {
                fault(nameNode, inner(key), "'\(name)' can't be a name: use letters, digits, '-' and '_', at most 40")
            }
            let reader = SettingsReader(child, path: "\(inner(key)).\(name)", session: session)
            let value = read(name, reader)
            reader.refuseUnknownKeys()
            return (name, value)
        }
    }

    /// A list of sections.
    func list<Value>(_ key: String, _ help: String, read: (SettingsReader) -> Value) -> [Value] {
        let node = take(key, help, .sections(SectionSchema()), isRequired: false)
        if session.isDescribing {
            let reader = SettingsReader(nil, path: inner(key), session: session)
            _ = read(reader)
            schema.replaceLast(with: .sections(reader.schema))
            return []
        }
        guard let node else { return [] }
        guard let sequence = node.sequence else {
            fault(node, inner(key), "should be a list, not \(Self.kind(node))")
            return []
        }
        return sequence.enumerated().map { index, child in
            let reader = SettingsReader(child, path: "\(inner(key))[\(index)]", session: session)
            let value = read(reader)
            reader.refuseUnknownKeys()
            return value
        }
    }

    /// Reads the rest of this section by the word under `key`.
    func variant<Value>(_ key: String, _ help: String, _ variants: [(word: String, read: (SettingsReader) -> Value)]) -> Value? {
        let words = variants.map(\.word)
        if session.isDescribing {
            for (word, read) in variants {
                let reader = SettingsReader(nil, path: path, session: session)
                _ = read(reader)
                schema.variants.append(.init(key: key, help: help, word: word, schema: reader.schema))
            }
            usedKeys.insert(key)
            return nil
        }
        let word = value(key, help, .words(words), default: nil, isRequired: true) { text in
            words.contains(text)
                ? .success(text) : .failure(SettingsFaultMessage("'\(text)' is not one of \(words.joined(separator: ", "))"))
        }
        guard let variant = variants.first(where: { $0.word == word }) else {
            // What belongs to it can't be told from what doesn't.
            for (key, _) in node?.mapping ?? [:] { usedKeys.insert(key.string ?? "") }
            return nil
        }
        return variant.read(self)
    }

    private static func isName(_ name: String) -> Bool {
        (1...40).contains(name.utf8.count)
            && name.utf8.allSatisfy { byte in
                switch byte {
                case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"),
                    UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "-"), UInt8(ascii: "_"):
                    true
                default: false
                }
            }
    }
}
