import Orders
import Settings
package import SinkKit
import Transport

/// From a shop's order to one in the ERP, as far as the declared steps take it.
extension RESTSink {
    package func create(_ order: SinkOrder, _ context: SinkContext) async throws(SinkError) -> SinkAnswer {
        let budget = CallBudget(context, timekeeper)
        let body = settings.body.map { RESTBody($0, order) }
        let posted = body?.json ?? plain(order)
        // What an earlier create left unfinished is there already.
        if settings.hasDrafts, let there = try await self.order(under: order.key, budget) {
            return try await carriedOn(there, posted, order, context, budget)
        }
        let faults = try await (body?.faults ?? []) + unknownProducts(order, budget)
        guard faults.isEmpty else { return .rejected(faults) }
        var call = try writing(
            settings.createMethod, RESTPath(settings.createPath, [("key", order.key.text)]), posted, budget)
        if let name = settings.keyHeader { call.headers[name] = order.key.text }
        let response = try await send(call)
        if answers.meaning(response) == .declared(.duplicate) {
            return try await duplicate(posted, order, context, budget, title: call.title)
        }
        let answer = try answers.created(response, order, title: call.title)
        guard case .accepted = answer, let made = answers.shown(response) else { return answer }
        do throws(SinkError) { return try await finished(made, posted, order, context, budget) } catch {
            throw SinkError(afterCreate: error)
        }
    }

    func plain(_ order: SinkOrder) -> JSONValue {
        var body = order.json
        body[settings.keyField] = .text(order.key.text)
        return .object(body)
    }

    private func duplicate(
        _ posted: JSONValue, _ order: SinkOrder, _ context: SinkContext, _ budget: CallBudget, title: String
    ) async throws(SinkError) -> SinkAnswer {
        let there: JSONValue?
        do throws(SinkError) { there = try await self.order(under: order.key, budget) } catch {
            throw SinkError(afterCreate: error)
        }
        guard let there else {
            throw SinkError(.unknownOutcome, "\(title): the ERP says that it has the order already, and doesn't show it")
        }
        return try await carriedOn(there, posted, order, context, budget)
    }

    /// Takes an order that stands under our key for ours, if its lines are.
    private func carriedOn(
        _ there: JSONValue, _ posted: JSONValue, _ order: SinkOrder, _ context: SinkContext, _ budget: CallBudget
    ) async throws(SinkError) -> SinkAnswer {
        if let difference = answers.orders.difference(there, from: posted) {
            let number = there.value(at: settings.numberPath)?.plainText ?? "without a number"
            throw SinkError(.conflict, "order \(number) stands under the key \(order.key), in which \(difference)")
        }
        return try await finished(there, posted, order, context, budget)
    }

    /// Takes the steps that are left.
    private func finished(
        _ made: JSONValue, _ posted: JSONValue, _ order: SinkOrder, _ context: SinkContext, _ budget: CallBudget
    ) async throws(SinkError) -> SinkAnswer {
        var current = made
        for step in settings.steps {
            if !settings.states.isEmpty, answers.orders.state(current) != .draft { break }
            if let shown = try await take(step, current, order, context, budget) { current = shown }
        }
        guard let receipt = answers.orders.receipt(current, for: order, posted: settings.body == nil ? nil : posted) else {
            throw SinkError(.unknownOutcome, "the ERP shows an order without '\(settings.numberPath)'")
        }
        return .accepted(receipt)
    }

    /// - Returns: the order as the step's answer shows it, where it does.
    private func take(
        _ step: RESTStepSettings, _ current: JSONValue, _ order: SinkOrder, _ context: SinkContext, _ budget: CallBudget
    ) async throws(SinkError) -> JSONValue? {
        let number = current.value(at: settings.numberPath)?.plainText ?? ""
        let path = RESTPath(step.path, [("number", number), ("id", answers.orders.id(current) ?? number)])
        let body = step.body.map { RESTBody($0, order) }
        if let fault = body?.faults.first {
            throw SinkError(.conflict, "order \(number) was made, and its step '\(step.name)' can't be taken: \(fault)")
        }
        if step.isIdempotent { return answers.shown(try await perform(step, path, body?.json, number, budget)) }
        _ = try await context.attempt(step.name, promise: .neither) { () throws(SinkError) in
            let response = try await self.perform(step, path, body?.json, number, budget)
            return JSONObject([("status", .integer(response.status))])
        }
        return try await self.order(under: order.key, budget)
    }

    private func perform(
        _ step: RESTStepSettings, _ path: RESTPath, _ body: JSONValue?, _ number: String, _ budget: CallBudget
    ) async throws(SinkError) -> HTTPResponse {
        let call = try writing(step.method, path, body, budget)
        let response = try await send(call)
        switch answers.meaning(response) {
        case .accepted: return response
        // 204: done, with nothing to show.
        case .declared(.unknown) where response.status == 204: return response
        case .declared(.rejected), .declared(.conflict), .declared(.duplicate):
            throw SinkError(
                response, to: "order \(number) was made, and its step '\(step.name)', \(call.title),", code: .conflict)
        case .declared(let meaning): throw SinkError(response, to: call.title, meaning)
        }
    }
}
