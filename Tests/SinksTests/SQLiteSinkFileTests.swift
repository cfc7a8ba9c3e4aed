import Foundation
import GRDB
import SinkKit
import Sinks
import TestSupport
import Testing

@Suite("The SQLite sink's file")
struct SQLiteSinkFileTests {
    private let folder: ProjectFolder.Temporary
    private let path: String
    private let context = SinkContext()

    init() throws {
        folder = try ProjectFolder.Temporary()
        path = folder.path + "/erp.db"
    }

    private var names: [String] { get throws { try FileManager.default.contentsOfDirectory(atPath: folder.path).sorted() } }

    private func refusal(_ path: String, onlyReads: Bool = false) async -> SinkError? {
        await sinkError { () throws(SinkError) in try SQLiteSink(SQLiteSink.Settings(path: path), onlyReads: onlyReads) }
    }

    @Test func `only its owner may read it`() throws {
        let sink = try SQLiteSink(SQLiteSink.Settings(path: path))
        let permissions = try FileManager.default.attributesOfItem(atPath: path)[.posixPermissions] as? Int
        #expect(permissions == 0o600)
        withExtendedLifetime(sink) {}
    }

    @Test func `reading alone makes no file, finds nothing and can't create`() async throws {
        let sink = try SQLiteSink(SQLiteSink.Settings(path: path), onlyReads: true)
        #expect(try await sink.find(sinkKey(), context) == nil)
        #expect(try names == [])
    }

    @Test func `reading alone finds what is there and touches nothing`() async throws {
        do { _ = try await SQLiteSink(SQLiteSink.Settings(path: path)).create(try sinkOrder(), context) }
        try await Waiting.until { try names == ["erp.db"] }
        let before = FileManager.default.contents(atPath: path)
        do {
            let sink = try SQLiteSink(SQLiteSink.Settings(path: path), onlyReads: true)
            #expect(try await sink.find(sinkKey(), context)?.erpOrderNumber == "SO-000001")
            #expect(try await sink.check(context) == ["the file \(path) is open and holds 1 orders"])
            let order = try sinkOrder(2)
            #expect(await sinkError { () throws(SinkError) in try await sink.create(order, context) } != nil)
        }
        #expect(FileManager.default.contents(atPath: path) == before)
    }

    @Test func `a file that isn't ours is refused and left as it is, whichever way it is opened`() async throws {
        try await DatabaseQueue(path: path).write { db in try db.execute(sql: "CREATE TABLE orders (id INTEGER)") }
        let before = FileManager.default.contents(atPath: path)
        for onlyReads in [false, true] {
            let error = await refusal(path, onlyReads: onlyReads)
            #expect(error?.code == .misconfigured && error?.message.contains("is a SQLite file of something else") == true)
        }
        #expect(FileManager.default.contents(atPath: path) == before)
        let text = folder.path + "/text.db"
        try Data("orders:\n".utf8).write(to: URL(fileURLWithPath: text))
        #expect(await refusal(text)?.code == .misconfigured)
        #expect(FileManager.default.contents(atPath: text) == Data("orders:\n".utf8))
    }

    @Test func `a folder that isn't there is named`() async throws {
        let error = await refusal(folder.path + "/none/erp.db")
        #expect(error?.code == .misconfigured && error?.message.contains("the folder \(folder.path)/none does not exist") == true)
    }

    @Test func `a file of a later release is refused`() async throws {
        do { _ = try SQLiteSink(SQLiteSink.Settings(path: path)) }
        try await DatabaseQueue(path: path).write { db in try db.execute(sql: "INSERT INTO grdb_migrations VALUES ('999')") }
        #expect(await refusal(path)?.message.contains("later release") == true)
    }

    @Test func `a file that is spoilt while it is open makes creates fail as not made, and says so`() async throws {
        let sink = try SQLiteSink(SQLiteSink.Settings(path: path))
        try await DatabaseQueue(path: path).write { db in try db.execute(sql: "DROP TABLE lines") }
        let order = try sinkOrder()
        let error = await sinkError { () throws(SinkError) in try await sink.create(order, context) }
        #expect(error?.code == .unavailable && error?.message.contains(path) == true)
        #expect(try await DatabaseQueue(path: path).read { db in try Int.fetchOne(db, sql: "SELECT count(*) FROM orders") } == 0)
    }
}
