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
            let near = usedKeys.filter { EditDistance.between($0, name) <= max(1, name.count / 3) }.min()
            let known = near.map { "did you mean '\($0)'?" } ?? "known here: \(usedKeys.sorted().joined(separator: ", "))"
            fault(key, inner(name), "there is no such setting; \(known)")
        }
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
        if isRequired { fault(node, inner(key), "is missing: \(help)") }
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
        Secret(take(key, help, .text, isRequired: true).flatMap { plainText($0, key) } ?? "")
    }

    /// A value that `parse` makes of the text, or its complaint.
    func value<Value>(
        _ key: String, _ help: String, _ type: ValueSchema, default fallback: Value, isRequired: Bool = false,
        parse: (String) -> Result<Value, SettingsFaultMessage>
    ) -> Value {
        guard let node = take(key, help, type, isRequired: isRequired), let text = plainText(node, key) else { return fallback }
        switch parse(text) {
        case .success(let value): return value
        case .failure(let message):
            fault(node, inner(key), message.text)
            return fallback
        }
    }

    func integer(_ key: String, _ help: String, default fallback: Int, in range: ClosedRange<Int>) -> Int {
        value(key, help, .integer(range), default: fallback) { text in
            guard let number = Int(text), range.contains(number) else {
                return .failure(SettingsFaultMessage("'\(text)' is no whole number from \(range.lowerBound) to \(range.upperBound)"))
            }
            return .success(number)
        }
    }

    func optionalInteger(_ key: String, _ help: String) -> Int64? {
        value(key, help, .integer(Int.min...Int.max), default: nil) { text in
            Int64(text).map { .success($0) } ?? .failure(SettingsFaultMessage("'\(text)' is no whole number"))
        }
    }

    func duration(_ key: String, _ help: String, default fallback: Duration) -> Duration {
        value(key, help, .duration, default: fallback) { text in
            DurationText.parse(text).map { .success($0) }
                ?? .failure(SettingsFaultMessage("'\(text)' is no duration; write 250ms, 30s, 5m, 3h or 2d"))
        }
    }

    func decimal(_ key: String, _ help: String, default fallback: ExactDecimal) -> ExactDecimal {
        value(key, help, .text, default: fallback) { text in
            (try? ExactDecimal(text)).map { .success($0) } ?? .failure(SettingsFaultMessage("'\(text)' is no decimal number"))
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
        guard let node = take(key, help, .list, isRequired: false) else { return fallback }
        guard let sequence = node.sequence else {
            fault(node, inner(key), "should be a list, not \(Self.kind(node))")
            return fallback
        }
        return sequence.compactMap { plainText($0, key) }
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
            words.contains(text) ? .success(text) : .failure(SettingsFaultMessage("'\(text)' is not one of \(words.joined(separator: ", "))"))
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
