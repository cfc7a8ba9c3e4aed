import Dispatch
import GRDB
import SQLiteStore
import Synchronization
import Testing

@Suite("Changes that share a commit")
struct GroupCommitTests {
    fileprivate enum Refusal: Error, Equatable { case unwanted(Int), sqlite(ResultCode?) }
    private typealias Change = @Sendable (Int, Database) throws -> Void

    private let database: DatabaseQueue
    private let commits: GroupCommit<Refusal>
    private let counter = CommitCounter()

    init() throws {
        database = try DatabaseQueue()
        commits = GroupCommit(database: database, label: "test") { .sqlite(($0 as? DatabaseError)?.resultCode) }
        try database.write { db in try db.execute(sql: "CREATE TABLE numbers (number INTEGER PRIMARY KEY)") }
        database.inDatabase { db in db.add(transactionObserver: counter) }
    }

    private func numbers() async throws -> [Int] {
        try await commits.read { db in try Int.fetchAll(db, sql: "SELECT number FROM numbers ORDER BY 1") }
    }

    /// Sends all changes while an earlier one is being committed, so that they queue up.
    ///
    /// - Returns: what each was refused with.
    private func sendTogether(_ numbers: ClosedRange<Int>, _ change: @escaping Change) async -> [Int: Refusal] {
        let gate = DispatchSemaphore(value: 0)
        return await withTaskGroup(of: (Int, Refusal?).self) { group in
            await withCheckedContinuation { isHeld in
                group.addTask { [commits] in
                    let refusal = await commits.refusal { _ in
                        isHeld.resume()
                        gate.wait()
                    }
                    return (0, refusal)
                }
            }
            for number in numbers {
                // An immediate task has queued its change when this returns (SE-0472).
                group.addImmediateTask { [commits] in (number, await commits.refusal { db in try change(number, db) }) }
            }
            gate.signal()
            return await group.reduce(into: [:]) { $0[$1.0] = $1.1 }
        }
    }

    private static func insert(_ number: Int, _ db: Database) throws {
        try db.execute(sql: "INSERT INTO numbers VALUES (?)", arguments: [number])
    }

    @Test func `a thousand changes that queue up behind a commit share the next one`() async throws {
        let refused = await sendTogether(1...1000) { try Self.insert($0, $1) }
        #expect(refused.isEmpty)
        #expect(try await numbers() == Array(1...1000))
        #expect(counter.count == 2)
    }

    @Test func `a change that is refused is left out alone`() async throws {
        let refused = await sendTogether(1...50) { number, db in
            if number % 10 == 3 { throw Refusal.unwanted(number) }
            try Self.insert(number, db)
        }
        #expect(refused == [3: .unwanted(3), 13: .unwanted(13), 23: .unwanted(23), 33: .unwanted(33), 43: .unwanted(43)])
        #expect(try await numbers() == (1...50).filter { $0 % 10 != 3 })
    }

    @Test func `an error of SQLite's fails its whole group, keeps nothing of it, and ends all writing`() async throws {
        try await commits.commit { db in try Self.insert(7, db) }
        let refused = await sendTogether(1...20) { try Self.insert($0, $1) }
        #expect(refused.count == 20)
        #expect(refused.values.allSatisfy { $0 == .sqlite(.SQLITE_CONSTRAINT) })
        let wasRun = Atomic(false)
        let later = await commits.refusal { _ in wasRun.store(true, ordering: .relaxed) }
        let isRun = wasRun.load(ordering: .relaxed)
        #expect(later == .sqlite(.SQLITE_CONSTRAINT) && !isRun)
        // Reading goes on, and shows what was kept before.
        #expect(try await numbers() == [7])
    }

    @Test func `an answer comes with its change, a refusal in its place`() async throws {
        #expect(try await commits.write { db in try Int.fetchOne(db, sql: "SELECT 41 + 1") } == 42)
        await #expect(throws: Refusal.unwanted(1)) { try await commits.write { _ -> Int in throw Refusal.unwanted(1) } }
        #expect(try await commits.write { _ in 3 } == 3)
    }

    @Test func `a read sees every change that was committed before it`() async throws {
        for number in 1...50 {
            try await commits.commit { db in try Self.insert(number, db) }
            #expect(try await numbers().count == number)
        }
    }
}

extension GroupCommit<GroupCommitTests.Refusal> {
    /// What a change is refused with; `nil` where it is taken.
    fileprivate func refusal(_ change: @escaping Change) async -> Failure? {
        do throws(Failure) { try await commit(change) } catch { return error }
        return nil
    }
}

/// Counts what SQLite commits.
private final class CommitCounter: TransactionObserver, Sendable {
    private let commits = Atomic(0)
    var count: Int { commits.load(ordering: .relaxed) }

    func observes(eventsOfKind eventKind: DatabaseEventKind) -> Bool { false }
    func databaseDidChange(with event: DatabaseEvent) {}
    func databaseDidCommit(_ db: Database) { commits.add(1, ordering: .relaxed) }
    func databaseDidRollback(_ db: Database) {}
}
