import GRDB
import Testing
import Transport

@testable import LedgerSQLite

@Suite("What the next process must know of a remote")
struct EndpointStateTests {
    @Test func `a state comes back as it was, by origin, also in the next process`() async throws {
        let folder = try LedgerFolder()
        var state = EndpointState(limiterLog: [1_748_858_400_000, 1_748_858_400_105])
        state.circuit = CircuitBreaker(state: .open(untilMilliseconds: 1_748_858_405_000, openings: 3))
        do {
            let ledger = try folder.open()
            #expect(try await ledger.load(origin: "https://shop.example") == nil)
            try await ledger.save(EndpointState(), origin: "https://shop.example")
            try await ledger.save(state, origin: "https://shop.example")
            try await ledger.save(EndpointState(), origin: "https://erp.example")
        }
        let next = try folder.open()
        #expect(try await next.load(origin: "https://shop.example") == state)
        #expect(try await next.load(origin: "https://erp.example") == EndpointState())
        #expect(state != EndpointState())
    }

    @Test func `a state that can't be read is an error of that call alone`() async throws {
        let folder = try LedgerFolder()
        let ledger = try folder.open()
        try await ledger.save(EndpointState(), origin: "https://shop.example")
        try await folder.foreignConnection().write { db in try db.execute(sql: "UPDATE endpoints SET state = '{'") }
        await #expect(throws: (any Error).self) { try await ledger.load(origin: "https://shop.example") }
        try await ledger.list(1...1)
    }
}
