import Logging
import Orders
import SinkKit

/// Keeps a plugin running: starts it, and starts it again after it ended, each time after a longer pause.
actor PluginSupervisor {
    /// A plugin that lives and has introduced itself.
    struct Started: Sendable {
        let connection: PluginConnection
        let introduction: PluginIntroduction
        let capabilities: SinkCapabilities
    }

    private typealias Starting = Task<Result<Started, SinkError>, Never>

    private let settings: PluginSettings
    private let host: PluginParty
    private let log: PluginLogbook
    private var current: Started?
    private var starting: Starting?
    private var failuresInARow = 0
    private var restartAt = ContinuousClock.now
    private var isClosed = false

    /// How long a plugin must have lived for its end to count as the first one.
    private static let longLife = Duration.seconds(60)
    private static let pauseMax = Duration.seconds(30)
    static let closingTimeMax = Duration.seconds(5)

    init(_ settings: PluginSettings, host: PluginParty, log: PluginLogbook) {
        self.settings = settings
        self.host = host
        self.log = log
    }

    /// The running plugin, started now where there is none.
    ///
    /// - Parameter deadline: a pause before the next start is waited for only where more than half of the time until then is left after
    ///   it.
    /// - Throws: ``SinkError/Code/unavailable`` with the pause that is left, and whatever starting it throws.
    func plugin(before deadline: ContinuousClock.Instant) async throws(SinkError) -> Started {
        // One that ends takes no more calls, and the next isn't started beside it.
        if let ending = current?.connection, ending.isEnding { await ending.waitForEnd(before: deadline) }
        if let current, current.connection.endedAt == nil {
            guard !current.connection.isEnding else {
                throw SinkError(.unavailable, "plugin '\(settings.name)' is ending, and isn't gone yet")
            }
            return current
        }
        if starting == nil {
            noteEnd()
            let now = ContinuousClock.now
            let pause = restartAt - now
            guard pause <= .zero || pause < (deadline - now) / 2 else {
                let how = current?.connection.endingText ?? "could not be started"
                throw SinkError(.unavailable, "plugin '\(settings.name)' \(how); it is started again later", retryAfter: pause)
            }
            guard !isClosed else { throw SinkError(.unavailable, "plugin '\(settings.name)' has been ended") }
            let (settings, host, log) = (settings, host, log)
            starting = Task {
                if pause > .zero { try? await Task.sleep(for: pause) }
                return await Self.start(settings, host, log)
            }
        }
        guard let task = starting else { throw SinkError(.unavailable, "plugin '\(settings.name)' is not running") }
        let result = await task.value
        if starting == task {
            starting = nil
            switch result {
            case .success(let started): current = started
            case .failure: noteFailure(at: .now)
            }
        }
        return try result.get()
    }

    /// Once for each life that ended.
    private func noteEnd() {
        guard let ended = current, let endedAt = ended.connection.endedAt else { return }
        if endedAt - ended.connection.startedAt > Self.longLife { failuresInARow = 0 }
        current = nil
        noteFailure(at: endedAt)
    }

    /// The first restart comes at once, then after 250 ms, 500 ms, … up to half a minute.
    private func noteFailure(at instant: ContinuousClock.Instant) {
        failuresInARow += 1
        let doublings = min(failuresInARow - 2, 7)
        restartAt = instant + (doublings < 0 ? .zero : min(Self.pauseMax, .milliseconds(250) * (1 << doublings)))
    }

    private static func start(
        _ settings: PluginSettings, _ host: PluginParty, _ log: PluginLogbook
    ) async -> Result<Started, SinkError> {
        do throws(SinkError) {
            if let folder = settings.lockFolder {
                let killed = try await PluginPresence.endOrphans(folder: folder, name: settings.name)
                if !killed.isEmpty {
                    let ids = killed.map(String.init).joined(separator: ", ")
                    log.warn("its program was still running for a Crossdock that is gone, and was killed first (process \(ids))")
                }
            }
            let connection = try PluginConnection(settings, log: log)
            do throws(SinkError) {
                return .success(try await PluginHandshake(settings, host: host, log: log).perform(connection))
            } catch {
                await connection.close(within: closingTimeMax)
                throw error
            }
        } catch {
            return .failure(error)
        }
    }

    /// Ends the program at once, as a crash would, but without a pause before the next call starts it again.
    func kill() async {
        guard let connection = current?.connection else { return }
        connection.kill()
        await connection.waitForEnd()
        if current?.connection === connection { current = nil }
    }

    func close() async {
        isClosed = true
        if case .success(let started)? = await starting?.value { current = started }
        await current?.connection.close(within: Self.closingTimeMax)
    }
}
