import Foundation
import OrderFlow
import Orders
import SinkKit
import Synchronization
import Transport

extension PlantedBug {
    /// Bugs in what is sent to shop and ERP, and in what is made of their answers.
    static let inCalls: [PlantedBug] = [
        // As if the list of the others were never held against that of the offline orders.
        onTheWire("offline filter not checked") { request, base throws(TransportError) in
            var response = try await base.perform(request)
            let isOfOthers = request.url.contains("offline=false") && !request.url.contains("state=confirmed")
            if isOfOthers, response.status == 200 {
                response.body = Array(#"{"count":0,"next":null,"previous":null,"results":[]}"#.utf8)
            }
            return response
        },
        inSink("blind repeat after an unknown outcome") { sink in
            sink.onCreate = { order, context, base throws(SinkError) in
                do throws(SinkError) { return try await base.create(order, context) } catch {
                    guard error.code == .unknownOutcome else { throw error }
                    return try await base.create(order, context)
                }
            }
        },
        inSink("failed look-up read as not found") { sink in
            sink.onFind = { key, context, base in (try? await base.find(key, context)) ?? nil }
        },
        inSink("look-up never asked") { sink in sink.onFind = { _, _, _ in nil } },
        inSink("unknown outcome of a create taken for not applied") { sink in
            sink.onCreate = { order, context, base throws(SinkError) in
                do throws(SinkError) { return try await base.create(order, context) } catch {
                    throw error.code == .unknownOutcome ? SinkError(.notApplied, error.message) : error
                }
            }
        },
        inSink("an answer that doesn't parse taken for a refusal") { sink in
            sink.onCreate = { order, context, base throws(SinkError) in
                do throws(SinkError) { return try await base.create(order, context) } catch {
                    guard error.code == .unknownOutcome, error.message.contains("answered") else { throw error }
                    return .rejected([SinkFault(message: "no order number")])
                }
            }
        },
        inSink("an unknown outcome taken for accepted") { sink in
            sink.onCreate = { order, context, base throws(SinkError) in
                do throws(SinkError) { return try await base.create(order, context) } catch {
                    guard error.code == .unknownOutcome else { throw error }
                    return .accepted(SinkReceipt(erpOrderNumber: "SO-000001", lines: []))
                }
            }
        },
        inSink("a ticket taken for done") { sink in
            sink.onPoll = { ticket, _, _ in .accepted(SinkReceipt(erpOrderNumber: ticket.text, lines: [])) }
        },
        inSink("a failed poll taken for a refusal") { sink in
            sink.onPoll = { ticket, context, base in
                do throws(SinkError) { return try await base.poll(ticket, context) } catch {
                    return .rejected([SinkFault(message: error.message)])
                }
            }
        },
        inSink("receipt lines swapped") { sink in
            sink.onCreate = { order, context, base throws(SinkError) in
                let answer = try await base.create(order, context)
                guard case .accepted(var receipt) = answer, receipt.lines.count > 1 else { return answer }
                let first = receipt.lines[0].erpLineNumber
                receipt.lines[0].erpLineNumber = receipt.lines[1].erpLineNumber
                receipt.lines[1].erpLineNumber = first
                return .accepted(receipt)
            }
        },
        inSink("personal data in an error") { sink in
            sink.onCreate = { order, context, base throws(SinkError) in
                do throws(SinkError) { return try await base.create(order, context) } catch {
                    throw SinkError(
                        error.code, "\(error.message) for \(order.customer?.name ?? "")", retryAfter: error.retryAfter)
                }
            }
        },
        keyChanged,
        inOrder("quantities by way of a binary float") { order in
            for index in order.order.lines.indices {
                let value = Double(order.order.lines[index].quantity.spelling) ?? 0
                order.order.lines[index].quantity = (try? ExactDecimal("\(value)")) ?? .zero
            }
        },
        inOrder("the last line left out") { order in if order.order.lines.count > 1 { order.order.lines.removeLast() } },
        inOrder("a line sent twice") { order in order.order.lines += order.order.lines.prefix(1) },
        inOrder("customer left out") { $0.customer = nil },
        onTheWire("libcurl's own re-send") { request, base throws(TransportError) in
            do throws(TransportError) { return try await base.perform(request) } catch {
                guard error.kind == .connectionLost else { throw error }
                return try await base.perform(request)
            }
        },
        onTheWire("an outage counted as the order's failure") { request, base throws(TransportError) in
            do throws(TransportError) { return try await base.perform(request) } catch {
                guard error.isOutage, request.method == .get, request.url.contains("/api/order/1") else { throw error }
                return HTTPResponse(status: 200, body: Array("<html>".utf8))
            }
        },
        onTheWire("the next link's host followed with the token") { request, base throws(TransportError) in
            var request = request
            if request.url.contains("offset=") { request.url.replace(World.shopHost, with: "elsewhere.test") }
            return try await base.perform(request)
        },
        inBody(of: .put, "PUT with 'confirmed'") { $0["state"] = "confirmed" },
        inBody(of: .put, "PUT leaving a field out") { $0["remark"] = nil },
        inBody(of: .put, "PUT leaving a comment line out") { order in
            order["order_lines"] = .array((order["order_lines"]?.arrayValue ?? []).filter { $0["type"]?.stringValue == "line" })
        },
        inBody(of: .put, "PUT spelling numbers its own way") { order in
            guard var lines = order["order_lines"]?.arrayValue, var line = lines.first?.objectValue else { return }
            line["quantity"] = .integer(1)
            lines[0] = .object(line)
            order["order_lines"] = .array(lines)
        },
        inBody(of: .patch, "PATCH carrying a field of somebody else's") { $0["description"] = .null },
        inBody(of: .patch, "number of another order written") { order in
            if order["erp_order_number"] != nil { order["erp_order_number"] = "SO-999999" }
        },
        putFromStaleRead, offsetWalk,
    ]

    /// The first try of an order in a process has the right key, the next ones another; where the ERP is in process, each process has keys of
    /// its own.
    private static var keyChanged: PlantedBug {
        var bug = PlantedBug("key changed between tries")
        bug.sink = { base in
            let tries = Mutex<[OrderKey: Int]>([:])
            let process = (base as? SimulatedSink).map { $0.worker.number - 1 } ?? 0
            var sink = WrappedSink(base)
            sink.onCreate = { order, context, base throws(SinkError) in
                var parts = OrderParts(order)
                let earlier = tries.withLock { tries in
                    defer { tries[order.key.order, default: 0] += 1 }
                    return tries[order.key.order, default: 0]
                }
                parts.key = IdempotencyKey(order: order.key.order, generation: order.key.generation + process + earlier)
                return try await base.create(parts.sinkOrder, context)
            }
            return sink
        }
        return bug
    }

    /// Reads are remembered and given again.
    private static var putFromStaleRead: PlantedBug {
        var bug = PlantedBug("reads answered from a cache")
        bug.exchange = { base in
            let cache = Mutex<[String: HTTPResponse]>([:])
            return WrappedExchange(base: base) { request, base throws(TransportError) in
                guard request.method == .get, request.url.contains("/api/order/1") else { return try await base.perform(request) }
                if let known = cache.withLock({ $0[request.url] }) { return known }
                let response = try await base.perform(request)
                if response.status == 200 { cache.withLock { $0[request.url] = response } }
                return response
            }
        }
        return bug
    }

    /// Each page begins where the last one ended, over a list that shrinks meanwhile: the entry that the walk overlaps by is made up.
    private static var offsetWalk: PlantedBug {
        var bug = PlantedBug("offset walk over the live list")
        bug.exchange = { base in
            let last = Mutex<JSONValue?>(nil)
            return WrappedExchange(base: base) { request, base throws(TransportError) in
                guard request.url.contains("/api/order/?") else { return try await base.perform(request) }
                var request = request
                let isFurther = request.url.contains("offset=")
                if isFurther, let range = request.url.range(of: "offset="),
                    let offset = Int(request.url[range.upperBound...].prefix { $0.isNumber })
                {
                    request.url.replace("offset=\(offset)", with: "offset=\(offset + 1)")
                }
                var response = try await base.perform(request)
                guard var page = (try? JSONValue(parsing: response.body))?.objectValue, let results = page["results"]?.arrayValue
                else { return response }
                let overlap = isFurther ? last.withLock { $0 }.map { [$0] } ?? [] : []
                if let newest = results.last { last.withLock { $0 = newest } }
                page["results"] = .array(overlap + results)
                page["count"] = .null
                response.body = JSONValue.object(page).serialized()
                return response
            }
        }
        return bug
    }
}
