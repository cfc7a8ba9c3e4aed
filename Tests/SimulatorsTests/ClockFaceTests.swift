internal import Simulators
internal import Testing

struct ClockFaceTests {
    @Test(arguments: [
        "2025-02-26T09:12:44.120000", "2025-02-26T09:12:44", "1970-01-01T00:00:00", "2024-02-29T23:59:59.999999",
        "2000-03-01T00:00:00.000001",
        "1969-12-31T23:59:59.500000",
    ])
    func `a naive datetime is written as it was read`(_ text: String) throws {
        #expect(try #require(NaiveDateTime(text)).text == text)
    }

    @Test(arguments: [
        "", "2025", "2025-13-01", "2025-02-29", "2025-02-26 09:12:44", "2025-02-26T09:12", "2025-02-26T24:00:00",
        "2025-02-26T09:12:44.",
        "2025-02-26T09:12:44.1234567", "2025-02-26T09:12:44Z", "2025-02-26T09:12:44+01:00", "yesterday!",
    ])
    func `what is no naive datetime is refused`(_ text: String) {
        #expect(NaiveDateTime(text) == nil)
    }

    @Test(arguments: [
        (1_735_689_600, "2025-01-01T01:00:00"), (1_743_296_399, "2025-03-30T01:59:59"), (1_743_296_400, "2025-03-30T03:00:00"),
        (1_761_440_399, "2025-10-26T02:59:59"), (1_761_440_400, "2025-10-26T02:00:00"), (1_798_761_599, "2027-01-01T00:59:59"),
    ])
    func `the Dutch clock face changes with the season`(_ unixSeconds: Int64, _ text: String) {
        #expect(ShopZone.amsterdam.naive(unixMicroseconds: unixSeconds * 1_000_000).text == text)
    }
}
