import Logging
import SinkKit

/// What a plugin prints and tells, in our log: without secrets, and no longer than can be read.
struct PluginLogbook: Sendable {
    let mask: SecretMask
    private let logger: Logger

    private static let textMax = 4_000

    init(_ settings: PluginSettings, logger: Logger) {
        mask = SecretMask(
            settings.secrets + settings.environment.sorted { $0.key < $1.key }.filter { $0.key != "PATH" }.map(\.value))
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
        logger.info("\(text)")
        return text
    }

    func note(_ notice: PluginNotice) {
        switch notice {
        case .progress(let text, let call): logger.info("\(readable(text))", metadata: ["call": .string(call.description)])
        case .log(let level, let text, let call):
            let level: Logger.Level =
                switch level {
                case .debug: .debug
                case .info: .info
                case .warning: .warning
                case .error: .error
                }
            logger.log(level: level, "\(readable(text))", metadata: call.map { ["call": .string($0.description)] })
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
