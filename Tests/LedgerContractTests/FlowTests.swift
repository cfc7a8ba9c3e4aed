import Ledger
import Orders
import Testing

@Suite("What a flow keeps in the ledger")
struct FlowTests {
    private static let main = FlowRegistration(flow: "main", shop: "demo", origin: "https://shop.example", webshop: 1)

    @Test(arguments: LedgerKind.allCases)
    func `what is known of a machine's clock is kept for each of its starts`(_ kind: LedgerKind) async throws {
        try await kind.ledger { ledger in
            #expect(try await ledger.clock(bootID: "a") == nil)
            var clock = ClockRecord(bootID: "a", offsetMilliseconds: 1_700_000_000_000, setAt: Timestamp(milliseconds: 5))
            try await ledger.remember(clock)
            clock.setAt = Timestamp(milliseconds: 9)
            try await ledger.remember(clock)
            #expect(try await ledger.clock(bootID: "a") == clock)
            #expect(try await ledger.clock(bootID: "b") == nil)
        }
    }

    @Test(arguments: [(0, false), (100, false), (-100, false), (101, true), (-101, true), (3_600_000, true)] as [(Int64, Bool)])
    func `a clock was set where it moved against the time since the start`(moved: Int64, isSet: Bool) {
        let clock = ClockRecord(bootID: "a", offsetMilliseconds: 1000, setAt: Timestamp(milliseconds: 1500))
        let now = Timestamp(milliseconds: 9000 + moved)
        #expect((clock.looked(now: now, uptimeMilliseconds: 8000).setAt == now) == isSet)
        #expect((clock.looked(now: now, uptimeMilliseconds: 8000) == clock) == !isSet)
    }

    @Test(arguments: LedgerKind.allCases)
    func `a flow is registered again and again without harm`(_ kind: LedgerKind) async throws {
        try await kind.ledger { ledger in
            try await ledger.register(Self.main)
            try await ledger.register(Self.main)
            try await ledger.register(FlowRegistration(flow: "second", shop: "demo", origin: "https://shop.example", webshop: 2))
            try await ledger.register(FlowRegistration(flow: "third", shop: "else", origin: "https://else.example", webshop: 1))
            // A shop that moved to another host keeps its name.
            try await ledger.register(FlowRegistration(flow: "main", shop: "demo", origin: "https://new.example", webshop: 1))
        }
    }

    @Test(
        arguments: LedgerKind.allCases,
        [
            (
                FlowRegistration(flow: "main", shop: "renamed", origin: "https://shop.example", webshop: 1),
                LedgerError.shopRenamed(known: "demo", configured: "renamed")
            ),
            (
                FlowRegistration(flow: "main", shop: "renamed", origin: "https://shop.example", webshop: nil),
                .shopRenamed(known: "demo", configured: "renamed")
            ),
            (
                FlowRegistration(flow: "rival", shop: "demo", origin: "https://shop.example", webshop: 1),
                .ownedByOtherFlow("main")
            ),
            (
                FlowRegistration(flow: "rival", shop: "demo", origin: "https://shop.example", webshop: nil),
                .ownedByOtherFlow("main")
            ),
        ])
    func `what would make known orders new ones, or give them two flows, is refused`(
        _ kind: LedgerKind, _ refused: (registration: FlowRegistration, error: LedgerError)
    ) async throws {
        try await kind.ledger { ledger in
            try await ledger.register(Self.main)
            await #expect(throws: refused.error) { try await ledger.register(refused.registration) }
            // A refusal leaves nothing behind.
            try await ledger.register(Self.main)
        }
    }

    @Test(arguments: LedgerKind.allCases)
    func `a flow without a webshop owns all of them`(_ kind: LedgerKind) async throws {
        try await kind.ledger { ledger in
            var all = Self.main
            all.webshop = nil
            try await ledger.register(all)
            await #expect(throws: LedgerError.ownedByOtherFlow("main")) {
                try await ledger.register(
                    FlowRegistration(flow: "part", shop: "demo", origin: "https://shop.example", webshop: 2))
            }
        }
    }

    @Test(arguments: LedgerKind.allCases)
    func `a flow's memory is empty at first, kept apart from others', and replaced as a whole`(_ kind: LedgerKind) async throws {
        try await kind.ledger { ledger in
            #expect(try await ledger.memory(flow: "main") == FlowMemory())
            try await ledger.remember(FlowMemory(watermark: noon, sweptAt: noon), flow: "main")
            try await ledger.remember(FlowMemory(watermark: noon + .seconds(1)), flow: "other")
            #expect(try await ledger.memory(flow: "main") == FlowMemory(watermark: noon, sweptAt: noon))
            try await ledger.remember(FlowMemory(watermark: noon + .seconds(5)), flow: "main")
            #expect(try await ledger.memory(flow: "main") == FlowMemory(watermark: noon + .seconds(5)))
            #expect(try await ledger.memory(flow: "other") == FlowMemory(watermark: noon + .seconds(1)))
            let offline = FlowMemory(watermark: noon, offlineWatermark: noon + .seconds(2), offlineSweptAt: noon + .seconds(3))
            try await ledger.remember(offline, flow: "main")
            #expect(try await ledger.memory(flow: "main") == offline)
        }
    }

    @Test(arguments: LedgerKind.allCases)
    func `one run pulls a flow at a time, and the right to is free again once it is let go`(_ kind: LedgerKind) async throws {
        try await kind.ledger { ledger in
            do {
                let lock = try await ledger.tryLockPull(flow: "main")
                #expect(lock != nil)
                let second = try await ledger.tryLockPull(flow: "main")
                #expect(second == nil)
                let other = try await ledger.tryLockPull(flow: "other")
                #expect(other != nil)
                withExtendedLifetime((lock, other)) {}
            }
            let again = try await ledger.tryLockPull(flow: "main")
            #expect(again != nil)
            withExtendedLifetime(again) {}
        }
    }
}
