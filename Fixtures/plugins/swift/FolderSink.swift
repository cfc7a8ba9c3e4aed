import Foundation
import Orders
import SinkKit

/// Keeps a file for each order in a folder.
///
/// Class K: the file's name is the key, and a link can't be made twice, so a second order under one key is impossible.
struct FolderSink: ERPSink {
    let capabilities = SinkCapabilities(sinkClass: .key(retention: nil, latestEffect: .zero), validates: true)
    private let folder: URL
    /// `nil`: any.
    private let products: [String]?

    init(_ settings: JSONObject) throws(SinkError) {
        // The schema has made sure that both are what they should be.
        folder = URL(fileURLWithPath: settings["folder"]?.stringValue ?? ".", isDirectory: true)
        products = settings["products"]?.arrayValue?.compactMap(\.stringValue)
        guard FileManager.default.isWritableFile(atPath: folder.path) else {
            throw SinkError(.misconfigured, "the folder \(folder.path) is not there, or can't be written to")
        }
    }

    func find(_ key: IdempotencyKey, _ context: SinkContext) async throws(SinkError) -> SinkReceipt? {
        try stored(key).map { Self.receipt(of: $0) }
    }

    func create(_ order: SinkOrder, _ context: SinkContext) async throws(SinkError) -> SinkAnswer {
        let start = SinkStartDeadline(context)
        let faults = faults(in: order)
        guard faults.isEmpty else { return .rejected(faults) }
        let text = JSONValue.object(order.json).serialized()
        let draft = folder.appendingPathComponent(".\(UUID().uuidString)")
        defer { try? FileManager.default.removeItem(at: draft) }
        do {
            try Data(text).write(to: draft)
            let handle = try FileHandle(forUpdating: draft)
            try handle.synchronize()
            try handle.close()
        } catch { throw SinkError(.unavailable, "the folder \(folder.path) can't be written to: \(error)") }
        // Bringing it to disk may have taken long.
        try start.check()
        // Fails where the order is there already, which is what the next lines look at.
        let linking = Result {
            try FileManager.default.linkItem(at: draft, to: file(order.key))
            try FileHandle(forReadingFrom: folder).synchronize()
        }
        guard let stored = try stored(order.key) else {
            throw SinkError(.unavailable, "the folder \(folder.path) can't be written to: \(linking)")
        }
        guard stored.json == order.json else {
            throw SinkError(.conflict, "the key \(order.key) stands for another order")
        }
        return .accepted(Self.receipt(of: stored))
    }

    func validate(_ order: SinkOrder, _ context: SinkContext) async throws(SinkError) -> [SinkFault] { faults(in: order) }

    func check(_ context: SinkContext) async throws(SinkError) -> [String] { ["the folder \(folder.path) can be written to"] }

    private func file(_ key: IdempotencyKey) -> URL { folder.appendingPathComponent("\(key.text).json") }

    /// `nil` only where the file isn't there: one that can't be read says nothing.
    private func stored(_ key: IdempotencyKey) throws(SinkError) -> SinkOrder? {
        let path = file(key)
        do {
            guard let object = try JSONValue(parsing: Array(Data(contentsOf: path))).objectValue else {
                throw SinkError(.conflict, "the file \(path.path) holds no order")
            }
            return try SinkOrder(json: object)
        } catch CocoaError.fileReadNoSuchFile {
            return nil
        } catch {
            throw SinkError(.unavailable, "the file \(path.path) can't be read: \(error)")
        }
    }

    /// What one of our files holds, as the conformance kit's tool `orders` prints it.
    static func ordersInFile(_ path: String) throws -> JSONValue {
        guard FileManager.default.fileExists(atPath: path) else { return [] }
        let order = try SinkOrder(json: JSONValue(parsing: Array(Data(contentsOf: URL(fileURLWithPath: path)))).objectValue ?? JSONObject())
        let lines = order.order.lines.map { line in
            let members: [(String, JSONValue?)] = [
                ("quantity", .text(line.quantity.spelling)), ("unit_price", line.unitPrice.map { .text($0.spelling) }),
                ("description", line.description.map { .text($0) }),
            ]
            return JSONValue.object(JSONObject(members.compactMap { name, value in value.map { (name, $0) } }))
        }
        return [["number": .text(receipt(of: order).erpOrderNumber), "lines": .array(lines)]]
    }

    private static func receipt(of order: SinkOrder) -> SinkReceipt {
        SinkReceipt(
            erpOrderNumber: order.key.text.replacing("crossdock:", with: "SW-"),
            lines: order.order.lines.enumerated().map { index, line in
                SinkReceiptLine(lineKey: line.key, erpLineNumber: Int64(index + 1) * 10)
            })
    }

    private func faults(in order: SinkOrder) -> [SinkFault] {
        guard let products else { return [] }
        return order.order.lines.enumerated().filter { !products.contains(order.item(for: $1).productCode) }.map { index, _ in
            SinkFault(path: "lines[\(index)].product", message: "there is no such product")
        }
    }
}
