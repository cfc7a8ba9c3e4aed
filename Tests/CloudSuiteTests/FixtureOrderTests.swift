import CloudSuite
import Foundation
import OrderFlow
import Orders
import Simulators
import SinkKit
import TestSupport
import Testing

/// The orders under Fixtures/cloudsuite, as the bundled shop serves them.
@Suite struct FixtureOrderTests {
    /// Orders whose own data is unfit; the other quarantined ones need a mapping or a look-up to be found out.
    private static let faults: [String: [String]] = [
        "line-without-product": ["order_lines[1].product: has no key"],
        "line-with-empty-product-key": ["order_lines[0].product: has no key"],
        "quantity-that-is-no-number": [
            "order_lines[0].quantity: 'abc' is not a decimal number", "order_lines[2].quantity: 'twelve' is not a decimal number",
        ],
        "no-lines": ["order_lines: there is no line that could be ordered"],
        "only-comment-lines": ["order_lines: there is no line that could be ordered"],
        "forty-digit-amount": ["order_lines[0].unit_price: 39 significant digits, more than the 38 that can be held exactly"],
    ]

    /// File name, id and expected outcome, from the table in the folder's README.
    private static func cases() throws -> [(name: String, id: Int64, outcome: String)] {
        let readme = try String(contentsOfFile: "\(ProjectFolder.cloudsuiteFixtures)/README.md", encoding: .utf8)
        return readme.split(separator: "\n").compactMap { line in
            let cells = line.split(separator: "|").map { $0.trimmingCharacters(in: CharacterSet(charactersIn: " `")) }
            guard cells.count == 5, let id = Int64(cells[1]) else { return nil }
            return (cells[0], id, cells[2])
        }
    }

    @Test func `each is read with exactly the faults that it is about`() async throws {
        let cases = try Self.cases()
        let files = try FileManager.default.contentsOfDirectory(atPath: ProjectFolder.cloudsuiteFixtures).filter {
            $0.hasSuffix(".json")
        }
        #expect(Set(cases.map { $0.name + ".json" }) == Set(files))
        try await ShopUnderTest.running({ $0.hasFixtures = true }) { shop in
            for (name, id, outcome) in cases {
                let read = try await shop.client.order(id)
                #expect(read.reading.faults.map(\.description) == Self.faults[name] ?? [], "\(name)")
                #expect((read.order == nil) == (Self.faults[name] != nil), "\(name)")
                if outcome == "eligible" {
                    #expect(read.order?.pushedLines.isEmpty == false && read.reading.confirmedAt != nil, "\(name)")
                }
                #expect(JSONValue.object(read.json) == shop.simulator.order(Int(id)), "\(name): nothing of the answer is lost")
            }
        }
    }

    @Test func `the cases say what they were made for`() async throws {
        try await ShopUnderTest.running({ $0.hasFixtures = true }) { shop in
            let thirty = try await shop.client.order(48116).order
            #expect(thirty?.lines.first?.quantity.spelling == "1.00000000000000000000000000001")
            let exponent = try await shop.client.order(48119).order
            #expect(exponent?.lines.contains { $0.quantity == ExactDecimal(12) } == true)
            let duplicates = try await shop.client.order(48106).order
            #expect(Set(duplicates?.lines.map(\.productKey) ?? []).count < (duplicates?.lines.count ?? 0))
            #expect(Set(duplicates?.lines.map(\.key) ?? []).count == duplicates?.lines.count)
            let comments = try await shop.client.order(48110).order
            #expect(comments.map { $0.pushedLines.count < $0.lines.count } == true)
            let expanded = try await shop.client.order(48122).order
            guard case .expanded(let party)? = expanded?.customer else {
                return #expect(Bool(false), "\(String(describing: expanded?.customer))")
            }
            #expect(party.name != nil)
            let key = try await shop.client.order(48123).order
            guard case .originKey? = key?.customer else { return #expect(Bool(false), "\(String(describing: key?.customer))") }
            let beside = try await shop.client.order(48124).order
            guard case .originKey? = beside?.shipmentAddress else {
                return #expect(Bool(false), "\(String(describing: beside?.shipmentAddress))")
            }
            for (id, payment) in [(48133, nil), (48134, nil), (48132, PaymentStatus.closedCancelled), (48130, .started)]
                as [(Int64, PaymentStatus?)]
            {
                let read = try await shop.client.order(id)
                #expect(read.reading.payment == payment)
            }
            let gap = try await shop.client.order(48121)
            #expect(gap.reading.confirmedAt != nil)
            let whole = try await shop.client.order(48120)
            #expect(whole.reading.confirmedAt.map { $0.milliseconds % 1000 == 0 } == true)
        }
    }
}
