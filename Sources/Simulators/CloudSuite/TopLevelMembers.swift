/// Where the members of a compact JSON object stand in its bytes.
///
/// The store keeps orders as the bytes the writer made, so this needs to know nothing but strings and nesting;
/// it lets a PATCH change one value and leave every other byte alone.
struct TopLevelMembers: Sendable {
    struct Member: Sendable {
        /// The characters between the name's quotes.
        let name: Range<Int>
        let value: Range<Int>
    }

    private let bytes: [UInt8]
    let members: [Member]

    /// - Precondition: `bytes` is one JSON object without white space between tokens.
    init(_ bytes: [UInt8]) {
        self.bytes = bytes
        members = Self.scan(bytes.span)
    }

    subscript(_ name: StaticString) -> ArraySlice<UInt8>? {
        let length = name.utf8CodeUnitCount
        let member = members.first { member in
            guard member.name.count == length else { return false }
            return bytes[member.name].elementsEqual(UnsafeBufferPointer(start: name.utf8Start, count: length))
        }
        return member.map { bytes[$0.value] }
    }

    /// A member's name as it is spelled between its quotes.
    func name(of member: Member) -> String { String(decoding: bytes[member.name], as: UTF8.self) }

    func value(of member: Member) -> ArraySlice<UInt8> { bytes[member.value] }

    func has(_ name: String) -> Bool { members.contains { name.utf8.elementsEqual(bytes[$0.name]) } }

    /// The elements of a compact JSON array.
    static func elements(of array: [UInt8]) -> [[UInt8]] {
        var elements: [[UInt8]] = []
        var index = 1
        while index < array.count - 1 {
            let end = endOfValue(array.span, index)
            elements.append(Array(array[index..<end]))
            index = end + 1
        }
        return elements
    }

    /// The text of a string member without escapes, `nil` for anything else.
    func text(_ name: StaticString) -> String? {
        guard let value = self[name], value.first == UInt8(ascii: "\"") else { return nil }
        return String(decoding: value.dropFirst().dropLast(), as: UTF8.self)
    }

    func integer(_ name: StaticString) -> Int? { self[name].flatMap { Int(String(decoding: $0, as: UTF8.self)) } }

    /// The object with these members' values replaced, or appended where there is no such member.
    func replacing(_ values: [(name: String, value: [UInt8])]) -> [UInt8] {
        var result: [UInt8] = []
        result.reserveCapacity(bytes.count + 64)
        var copied = 0
        var absent = values
        for member in members {
            guard let index = absent.firstIndex(where: { $0.name.utf8.elementsEqual(bytes[member.name]) }) else { continue }
            result += bytes[copied..<member.value.lowerBound]
            result += absent.remove(at: index).value
            copied = member.value.upperBound
        }
        result += bytes[copied..<bytes.count - 1]
        for (name, value) in absent {
            if result.count > 1 { result.append(UInt8(ascii: ",")) }
            result += Array("\"\(name)\":".utf8) + value
        }
        result.append(UInt8(ascii: "}"))
        return result
    }

    private static func scan(_ bytes: Span<UInt8>) -> [Member] {
        var members: [Member] = []
        members.reserveCapacity(32)
        var index = 1
        while index < bytes.count, bytes[index] == UInt8(ascii: "\"") {
            let nameEnd = endOfString(bytes, index)
            let valueEnd = endOfValue(bytes, nameEnd + 1)
            members.append(Member(name: index + 1..<nameEnd - 1, value: nameEnd + 1..<valueEnd))
            index = valueEnd + 1
        }
        return members
    }

    /// The index after the string's closing quote.
    private static func endOfString(_ bytes: Span<UInt8>, _ start: Int) -> Int {
        var index = start + 1
        while bytes[index] != UInt8(ascii: "\"") {
            index += bytes[index] == UInt8(ascii: "\\") ? 2 : 1
        }
        return index + 1
    }

    /// The index of the comma or bracket after the value.
    private static func endOfValue(_ bytes: Span<UInt8>, _ start: Int) -> Int {
        var index = start
        var depth = 0
        while index < bytes.count {
            switch bytes[index] {
            case UInt8(ascii: "\""): index = endOfString(bytes, index)
            case UInt8(ascii: "{"), UInt8(ascii: "["):
                depth += 1
                index += 1
            case UInt8(ascii: "}"), UInt8(ascii: "]"):
                guard depth > 0 else { return index }
                depth -= 1
                index += 1
            case UInt8(ascii: ",") where depth == 0: return index
            default: index += 1
            }
        }
        return index
    }
}
