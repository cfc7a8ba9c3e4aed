import ArgumentParser
import CloudSuite
import Engine
import Foundation
import Ledger
import Mapping
import OrderFlow
import Orders
import Settings
import SinkKit

/// `crossdock map check`
struct MapCheckCommand: CrossdockSubcommand {
    static let configuration = CommandConfiguration(
        commandName: "check",
        abstract: "Shows what the sink would get of an order, and where each value comes from; writes nothing anywhere.",
        discussion: """
            Ends with 0 where the order could be sent, and with 1 where it lacks something; all of it is named at once.

            EXAMPLES
              crossdock map check CS48193
              crossdock map check --file order.json      the shop's order from a file; contacts nothing, and starts no plugin
              crossdock map check CS48193 --json
            """)

    @OptionGroup var options: CommonOptions
    @OptionGroup var output: JSONOption

    @Argument(help: "The order's reference, such as CS48193, or the shop's numeric id.")
    var order: String?

    @Option(name: .long, help: "A file with one order as the shop's API gives it; - is standard input.", completion: .file())
    var file: String?

    @Option(name: .long, help: "The webshop's id, where several have an order of that reference.")
    var webshop: Int64?

    @Option(name: .long, help: "Only this flow.")
    var flow: String?

    func validate() throws {
        if (order == nil) == (file == nil) { throw ValidationError("Name an order, or a --file with one.") }
    }

    func perform() async throws -> ExitStatus {
        try await Workplace.use(options, .dryRun) { workplace in
            let report = try await report(in: workplace)
            if output.json { Output.json(.object(report.json)) } else { report.text.forEach { Output.line($0) } }
            return report.prepared.faults.isEmpty ? .done : .needsPerson
        }
    }

    private func report(in workplace: Workplace) async throws -> MappingReport {
        guard let name = order else { return try reportOfFile(try await onlyFlow(workplace)) }
        var argument = OrderArgument()
        (argument.order, argument.webshop, argument.flow) = (name, webshop, flow)
        let (row, flow) = try await argument.row(workplace, asksShop: true)
        do throws(ShopError) {
            let read = try await flow.shop.order(row.key.orderID)
            guard let order = read.order else { throw ShopError(.rejected, Self.unusable(read.reading.faults)) }
            let parties = try await flow.resolvedParties(of: order)
            return await MappingReport(
                order, flow, parties, isReleased: isReleased(row.key, read.reading, in: workplace.ledger))
        } catch {
            throw CommandFailure(ExitStatus(FlowStop(error)), "\(name): \(error.message)")
        }
    }

    private func reportOfFile(_ flow: Flow) throws -> MappingReport {
        let (order, faults) = OrderDecoder.decode(try json(), expectedID: nil)
        guard let order else { throw CommandFailure(.usage, Self.unusable(faults)) }
        if flow.sink is UnstartedSink {
            Output.error(
                "crossdock: what sink '\(flow.sinkName)' itself requires isn't looked at: it is a program, which isn't started here"
            )
        }
        return MappingReport(order, flow, flow.knownParties(of: order), isReleased: false)
    }

    private func json() throws -> JSONObject {
        let path = file ?? "-"
        let handle = path == "-" ? FileHandle.standardInput : FileHandle(forReadingAtPath: path)
        guard let bytes = try? handle?.readToEnd() else { throw CommandFailure(.usage, "\(path) can't be read") }
        guard let object = (try? JSONValue(parsing: [UInt8](bytes)))?.objectValue else {
            throw CommandFailure(.usage, "\(path) has no JSON object in it")
        }
        return object
    }

    private func onlyFlow(_ workplace: Workplace) async throws -> Flow {
        let flows = try workplace.settings(named: flow)
        guard let only = flows.first, flows.count == 1 else {
            throw CommandFailure(.usage, "say which --flow; there are: \(flows.map(\.name).joined(separator: ", "))")
        }
        return try await workplace.flowWithoutProgram(only)
    }

    private static func unusable(_ faults: [SinkFault]) -> String {
        "the order can't be used:\n" + faults.map { "  \($0)" }.joined(separator: "\n")
    }

    /// Whether a person let the order, as it is now, go without the entries that are asked for.
    private func isReleased(_ key: OrderKey, _ reading: OrderReading, in ledger: any Ledger) async -> Bool {
        var progress = OrderProgress((try? await ledger.journal(key)) ?? [])
        progress.refresh(reading)
        return progress.isReleased(.mappingQuestion)
    }
}
