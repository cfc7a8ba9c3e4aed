#if !LIBFUZZER
    import Foundation
    import TestSupport
    import Transport

    /// Measures what each hostile server costs: a process of its own makes one exchange, so that its peak memory can be read.
    enum HostileRun {
        static let deadline: Duration = .seconds(5)
        static let memoryMegabytesMax = 64

        /// Prints a line an exchange.
        /// - Returns: 0 where each ended within 1.1 times its deadline and within the memory.
        static func run() async throws -> Int32 {
            print("deadline \(deadline), at most 1.1 times it and \(memoryMegabytesMax) MB")
            var violations = 0
            for answer in HostileAnswer.all {
                for method in [HTTPMethod.get, .post] {
                    let measured = try await ScriptedServer.running(answer.script) { server in
                        try await ChildProgram.run("crossdock-fuzz", ["exchange", method.rawValue, server.url]).output
                    }
                    let numbers = measured.split(separator: " ").prefix(2).compactMap { Int($0) }
                    let isWithin = numbers.count == 2 && numbers[0] <= 5500 && numbers[1] <= memoryMegabytesMax * 1024
                    violations += isWithin ? 0 : 1
                    print(
                        isWithin ? "ok  " : "OVER", method.rawValue.padding(toLength: 5, withPad: " ", startingAt: 0),
                        "\(answer):", measured.trimmingCharacters(in: .newlines))
                }
            }
            print("\(HostileAnswer.all.count * 2) exchanges (milliseconds, peak kB, outcome), \(violations) violations")
            return violations == 0 ? 0 : 1
        }

        /// The child: one exchange, then its milliseconds, its peak memory in kB, and what came of it.
        static func exchange(_ method: HTTPMethod, _ url: String) async throws {
            let exchange = try CurlExchange(configuration: .init(proxy: ""))
            let request = HTTPRequest(
                method: method, url: url, body: method.onlyReads ? nil : Array("{}".utf8),
                deadlines: HTTPDeadlines(connect: .seconds(5), total: deadline, stall: deadline))
            let clock = ContinuousClock()
            var outcome = ""
            let elapsed = await clock.measure {
                do throws(TransportError) { outcome = "\(try await exchange.perform(request).status)" } catch {
                    outcome = "\(error.kind), \(error.effect)"
                }
            }
            let status = try String(contentsOfFile: "/proc/self/status", encoding: .utf8).split(separator: "\n")
            let peak = status.first { $0.hasPrefix("VmHWM") }?.split(whereSeparator: \.isWhitespace).dropFirst().first ?? "?"
            print(elapsed.wholeMilliseconds, peak, outcome)
        }
    }
#endif
