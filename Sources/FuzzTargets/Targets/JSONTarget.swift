import Orders

extension FuzzTarget {
    /// What is parsed is serialized to the same bytes but for white space, and limits are kept.
    static let json = FuzzTarget(name: "json", inputBytesMax: 1024, share: 270) { input throws(BrokenProperty) in
        let value: JSONValue
        do throws(JSONParseError) { value = try JSONValue(parsing: input) } catch {
            try require((0...input.count).contains(error.byteOffset), "the error's place lies in the text")
            return
        }
        let bytes = value.serialized()
        try require(bytes == compacted(input), "serializing changes nothing but white space")
        try require(parsed(bytes) == value, "what is serialized parses to the same")
        try require(parsed(Array(value.prettyText.utf8)) == value, "the form for people parses to the same")
        try require(isRefused(input, JSONLimits(depthMax: depth(of: value) - 1)), "one level less than it has is refused")
        try require(isRefused(input, JSONLimits(bytesMax: input.count - 1)), "one byte less than it has is refused")
        try checkStrings(in: value)
    }

    private static func parsed(_ bytes: [UInt8]) -> JSONValue? { try? JSONValue(parsing: bytes) }

    private static func isRefused(_ bytes: [UInt8], _ limits: JSONLimits) -> Bool {
        limits.depthMax < 0 || (try? JSONValue(parsing: bytes, limits: limits)) == nil
    }

    private static func depth(of value: JSONValue) -> Int {
        switch value {
        case .array(let elements): 1 + (elements.map(depth).max() ?? 0)
        case .object(let object): 1 + (object.members.map { depth(of: $0.value) }.max() ?? 0)
        default: 0
        }
    }

    /// The text a string stands for can be written and read again, and a member is found under its name.
    private static func checkStrings(in value: JSONValue) throws(BrokenProperty) {
        switch value {
        case .string(let string): try check(string)
        case .array(let elements):
            for element in elements { try checkStrings(in: element) }
        case .object(let object):
            for member in object.members {
                try check(member.name)
                // Each look-up searches the object from end to end.
                if object.members.count < 100 {
                    try require(object[member.name.value] != nil, "a member is found under its name")
                }
                try checkStrings(in: member.value)
            }
        case .null, .bool, .number: break
        }
    }

    private static func check(_ string: JSONString) throws(BrokenProperty) {
        let text = string.value
        let written = JSONString(text)
        try require(written.value.utf8.elementsEqual(text.utf8), "a text that is written reads as itself")
        try require(parsed(JSONValue.string(written).serialized()) == .string(written), "a text that is written is JSON")
    }

    /// The text without a byte order mark and without what stands between tokens.
    private static func compacted(_ input: [UInt8]) -> [UInt8] {
        var bytes: [UInt8] = []
        bytes.reserveCapacity(input.count)
        var isInString = false, isEscaped = false
        for byte in input.starts(with: [0xEF, 0xBB, 0xBF]) ? input.dropFirst(3) : input[...] {
            if isInString {
                isInString = isEscaped || byte != UInt8(ascii: "\"")
                isEscaped = !isEscaped && byte == UInt8(ascii: "\\")
            } else if [0x20, 0x0A, 0x0D, 0x09].contains(byte) {
                continue
            } else {
                isInString = byte == UInt8(ascii: "\"")
            }
            bytes.append(byte)
        }
        return bytes
    }
}
