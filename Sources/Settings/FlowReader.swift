import OrderFlow
import Orders
import SinkKit

/// Reads a section under `flows`.
enum FlowReader {
    /// Where none at all would mean without a pause or without an end.
    private static let shortest: Duration = .milliseconds(1)
    /// The shop's dates carry no zone: between Dutch time and UTC lie up to two hours (inferred).
    private static let overlapMin: Duration = .seconds(2 * 3600)

    static func read(
        _ name: String, _ reader: SettingsReader, shops: [String], sinks: [String], targets: [TargetSettings],
        absolute: @escaping (String) -> String
    ) -> FlowSettings {
        // The sink and the ledger say the rest when the parts are put together.
        var policy = FlowPolicy(sinkClass: .neither, ledgerCreatedAt: Timestamp(milliseconds: 0))
        let shop = self.name(in: reader, "shop", "the shop that orders come from", of: shops)
        let sink = self.name(in: reader, "sink", "the sink that orders go to", of: sinks)
        policy.webshop = reader.optionalInteger("webshop", "the shop's webshop id; other webshops' orders are left alone")
        let since = reader.value(
            "since", "orders confirmed before that are left alone: YYYY-MM-DD or YYYY-MM-DDTHH:MM:SS in the shop's zone", .text,
            default: "", isRequired: true
        ) {
            isDate($0)
                ? .success($0) : .failure(SettingsFaultMessage("'\($0)' is no date; write 2026-01-31 or 2026-01-31T08:00:00"))
        }
        readGate(reader, &policy)
        let documents = readAfterwards(reader, &policy, targets: targets)
        return FlowSettings(
            name: name, shop: shop, sink: sink, webshop: policy.webshop, since: since.count == 10 ? since + "T00:00:00" : since,
            overlap: reader.duration(
                "overlap", "how far before the last listing the next one begins", default: .seconds(3 * 3600),
                atLeast: Self.overlapMin),
            sweepEvery: reader.duration("sweep_every", "how often everything since 'since' is listed", default: .seconds(86_400)),
            concurrency: reader.integer("concurrency", "orders worked on at a time", default: 16, in: 1...1024),
            sinkTimeLimit: reader.duration(
                "sink_time_limit", "how long one call to the sink may take", default: .seconds(30), atLeast: shortest),
            mapping: MappingReader(reader: reader, absolute: absolute).tables(), documents: documents,
            schedule: ServeReader.schedule(reader), webhook: ServeReader.webhook(reader), template: policy)
    }

    private static func readGate(_ reader: SettingsReader, _ policy: inout FlowPolicy) {
        reader.section("select", "which orders are listed") { select in
            policy.selectedStates = words(
                select, "states", "the shop states orders are pushed from", policy.selectedStates, known: OrderState.known,
                mayBeEmpty: false)
        }
        reader.section("payment", "how an order must be paid") { payment in
            policy.acceptedPayments = words(
                payment, "accept", "payment statuses with which an order goes; add none for a shop without payment",
                policy.acceptedPayments,
                known: PaymentStatus.known)
        }
        policy.settlingDelay = reader.duration(
            "settle", "how long after its confirmation an order is left alone", default: policy.settlingDelay)
        policy.giveUpAfter = reader.duration("give_up_after", "how long an order may be on hold", default: policy.giveUpAfter)
        policy.totalsTolerance = reader.decimal(
            "totals_tolerance", "how far the shop's total may be from the sum of the lines", default: policy.totalsTolerance)
        reader.section("recheck", "when orders on hold are read again") { recheck in
            policy.recheck.initial = recheck.duration("initial", "first", default: policy.recheck.initial, atLeast: shortest)
            policy.recheck.max = recheck.duration("max", "at the most", default: policy.recheck.max, atLeast: shortest)
        }
        reader.section("poll", "when the ERP is asked again that is still working on an order") { poll in
            policy.poll.initial = poll.duration("initial", "at the least", default: policy.poll.initial, atLeast: shortest)
            policy.poll.max = poll.duration("max", "at the most", default: policy.poll.max, atLeast: shortest)
        }
        reader.section("retry", "when a failed step is tried again") { retry in
            policy.retry.initial = retry.duration(
                "initial", "after the first failure", default: policy.retry.initial, atLeast: shortest)
            policy.retry.max = retry.duration("max", "at the most", default: policy.retry.max, atLeast: shortest)
            policy.failuresMax = retry.integer(
                "failures_max", "failures in a row before a person must look", default: policy.failuresMax, in: 1...1000)
        }
    }

    private static func readAfterwards(
        _ reader: SettingsReader, _ policy: inout FlowPolicy, targets: [TargetSettings]
    ) -> DocumentSettings {
        policy.partial = reader.word(
            "partial", "what happens when the ERP took some lines and not others", default: policy.partial)
        let documents = DocumentReader(reader: reader, targets: targets).read(&policy)
        policy.close = reader.word("close", "how an order ends in the shop", default: policy.close)
        policy.cancel = reader.word(
            "cancel", "what happens to the ERP's order once the shop has cancelled its own", default: policy.cancel)
        policy.offline = reader.word(
            "offline", "what happens to orders that were placed elsewhere", default: policy.offline)
        return documents
    }

    private static func name(in reader: SettingsReader, _ key: String, _ help: String, of known: [String]) -> String {
        reader.value(key, help, .text, default: "", isRequired: true) { text in
            known.contains(text)
                ? .success(text)
                : .failure(SettingsFaultMessage("there is no \(key) '\(text)'; there are: \(known.joined(separator: ", "))"))
        }
    }

    private static func words<Word: RawRepresentable<String> & Equatable>(
        _ reader: SettingsReader, _ key: String, _ help: String, _ fallback: [Word], known: [Word],
        mayBeEmpty: Bool = true
    ) -> [Word] {
        reader.values(key, help, default: fallback, mayBeEmpty: mayBeEmpty) { text in
            guard let word = Word(rawValue: text), known.contains(word) else {
                return .failure(SettingsFaultMessage("'\(text)' is not one of \(known.map(\.rawValue).joined(separator: ", "))"))
            }
            return .success(word)
        }
    }

    /// Whether the text is a date of the Gregorian calendar, with or without a time of day.
    private static func isDate(_ text: String) -> Bool {
        let shape = String(text.map { $0.isASCII && $0.isNumber ? "0" : $0 })
        guard shape == "0000-00-00" || shape == "0000-00-00T00:00:00" else { return false }
        let numbers = text.split { !$0.isNumber }.compactMap { Int($0) }
        let (year, month, day) = (numbers[0], numbers[1], numbers[2])
        let isLeapYear = year % 4 == 0 && (year % 100 != 0 || year % 400 == 0)
        let days = [31, isLeapYear ? 29 : 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31]
        guard (1...12).contains(month), (1...days[month - 1]).contains(day) else { return false }
        return numbers.count == 3 || (numbers[3] < 24 && numbers[4] < 60 && numbers[5] < 60)
    }
}
