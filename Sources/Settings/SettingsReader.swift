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
        /// What was put in for a `${…}`, anywhere, in the order in which it was read.
        var expanded: [String] = []
        let secrets: SecretSource
        let isDescribing: Bool
        /// The configuration's name, without its folder.
        let fileName: String
        /// `nil` where the file can't be read.
        let readFile: (_ path: String) -> [UInt8]?

        init(
            secrets: SecretSource, isDescribing: Bool, fileName: String = "",
            readFile: @escaping (String) -> [UInt8]? = { _ in nil }
        ) {
            self.secrets = secrets
            self.isDescribing = isDescribing
            self.fileName = fileName
            self.readFile = readFile
        }

        /// What stands in the file with every reference replaced.
        func expand(_ text: String) -> Result<String, SettingsFaultMessage> {
            secrets.expand(text).map(take)
        }

        /// The same for what may hold a credential.
        func expandCredential(_ text: String) -> Result<String, SettingsFaultMessage> {
            secrets.expandCredential(text).map(take)
        }

        private func take(_ expansion: SecretSource.Expansion) -> String {
            expanded += expansion.values
            return expansion.text
        }
    }

    let session: Session
    let path: String
    let node: Node?
    var usedKeys: Set<String> = []
    var schema = SectionSchema()

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

    /// A fault of the setting under `key`, or of the section where it isn't there.
    func fault(under key: String, _ message: String) { fault(node?.mapping?[key], inner(key), message) }

    /// Where the section begins; 0 where there is none.
    var line: Int { node?.mark?.line ?? 0 }

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

    /// Whether a list stands there.
    func hasList(_ key: String) -> Bool { node?.mapping?[key]?.sequence != nil }

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
    func take(_ key: String, _ help: String, _ type: ValueSchema, isRequired: Bool) -> Node? {
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
        switch session.expand(scalar.string) {
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

    /// Proves us to somebody, or somebody to us; empty after a fault, and where it can't be had and isn't needed.
    func credential(_ key: String, _ help: String) -> Secret { secret(key, help, isNeeded: session.secrets.credentialsAreNeeded) }

    func secret(_ key: String, _ help: String, isNeeded: Bool = true) -> Secret {
        guard let node = take(key, help, .text, isRequired: true) else { return Secret("") }
        if !isNeeded, isMissing(node) { return Secret("") }
        guard let text = plainText(node, key) else { return Secret("") }
        if text.isEmpty { fault(node, inner(key), "is empty; is what it takes its value from set?") }
        return Secret(text)
    }

    /// Whether what the value is taken from can't be had, or is empty.
    private func isMissing(_ node: Node) -> Bool {
        guard let text = node.scalar?.string else { return false }
        return if case .success(let value) = session.expand(text) { value.isEmpty } else { true }
    }

    func optionalCredential(_ key: String, _ help: String) -> Secret? {
        guard let node = take(key, help, .text, isRequired: false), session.secrets.credentialsAreNeeded || !isMissing(node),
            let text = plainText(node, key)
        else { return nil }
        if text.isEmpty { fault(node, inner(key), "is empty; is what it takes its value from set?") }
        return Secret(text)
    }

    func flag(_ key: String, _ help: String, default fallback: Bool) -> Bool {
        value(key, help, .boolean, default: fallback) { text in
            Bool(text).map { .success($0) } ?? .failure(SettingsFaultMessage("'\(text)' is not one of true, false"))
        }
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

    /// ISO 4217, in capitals.
    static func currency(_ text: String) -> Result<String?, SettingsFaultMessage> {
        text.utf8.count == 3 && text.utf8.allSatisfy { (0x41...0x5A).contains($0) }
            ? .success(text) : .failure(SettingsFaultMessage("'\(text)' is no currency such as EUR"))
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

    func texts(_ key: String, _ help: String, default fallback: [String], isRequired: Bool = false) -> [String] {
        values(key, help, default: fallback, isRequired: isRequired) { .success($0) }
    }

    /// A list of what `parse` makes of each text.
    func values<Value>(
        _ key: String, _ help: String, default fallback: [Value], isRequired: Bool = false, mayBeEmpty: Bool = true,
        parse: (String) -> Result<Value, SettingsFaultMessage>
    ) -> [Value] {
        guard let node = take(key, help, .list, isRequired: isRequired) else { return fallback }
        guard let sequence = node.sequence else {
            fault(node, inner(key), "should be a list, not \(Self.kind(node))")
            return fallback
        }
        if sequence.isEmpty, !mayBeEmpty { fault(node, inner(key), "is an empty list; leave it out for what holds by default") }
        return sequence.compactMap { item in plainText(item, key).flatMap { parsed($0, from: item, key, parse) } }
    }
}
