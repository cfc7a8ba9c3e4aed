internal import Yams

/// Sections within sections.
extension SettingsReader {
    /// A section of its own; `nil` where it is missing.
    func section<Value>(_ key: String, _ help: String, isRequired: Bool = false, read: (SettingsReader) -> Value) -> Value? {
        let node = take(key, help, .section(SectionSchema()), isRequired: isRequired)
        if node == nil, !session.isDescribing { return nil }
        let (value, inner) = self.inner(node, key, read)
        schema.replaceLast(with: .section(inner))
        return value
    }

    /// A section of its own, for which a plain word may stand that is one of its settings.
    func section<Word: RawRepresentable<String> & CaseIterable, Value>(
        _ key: String, _ help: String, shortFor setting: String, _ words: Word.Type, read: (SettingsReader) -> Value
    ) -> Value? {
        var node = take(key, help, .section(SectionSchema()), isRequired: false)
        if node == nil, !session.isDescribing { return nil }
        if let word = node, word.scalar != nil { node = .mapping(Node.Mapping([(Node(setting), word)])) }
        let (value, inner) = self.inner(node, key, read)
        schema.replaceLast(with: .sectionOrWord(inner, words.allCases.map(\.rawValue)))
        return value
    }

    private func inner<Value>(_ node: Node?, _ key: String, _ read: (SettingsReader) -> Value) -> (Value, SectionSchema) {
        let reader = SettingsReader(node, path: inner(key), session: session)
        let value = read(reader)
        reader.refuseUnknownKeys()
        return (value, reader.schema)
    }

    /// Sections under names of the user's choice, in the file's order.
    func named<Value>(
        _ key: String, _ help: String, isRequired: Bool = true, read: (String, SettingsReader) -> Value
    ) -> [(name: String, value: Value)] {
        let node = take(key, help, .named(SectionSchema()), isRequired: isRequired)
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
    func list<Value>(_ key: String, _ help: String, isRequired: Bool = false, read: (SettingsReader) -> Value) -> [Value] {
        let node = take(key, help, .sections(SectionSchema()), isRequired: isRequired)
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
