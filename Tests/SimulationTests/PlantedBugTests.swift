import Simulation
import Testing

/// The referee notices what it is there for.
@Suite struct PlantedBugTests {
    @Test func `there are at least forty planted bugs, each with a name of its own`() {
        let names = PlantedBug.all.map(\.name)
        #expect(names.count >= 40)
        #expect(Set(names).count == names.count)
    }

    @Test(arguments: [
        "no intent row", "intent committed after the send", "blind repeat after an unknown outcome", "PUT with 'confirmed'",
        "PUT leaving a field out", "claims never expire", "hold ignored", "unpaid orders pushed",
        "watermark past an order that was listed and not recorded", "quantities by way of a binary float",
        "reads never grow old", "offline filter not checked", "naive client", "interruption dated back to the send",
    ])
    func `is caught`(name: String) throws {
        let bug = try #require((PlantedBug.all + [.naiveClient]).first { $0.name == name })
        let finding = PlantedSearch.search(bug, from: 1, schedulesMax: 3000)
        #expect(finding.violation != nil)
    }

    @Test(arguments: PlantedBug.inDocuments.map(\.name))
    func `is caught in what documents tell`(name: String) throws {
        let bug = try #require(PlantedBug.inDocuments.first { $0.name == name })
        let finding = PlantedSearch.search(bug, from: 1, schedulesMax: 3000)
        #expect(finding.violation != nil)
    }

    @Test(arguments: PlantedBug.inMessages.map(\.name))
    func `is caught in what is made of messages`(name: String) throws {
        let bug = try #require(PlantedBug.inMessages.first { $0.name == name })
        let finding = PlantedSearch.search(bug, from: 1, schedulesMax: 3000)
        #expect(finding.violation != nil)
    }

    @Test(arguments: PlantedBug.inCancelling.map(\.name))
    func `is caught in what is cancelled in the ERP`(name: String) throws {
        let bug = try #require(PlantedBug.inCancelling.first { $0.name == name })
        let finding = PlantedSearch.search(bug, from: 1, schedulesMax: 3000)
        #expect(finding.violation != nil)
    }

    @Test func `a failing schedule shrinks to one that still breaks the same rule`() throws {
        let bug = try #require(PlantedBug.all.first { $0.name == "blind repeat after an unknown outcome" })
        let finding = PlantedSearch.search(bug, from: 1, schedulesMax: 400)
        let schedule = ScheduleDraw.random(seed: try #require(finding.seed))
        let shrunk = Shrinking.shrunk(schedule, plant: bug)
        #expect(Outcome(shrunk, plant: bug).violations.first?.rule == finding.violation?.rule)
        #expect(shrunk.disturbances.count == 1)
        #expect(shrunk.starts.count == 1)
    }
}
