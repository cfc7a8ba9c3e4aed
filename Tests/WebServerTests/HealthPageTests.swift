import TestSupport
import Testing

@Suite struct HealthPageTests {
    @Test(arguments: [(true, 200), (false, 503)]) func `health is told as JSON, by its status as well`(isReady: Bool, status: Int)
        async throws
    {
        let listener = try await ListenerUnderTest(isReady: isReady)
        let answer = try #require(try await listener.send("GET", "/health?verbose=1"))
        #expect(answer.status == status && answer.body == "{\"ready\":\(isReady)}")
        #expect(answer.headers["content-type"] == "application/json" && answer.headers["cache-control"] == "no-store")
        #expect(answer.headers["date"] == "Sun, 06 Nov 1994 08:49:37 GMT")
        await listener.stop()
    }

    @Test func `HEAD gets the head alone, and the connection goes on`() async throws {
        let listener = try await ListenerUnderTest()
        let connection = try listener.connect()
        let head = await connection.exchange(ListenerUnderTest.text("HEAD", "/health"), hasBody: false)
        #expect(head?.status == 200 && head?.headers["content-length"] == "14")
        #expect(await connection.exchange(ListenerUnderTest.text("GET", "/health"))?.body == "{\"ready\":true}")
        await listener.stop()
    }

    @Test(
        arguments: [
            ("POST", "/health", 405, "GET, HEAD"), ("GET", "/webhooks/main/0123456789abcdef", 405, "POST"),
            ("GET", "/", 404, nil),
            ("GET", "/healthy", 404, nil), ("POST", "/webhooks", 404, nil), ("PROPFIND", "/coffee", 404, nil),
        ] as [(String, String, Int, String?)])
    func `what isn't there is refused in JSON, with the methods that are`(
        method: String, path: String, status: Int, allowed: String?
    ) async throws {
        let listener = try await ListenerUnderTest()
        let answer = try #require(try await listener.send(method, path))
        #expect(answer.status == status && answer.headers["allow"] == allowed)
        #expect(answer.body.hasPrefix("{\"error\":\""))
        await listener.stop()
    }
}
