import Orders
import Simulators

extension World {
    static let shopName = "shop"
    static let webshop: Int64 = 1
    /// The extrinsic that names the shop's order in order feedback.
    static let feedbackOrderName = "CloudSuiteOrderID"
    static let shopHost = "shop.test", loginHost = "login.test", erpHost = "erp.test"

    static func makeShop(_ schedule: Schedule, _ clock: SimulatorClock) -> CloudSuiteSimulator {
        var configuration = CloudSuiteConfiguration()
        configuration.seed = schedule.seed
        configuration.clock = clock
        configuration.nextLinkHost = "elsewhere.test"
        configuration.pageSizeMax = schedule.pageLimit
        configuration.listOrder = schedule.seed.isMultiple(of: 2) ? .shuffled : .ascendingID
        configuration.writeAnswer =
            switch schedule.answersWritesWith {
            case .full: .full
            case .partial: .partial
            case .empty: .empty
            }
        configuration.shipmentStateMove =
            switch schedule.despatch?.shopCloses ?? .never {
            case .never: .never
            case .first: .first
            case .complete: .complete
            }
        configuration.feedbackOrderName = feedbackOrderName
        configuration.ignoresOfflineFilter = schedule.offline?.isFilterIgnored ?? false
        configuration.logCapacity = 1
        // Without fixtures there is nothing that could be wrong with them.
        return try! CloudSuiteSimulator(configuration: configuration)
    }

    static func makeERP(_ schedule: Schedule, _ clock: SimulatorClock) -> ERPSimulator {
        var configuration = ERPConfiguration()
        configuration.clock = clock
        configuration.mode =
            switch schedule.letter {
            case .key: .key
            case .lookUp: .lookUp
            case .neither: .neither
            }
        configuration.lookupLagMilliseconds = Int(schedule.lookUpLag)
        configuration.logCapacity = 1
        return ERPSimulator(configuration: configuration)
    }

    /// An order of the ERP's, whichever ERP it is.
    struct ERPFact {
        var orderID: Int64
        var key: String
        var number: String
        var isCancelled: Bool
        var isDraft = false
        var createdAt: Int64
        /// What was posted.
        var document: JSONValue
        /// By the shop's line id.
        var lineNumbers: [Int64: Int64]
    }

    func erpFacts() -> [ERPFact] {
        switch schedule.sink {
        case .direct: return direct.facts
        case .rest:
            return erp.orders.map { order in
                let json = order.json
                var numbers: [Int64: Int64] = [:]
                for line in order.lines {
                    if let id = line["line_id"]?.integerValue, let number = line["number"]?.integerValue { numbers[id] = number }
                }
                return ERPFact(
                    orderID: json["order_id"]?.integerValue ?? 0, key: order.externalReference ?? "", number: order.number,
                    isCancelled: order.state == "cancelled",
                    createdAt: order.createdUnixMicroseconds / 1000 - schedule.startsAt.milliseconds, document: json,
                    lineNumbers: numbers)
            }
        }
    }

    func cancelInERP(_ number: String) {
        switch schedule.sink {
        case .direct: direct.cancel(number)
        case .rest: erp.cancel(number)
        }
    }
}
