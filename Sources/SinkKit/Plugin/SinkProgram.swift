public import Orders

#if canImport(Glibc)
    import Glibc
#elseif canImport(Musl)
    import Musl
#else
    import Darwin
#endif

/// Runs a sink as a plugin: a program that Crossdock starts and speaks to over its standard input and output.
///
///     @main struct MySinkProgram {
///         static func main() async {
///             await SinkProgram(name: "my-erp", version: "1.0.0") { start in try MySink(start.settings) }.run()
///         }
///     }
///
/// Calls are answered in parallel, as they end. Nothing else may be written to standard output: `print` goes elsewhere. What goes to
/// standard error ends up in Crossdock's log.
public struct SinkProgram: Sendable {
    /// What a sink is made of.
    public struct Start: Sendable {
        /// What stands under `settings` in the configuration; it has kept to the schema.
        public let settings: JSONObject
        public let log: PluginLog
    }

    private let plugin: PluginParty
    private let settingsSchema: JSONValue
    private let sandbox: PluginSandbox?
    private let makeSink: @Sendable (Start) async throws(SinkError) -> any ERPSink

    /// - Parameters:
    ///   - settingsSchema: a JSON Schema of the settings; see ``JSONSchema`` for what is looked at.
    ///   - sandbox: where the conformance kit may write.
    ///   - makeSink: called once, with settings that keep to the schema. What can't work is ``SinkError/Code/misconfigured``.
    public init(
        name: String, version: String, settingsSchema: JSONValue = ["type": "object"], sandbox: PluginSandbox? = nil,
        makeSink: @escaping @Sendable (Start) async throws(SinkError) -> any ERPSink
    ) {
        plugin = PluginParty(name: name, version: version)
        self.settingsSchema = settingsSchema
        self.sandbox = sandbox
        self.makeSink = makeSink
    }

    /// Answers until Crossdock says `shutdown` or closes the input; calls that are under way then are cancelled and waited for.
    ///
    /// - Parameters:
    ///   - input: a descriptor to read from; standard input.
    ///   - output: a descriptor to write to; standard output.
    public func run(input: Int32 = 0, output: Int32 = 1) async {
        // Whoever read our answers may be gone: that is told by the call, and must not end us in the middle of another.
        signal(SIGPIPE, SIG_IGN)
        let session = PluginSession(output: LineOutput(descriptor: output))
        let lines = LineInput(from: input, lengthMax: Self.lengthMax)
        for await batch in lines.batches {
            for piece in batch {
                switch piece {
                case .line(let line): await take(line, session, lines)
                case .tooLong(let length):
                    session.refuse(nil, PluginFailure.Number.invalidRequest, "a line of \(length) bytes is too long")
                }
            }
            lines.takeMore()
        }
        await session.giveUp()
        await session.output.finish()
    }

    private static let lengthMax = 64 << 20

    private func take(_ line: [UInt8], _ session: PluginSession, _ lines: LineInput) async {
        let message: PluginMessage
        do throws(PluginMessageFault) {
            message = try PluginMessage(line: line, limits: JSONLimits(bytesMax: Self.lengthMax))
        } catch {
            return session.refuse(nil, PluginFailure.Number.parseError, error.message)
        }
        switch message {
        case .request(let id, PluginMethod.initialize, let params):
            session.answer(id, await introduce(params, session))
        case .request(let id, PluginMethod.shutdown, _): session.shutDown(id) { lines.finish() }
        case .request(let id, let name, let params): session.begin(id, name, params)
        case .notification(PluginMethod.cancel, let params): session.cancel(params)
        case .notification: break
        case .result, .failure: session.settle(message)
        }
    }

    private func introduce(_ params: JSONObject, _ session: PluginSession) async -> Result<JSONObject, PluginFailure> {
        do {
            let greeting = try PluginGreeting(json: params)
            guard greeting.contract.isCompatible(with: .current) else {
                throw SinkError(
                    .misconfigured,
                    "this plugin speaks version \(ContractVersion.current) of the contract, and \(greeting.host.name) \(greeting.host.version) speaks \(greeting.contract)"
                )
            }
            var introduction = PluginIntroduction(
                plugin: plugin, capabilities: nil, settingsSchema: settingsSchema, sandbox: sandbox)
            if let settings = greeting.settings {
                let faults = JSONSchema(settingsSchema).faults(in: .object(settings))
                guard faults.isEmpty else {
                    throw SinkError(.misconfigured, faults.map(\.description).joined(separator: "; "))
                }
                let sink = try await makeSink(Start(settings: settings, log: PluginLog(output: session.output)))
                session.use(sink)
                introduction.capabilities = sink.capabilities
            }
            return .success(introduction.json)
        } catch let error as SinkError {
            return .failure(PluginFailure(error))
        } catch {
            return .failure(
                PluginFailure(number: PluginFailure.Number.invalidParams, code: .misconfigured, message: "initialize: \(error)"))
        }
    }
}

/// Writes to Crossdock's log.
public struct PluginLog: Sendable {
    let output: LineOutput

    /// The call that the current task works on.
    @TaskLocal static var call: PluginMessageID?

    /// A line for Crossdock's log, without secrets and personal data.
    public func write(_ level: PluginNotice.Level, _ message: String) { tell(.log(level, message, call: Self.call)) }

    /// How far the call got that the current task works on, in words.
    public func progress(_ message: String) {
        if let call = Self.call { tell(.progress(message, call: call)) }
    }

    private func tell(_ notice: PluginNotice) {
        output.write(
            PluginMessage.notification(method: notice.method.rawValue, params: notice.params).line, mayBeLost: true)
    }
}
