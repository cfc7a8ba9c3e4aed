/// Makes lines of what comes in pieces, in bounded memory.
package struct LineSplitter {
    package enum Piece: Sendable, Equatable {
        /// Without its line break.
        case line([UInt8])
        /// A line longer than the limit, of which only the length is known; it comes when its end does.
        case tooLong(Int)
    }

    private let lengthMax: Int
    private var begun: [UInt8] = []
    /// Of the line that is being passed over.
    private var passedOver = 0

    package init(lengthMax: Int) { self.lengthMax = lengthMax }

    /// What is whole now. The rest waits for more.
    package mutating func feed(_ bytes: ArraySlice<UInt8>) -> [Piece] {
        var pieces: [Piece] = []
        var rest = bytes
        while let end = rest.firstIndex(of: UInt8(ascii: "\n")) {
            take(rest[..<end])
            pieces.append(finishLine())
            rest = rest[(end + 1)...]
        }
        take(rest)
        return pieces
    }

    /// What stands after the last line break, once nothing more can come; `nil` where there is nothing.
    package mutating func finish() -> Piece? { begun.isEmpty && passedOver == 0 ? nil : finishLine() }

    private mutating func take(_ bytes: ArraySlice<UInt8>) {
        if passedOver == 0, begun.count + bytes.count <= lengthMax {
            begun.append(contentsOf: bytes)
        } else {
            passedOver += begun.count + bytes.count
            begun = []
        }
    }

    private mutating func finishLine() -> Piece {
        defer { (begun, passedOver) = ([], 0) }
        return passedOver > 0 ? .tooLong(passedOver) : .line(begun)
    }
}
