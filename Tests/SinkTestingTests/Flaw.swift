import Testing

/// One thing that a deliberately broken sink, or its ERP, gets wrong; with the rule that is meant to find it.
enum Flaw: String, CaseIterable, Sendable, CustomTestStringConvertible {
    // Making.
    case answersWithoutNumber, findGivesAnInternalID, saysNotAppliedAfterAcceptance, takesACutOffForSuccess, retriesByItself
    case saysUnavailableWhenKilled, forgetsOnRestart
    // Finding.
    case throwsWhereNothingIs, findsByPrefix, findsNothingOnError, findsNothingOnDeadline
    // Classes.
    case makesASecondOrderOnRepeat, keepsItsKeysInMemory, acceptsChangedContent, racesOnItsKey, takesEffectTooLate,
        sendsAgainFromCheck
    case findsNothingThoughItCannotAsk
    // Attempts and drafts.
    case repeatsFinishedAttempts, namesAttemptsAnew, sendsUnansweredAttemptsAgain, makesDraftsAnew, carriesOnForeignDrafts
    case cannotReleaseTwice
    // Refusing.
    case takesTheGoodHalf, tellsTheFirstFaultOnly, leavesADraftOfWhatItRefused, usesTheKeyUpOnRefusal
    // Lines and content.
    case receiptLacksALine, givesAllLinesOneNumber, needsTwoLines, losesTheLastOfManyLines, mergesLinesOfAProduct
    case failsOnUnicode, writesASCII, bendsDecimals, roundsToCents, dropsTheSign
    // Time.
    case ignoresTheDeadline, ignoresTheStart
    // What follows.
    case findsNothingAfterCancelling, cannotCancelTwice, tellsPlannedShipments, closesLinesTooEarly, tellsShipmentsOtherwise
    // What it says of itself.
    case variesItsCapabilities, checksSilently, checksNothing, makesWhatItValidates, validatesTheFirstLineOnly, guessesEvents
    case takesUnknownSettings, saysUnknownToWrongCredentials
    case leaksIntoErrors, leaksIntoItsLog

    var testDescription: String { rawValue }

    var rule: String {
        switch self {
        case .answersWithoutNumber: "create.accepted"
        case .findGivesAnInternalID: "create.then-find"
        case .saysNotAppliedAfterAcceptance: "create.cut-off"
        case .takesACutOffForSuccess: "create.cut-off-before"
        case .retriesByItself: "create.one-send"
        case .saysUnavailableWhenKilled: "create.killed"
        case .forgetsOnRestart: "restart.remembers"
        case .throwsWhereNothingIs: "find.nothing"
        case .findsByPrefix: "find.exact-key"
        case .findsNothingOnError: "find.fails-closed"
        case .findsNothingOnDeadline: "deadline.find"
        case .makesASecondOrderOnRepeat: "create.twice"
        case .keepsItsKeysInMemory: "class.key.repeat"
        case .acceptsChangedContent: "class.key.changed"
        case .racesOnItsKey: "concurrent.one-key"
        case .takesEffectTooLate: "class.look-up.latest-effect"
        case .sendsAgainFromCheck: "class.neither.one-attempt"
        case .findsNothingThoughItCannotAsk: "class.neither.find"
        case .repeatsFinishedAttempts, .namesAttemptsAnew: "attempts.replayed"
        case .sendsUnansweredAttemptsAgain: "attempts.unanswered"
        case .makesDraftsAnew: "draft.carried-on"
        case .carriesOnForeignDrafts: "draft.foreign"
        case .cannotReleaseTwice: "draft.release"
        case .takesTheGoodHalf, .tellsTheFirstFaultOnly: "reject.all-faults"
        case .leavesADraftOfWhatItRefused: "reject.nothing-left"
        case .usesTheKeyUpOnRefusal: "reject.mended"
        case .receiptLacksALine, .givesAllLinesOneNumber: "receipt.covers-lines"
        case .needsTwoLines: "lines.one"
        case .losesTheLastOfManyLines: "lines.many"
        case .mergesLinesOfAProduct: "lines.duplicate-products"
        case .failsOnUnicode: "text.unicode"
        case .writesASCII: "text.kept"
        case .bendsDecimals: "decimal.long"
        case .roundsToCents: "decimal.fraction"
        case .dropsTheSign: "decimal.negative"
        case .ignoresTheDeadline: "deadline.create"
        case .ignoresTheStart: "deadline.start"
        case .findsNothingAfterCancelling: "cancel.cancels"
        case .cannotCancelTwice: "cancel.twice"
        case .tellsPlannedShipments: "shipments.none"
        case .closesLinesTooEarly: "shipments.partial"
        case .tellsShipmentsOtherwise: "shipments.unchanged"
        case .variesItsCapabilities: "capabilities.constant"
        case .checksSilently: "check.answers"
        case .checksNothing: "check.fails"
        case .makesWhatItValidates: "validate.writes-nothing"
        case .validatesTheFirstLineOnly: "validate.all-faults"
        case .guessesEvents: "messages.unreadable"
        case .takesUnknownSettings: "settings.unknown"
        case .saysUnknownToWrongCredentials: "credentials.refused"
        case .leaksIntoErrors, .leaksIntoItsLog: "secrets.hidden"
        }
    }

    /// The class of sink that can have it.
    var letter: String {
        switch self {
        case .takesEffectTooLate, .retriesByItself, .makesDraftsAnew, .sendsUnansweredAttemptsAgain: "L"
        case .sendsAgainFromCheck, .findsNothingThoughItCannotAsk: "N"
        default: "K"
        }
    }
}
