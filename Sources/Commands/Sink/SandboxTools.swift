import Foundation
import Orders
import SinkKit
import SinkTesting

/// Runs the programs that a sandbox names: what looks into its ERP by another way than the sink.
struct SandboxTools: Sendable {
    let tools: [PluginSandbox.Tool: [String]]
    /// Where they start; `nil`: where we are.
    let folder: String?
    /// What they find there.
    let environment: [String: String]
    /// What stands for `{folder}` and its like.
    var places: [String: String] = [:]

    /// For a program that doesn't end, as coreutils' `timeout` takes it: in seconds.
    private static let secondsMax = "60"

    /// Gives a check what they can do.
    func equip(_ target: inout SinkUnderTest) {
        if tools[.orders] != nil {
            target.auditor = SinkAuditor { key in try Self.orders(await run(.orders, ["{key}": key.text])) }
        }
        if tools[.ship] != nil {
            target.warehouse = SinkWarehouse { receipt, key, line in
                _ = try await run(
                    .ship,
                    [
                        "{key}": key.text, "{order_number}": receipt.erpOrderNumber, "{line}": line.lineKey,
                        "{quantity}": line.quantity.spelling,
                    ])
            }
        }
        if tools[.leaveDraft] != nil {
            target.drafts = .left { order in
                _ = try await run(.leaveDraft, ["{key}": order.key.text], input: JSONValue.object(order.json).serialized())
            }
        }
    }

    /// - Returns: what it prints.
    /// - Throws: ``CommandFailure`` where it ends with another status than 0, with the last that it had to say.
    private func run(_ tool: PluginSandbox.Tool, _ words: [String: String], input: [UInt8] = []) async throws -> Data {
        let process = Process()
        let filled = (tools[tool] ?? []).map { Self.filled($0, places.merging(words) { _, word in word }) }
        // Both find what they start on the path of that environment.
        process.executableURL = URL(fileURLWithPath: "/usr/bin/env")
        process.arguments = ["timeout", Self.secondsMax] + filled
        process.environment = environment
        if let folder { process.currentDirectoryURL = URL(fileURLWithPath: folder) }
        let (feed, output, errors) = (Pipe(), Pipe(), Pipe())
        (process.standardInput, process.standardOutput, process.standardError) = (feed, output, errors)
        async let status = ChildProcess.start(process)
        let reading = Task.detached { output.fileHandleForReading.readDataToEndOfFile() }
        let complaining = Task.detached { errors.fileHandleForReading.readDataToEndOfFile() }
        try? feed.fileHandleForWriting.write(contentsOf: Data(input))
        try? feed.fileHandleForWriting.close()
        let ended = try await status
        let (printed, complaint) = (await reading.value, await complaining.value)
        guard ended == 0 else {
            let last = String(decoding: complaint, as: UTF8.self).split(separator: "\n").last.map { ": \($0)" } ?? ""
            throw CommandFailure(
                .needsPerson, "the sandbox's tool '\(tool.rawValue)' (\(filled.first ?? "")) ended with status \(ended)\(last)")
        }
        return printed
    }

    private static func orders(_ printed: Data) throws -> [SinkAuditedOrder] {
        let unreadable = CommandFailure(
            .needsPerson,
            "what the sandbox's tool 'orders' prints can't be read; it should be [{\"number\", \"lines\": [{\"quantity\", \"unit_price\", \"description\"}]}]"
        )
        guard let list = (try? JSONValue(parsing: Array(printed)))?.arrayValue else { throw unreadable }
        return try list.map { order in
            guard let number = order["number"]?.stringValue else { throw unreadable }
            let lines = try order["lines"]?.arrayValue?.map { line in
                guard let quantity = decimal(line["quantity"]) else { throw unreadable }
                return SinkAuditedOrder.Line(
                    quantity: quantity, unitPrice: decimal(line["unit_price"]), description: line["description"]?.stringValue)
            }
            return SinkAuditedOrder(number: number, lines: lines)
        }
    }

    private static func decimal(_ value: JSONValue?) -> ExactDecimal? { value?.stringValue.flatMap { try? ExactDecimal($0) } }

    /// With what stands for `{folder}` and its like put in.
    static func filled(_ text: String, _ places: [String: String]) -> String {
        places.sorted { $0.key < $1.key }.reduce(text) { $0.replacing($1.key, with: $1.value) }
    }
}
