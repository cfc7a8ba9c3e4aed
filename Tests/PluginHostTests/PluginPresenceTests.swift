import Foundation
import Glibc
import Orders
import PluginHost
import SinkKit
import TestSupport
import Testing

/// Programs that outlive the Crossdock that had started them.
@Suite struct PluginPresenceTests {
    private let folder: ProjectFolder.Temporary
    private var locks: String { folder.path + "/locks" }

    init() throws { folder = try ProjectFolder.Temporary() }

    private var files: [String] { (try? FileManager.default.contentsOfDirectory(atPath: locks)) ?? [] }

    /// A program that holds the lock of a plugin whose host is gone, as after `kill -9`.
    private func orphan(_ name: String, _ command: String) async throws -> ChildProgram {
        try FileManager.default.createDirectory(atPath: locks, withIntermediateDirectories: true)
        try Data().write(to: URL(fileURLWithPath: "\(locks)/\(name).1.1.host"))
        let lock = "\(locks)/\(name).1.1.program"
        let program = try ChildProgram(["sh", "-c", "exec 3>\(lock); flock -x 3; echo held; \(command)"])
        try await Waiting.until { program.output.contains("held") }
        return program
    }

    @Test func `a program that is left over is ended before another one is started`() async throws {
        let orphan = try await orphan("scripted", "trap '' TERM; exec sleep 600")
        let log = LogLines()
        let plugin = try ScriptedPlugin(#"answer({"findings": []})"#)
        try await plugin.use(log, adjust: { $0.lockFolder = locks }) { sink in
            #expect(!orphan.isRunning)
            _ = try await sink.check(SinkContext())
        }
        #expect(
            log.lines.contains { $0.contains("still running") && $0.contains("(process \(orphan.processID))") }, "\(log.lines)")
        #expect(files == [])
    }

    @Test func `one that ends by itself is waited for, and not killed`() async throws {
        let orphan = try await orphan("scripted", "sleep 0.1; echo done")
        try await ScriptedPlugin(#"answer({"findings": []})"#).use(adjust: { $0.lockFolder = locks }) { _ in }
        #expect(try await orphan.waitForEnd().status == 0)
    }

    @Test func `programs of others are left alone: of other sinks, and of a Crossdock that is there`() async throws {
        let other = try await orphan("scripted-2", "exec sleep 600")
        let plugin = try ScriptedPlugin(#"answer({"findings": []})"#)
        try await plugin.use(adjust: { $0.lockFolder = locks }) { first in
            #expect(files.filter { $0.hasPrefix("scripted.") }.count == 2)
            try await plugin.use(adjust: { $0.lockFolder = locks }) { second in
                _ = try await first.check(SinkContext())
                _ = try await second.check(SinkContext())
            }
        }
        #expect(other.isRunning && files.allSatisfy { $0.hasPrefix("scripted-2.") })
    }

    @Test func `a program that dies is started again`() async throws {
        let plugin = try ScriptedPlugin("os._exit(1) if n == 0 and method == 'find' else answer({'findings': []})")
        try await plugin.use(adjust: { $0.lockFolder = locks }) { sink in
            _ = await findError(sink, try order().key)
            _ = try await sink.check(SinkContext(timeLimit: .seconds(30)))
        }
        #expect(files == [])
    }
}
