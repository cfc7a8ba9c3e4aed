import Foundation
import Logging
import Orders
import PluginHost
import SinkKit
import TestSupport
import Testing

/// The worked examples in `Fixtures/plugins`, each as a running program.
@Suite struct ExamplePluginTests {
    enum Example: String, CaseIterable, Sendable {
        case python, shell, swift

        func settings(_ folder: String) throws -> PluginSettings {
            let examples = ProjectFolder.root + "/Fixtures/plugins"
            let (command, place): ([String], String) =
                switch self {
                case .python: ([try ScriptedPlugin.python.get(), examples + "/python/sink.py"], "path")
                case .shell: (["/bin/sh", examples + "/shell/sink.sh"], "folder")
                case .swift: ([ProjectFolder.program("crossdock-example-sink")], "folder")
                }
            var settings = PluginSettings(name: rawValue, command: command)
            settings.environment["PATH"] = ProcessInfo.processInfo.environment["PATH"]
            settings.settings = JSONObject([
                (place, .text(self == .python ? folder + "/orders.db" : folder)), ("products", ["A-1", "A-2"]),
            ])
            settings.startTimeLimit = .seconds(60)
            return settings
        }
    }

    static func use(
        _ example: Example, _ folder: ProjectFolder.Temporary, _ work: (PluginSink) async throws -> Void
    ) async throws {
        let sink = try await PluginSink.start(
            example.settings(folder.path), host: PluginParty(name: "crossdock", version: "0"), logger: LogLines().logger)
        do { try await work(sink) } catch {
            await sink.close()
            throw error
        }
        await sink.close()
    }

    @Test(arguments: Example.allCases)
    func `an order is made once, found by its key, and still there after a crash and a restart`(example: Example) async throws {
        let folder = try ProjectFolder.Temporary()
        let order = try order(9_007_199_254_740_993, quantity: "123456789012345678901234567890.12")
        let context = SinkContext(timeLimit: .seconds(60))
        try await Self.use(example, folder) { sink in
            let before = try await sink.find(order.key, context)
            #expect(before == nil)
            let answer = try await sink.create(order, context)
            guard case .accepted(let receipt) = answer else {
                Issue.record("not accepted: \(answer)")
                return
            }
            #expect(receipt.state == .confirmed && receipt.lines.map(\.erpLineNumber) == [10, 20, 30])
            #expect(receipt.lines.map(\.lineKey) == order.order.lines.map(\.key))
            let again = try await sink.create(order, context)
            #expect(again == answer)
            await sink.kill()
            let found = try await sink.find(order.key, context)
            #expect(found == receipt)
        }
        try await Self.use(example, folder) { sink in
            let found = try await sink.find(order.key, context)
            #expect(found?.lines.count == 3)
        }
    }

    @Test(arguments: Example.allCases)
    func `another order under the same key is a conflict`(example: Example) async throws {
        try await Self.use(example, try ProjectFolder.Temporary()) { sink in
            _ = try await sink.create(order(quantity: "1"), SinkContext(timeLimit: .seconds(60)))
            let error = await createError(sink, try order(quantity: "2"), SinkContext(timeLimit: .seconds(60)))
            #expect(error?.code == .conflict)
        }
    }

    @Test(arguments: Example.allCases)
    func `products that aren't there refuse the whole order, all at once`(example: Example) async throws {
        try await Self.use(example, try ProjectFolder.Temporary()) { sink in
            let order = try order(products: ["A-1", "B-1", "A-2", "B-2"])
            let faults = [
                SinkFault(path: "lines[1].product", message: "there is no such product"),
                SinkFault(path: "lines[3].product", message: "there is no such product"),
            ]
            let context = SinkContext(timeLimit: .seconds(60))
            let told = try await sink.validate(order, context)
            #expect(told == faults)
            let answer = try await sink.create(order, context)
            #expect(answer == .rejected(faults))
            let found = try await sink.find(order.key, context)
            #expect(found == nil)
        }
    }

    @Test(arguments: Example.allCases)
    func `six creates of one key at once make one order`(example: Example) async throws {
        try await Self.use(example, try ProjectFolder.Temporary()) { sink in
            let order = try order()
            let receipts = try await withThrowingTaskGroup(of: SinkAnswer.self) { group in
                for _ in 0..<6 { group.addTask { try await sink.create(order, SinkContext(timeLimit: .seconds(120))) } }
                return try await group.reduce(into: [SinkAnswer]()) { $0.append($1) }
            }
            #expect(receipts.count == 6 && receipts.allSatisfy { $0 == receipts[0] })
        }
    }

    @Test(arguments: Example.allCases)
    func `an example says what it is, where it may be tried, and refuses settings it doesn't know`(example: Example) async throws
    {
        let folder = try ProjectFolder.Temporary()
        let host = PluginParty(name: "crossdock", version: "0")
        let introduction = try await PluginSink.introduction(
            of: example.settings(folder.path), host: host, logger: LogLines().logger)
        #expect(introduction.contract == .current && introduction.capabilities == nil)
        let sandbox = try #require(introduction.sandbox)
        #expect(sandbox.knownProduct == "A-1" && sandbox.unknownProduct != nil)
        #expect(JSONSchema(introduction.settingsSchema).faults(in: .object(sandbox.settings)) == [])
        #expect(JSONSchema(introduction.settingsSchema).unknownKeywords == [])
        var settings = try example.settings(folder.path)
        settings.settings = JSONObject([("colour", "red")])
        do throws(SinkError) {
            _ = try await PluginSink.start(settings, host: host, logger: LogLines().logger)
            Issue.record("it started")
        } catch {
            #expect(error.code == .misconfigured)
            #expect(error.message.contains("colour: is not known here") && error.message.contains("is missing"))
        }
    }
}
