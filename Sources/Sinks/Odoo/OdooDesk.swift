import Orders
import SinkKit

/// What one call of the sink works with: Odoo, what hardly ever changes there, and the time that is left.
struct OdooDesk: Sendable {
    let client: OdooClient
    let facts: OdooFacts
    let budget: CallBudget

    /// Rows of a model, by id unless said otherwise.
    func rows(
        _ model: String, _ domain: JSONValue, _ fields: [String], order: String = "id", limit: Int? = nil,
        withArchived: Bool = false
    ) async throws(SinkError) -> [JSONValue] {
        var arguments = JSONObject([("domain", domain), ("fields", .texts(fields)), ("order", .text(order))])
        if let limit { arguments.append("limit", .integer(limit)) }
        var context = facts.context
        if withArchived { context.append("active_test", false) }
        let call = OdooClient.Call(model: model, method: "search_read", arguments: arguments, context: context)
        let rows: JSONValue
        do throws(OdooFailure) { rows = try await client.ask(call, budget) } catch { throw Self.failure(error, call) }
        guard let rows = rows.arrayValue else { throw SinkError(.notApplied, "\(call.title) gave no list") }
        return rows
    }

    /// A method that changes nothing.
    func ask(
        _ model: String, _ method: String, ids: [Int64]? = nil, _ arguments: JSONObject = JSONObject()
    ) async throws(OdooFailure) -> JSONValue {
        try await client.ask(
            OdooClient.Call(model: model, method: method, ids: ids, arguments: arguments, context: facts.context), budget)
    }

    /// A method of records that changes them.
    func tell(
        _ model: String, _ method: String, ids: [Int64], _ arguments: JSONObject = JSONObject()
    ) async throws(OdooFailure) -> JSONValue {
        var context = facts.context
        // Before version 18, cancelling asked back in a dialogue.
        context.append("disable_cancel_warning", true)
        return try await client.tell(
            OdooClient.Call(model: model, method: method, ids: ids, arguments: arguments, context: context), budget)
    }

    /// The external ids of records, where they have some.
    func externalIDs(_ model: String, _ ids: [Int64]) async throws(SinkError) -> [Int64: String] {
        guard !ids.isEmpty else { return [:] }
        let known: JSONValue
        do throws(OdooFailure) { known = try await ask(model, "get_external_id", ids: ids) } catch { throw error.sinkError }
        var texts: [Int64: String] = [:]
        for member in known.objectValue?.members ?? [] {
            if let id = Int64(member.name.value), let text = member.value.stringValue, !text.isEmpty { texts[id] = text }
        }
        return texts
    }

    static func failure(_ failure: OdooFailure, _ call: OdooClient.Call) -> SinkError {
        // Reading is refused for want of a field.
        guard case .raised(let exception) = failure else { return failure.sinkError }
        return SinkError(.misconfigured, "\(call.title) was refused by Odoo: \(exception.text)")
    }
}

/// A record that is made under an external id, which is unique in Odoo's database (`ir.model.data`).
///
/// `load` with `mode: update` leaves alone what stands under an id that was made with `noupdate`, and answers with that: whoever comes
/// second, in a race or after a crash, makes nothing and changes nothing. Source: odoo 19.0, `orm/models.py`, `_load_records`.
struct OdooImport: Sendable {
    let model: String
    /// Columns and rows as `load` takes them; the first column says which record, and all values are texts.
    private(set) var columns: [String] = ["id"]
    private(set) var rows: [[String]]

    init(_ model: String, externalID: String, _ values: KeyValuePairs<String, String?>) {
        self.model = model
        rows = [[externalID]]
        append(values)
    }

    /// Changes a record that is there: by its own id, with what it is given in further columns.
    init(_ model: String, id: Int64, _ values: KeyValuePairs<String, String?>) {
        self.model = model
        (columns, rows) = ([".id"], [["\(id)"]])
        append(values)
    }

    private mutating func append(_ values: KeyValuePairs<String, String?>) {
        for (column, value) in values {
            guard let value else { continue }
            columns.append(column)
            rows[0].append(value)
        }
    }

    /// Gives the record lines, each of which stands in a row: the first beside the record itself.
    mutating func append(_ lineColumns: [String], _ lines: [[String]]) {
        let blank = Array(repeating: "", count: columns.count)
        let first = rows[0]
        columns += lineColumns
        rows = lines.enumerated().map { index, line in (index == 0 ? first : blank) + line }
    }

    /// - Returns: the record's id, whoever made it.
    /// - Throws: what Odoo refuses, in its own words.
    func perform(_ desk: OdooDesk) async throws(OdooFailure) -> Int64 {
        for _ in 1...3 {
            do throws(OdooFailure) { return try await once(desk) } catch {
                guard case .raised(let exception) = error else { throw error }
                if exception.isOfRace { continue }
                // PostgreSQL may tell of a race in another language: whoever is refused twice was refused.
                return try await once(desk)
            }
        }
        throw .failed(SinkError(.notApplied, "others change the same in Odoo again and again"))
    }

    private func once(_ desk: OdooDesk) async throws(OdooFailure) -> Int64 {
        var context = desk.facts.context
        for (name, value) in [("mode", "update"), ("noupdate", true)] as [(String, JSONValue)] { context.append(name, value) }
        let call = OdooClient.Call(
            model: model, method: "load",
            arguments: JSONObject([("fields", .texts(columns)), ("data", .array(rows.map { .texts($0) }))]), context: context)
        let answer = try await desk.client.tell(call, desk.budget)
        if let id = answer["ids"]?.ids.first { return id }
        let messages = (answer["messages"]?.arrayValue ?? []).compactMap { $0["message"]?.stringValue }
        guard !messages.isEmpty else {
            throw .failed(SinkError(.unknownOutcome, "\(call.title) gave neither an id nor a reason"))
        }
        throw .raised(OdooException(name: "load", messages))
    }
}
