import ArgumentParser
import Engine
import Foundation
import Ledger
import OrderFlow
import Orders
import SinkKit

/// `crossdock adopt`
struct AdoptCommand: CrossdockSubcommand {
    static let configuration = CommandConfiguration(
        commandName: "adopt", abstract: "Says that the ERP has the order already, under a number.",
        discussion: """
            Where the ERP can be asked by our key, its answer gives the lines. Else --lines names a file with a line for each order \
            line: the shop's line id (or position:N), a comma, the ERP's line number.

            EXAMPLE
              crossdock adopt CS48193 --erp-number SO-124578 --reason "found it in the ERP after the outage"
            """)

    @OptionGroup var decision: DecisionOptions

    @Option(name: .long, help: "The ERP's order number.")
    var erpNumber: String

    @Option(name: .long, help: "A file with the ERP's line numbers.")
    var lines: String?

    func perform() async throws -> ExitStatus {
        let given = try lines.map(LineNumberFile.read)
        return try await decision.carryOut { workplace, row, flow in
            let progress = OrderProgress(try await workplace.ledger.journal(row.key))
            let key = IdempotencyKey(order: row.key, generation: progress.generation)
            guard flow.policy.sinkClass.canFind, let found = try await find(flow, key) else {
                return .adopt(SinkReceipt(erpOrderNumber: erpNumber, lines: given ?? []))
            }
            guard found.erpOrderNumber == erpNumber else {
                throw CommandFailure(.usage, "the ERP shows this order as \(found.erpOrderNumber), not as \(erpNumber)")
            }
            return .adopt(found)
        }
    }

    private func find(_ flow: Flow, _ key: IdempotencyKey) async throws -> SinkReceipt? {
        do throws(SinkError) {
            return try await flow.sink.find(key, SinkContext(timeLimit: flow.sinkTimeLimit))
        } catch {
            throw CommandFailure(.unavailable, "the ERP can't be asked for the order's lines: \(error.message)")
        }
    }
}

/// `line key, ERP line number` in each line of a file.
enum LineNumberFile {
    static func read(_ path: String) throws -> [SinkReceiptLine] {
        guard let text = try? String(contentsOfFile: path, encoding: .utf8) else {
            throw CommandFailure(.usage, "the file \(path) can't be read")
        }
        return try text.split(whereSeparator: \.isNewline).enumerated().compactMap { index, line in
            let fields = line.split(separator: ",").map { $0.trimmingCharacters(in: .whitespaces) }
            if fields.isEmpty || line.hasPrefix("#") { return nil }
            guard fields.count == 2, let number = Int64(fields[1]) else {
                throw CommandFailure(.usage, "\(path), line \(index + 1): '\(line)' is not 'line id, ERP line number'")
            }
            return SinkReceiptLine(lineKey: Int64(fields[0]) == nil ? fields[0] : "id:\(fields[0])", erpLineNumber: number)
        }
    }
}
