internal import Orders

/// What a PUT leaves of an order: compact JSON, made from the stored bytes and the sent document.
struct OrderReplacement {
    let mode: CloudSuiteConfiguration.PutMode
    /// The shop's clock face, as a JSON string.
    let modifiedDate: [UInt8]
    /// The last id given to a line that came without one.
    private(set) var lineIDLast: Int

    /// The stored order's fields in their place with the document's values, emptied where the document leaves them out
    /// (kept in merge mode), then the document's own further fields. Values keep the spelling they were sent in.
    mutating func order(_ sent: JSONObject, over old: [UInt8]) -> [UInt8] {
        var writer = ObjectWriter(capacity: old.count + 128)
        let old = TopLevelMembers(old)
        for member in old.members {
            let name = old.name(of: member)
            switch name {
            case "modified_date": writer.add(name.utf8, modifiedDate)
            case "order_lines": writer.add(name.utf8, lines(sent["order_lines"]?.arrayValue ?? [], over: old.value(of: member)))
            case _ where OrderFieldRules.serverOwned.contains(name): writer.add(name.utf8, old.value(of: member))
            default: add(name, sent.value(spelled: name), over: old.value(of: member), isMerge: mode == .merge, to: &writer)
            }
        }
        addFurther(sent, beside: old, to: &writer)
        return writer.finished()
    }

    /// An order that wasn't there before, all fields empty but the server's own.
    static func empty(id: Int, created: [UInt8]) -> [UInt8] {
        let date = String(decoding: created, as: UTF8.self)
        return Array(
            """
            {"id":\(id),"reference":"CS\(id)","key":null,"customer_order_number":null,"erp_order_number":null,"state":null,\
            "payment_status":null,"shipment_state":null,"order_date":null,"confirm_date":null,"create_date":\(date),\
            "modified_date":\(date),"requested_delivery_date":null,"description":null,"currency":null,"paid_amount":null,\
            "customer":null,"user":null,"webshop":null,"shipment_address":null,"invoice_address":null,"order_lines":[]}
            """.utf8)
    }

    private func add(
        _ name: String, _ sent: JSONValue?, over old: ArraySlice<UInt8>, isMerge: Bool, to writer: inout ObjectWriter
    ) {
        if let sent {
            writer.add(name.utf8, sent)
        } else if isMerge {
            writer.add(name.utf8, old)
        } else {
            writer.add(name.utf8, JSONValue.null)
        }
    }

    private func addFurther(_ sent: JSONObject, beside old: TopLevelMembers, to writer: inout ObjectWriter) {
        for member in sent.members where !old.has(member.name.literal) { writer.add(member.name.literal.utf8, member.value) }
    }

    /// A line that names an id of this order keeps it, once; every other line is a new one with a new id.
    private mutating func lines(_ sent: [JSONValue], over old: ArraySlice<UInt8>) -> [UInt8] {
        var known = TopLevelMembers.elements(of: Array(old)).map { TopLevelMembers($0) }
        var bytes: [UInt8] = [UInt8(ascii: "[")]
        for (index, line) in sent.compactMap(\.objectValue).enumerated() {
            if index > 0 { bytes.append(UInt8(ascii: ",")) }
            let match = line["id"]?.integerValue.flatMap { id in known.firstIndex { $0.integer("id") == Int(id) } }
            if let match {
                bytes += self.line(line, over: known.remove(at: match), isMerge: mode == .merge)
            } else {
                bytes += self.line(line, over: newLine(), isMerge: false)
            }
        }
        bytes.append(UInt8(ascii: "]"))
        return bytes
    }

    private mutating func newLine() -> TopLevelMembers {
        lineIDLast += 1
        return TopLevelMembers(
            Array(
                """
                {"id":\(lineIDLast),"type":null,"product":null,"description":null,"quantity":null,"unit_price":null,\
                "erp_line_number":null}
                """.utf8))
    }

    private func line(_ sent: JSONObject, over old: TopLevelMembers, isMerge: Bool) -> [UInt8] {
        var writer = ObjectWriter(capacity: 256)
        for member in old.members {
            let name = old.name(of: member)
            if name == "id" {
                writer.add(name.utf8, old.value(of: member))
            } else {
                add(name, sent.value(spelled: name), over: old.value(of: member), isMerge: isMerge, to: &writer)
            }
        }
        addFurther(sent, beside: old, to: &writer)
        return writer.finished()
    }
}

extension JSONObject {
    /// The member whose name is spelled so, escapes and all.
    fileprivate func value(spelled literal: String) -> JSONValue? { members.first { $0.name.literal == literal }?.value }
}
