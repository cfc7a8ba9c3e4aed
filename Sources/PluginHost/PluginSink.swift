package import Logging
package import Orders
package import SinkKit

/// A sink that is a program in any language: Crossdock starts it and speaks JSON-RPC 2.0 with it, a line a message.
///
/// What a plugin that is dead, garbled, silent or late leaves open is never taken for a success: a `create`, `cancel` or `release` that
/// was written to it and got no valid answer is ``SinkError/Code/unknownOutcome``, any other call ``SinkError/Code/unavailable``.
package final class PluginSink: ERPSink {
    package let capabilities: SinkCapabilities
    /// What the plugin said of itself.
    package let introduction: PluginIntroduction
    private let settings: PluginSettings
    private let supervisor: PluginSupervisor
    private let confidence: PluginConfidence
    private let onlyReads: Bool

    private init(
        _ settings: PluginSettings, _ started: PluginSupervisor.Started, _ supervisor: PluginSupervisor, _ log: PluginLogbook,
        onlyReads: Bool
    ) {
        self.settings = settings
        introduction = started.introduction
        capabilities = started.capabilities
        self.supervisor = supervisor
        confidence = PluginConfidence(name: settings.name, mask: log.mask)
        self.onlyReads = onlyReads
    }

    /// Starts the program and learns what it can do. To be ended with ``close()``.
    ///
    /// - Parameters:
    ///   - host: our name and version.
    ///   - onlyReads: calls that could write are never sent.
    /// - Throws: ``SinkKit/SinkError`` `misconfigured` where the program can't be started, doesn't take its settings, or speaks another
    ///   version of the contract; `unavailable` where it takes too long.
    package static func start(
        _ settings: PluginSettings, host: PluginParty, logger: Logger, onlyReads: Bool = false
    ) async throws(SinkError) -> PluginSink {
        let log = PluginLogbook(settings, logger: logger)
        let supervisor = PluginSupervisor(settings, host: host, log: log)
        let started = try await supervisor.plugin(before: .now + settings.startTimeLimit)
        return PluginSink(settings, started, supervisor, log, onlyReads: onlyReads)
    }

    /// Asks a program what it is, without giving it any settings, and ends it again.
    ///
    /// - Throws: as ``start(_:host:logger:onlyReads:)``.
    package static func introduction(
        of settings: PluginSettings, host: PluginParty, logger: Logger
    ) async throws(SinkError) -> PluginIntroduction {
        let log = PluginLogbook(settings, logger: logger)
        let connection = try PluginConnection(settings, log: log)
        let result: Result<PluginIntroduction, SinkError>
        do throws(SinkError) {
            let handshake = PluginHandshake(settings, host: host, log: log)
            result = .success(try await handshake.introduction(connection, given: nil))
        } catch { result = .failure(error) }
        await connection.close(within: PluginSupervisor.closingTimeMax)
        return try result.get()
    }

    /// Ends the program at once, as a crash would; the next call starts it again.
    package func kill() async { await supervisor.kill() }

    /// Asks the plugin to end and waits until it has.
    package func close() async { await supervisor.close() }

    package func find(_ key: IdempotencyKey, _ context: SinkContext) async throws(SinkError) -> SinkReceipt? {
        guard case .found(let receipt) = try await perform(.find(key), context) else { throw wrongKind("find") }
        return receipt
    }

    package func create(_ order: SinkOrder, _ context: SinkContext) async throws(SinkError) -> SinkAnswer {
        try await answer(.create(order), context)
    }

    package func poll(_ ticket: SinkTicket, _ context: SinkContext) async throws(SinkError) -> SinkAnswer {
        try await answer(.poll(ticket), context)
    }

    package func shipments(
        for receipt: SinkReceipt, key: IdempotencyKey, _ context: SinkContext
    ) async throws(SinkError) -> SinkShipments {
        guard case .shipments(let shipments) = try await perform(.shipments(receipt, key), context) else {
            throw wrongKind("shipments")
        }
        return shipments
    }

    package func validate(_ order: SinkOrder, _ context: SinkContext) async throws(SinkError) -> [SinkFault] {
        guard case .faults(let faults) = try await perform(.validate(order), context) else { throw wrongKind("validate") }
        return faults
    }

    package func cancel(
        _ receipt: SinkReceipt, key: IdempotencyKey, _ context: SinkContext
    ) async throws(SinkError) -> SinkCancellation {
        guard case .cancellation(let cancellation) = try await perform(.cancel(receipt, key), context) else {
            throw wrongKind("cancel")
        }
        return cancellation
    }

    package func release(
        _ receipt: SinkReceipt, key: IdempotencyKey, _ context: SinkContext
    ) async throws(SinkError) -> SinkAnswer {
        try await answer(.release(receipt, key), context)
    }

    package func receive(_ message: InboundMessage, _ context: SinkContext) async throws(SinkError) -> [SinkEvent] {
        guard case .events(let events) = try await perform(.receive(message), context) else { throw wrongKind("receive") }
        return events
    }

    package func check(_ context: SinkContext) async throws(SinkError) -> [String] {
        guard case .findings(let lines) = try await perform(.check, context) else { throw wrongKind("check") }
        let plugin = introduction.plugin
        let name = confidence.mask.masked("plugin \(plugin.name) \(plugin.version)")
        return ["\(name), contract \(introduction.contract)"] + lines
    }
}

extension PluginSink {
    private func answer(_ call: PluginCall, _ context: SinkContext) async throws(SinkError) -> SinkAnswer {
        guard case .answer(let answer) = try await perform(call, context) else { throw wrongKind(call.method.rawValue) }
        return answer
    }

    /// A result is read by the method it answers, so it can't be of another kind.
    private func wrongKind(_ method: String) -> SinkError {
        SinkError(.unavailable, "plugin '\(settings.name)' answered '\(method)' with something else")
    }

    private func perform(_ call: PluginCall, _ context: SinkContext) async throws(SinkError) -> PluginResult {
        let method = call.method
        guard !onlyReads || !method.mayHaveEffect else {
            throw SinkError(
                .misconfigured, "plugin '\(settings.name)': nothing that writes is sent to it here, and '\(method)' does")
        }
        let now = ContinuousClock.now
        let deadline = now + context.timeLimit
        let startBy = settings.keepsStartLimit ? context.startLimit.map { now + $0 } : nil
        let started = try await supervisor.plugin(before: min(deadline, startBy ?? deadline))
        guard started.capabilities == capabilities else {
            throw SinkError(.misconfigured, "plugin '\(settings.name)' was started again and can do other things than before")
        }
        let left = deadline - .now
        guard left > .zero else {
            throw SinkError(.unavailable, "plugin '\(settings.name)' took so long to start that '\(method)' wasn't sent")
        }
        var params = call.params
        params.append(
            "context",
            .object(
                PluginCallContext(
                    attempt: context.attempt, timeLimit: left - PluginConnection.grace(of: left),
                    startBy: context.startLimit.map { WallClock.now + ($0 - (.now - now)) }, webshop: context.webshop
                ).json))
        let result = try await started.connection.call(
            params,
            PluginCalls.Terms(
                method: method.rawValue, mayHaveEffect: method.mayHaveEffect, deadline: deadline, startBy: startBy,
                attempts: context.attempts))
        let read: PluginResult
        do throws(PluginFormatError) { read = try PluginResult(method, json: result) } catch {
            throw SinkError(
                method.mayHaveEffect ? .unknownOutcome : .unavailable,
                "plugin '\(settings.name)' answered '\(method)', and its answer can't be read: \(error)")
        }
        return try confidence.journalled(read, method)
    }
}
