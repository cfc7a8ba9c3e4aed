/// A text of comma-separated values (RFC 4180), read without knowing what is in it.
///
/// UTF-8, with or without a byte order mark; lines end with LF, CR LF or CR. The separator is `,` or `;`: unless it is given, whichever
/// stands in the first line more often outside quotes. Cells lose the blanks around them unless they are quoted.
package struct CSVText: Sendable, Equatable {
    package struct Record: Sendable, Equatable {
        /// Where it begins, from 1.
        package var line: Int
        package var cells: [String]
    }

    package struct Fault: Sendable, Equatable {
        package var line: Int
        package var message: String
    }

    package private(set) var records: [Record] = []
    /// What isn't as it must be; such a record is left out.
    package private(set) var faults: [Fault] = []

    private static let (comma, semicolon, quote) = (UInt8(ascii: ","), UInt8(ascii: ";"), UInt8(ascii: "\""))
    private static let (lineFeed, carriageReturn) = (UInt8(ascii: "\n"), UInt8(ascii: "\r"))
    private static let mark: [UInt8] = [0xEF, 0xBB, 0xBF]

    package init(_ bytes: [UInt8], separator: Character? = nil) {
        let text = bytes.starts(with: Self.mark) ? bytes[Self.mark.count...] : bytes[...]
        var scanner = Scanner(text, separator: separator?.asciiValue ?? Self.separator(of: text))
        while let result = scanner.next() {
            switch result {
            case .success(let record): records.append(record)
            case .failure(let fault): faults.append(fault.fault)
            }
        }
    }

    private static func separator(of text: ArraySlice<UInt8>) -> UInt8 {
        var (isQuoted, balance) = (false, 0)
        for byte in text {
            if byte == quote { isQuoted.toggle() }
            if isQuoted { continue }
            if byte == lineFeed || byte == carriageReturn { break }
            balance += byte == semicolon ? 1 : byte == comma ? -1 : 0
        }
        return balance > 0 ? semicolon : comma
    }

    private struct Failure: Error { var fault: Fault }

    /// Takes one record after another.
    private struct Scanner {
        private let bytes: ArraySlice<UInt8>
        private let separator: UInt8
        private var position: Int
        private var line = 1

        init(_ bytes: ArraySlice<UInt8>, separator: UInt8) {
            self.bytes = bytes
            self.separator = separator
            position = bytes.startIndex
        }

        /// `nil` at the end. Empty lines, and those of separators alone, are no records.
        mutating func next() -> Result<Record, Failure>? {
            while let record = nextLine() {
                if case .success(let record) = record, record.cells.allSatisfy(\.isEmpty) { continue }
                return record
            }
            return nil
        }

        private mutating func nextLine() -> Result<Record, Failure>? {
            while position < bytes.endIndex, isLineEnd { passLineEnd() }
            guard position < bytes.endIndex else { return nil }
            var record = Record(line: line, cells: [])
            while true {
                do throws(Failure) { record.cells.append(try cell()) } catch {
                    passLine()
                    return .failure(error)
                }
                guard position < bytes.endIndex, bytes[position] == separator else { break }
                position += 1
            }
            if position < bytes.endIndex { passLineEnd() }
            return .success(record)
        }

        private var isLineEnd: Bool { bytes[position] == lineFeed || bytes[position] == carriageReturn }
        private var isBlank: Bool { bytes[position] == UInt8(ascii: " ") || bytes[position] == UInt8(ascii: "\t") }
        private var isCellEnd: Bool { bytes[position] == separator || isLineEnd }

        private mutating func passLineEnd() {
            let wasCarriageReturn = bytes[position] == carriageReturn
            position += 1
            if wasCarriageReturn, position < bytes.endIndex, bytes[position] == lineFeed { position += 1 }
            line += 1
        }

        private mutating func passLine() {
            while position < bytes.endIndex, !isLineEnd { position += 1 }
            if position < bytes.endIndex { passLineEnd() }
        }

        private mutating func cell() throws(Failure) -> String {
            while position < bytes.endIndex, isBlank, !isCellEnd { position += 1 }
            if position < bytes.endIndex, bytes[position] == quote { return try quotedCell() }
            let start = position
            while position < bytes.endIndex, !isCellEnd {
                if bytes[position] == quote {
                    throw fault("a quote in the midst of a cell; put the whole cell in quotes, and write that one twice")
                }
                position += 1
            }
            var end = position
            while end > start, bytes[end - 1] == UInt8(ascii: " ") || bytes[end - 1] == UInt8(ascii: "\t") { end -= 1 }
            return try text(Array(bytes[start..<end]))
        }

        private mutating func quotedCell() throws(Failure) -> String {
            let begin = line
            var content: [UInt8] = []
            position += 1
            while position < bytes.endIndex {
                if bytes[position] == quote {
                    position += 1
                    guard position < bytes.endIndex, bytes[position] == quote else { return try endOfQuotedCell(content) }
                    content.append(quote)
                    position += 1
                } else if isLineEnd {
                    content.append(lineFeed)
                    passLineEnd()
                } else {
                    content.append(bytes[position])
                    position += 1
                }
            }
            line = begin
            throw fault("the quote that begins here has no end")
        }

        private mutating func endOfQuotedCell(_ content: [UInt8]) throws(Failure) -> String {
            while position < bytes.endIndex, isBlank, !isCellEnd { position += 1 }
            guard position == bytes.endIndex || isCellEnd else {
                throw fault("something stands after a cell's closing quote; a quote within a cell is written twice")
            }
            return try text(content)
        }

        private func text(_ content: [UInt8]) throws(Failure) -> String {
            guard let text = String(validating: content, as: UTF8.self) else {
                throw fault("this isn't UTF-8; save the file as CSV in UTF-8")
            }
            return text
        }

        private func fault(_ message: String) -> Failure { Failure(fault: Fault(line: line, message: message)) }
    }
}
