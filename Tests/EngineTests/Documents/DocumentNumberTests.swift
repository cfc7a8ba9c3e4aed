import Documents
import Engine
import Ledger
import OrderFlow
import Orders
import Simulators
import SinkKit
import Synchronization
import Testing

/// Numbers of documents are used once, also where two orders come to the same one in the same instant.
@Suite struct DocumentNumberTests {
    /// An ERP that tells of one shipment, the same for every order.
    private struct CarelessWarehouse: ERPSink {
        let base: any ERPSink
        var capabilities: SinkCapabilities {
            var capabilities = base.capabilities
            capabilities.tellsShipments = true
            return capabilities
        }

        func find(_ key: IdempotencyKey, _ context: SinkContext) async throws(SinkError) -> SinkReceipt? {
            try await base.find(key, context)
        }

        func create(_ order: SinkOrder, _ context: SinkContext) async throws(SinkError) -> SinkAnswer {
            try await base.create(order, context)
        }

        func shipments(
            for receipt: SinkReceipt, key: IdempotencyKey, _ context: SinkContext
        ) async throws(SinkError) -> SinkShipments {
            SinkShipments(shipments: [
                SinkShipment(
                    id: "PS-77", shippedAt: "2026-11-21T10:00:00Z", carrier: "DHL",
                    packages: [
                        SinkPackage(lines: receipt.lines.map { SinkShippedLine(lineKey: $0.lineKey, quantity: ExactDecimal(1)) })
                    ])
            ])
        }

        func check(_ context: SinkContext) async throws(SinkError) -> [String] { [] }
    }

    /// Knows of no document, however often it is asked, until one number was taken twice.
    private final class LateLedger: LedgerOverlay {
        let base: InMemoryLedger
        let refusals = Mutex(0)
        var identity: LedgerIdentity { base.identity }

        init(_ base: InMemoryLedger) { self.base = base }

        func readable() -> any Ledger { base }

        func document(flow: String, kind: DocumentKind, number: String) -> DocumentRow? {
            refusals.withLock(\.self) == 0 ? nil : base.document(flow: flow, kind: kind, number: number)
        }

        func append(_ change: LedgerChange) throws(LedgerError) {
            do throws(LedgerError) { try base.append(change) } catch {
                if case .documentNumberUsed = error { refusals.withLock { $0 += 1 } }
                throw error
            }
        }

        func register(_ registration: FlowRegistration) throws(LedgerError) { try base.register(registration) }
        func tryLockPull(flow: String) -> PullLock? { base.tryLockPull(flow: flow) }
        func remember(_ clock: ClockRecord) { base.remember(clock) }
        func remember(_ memory: FlowMemory, flow: String) { base.remember(memory, flow: flow) }
        func record(_ listed: [ListedOrder], flow: String, shop: String, at now: Timestamp) -> ListingCount {
            base.record(listed, flow: flow, shop: shop, at: now)
        }
        func wake(flow: String, preparedWith: String, limit: Int, at now: Timestamp) -> Int {
            base.wake(flow: flow, preparedWith: preparedWith, limit: limit, at: now)
        }
        func claimDue(_ request: ClaimRequest) -> [ClaimedOrder] { base.claimDue(request) }
        func claim(_ key: OrderKey, by holder: String, leasesEndBy: Timestamp, until: Timestamp) -> ClaimAnswer {
            base.claim(key, by: holder, leasesEndBy: leasesEndBy, until: until)
        }
        func release(_ claims: [Claim]) { base.release(claims) }
        func record(_ run: RunRecord) { base.record(run) }
        func keep(_ message: InboundMessage, flow: String) { base.keep(message, flow: flow) }
        func settle(_ outcome: MessageOutcome) { base.settle(outcome) }
    }

    private final class Partner: DocumentTarget {
        let taken = Mutex<[String]>([])

        func deliver(_ document: OutgoingDocument, timeLimit: Duration) async -> DeliveryAnswer {
            taken.withLock { $0.append(document.number) }
            return .sent
        }

        func holds(_ document: OutgoingDocument) async -> Bool? { nil }
    }

    /// The number of a DESADV, and of the message in an EDIFACT file, whose own number never comes twice.
    @Test(arguments: [DocumentStyle.Despatch.desadv, .edifact])
    func `of two orders that come to one number, one keeps it and the other is told whose it is`(
        _ despatch: DocumentStyle.Despatch
    ) async throws {
        let bench = try await Workbench(.key, orders: 2)
        let ledger = LateLedger(bench.ledger)
        let partner = Partner()
        var flow = bench.flow
        flow.sink = CarelessWarehouse(base: flow.sink)
        flow.policy.despatch = DocumentPolicy(onUnknown: .person)
        var documents = FlowDocuments(maker: try MakerSamples.maker { ($0.confirmation, $0.despatch) = (nil, despatch) })
        documents.despatchTarget = partner
        flow.documents = documents
        var surroundings = bench.surroundings
        surroundings.ledger = ledger
        let report = await FlowRun(flow, surroundings: surroundings).run(id: "run")
        #expect(report.stop == nil, "\(report)")
        #expect(ledger.refusals.withLock(\.self) == 1)
        #expect(partner.taken.withLock(\.self).count == 1)
        let impossible = bench.outcomes.latest.values.filter { $0.verdict.reason == .documentImpossible }
        #expect(impossible.count == 1, "\(bench.outcomes.latest)")
        #expect(impossible.first?.verdict.faults.first?.message.hasPrefix("its number PS-77 is that of document 1") ?? false)
        await bench.stop()
    }
}
