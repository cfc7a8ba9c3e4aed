import Orders
import SinkKit

/// What a sink says of itself, and what it makes of settings, credentials and messages.
enum SurfaceRules {
    static let all = [
        SinkRule("capabilities.constant", "a sink says the same of itself whenever it is opened", constant),
        SinkRule("check.answers", "check says that the ERP can be reached", check),
        SinkRule("check.fails", "check says so when the ERP can't be reached", checkFails),
        SinkRule("validate.writes-nothing", "validate finds nothing wrong with a good order, and makes none", validate),
        SinkRule("validate.all-faults", "validate tells every fault at once", validateFaults),
        SinkRule("messages.unreadable", "a message that can't be read is a conflict or nothing of ours", unreadable),
        SinkRule("settings.unknown", "a setting that doesn't exist is refused", unknownSetting),
        SinkRule("credentials.refused", "wrong credentials are told as such, and make no order", wrongCredentials),
    ]

    static func constant(_ trial: SinkTrial) async throws(RuleEnd) -> String {
        let first = try await trial.sink().capabilities
        try await trial.restart()
        let second = try await trial.sink().capabilities
        try trial.expect(
            first == second, "\(first)", seen: "\(second)",
            hint: "Crossdock decides by it what to do after a crash; it may not depend on the day.")
        return "class \(first.sinkClass.letter)"
    }

    static func check(_ trial: SinkTrial) async throws(RuleEnd) -> String {
        let answer = try await trial.call("check") { sink, context throws(SinkError) in try await sink.check(context) }
        guard case .success(let lines) = answer else {
            try trial.expect(
                false, "an ERP that can be reached", seen: "\(answer)", hint: "See the error; 'crossdock check' shows it too.")
            return ""
        }
        for line in lines { trial.transcript.add("a line of check", line) }
        try trial.expect(
            !lines.isEmpty, "a line that says what was found", seen: "none", hint: "People read it in 'crossdock check'.")
        return lines.joined(separator: "; ")
    }

    static func checkFails(_ trial: SinkTrial) async throws(RuleEnd) -> String {
        guard try await trial.capabilities().sinkClass.canFind else {
            throw .notApplicable("the sink declares class N; there may be nothing that it could ask")
        }
        try await trial.arrange(.unreachable)
        let answer = try await trial.call("check") { sink, context throws(SinkError) in try await sink.check(context) }
        try await trial.mend()
        if case .failure(let error) = answer {
            try trial.expect(true, "", seen: "")
            return "\(error.code.words): \(error.message)"
        }
        try trial.expect(
            false, "an error, because the ERP can't be reached", seen: "\(answer)", hint: "check must ask the ERP something.")
        return ""
    }

    static func validate(_ trial: SinkTrial) async throws(RuleEnd) -> String {
        let order = try trial.order()
        let faults = try await faults(order, trial)
        try trial.expect(
            faults.isEmpty, "no fault, for the order is good", seen: faults.map(\.description).joined(separator: "; "),
            hint: "What validate finds keeps the order from being sent.")
        if let count = try await trial.count(order.key) {
            try trial.expect(
                count == 0, "nothing under the key", seen: "\(count) orders \(trial.witness)",
                hint: "validate writes nothing, no draft either.")
            let ended = try await trial.create(order)
            try trial.expect(ended.receipt != nil, "the order is accepted afterwards", seen: ended.words)
            return "no fault, nothing made; then \(ended.words)"
        }
        throw .notRun("nobody but the sink can say what the ERP holds")
    }

    static func validateFaults(_ trial: SinkTrial) async throws(RuleEnd) -> String {
        guard try await trial.capabilities().validates else { throw .notApplicable("the sink doesn't say that it validates") }
        guard let unknown = trial.target.sample.unknownProduct else {
            throw .notApplicable("this ERP is said to take any product, so there is no bad line to look at")
        }
        var lines = trial.target.sample.lines(5)
        (lines[1].product, lines[3].product) = (unknown, unknown + "-B")
        let order = try trial.order(lines)
        let faults = try await faults(order, trial)
        try RejectionRules.isComplete(faults, [unknown, unknown + "-B"], trial)
        if let orders = try await trial.audited(order.key) {
            try trial.expect(
                orders.isEmpty, "nothing under the key", seen: "\(orders.count) orders", hint: "validate writes nothing.")
        }
        return faults.map(\.description).joined(separator: "; ")
    }

    private static func faults(_ order: SinkOrder, _ trial: SinkTrial) async throws(RuleEnd) -> [SinkFault] {
        guard try await trial.capabilities().validates else { throw .notApplicable("the sink doesn't say that it validates") }
        let answer = try await trial.call("validate", key: order.key) { sink, context throws(SinkError) in
            try await sink.validate(order, context)
        }
        guard case .success(let faults) = answer else {
            try trial.expect(false, "a list of faults", seen: "\(answer)", hint: "It says that it validates.")
            return []
        }
        for fault in faults { trial.transcript.add("a fault", fault.description) }
        return faults
    }

    static func unreadable(_ trial: SinkTrial) async throws(RuleEnd) -> String {
        guard try await trial.capabilities().receivesMessages else {
            throw .notApplicable("the sink doesn't say that its ERP sends messages")
        }
        let bodies: [[UInt8]] = [[], Array("<html>".utf8), [0xFF, 0xFE, 0x00], Array("{\"order\":".utf8), Array("null".utf8)]
        for (index, body) in bodies.enumerated() {
            let message = InboundMessage(
                id: "check-\(index)", receivedAt: Timestamp(milliseconds: 1_767_225_600_000), headers: [:], body: body)
            let answer = try await trial.call("receive") { sink, context throws(SinkError) in
                try await sink.receive(message, context)
            }
            switch answer {
            case .success(let events):
                try trial.expect(
                    events.isEmpty, "no event out of a message that says nothing", seen: "\(events)",
                    hint: "Never guess an order.")
            case .failure(let error):
                try trial.expect(
                    error.code == .conflict, "conflict", seen: "\(error.code.words): \(error.message)",
                    hint: "It is kept for a person; trying again won't help.")
            }
        }
        return "\(bodies.count) unreadable messages"
    }

    static func unknownSetting(_ trial: SinkTrial) async throws(RuleEnd) -> String {
        guard let open = trial.target.openWithUnknownSetting else {
            throw .notRun("nobody told the kit how to open the sink with a setting that doesn't exist")
        }
        switch await Result.catching(open) {
        case .success(let sink):
            await trial.target.close(sink)
            try trial.expect(
                false, "an error that names the setting", seen: "the sink was opened",
                hint: "A setting that is misspelt would be passed over for years.")
            return ""
        case .failure(let error):
            let text = (error as? SinkError)?.message ?? "\(error)"
            trial.transcript.add("the error of opening it", text)
            try trial.expect(!text.isEmpty, "an error that names the setting", seen: "an error without a text")
            return text
        }
    }

    static func wrongCredentials(_ trial: SinkTrial) async throws(RuleEnd) -> String {
        guard let open = trial.target.openWithWrongCredentials else {
            if trial.target.secrets.isEmpty { throw .notApplicable("the sink has no credentials") }
            throw .notRun("nobody told the kit how to open the sink with wrong credentials")
        }
        let order = try trial.order()
        let opened = await Result.catching(open)
        guard case .success(let sink) = opened else {
            try trial.expect(true, "", seen: "")
            if case .failure(let error) = opened { trial.transcript.add("the error of opening it", "\(error)") }
            return "it isn't even opened"
        }
        let ended = try await trial.create(order, on: sink)
        await trial.target.close(sink)
        if case .failed(let error) = ended {
            try trial.expect(
                error.code == .unauthorized || error.code == .misconfigured, "unauthorized", seen: ended.words,
                hint: "Crossdock stops the flow and says which setting; anything else would be tried again and lock the account.")
        } else {
            try trial.expect(false, "unauthorized", seen: ended.words, hint: "The ERP was to refuse these credentials.")
        }
        if let orders = try await trial.audited(order.key) {
            try trial.expect(orders.isEmpty, "no order", seen: "\(orders.count)")
        }
        return ended.words
    }
}
