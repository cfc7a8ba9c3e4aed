import TestSupport
import Testing
import WebServer

@Suite struct WebhookPageTests {
    private static let secret = ListenerUnderTest.secret

    @Test func `a message with the right secret in its path is taken, with its headers and bytes`() async throws {
        let listener = try await ListenerUnderTest()
        let answer = try await listener.send(
            "POST", "/webhooks/main/\(Self.secret)", ["X-Event: a", "X-Event: b"], body: "{not JSON")
        #expect(answer?.status == 200 && answer?.body == "{\"stored\":true}")
        let webhook = try #require(listener.webhooks.first)
        #expect(webhook.flow == "main" && webhook.headers["x-event"] == "a, b" && webhook.body == Array("{not JSON".utf8))
        #expect(listener.webhooks.count == 1)
        await listener.stop()
    }

    @Test func `a secret in a header opens the door, and isn't handed on`() async throws {
        let listener = try await ListenerUnderTest()
        let answer = try await listener.send("POST", "/webhooks/other", ["x-HOOK: \(Self.secret)"], body: "")
        #expect(answer?.status == 200)
        #expect(listener.webhooks.first?.flow == "other" && listener.webhooks.first?.headers["x-hook"] == nil)
        await listener.stop()
    }

    @Test(
        arguments: [
            ("/webhooks/main/0123456789abcdeF", nil), ("/webhooks/main/", nil), ("/webhooks/main", nil),
            ("/webhooks/main/0123456789abcdef/", nil), ("/webhooks/main/0123456789abcdef/x", nil),
            ("/webhooks/main/0123456789abcde", nil), ("/webhooks/nobody/0123456789abcdef", nil), ("/webhooks//", nil),
            ("/webhooks/", nil),
            ("/webhooks/other/0123456789abcdef", nil), ("/webhooks/other", nil), ("/webhooks/other", "X-Hook: 0123456789abcde"),
            ("/webhooks/other/0123456789abcdef", "X-Hook: 0123456789abcdef"), ("/webhooks/main", "X-Hook: 0123456789abcdef"),
            ("/webhooks/other?x=0123456789abcdef", nil), ("/webhooks/main%2F0123456789abcdef", nil),
        ] as [(String, String?)])
    func `any other secret, flow or path gets one and the same answer`(path: String, header: String?) async throws {
        let listener = try await ListenerUnderTest()
        let answer = try await listener.send("POST", path, header.map { [$0] } ?? [], body: "{}")
        #expect(answer?.status == 404 && answer?.body == "{\"error\":\"There is nothing here.\"}")
        #expect(listener.webhooks.isEmpty)
        await listener.stop()
    }

    @Test func `nothing is answered before the message is kept`() async throws {
        let (gate, open) = AsyncStream<Void>.makeStream()
        let (isWaiting, isAnswered) = (ListenerUnderTest.Box(false), ListenerUnderTest.Box(false))
        let listener = try await ListenerUnderTest(take: {
            isWaiting.change { $0 = true }
            for await _ in gate { break }
        })
        let connection = try listener.connect()
        connection.send(ListenerUnderTest.text("POST", "/webhooks/main/\(Self.secret)", body: "1"))
        async let answer = {
            let answer = await connection.answer()
            isAnswered.change { $0 = true }
            return answer
        }()
        try await Waiting.until { isWaiting.read() }
        #expect(!isAnswered.read(), "it was answered before")
        open.yield()
        #expect(await answer?.status == 200)
        await listener.stop()
    }

    @Test(arguments: [(WebhookReceipt.unavailable, 503), (.notHere, 404), (.tooLarge, 413)])
    func `what can't be kept is refused`(receipt: WebhookReceipt, status: Int) async throws {
        let listener = try await ListenerUnderTest(receipt: receipt)
        #expect(try await listener.send("POST", "/webhooks/main/\(Self.secret)", body: "1")?.status == status)
        await listener.stop()
    }
}
