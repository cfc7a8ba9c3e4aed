/// Header fields in the order they were given; names compare without regard to case (RFC 9110, 5.1).
package struct HTTPHeaders: Sendable, Equatable, ExpressibleByDictionaryLiteral {
    package struct Field: Sendable, Equatable {
        package var name: String
        package var value: String

        package init(_ name: String, _ value: String) {
            self.name = name
            self.value = value
        }
    }

    package private(set) var fields: [Field]

    package init(_ fields: [Field] = []) {
        self.fields = fields
    }

    package init(dictionaryLiteral elements: (String, String)...) {
        fields = elements.map { Field($0.0, $0.1) }
    }

    /// The first value under `name`; setting replaces all of them, setting `nil` removes them.
    package subscript(name: String) -> String? {
        get { fields.first { Self.isSameName($0.name, name) }?.value }
        set {
            fields.removeAll { Self.isSameName($0.name, name) }
            if let newValue { fields.append(Field(name, newValue)) }
        }
    }

    /// Every value under `name`, in order.
    package func values(_ name: String) -> [String] {
        fields.filter { Self.isSameName($0.name, name) }.map(\.value)
    }

    package func contains(_ name: String) -> Bool {
        fields.contains { Self.isSameName($0.name, name) }
    }

    package mutating func append(_ field: Field) {
        fields.append(field)
    }

    package mutating func append(contentsOf added: [Field]) {
        fields.append(contentsOf: added)
    }

    /// Whether two header names are the same but for the case of ASCII letters. Makes no copy.
    package static func isSameName(_ one: String, _ other: String) -> Bool {
        let left = one.utf8
        let right = other.utf8
        guard left.count == right.count else { return false }
        return zip(left, right).allSatisfy { lowercased($0) == lowercased($1) }
    }

    private static func lowercased(_ byte: UInt8) -> UInt8 {
        (0x41...0x5A).contains(byte) ? byte | 0x20 : byte
    }
}

extension HTTPHeaders {
    /// Reads the lines of one header block as they came over the wire, without the status line.
    ///
    /// Lines end in CR LF or LF; a line that begins with a blank carries on the one before (RFC 9112, 5.2);
    /// a line without a colon is left out.
    package init(block: [UInt8]) {
        var fields: [Field] = []
        for line in block.split(separator: 0x0A) {
            let isContinuation = line.first == 0x20 || line.first == 0x09
            let text = Self.trimmed(line[...])
            if isContinuation {
                if let last = fields.indices.last, !text.isEmpty {
                    fields[last].value += " " + String(decoding: text, as: UTF8.self)
                }
            } else if let colon = text.firstIndex(of: 0x3A) {
                let name = String(decoding: text[..<colon], as: UTF8.self)
                let value = String(decoding: Self.trimmed(text[(colon + 1)...]), as: UTF8.self)
                fields.append(Field(name, value))
            }
        }
        self.init(fields)
    }

    private static func trimmed(_ bytes: ArraySlice<UInt8>) -> ArraySlice<UInt8> {
        func isBlank(_ byte: UInt8) -> Bool { byte == 0x20 || byte == 0x09 || byte == 0x0D }
        guard let first = bytes.firstIndex(where: { !isBlank($0) }),
            let last = bytes.lastIndex(where: { !isBlank($0) })
        else { return [] }
        return bytes[first...last]
    }
}
