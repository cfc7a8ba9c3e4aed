import Documents

/// Reads a section under `targets`.
enum TargetReader {
    /// Names the shop itself, so no target may have it.
    static let shopName = "shop"

    /// - Returns: `nil` where the type isn't known.
    static func read(_ name: String, _ reader: SettingsReader, absolute: @escaping (String) -> String) -> TargetSettings? {
        if name == shopName { reader.fault(nil, reader.path, "'\(shopName)' names the shop itself; choose another name") }
        return reader.variant(
            "type", "the kind of target",
            [
                ("https", { https(name, $0, absolute: absolute) }),
                ("folder", { folder(name, $0, absolute: absolute) }),
            ])
    }

    private static func https(_ name: String, _ reader: SettingsReader, absolute: (String) -> String) -> TargetSettings {
        let remote = RemoteReader.read(reader, authentication: "how the partner is told who asks", absolute: absolute)
        let expects = reader.word("answer", "what the partner answers with", default: AnswerRule.Expectation.cxml)
        let (rule, takesOnce) = answers(reader, expects: expects)
        return TargetSettings(name: name, kind: .https(remote, rule: rule), takesOnce: takesOnce)
    }

    private static func folder(_ name: String, _ reader: SettingsReader, absolute: (String) -> String) -> TargetSettings {
        let path = reader.text("path", "the folder, which must exist")
        let prefix = reader.text("prefix", "what every file's name begins with", default: "")
        let isEmptied = reader.flag("emptied", "whether a program takes the files out", default: true)
        let dedupes = reader.flag("dedupes", "whether that program takes a document of one number once", default: false)
        return TargetSettings(
            name: name, kind: .folder(path: absolute(path), prefix: prefix, isEmptied: isEmptied),
            // A file that stays is found to be there.
            takesOnce: dedupes || !isEmptied)
    }

    /// How a receiver's answers are read, and whether it takes a document of one number once.
    static func answers(_ reader: SettingsReader, expects: AnswerRule.Expectation) -> (AnswerRule, takesOnce: Bool) {
        let rule = reader.value(
            "already_known", "a regular expression that finds 'has it already' in an answer's status and body", .text,
            default: nil
        ) { text -> Result<AnswerRule?, SettingsFaultMessage> in
            do throws(DocumentFault) { return .success(try AnswerRule(expects: expects, alreadyKnown: text)) } catch {
                return .failure(SettingsFaultMessage(error.message))
            }
        }
        let dedupes = reader.flag(
            "dedupes", "whether the receiver is said to take a document of one number once", default: false)
        return (rule ?? AnswerRule(expects: expects), dedupes || rule != nil)
    }
}
