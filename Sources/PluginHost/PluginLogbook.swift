import Logging
import SinkKit

/// What a plugin prints and tells, in our log: without secrets, and no longer than can be read.
struct PluginLogbook: Sendable {
    let mask: SecretMask
    private let logger: Logger
    private let allowance = LogAllowance()

    private static let textMax = 4_000

    init(_ settings: PluginSettings, logger: Logger) {
        mask = SecretMask(settings.allSecrets)
        var logger = logger
        logger[metadataKey: "plugin"] = .string(settings.name)
        self.logger = logger
    }

    func warn(_ text: String) { logger.warning("\(readable(text))") }

    /// - Returns: the line as it stands in the log.
    func print(_ piece: LineSplitter.Piece) -> String? {
        let text =
            switch piece {
            case .line(let bytes): readable(String(decoding: bytes, as: UTF8.self))
            case .tooLong(let length): "a line of \(length) bytes, which is left out"
            }
        guard !text.isEmpty else { return nil }
        write(.info, text)
        return text
    }

    /// As many as the log takes of one program.
    private func write(_ level: Logger.Level, _ text: String, _ metadata: Logger.Metadata? = nil) {
        guard let leftOut = allowance.take() else { return }
        if leftOut > 0 { logger.warning("it told so much at once that \(leftOut) lines were left out here") }
        logger.log(level: level, "\(text)", metadata: metadata)
    }

    func note(_ notice: PluginNotice) {
        switch notice {
        case .progress(let text, let call): write(.info, readable(text), ["call": .string(readable(call.description))])
        case .log(let level, let text, let call):
            let level: Logger.Level =
                switch level {
                case .debug: .debug
                case .info: .info
                case .warning: .warning
                case .error: .error
                }
            write(level, readable(text), call.map { ["call": .string(readable($0.description))] })
        }
    }

    /// Masked before it is cut, so that no part of a secret is left at the end; control characters, which could draw on a terminal, are
    /// shown as what they are.
    private func readable(_ text: String) -> String {
        let masked = mask.masked(text)
        let cut = masked.count > Self.textMax ? masked.prefix(Self.textMax) + "… (\(masked.count) characters)" : masked[...]
        return String(
            String.UnicodeScalarView(
                cut.unicodeScalars.map { scalar in
                    scalar.properties.generalCategory == .control && scalar != "\t" ? "\u{FFFD}" : scalar
                }))
    }
}
