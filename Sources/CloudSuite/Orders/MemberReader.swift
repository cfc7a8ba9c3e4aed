import Orders

/// Looks members up by name, fast where they are asked for in the order in which they stand: each search begins behind the member
/// that was found last.
struct MemberReader {
    private let members: [JSONObject.Member]
    private var next = 0

    init(_ object: JSONObject) { members = object.members }

    mutating func value(_ name: String) -> JSONValue? {
        for index in next..<members.count where members[index].name.value == name { return found(index) }
        for index in 0..<next where members[index].name.value == name { return found(index) }
        return nil
    }

    private mutating func found(_ index: Int) -> JSONValue {
        next = index + 1
        return members[index].value
    }
}
