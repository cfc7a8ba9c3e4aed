import CloudSuite
import Engine
import OrderFlow
import Orders
import Transport

/// Asks a shop, by reading only, how it behaves where its documentation is silent.
struct ShopCheck {
    private let flow: Flow
    private let timekeeper: any Timekeeper

    init(_ flow: Flow, timekeeper: any Timekeeper) {
        self.flow = flow
        self.timekeeper = timekeeper
    }

    private var subject: String { "shop \(flow.shopName)" }
    private var now: Timestamp { Timestamp(milliseconds: timekeeper.millisecondsSince1970) }

    func run() async -> [Finding] {
        do throws(ShopError) {
            let everything = OrderQuery()
            let page = try await flow.shop.page(everything, offset: 0)
            var findings = [
                Finding(subject, .good, "the credentials are accepted; it has \(page.count.map(String.init) ?? "?") orders")
            ]
            findings.append(clock(page))
            findings.append(pageSize(page))
            findings.append(try await stateFilter())
            findings.append(try await offlineFilter())
            findings.append(try await dateFilter())
            findings.append(try await unknownFilter(page))
            findings.append(try await webshopFilter())
            findings.append(order(page))
            if let entry = page.entries.first { findings += try await detail(entry.id) }
            return findings
        } catch {
            let status: ExitStatus =
                switch error.failureClass {
                case .unauthorized: .refusedCredentials
                case .misconfigured, .rejected: .badConfiguration
                default: .unavailable
                }
            return [Finding(subject, .bad, error.message, status: status)]
        }
    }

    private func clock(_ page: ListPage) -> Finding {
        guard let theirs = page.serverTime else {
            return Finding(subject, .cannotTell, "it sends no Date, so its clock can't be compared")
        }
        let skew = (now - theirs).inSeconds
        return abs(skew) <= 5
            ? Finding(subject, .good, "its clock agrees with ours within 5 s")
            : Finding(
                subject, .bad,
                "our clock is \(abs(skew)) s \(skew > 0 ? "ahead of" : "behind") its; set this machine's clock by NTP")
    }

    private func pageSize(_ page: ListPage) -> Finding {
        let asked = flow.shop.settings.pageLimit
        guard let count = page.count, count > page.entries.count else {
            return Finding(subject, .cannotTell, "the largest page: all \(page.entries.count) orders fit one of \(asked)")
        }
        return page.entries.count >= asked
            ? Finding(subject, .confirmed, "it gives pages of \(asked), as page_limit asks")
            : Finding(
                subject, .contradicted, "asked for \(asked) it gives \(page.entries.count) in a page; set page_limit to that")
    }

    private func stateFilter() async throws(ShopError) -> Finding {
        var query = OrderQuery()
        query.state = .confirmed
        let page = try await flow.shop.page(query, offset: 0)
        guard !page.entries.isEmpty else {
            return Finding(subject, .cannotTell, "the filter state=confirmed: nothing is confirmed now")
        }
        let others = page.entries.filter { $0.state != .confirmed }.count
        return others == 0
            ? Finding(subject, .confirmed, "the filter state=confirmed gives only confirmed orders")
            : Finding(subject, .contradicted, "the filter state=confirmed gives \(others) others; they are left out by state")
    }

    private func offlineFilter() async throws(ShopError) -> Finding {
        var query = OrderQuery()
        query.isOffline = true
        let offline = try await flow.shop.page(query, offset: 0)
        query.isOffline = false
        let online = try await flow.shop.page(query, offset: 0)
        let onlineIDs = Set(online.entries.map(\.id))
        if let both = offline.entries.first(where: { onlineIDs.contains($0.id) }) {
            return Finding(
                subject, .contradicted, "order \(both.id) is listed as offline and as not offline; the filter is ignored")
        }
        return offline.entries.isEmpty
            ? Finding(subject, .cannotTell, "the filter offline: there are no offline orders")
            : Finding(subject, .confirmed, "the filter offline tells the two kinds apart")
    }

    private func dateFilter() async throws(ShopError) -> Finding {
        var query = OrderQuery()
        query.confirmedFrom = now + .seconds(400 * 86_400)
        let page = try await flow.shop.page(query, offset: 0)
        return page.entries.isEmpty
            ? Finding(subject, .confirmed, "the filter confirm_date__gte leaves out what was confirmed before")
            : Finding(
                subject, .contradicted,
                "the filter confirm_date__gte lets orders of the past through; every run lists all of them")
    }

    private func unknownFilter(_ everything: ListPage) async throws(ShopError) -> Finding {
        let what = "a filter it doesn't know"
        do throws(ShopError) {
            let page = try await flow.shop.page(rawQuery: "crossdock_unknown_filter=1&limit=2")
            return page.count == everything.count
                ? Finding(subject, .confirmed, "\(what) is ignored, so every listed order's state is checked here once more")
                : Finding(subject, .contradicted, "\(what) changes the list")
        } catch {
            guard error.failureClass == .rejected else { throw error }
            return Finding(subject, .contradicted, "\(what) is refused, which is safer than being ignored")
        }
    }

    private func webshopFilter() async throws(ShopError) -> Finding {
        guard let webshop = flow.policy.webshop else {
            return Finding(subject, .cannotTell, "the filter webshop: the flow names none")
        }
        var query = OrderQuery()
        query.webshop = webshop
        guard let id = try await flow.shop.page(query, offset: 0, limit: 2).entries.first?.id else {
            return Finding(subject, .cannotTell, "the filter webshop=\(webshop): it has no orders; is that its id?")
        }
        let actual = try await flow.shop.order(id).reading.webshop
        return actual == webshop
            ? Finding(subject, .confirmed, "the filter webshop=\(webshop) gives orders of that webshop")
            : Finding(
                subject, .contradicted,
                "the filter webshop=\(webshop) gives order \(id) of webshop \(actual.map(String.init) ?? "?")")
    }

    private func order(_ page: ListPage) -> Finding {
        let ids = page.entries.map(\.id)
        guard ids.count > 2 else { return Finding(subject, .cannotTell, "the list's order: too few orders") }
        return ids == ids.sorted()
            ? Finding(subject, .confirmed, "the list is sorted by id; Crossdock doesn't rely on it")
            : Finding(subject, .contradicted, "the list isn't sorted by id; Crossdock doesn't rely on it")
    }

    // MARK: One order

    private func detail(_ id: Int64) async throws(ShopError) -> [Finding] {
        let order = try await flow.shop.order(id)
        var findings = ["payment_status", "confirm_date", "modified_date", "shipment_state"].map { member in
            order.json[member] == nil
                ? Finding(subject, .contradicted, "an order read by its id has no \(member) (order \(id))")
                : Finding(subject, .confirmed, "an order read by its id has a \(member)")
        }
        let lines = order.json["order_lines"]?.arrayValue ?? []
        let idCount = lines.filter { $0["id"]?.integerValue != nil }.count
        findings.append(
            lines.isEmpty
                ? Finding(subject, .cannotTell, "ids of order lines: order \(id) has no lines")
                : Finding(
                    subject, idCount == lines.count ? .confirmed : .contradicted,
                    "\(idCount) of \(lines.count) lines of order \(id) have an id of their own"))
        findings.append(decimals(lines, id))
        findings.append(zone(order))
        findings.append(try await customer(order))
        return findings
    }

    private func decimals(_ lines: [JSONValue], _ id: Int64) -> Finding {
        let quantities = lines.compactMap { $0["quantity"] }
        guard let first = quantities.first else {
            return Finding(subject, .cannotTell, "how decimals are written: no quantity to see")
        }
        return Finding(
            subject, .good,
            "quantities are written as \(first.stringValue == nil ? "numbers" : "strings") (order \(id)); both are read")
    }

    private func zone(_ order: ShopOrder) -> Finding {
        let clock = flow.shop.settings.clock
        guard let modified = order.reading.modifiedDate.flatMap(clock.instant) else {
            return Finding(subject, .cannotTell, "the zone of its date-times: order has no readable modified_date")
        }
        return modified > now + .seconds(60)
            ? Finding(
                subject, .contradicted, "read in \(clock.zoneName), an order's modified_date lies in the future; set another zone"
            )
            : Finding(subject, .cannotTell, "the zone of its date-times: nothing contradicts \(clock.zoneName)")
    }

    private func customer(_ order: ShopOrder) async throws(ShopError) -> Finding {
        guard let reference = order.order?.customer else {
            return Finding(subject, .cannotTell, "the customer: the order names none")
        }
        guard case .id(let id) = reference else { return Finding(subject, .good, "orders carry their customer's key or data") }
        let party = try await flow.parties.party(reference, .customer)
        return party == nil
            ? Finding(
                subject, .contradicted, "customer \(id) can't be resolved; set lookups.customer, or list it under customers")
            : Finding(subject, .confirmed, "customer ids can be resolved")
    }
}

extension Duration {
    fileprivate var inSeconds: Int64 { components.seconds }
}
