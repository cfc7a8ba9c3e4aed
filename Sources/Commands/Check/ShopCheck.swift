import CloudSuite
import Engine
import OrderFlow
import Orders
import Transport

/// Asks a shop, by reading only, how it behaves where its documentation is silent: its lists, its filters, one order.
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
            var confirmed = OrderQuery()
            confirmed.state = .confirmed
            let due = try await flow.shop.page(confirmed, offset: 0)
            var findings = [
                Finding(subject, .good, "the credentials are accepted; it has \(page.count.map(String.init) ?? "?") orders")
            ]
            findings += [clock(page), count(page), pageSize(page)]
            findings.append(try await pageSizeUnasked(page))
            findings += [links(page), order(page), stateFilter(due)]
            findings += try await ShopFilterCheck(flow: flow, subject: subject, now: now).run(everything: page)
            if let sample = due.entries.first ?? page.entries.first {
                let lastModified = page.entries.compactMap { $0.modifiedDate.flatMap(flow.shop.settings.clock.instant) }.max()
                findings += try await ShopOrderCheck(flow: flow, subject: subject, now: now).run(
                    sample.id, lastModified: lastModified)
            }
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
        let skew = (now - theirs).inMilliseconds / 1000
        return abs(skew) <= 5
            ? Finding(subject, .good, "its clock agrees with ours within 5 s")
            : Finding(
                subject, .bad,
                "our clock is \(abs(skew)) s \(skew > 0 ? "ahead of" : "behind") its; set this machine's clock by NTP")
    }

    private func count(_ page: ListPage) -> Finding {
        guard let count = page.count else {
            return Finding(subject, .contradicted, "a list doesn't say how many orders it has; it is followed by its links alone")
        }
        guard page.nextQuery != nil else {
            return Finding(subject, .cannotTell, "whether a list's count is the whole list's: there is one page only")
        }
        return count > page.entries.count
            ? Finding(subject, .confirmed, "a list's count is that of the whole list")
            : Finding(subject, .contradicted, "a list's count is the page's; orders that leave it meanwhile are harder to notice")
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

    private func pageSizeUnasked(_ page: ListPage) async throws(ShopError) -> Finding {
        let unasked = try await flow.shop.page(rawQuery: "")
        return unasked.nextQuery == nil
            ? Finding(subject, .cannotTell, "how long a page is where nobody asks: all \(unasked.entries.count) orders fit one")
            : Finding(subject, .good, "where nobody asks, a page has \(unasked.entries.count) orders; Crossdock always asks")
    }

    private func links(_ page: ListPage) -> Finding {
        guard let origin = page.nextOrigin else {
            return Finding(subject, .cannotTell, "where links to the next page lead: there is none, or it names no host")
        }
        return origin == "\(flow.shop.endpoint.origin)"
            ? Finding(subject, .confirmed, "links to the next page lead to where the API is")
            : Finding(
                subject, .contradicted,
                "links to the next page lead to \(origin); only their query is used, and nothing is sent there")
    }

    private func order(_ page: ListPage) -> Finding {
        let ids = page.entries.map(\.id)
        guard ids.count > 2 else { return Finding(subject, .cannotTell, "the list's order: too few orders") }
        return ids == ids.sorted()
            ? Finding(subject, .confirmed, "the list is sorted by id; Crossdock doesn't rely on it")
            : Finding(subject, .contradicted, "the list isn't sorted by id; Crossdock doesn't rely on it")
    }

    private func stateFilter(_ page: ListPage) -> Finding {
        guard !page.entries.isEmpty else {
            return Finding(subject, .cannotTell, "the filter state=confirmed: nothing is confirmed now")
        }
        let others = page.entries.filter { $0.state != .confirmed }.count
        return others == 0
            ? Finding(subject, .confirmed, "the filter state=confirmed gives only confirmed orders")
            : Finding(subject, .contradicted, "the filter state=confirmed gives \(others) others; they are left out by state")
    }
}
