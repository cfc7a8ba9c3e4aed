import Foundation
import Orders
import Simulators
import TestSupport
import Testing

/// What the process tells cron.
@Suite struct ExitStatusTests {
    @Test func `a faulty configuration is 78, with every fault and its line, and nothing is contacted`() async throws {
        let installation = try await Installation(
            extra: "    close: shut\n    concurency: 4\n    payment: {accept: [payed]}\n")
        let ending = try await installation.crossdock("sync")
        #expect(ending.status == 78)
        for expected in [
            "flows.main.close: 'shut' is not one of auto, done, leave",
            "flows.main.concurency: there is no such setting; did you mean 'concurrency'?",
            "flows.main.payment.accept: 'payed' is not one of",
        ] { #expect(ending.errors.contains(expected), "\(ending.errors)") }
        #expect(ending.errors.contains("line "))
        #expect(installation.shop.requestLog.isEmpty)
        #expect(!FileManager.default.fileExists(atPath: installation.folder.path + "/ledger.db"))
        await installation.stop()
    }

    @Test func `a configuration's faults are told to machines, too`() async throws {
        let installation = try await Installation(extra: "    close: shut\n")
        let ending = try await installation.crossdock("config", "check", "--json")
        #expect(ending.status == 78)
        let json = try JSONValue(parsing: ending.output)
        #expect(json["good"] == false)
        let fault = try #require(json["faults"]?.arrayValue?.first)
        #expect(fault["path"] == "flows.main.close" && fault["line"]?.integerValue ?? 0 > 20, "\(ending.output)")
        try installation.writeConfiguration(.file)
        let good = try await installation.crossdock("config", "check", "--json")
        #expect(try good.status == 0 && JSONValue(parsing: good.output)["faults"] == [])
        await installation.stop()
    }

    @Test func `a missing secret is 78 and names the variable`() async throws {
        let installation = try await Installation(clientSecret: "${CROSSDOCK_TEST_NO_SUCH_SECRET}")
        let ending = try await installation.crossdock("sync")
        #expect(ending.status == 78)
        #expect(ending.errors.contains("the environment has no CROSSDOCK_TEST_NO_SUCH_SECRET"))
        #expect(installation.shop.requestLog.isEmpty)
        await installation.stop()
    }

    @Test func `what contacts nobody needs no credentials`() async throws {
        let installation = try await Installation()
        _ = try await installation.crossdock("sync")
        try installation.writeConfiguration(.file, clientSecret: "${CROSSDOCK_TEST_NO_SUCH_SECRET}")
        for words in [["orders"], ["order", "CS48101"], ["status"], ["documents"], ["ledger", "verify"]] {
            let ending = try await ChildProgram.run("crossdock", words + ["--config", installation.configurationPath])
            #expect(ending.status == 0, "\(words): \(ending.errors)")
        }
        for words in [["sync"], ["audit"], ["rerun", "CS48101"], ["config", "check"]] {
            let ending = try await ChildProgram.run("crossdock", words + ["--config", installation.configurationPath])
            #expect(ending.status == 78, "\(words): \(ending)")
        }
        await installation.stop()
    }

    @Test func `refused credentials are 77, and the secret is in no output`() async throws {
        let installation = try await Installation(clientSecret: "a-wrong-secret-4711")
        let ending = try await installation.crossdock("sync", "--verbose")
        #expect(ending.status == 77, "\(ending.errors)")
        #expect(!(ending.output + ending.errors).contains("4711"))
        #expect(try await installation.crossdock("check").status == 77)
        await installation.stop()
    }

    @Test func `a shop that is down is 69`() async throws {
        let installation = try await Installation()
        await installation.shop.stop()
        let ending = try await installation.crossdock("sync")
        #expect(ending.status == 69, "\(ending.errors)")
        await installation.stop()
    }

    @Test func `wrong usage is 2, help is 0 and has examples`() async throws {
        #expect(try await ChildProgram.run("crossdock", ["sync", "--no-such-option"]).status == 2)
        #expect(try await ChildProgram.run("crossdock", ["no-such-command"]).status == 2)
        for command in ["sync", "order", "rerun", "orders", "hold", "release", "adopt", "skip", "status", "check"] {
            let help = try await ChildProgram.run("crossdock", [command, "--help"])
            #expect(help.status == 0)
            #expect(help.output.contains("EXAMPLE"), "\(command) has no example")
        }
        #expect(try await ChildProgram.run("crossdock", ["orders", "--limit=0"]).status == 2)
        for command in [["hold", "CS1", "--reason", " "], ["rerun", "CS1", "--reason", ""]] {
            let ending = try await ChildProgram.run("crossdock", command)
            #expect(ending.status == 2 && ending.errors.contains("--reason is empty"), "\(ending.errors)")
        }
        #expect(try await ChildProgram.run("crossdock", ["--version"]).output.contains("0."))
    }

    @Test func `a reference of two webshops lists both and is 2`() async throws {
        let installation = try await Installation()
        // One webshop each, as two flows of one shop.
        let yaml = try String(contentsOfFile: installation.configurationPath, encoding: .utf8)
        let second = yaml + "\n  second: {shop: test, sink: erp, webshop: 2, since: 2020-01-01}\n"
        try second.write(toFile: installation.configurationPath, atomically: true, encoding: .utf8)
        _ = try await installation.crossdock("sync")
        let ambiguous = try await installation.crossdock("order", "CS48193")
        #expect(ambiguous.status == 2)
        #expect(ambiguous.errors.contains("names 2 orders"))
        #expect(try await installation.crossdock("order", "CS48193", "--webshop", "1").status == 0)
        #expect(try await installation.crossdock("order", "CS00000").status == 2)
        await installation.stop()
    }

    @Test func `a damaged ledger is refused with advice, and nothing is contacted`() async throws {
        let installation = try await Installation()
        try Data(repeating: 0x41, count: 8192).write(to: URL(fileURLWithPath: installation.folder.path + "/ledger.db"))
        let ending = try await installation.crossdock("sync")
        #expect(ending.status == 78)
        #expect(ending.errors.contains("damaged"), "\(ending.errors)")
        #expect(installation.shop.requestLog.isEmpty)
        await installation.stop()
    }
}
