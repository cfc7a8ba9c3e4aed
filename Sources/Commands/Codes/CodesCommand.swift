import ArgumentParser
import Engine
import Ledger
import OrderFlow
import Orders
import Settings
import SinkKit

/// `crossdock codes`
struct CodesCommand: CrossdockSubcommand {
    static let configuration = CommandConfiguration(
        commandName: "codes",
        abstract: "Tells how many digital codes an order has, or shows them and writes down who looked.",
        discussion: """
            EXAMPLES
              crossdock codes CS48193
              crossdock codes CS48193 --reveal --reason "the buyer's mail never came"
            """)

    @OptionGroup var options: CommonOptions
    @OptionGroup var argument: OrderArgument
    @OptionGroup var output: JSONOption

    @Flag(name: .long, help: "Show the codes; who does is written into the order's journal.") var reveal = false
    @Option(name: .shortAndLong, help: "With --reveal: why; kept in the order's journal.") var reason: String?

    func perform() async throws -> ExitStatus {
        try await Workplace.use(options, reveal ? .write : .read) { workplace in
            let (row, flow) = try await argument.row(workplace, asksShop: false)
            let codes = try await reveal ? looked(at: row, flow, workplace) : workplace.ledger.codes(row.key)
            if reveal { try show(codes, row.key, workplace) } else { count(codes) }
            return .done
        }
    }

    private func looked(at row: OrderRow, _ flow: Flow, _ workplace: Workplace) async throws -> [SealedCode] {
        guard let reason, !reason.isEmpty else { throw CommandFailure(.usage, "--reveal needs a --reason, which is kept") }
        do throws(OrderDesk.Refusal) {
            return try await OrderDesk(flow, surroundings: workplace.surroundings())
                .codes(of: row.key, by: Person.name, reason: reason)
        } catch { throw CommandFailure(ExitStatus(error), "\(argument.order): \(error.description)") }
    }

    private func count(_ codes: [SealedCode]) {
        var lines: [(line: String, label: String, count: Int)] = []
        for name in codes.map(\.name) {
            if let index = lines.firstIndex(where: { $0.line == name.lineKey && $0.label == name.label }) {
                lines[index].count += 1
            } else {
                lines.append((name.lineKey, name.label, 1))
            }
        }
        if output.json {
            let listed = lines.map { line -> JSONValue in
                ["line": .text(line.line), "label": .text(line.label), "count": .integer(line.count)]
            }
            return Output.json(["order": .text(argument.order), "count": .integer(codes.count), "lines": .array(listed)])
        }
        if codes.isEmpty { return Output.line("\(argument.order) has no codes") }
        var table = Table("LINE", "WHAT", "COUNT")
        for line in lines { table.add(line.line, line.label, String(line.count)) }
        Output.line(table.text(aligned: Output.isTerminal))
    }

    private func show(_ codes: [SealedCode], _ key: OrderKey, _ workplace: Workplace) throws {
        guard let vault = workplace.configuration.vault else {
            throw CommandFailure(.badConfiguration, "the configuration has no key for codes; give it under 'codes'")
        }
        var shown: [(name: CodeName, text: String)] = []
        for code in codes {
            do throws(CodeVault.Fault) { shown.append((code.name, try vault.open(code, of: key).reveal())) } catch {
                throw CommandFailure(.badConfiguration, "\(argument.order): \(error.description)")
            }
        }
        if output.json {
            for (name, text) in shown {
                Output.json([
                    "line": .text(name.lineKey), "unit": .integer(name.unit), "label": .text(name.label), "value": .text(text),
                ])
            }
            return
        }
        var table = Table("LINE", "UNIT", "WHAT", "VALUE")
        for (name, text) in shown { table.add(name.lineKey, String(name.unit), name.label, text) }
        Output.line(table.text(aligned: Output.isTerminal))
    }
}
