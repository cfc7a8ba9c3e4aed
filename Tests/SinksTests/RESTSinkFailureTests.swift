import Settings
import Simulators
import SinkKit
import Sinks
import Testing

@Suite("The REST sink when something goes wrong")
struct RESTSinkFailureTests {
    /// What an unanswered or unreadable answer to a create means, and whether the order was made all the same.
    @Test(arguments: [
        (FaultAction.dropBeforeApplying, false), (.applyThenDrop, true), (.applyThenStatus(500), true),
        (.applyThenStatus(502), true),
        (.applyThenStatus(404), true), (.status(500, retryAfterSeconds: nil), false), (.status(503, retryAfterSeconds: 1), false),
        (.status(403, retryAfterSeconds: nil), false), (.html200(applied: true), true), (.html200(applied: false), false),
        (.halfBody, true), (.malformedJSON(applied: true), true), (.errorInside200(detail: "no", applied: false), false),
        (.applyThenStatus(302), true), (.applyThenStatus(204), true),
    ])
    func `an answer that isn't declared leaves the outcome unknown, and the post is sent once`(
        _ action: FaultAction, _ isMade: Bool
    ) async throws {
        try await RemoteERP.run { erp in
            erp.fail(action, times: 1)
            let error = try await erp.createError()
            #expect(error?.code == .unknownOutcome, "\(String(describing: error))")
            #expect(erp.posts == 1)
            #expect(erp.simulator.orders.count == (isMade ? 1 : 0))
            // The look-up tells the truth in each case.
            let found = try await erp.sink.find(sinkKey(), erp.context)
            #expect((found != nil) == isMade)
        }
    }

    @Test func `a request that takes longer than it may is unknown, and sent once`() async throws {
        try await RemoteERP.run { erp in
            erp.fail(.delay(milliseconds: 60_000, .after))
            let order = try sinkOrder()
            let error = await sinkError { () throws(SinkError) in
                try await erp.sink.create(order, SinkContext(timeLimit: .seconds(3)))
            }
            #expect(error?.code == .unknownOutcome)
            #expect(erp.posts == 1)
        }
    }

    @Test func `refused credentials are certain to have had no effect`() async throws {
        try await RemoteERP.run(key: "wrong") { erp in
            try await erp.expectCreate(toFailWith: .unauthorized)
            #expect(await erp.findError()?.code == .unauthorized)
            #expect(erp.simulator.orders.isEmpty)
        }
    }

    @Test func `an ERP that asks to be left alone for long is left alone, with nothing made`() async throws {
        try await RemoteERP.run { erp in
            erp.fail(.status(429, retryAfterSeconds: 3600))
            let error = try await erp.createError()
            #expect(error?.code == .throttled && error?.retryAfter == .seconds(3600))
            #expect(erp.posts == 1 && erp.simulator.orders.isEmpty)
        }
    }

    @Test func `only a status that is declared says that nothing was done`() async throws {
        try await RemoteERP.run(sink: { $0.notAppliedStatuses = [503, 423] }) { erp in
            erp.fail(.status(503, retryAfterSeconds: nil), times: 1)
            try await erp.expectCreate(toFailWith: .unavailable)
            erp.fail(.status(423, retryAfterSeconds: nil), times: 1)
            try await erp.expectCreate(toFailWith: .notApplied)
        }
    }

    @Test func `an ERP that can't be reached has done nothing`() async throws {
        try await RemoteERP.run { erp in
            await erp.simulator.stop()
            try await erp.expectCreate(toFailWith: .unavailable)
            #expect(await erp.findError()?.code == .unavailable)
            #expect(erp.posts == 0)
        }
    }

    @Test(arguments: [
        FaultAction.dropBeforeApplying, .status(500, retryAfterSeconds: nil), .status(404, retryAfterSeconds: nil),
        .status(400, retryAfterSeconds: nil), .html200(applied: false), .halfBody, .malformedJSON(applied: false),
        .errorInside200(detail: "try later", applied: false),
    ])
    func `a look-up that fails is an error, never "not found"`(_ action: FaultAction) async throws {
        try await RemoteERP.run { erp in
            _ = try await erp.sink.create(try sinkOrder(), erp.context)
            erp.fail(action, method: "GET")
            let error = await erp.findError()
            #expect(error != nil && error?.code != .unknownOutcome && error?.code != .conflict, "\(String(describing: error))")
        }
    }

    @Test func `a look-up without a list, or with an order without a number, is an error`() async throws {
        try await RemoteERP.run(sink: { $0.findResults = "data.orders" }) { erp in
            #expect(await erp.findError()?.message.contains("without a list at 'data.orders'") == true)
        }
        try await RemoteERP.run(sink: { $0.numberPath = "id" }) { erp in
            let error = try await erp.createError()
            #expect(error?.code == .unknownOutcome && error?.message.contains("without 'id'") == true)
            #expect(await erp.findError()?.message.contains("without 'id'") == true)
        }
    }

    @Test func `no message shows the key of the ERP`() async throws {
        try await RemoteERP.run(key: "hush-hush") { erp in
            for message in [try await erp.createError()?.message, await erp.findError()?.message] {
                #expect(message?.contains("hush-hush") == false)
            }
        }
    }
}
