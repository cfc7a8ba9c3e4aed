import Orders
import Settings
import SinkKit
import Sinks
import TestSupport
import Testing
import Transport

extension TrytonTests {
    @Suite struct AccessTests {
        @Test func `a check tells version, company and web shop, and that the rights suffice`() async throws {
            try await TrytonERP.run { erp in
                let found = try await erp.sink.check(erp.context)
                #expect(found.first == "Tryton 8.2 answers for 'erp'")
                #expect(found.contains { $0.contains("'shop-eu' belongs to Beispiel Handel GmbH, in zone Europe/Berlin") })
                #expect(found.contains { $0.contains("its clock agrees with ours") })
            }
        }

        @Test func `settings that can't work are told before anything is written`() async throws {
            let error = try await TrytonERP.run({ $0.webShop = "no-such" }) { await $0.findError() }
            #expect(error?.code == .misconfigured && error?.message.contains("'no-such'") == true, "\(error?.message ?? "")")
            let rate = try await TrytonERP.run({ $0.currency = "XXX" }) { erp in
                await sinkError { () throws(SinkError) in try await erp.sink.check(erp.context) }
            }
            #expect(rate?.code == .misconfigured)
        }

        @Test func `many calls at once log in once, and ask for what never changes once`() async throws {
            let alone = try await TrytonERP.run { erp in
                _ = await erp.findError()
                return erp.endpoint.counters.snapshot.requestsSent
            }
            try await TrytonERP.run { erp in
                let (sink, context) = (erp.sink, erp.context)
                try await withThrowingTaskGroup(of: Void.self) { group in
                    for id in 0..<8 { group.addTask { _ = try await sink.find(sinkKey(Int64(id)), context) } }
                    try await group.waitForAll()
                }
                #expect(erp.endpoint.counters.snapshot.requestsSent == alone + 7)
            }
        }

        @Test func `a wrong password is tried once, however many ask`() async throws {
            try await TrytonERP.run(password: "a-wrong-secret") { erp in
                for _ in 0..<3 {
                    let error = await erp.findError()
                    #expect(error?.code == .unauthorized)
                    #expect(error?.message.contains("a-wrong-secret") == false)
                }
                #expect(erp.endpoint.counters.snapshot.requestsSent == 1)
            }
        }

        @Test func `a Tryton that isn't there is out of reach, and nothing was sent`() async throws {
            let port = try ClosedPort()
            try await TrytonERP.run(url: "http://127.0.0.1:\(port.number)") { erp in
                #expect(await erp.findError()?.code == .unavailable)
                let order = try ERPOrders.order()
                let error = await sinkError { () throws(SinkError) in try await erp.sink.create(order, erp.context) }
                #expect(error?.code == .unavailable)
            }
        }
    }
}

extension TrytonTests {
    /// With a server of its own: others would lose their sessions too.
    @Suite(.tryton) struct SessionTests {
        @Test func `a session that ended is renewed once, without the call being lost or made twice`() async throws {
            try await TrytonERP.run { erp in
                let order = try ERPOrders.order()
                _ = try await erp.find(order)
                let requests = erp.endpoint.counters.snapshot.requestsSent
                try erp.server.forgetSessions()
                #expect(try await erp.find(order) == nil)
                // Refused, logged in, asked again.
                #expect(erp.endpoint.counters.snapshot.requestsSent - requests == 3)
                try erp.server.forgetSessions()
                _ = try await erp.create(order)
                #expect(try erp.server.sales(order.key.text).count == 1)
            }
        }
    }
}

extension TrytonERP {
    func findError() async -> SinkError? {
        await sinkError { () throws(SinkError) in
            try await sink.find(sinkKey(), context)
        }
    }
}

extension TrytonServer {
    /// As if their time were over.
    fileprivate func forgetSessions() throws {
        try write("DELETE FROM ir_session")
    }
}
