import Orders
import Settings
import Simulators
import SinkTesting

extension SinkBench {
    /// Over a simulated system in the place of the sink's own, which ends with the bench.
    ///
    /// - Parameters:
    ///   - name: of what is played, in messages.
    ///   - key: the credential that the simulator takes.
    static func over(
        _ simulator: some Simulator, named name: String, key: String, _ sink: SinkSettings, _ sample: SinkSample,
        _ parts: SinkParts
    ) async throws -> SinkBench {
        let url: String
        do { url = try await simulator.start() } catch {
            throw CommandFailure(.tryLater, "the simulated \(name) can't be started: \(error)")
        }
        var bench = SinkBench(target: parts.target(try sink.inSandbox(url, key: key), sample))
        bench.target.openWithWrongCredentials = parts.target(try sink.inSandbox(url, key: "wrong"), sample).open
        bench.target.process = parts.process(sink.name, inSandbox: url, key: key)
        bench.end = {
            simulator.clearFaults()
            await simulator.stop()
        }
        return bench
    }
}

extension SinkInterference {
    /// Every mishap, as a fault of a simulated system.
    ///
    /// - Parameters:
    ///   - milliseconds: how late an effect comes.
    ///   - createKind: the kind of the requests that create; `nil`: all that post.
    init(_ simulator: some Simulator, late milliseconds: Int, createKind: String? = "orders") {
        self.init(
            Set(SinkMishap.allCases),
            arrange: { mishap in simulator.addFault(mishap.rule(late: milliseconds, createKind: createKind)) },
            mend: { simulator.clearFaults() })
    }
}

extension SinkMishap {
    fileprivate func rule(late milliseconds: Int, createKind: String?) -> FaultRule {
        // Longer than any deadline of a check; what still waits is left behind when the simulator ends.
        let silence = 120_000
        func create(_ action: FaultAction, times: Int? = 1) -> FaultRule {
            FaultRule(method: "POST", kind: createKind, times: times, action: action)
        }
        func lookUp(_ action: FaultAction) -> FaultRule { FaultRule(method: "GET", kind: "orders", action: action) }
        return switch self {
        case .unreachable: FaultRule(action: .outage(requests: nil))
        case .cutOffBefore: create(.dropBeforeApplying)
        case .cutOffAfter: create(.applyThenDrop)
        case .errorPageAfter: create(.applyThenStatus(502))
        case .garbageAfter: create(.html200(applied: true))
        case .silentAfter: create(.delay(milliseconds: silence, .after), times: nil)
        case .lateEffect: create(.lateEffect(milliseconds: milliseconds))
        case .failingLookUp: lookUp(.status(500, retryAfterSeconds: nil))
        case .garbageLookUp: lookUp(.html200(applied: false))
        case .silentLookUp: lookUp(.delay(milliseconds: silence, .before))
        }
    }
}
