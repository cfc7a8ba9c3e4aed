import Dispatch
import Glibc
package import Orders
import Posting
package import Settings
package import SinkKit

/// A folder that orders are put into, a file for each, for an ERP that takes files only.
///
/// Class K where it can be told that a file isn't there and wasn't: the ERP leaves files, or moves them to a folder that is named. The file's name
/// derives from the key, so that the same order again is the same file, and another one under the key a conflict. Else class N: a file that is
/// gone may have been taken.
package final class FileSink: ERPSink {
    package let capabilities: SinkCapabilities
    let settings: FileSinkSettings
    private let writer: FolderWriter
    private let onlyReads: Bool
    /// Files are slow, and a disk may hang: no thread of the cooperative pool waits for them.
    private let queue = DispatchQueue(label: "crossdock.file-sink")

    /// - Parameter onlyReads: nothing is ever written.
    package init(_ settings: FileSinkSettings, onlyReads: Bool = false) {
        self.settings = settings
        self.onlyReads = onlyReads
        writer = FolderWriter(folder: settings.folder)
        capabilities = SinkCapabilities(
            sinkClass: settings.tellsAbsence ? .key(retention: nil, latestEffect: nil) : .neither,
            requiredFields: settings.requiredFields, tellsShipments: settings.shipmentsFolder != nil, validates: true)
    }

    package func find(_ key: IdempotencyKey, _ context: SinkContext) async throws(SinkError) -> SinkReceipt? {
        try await work { () throws(SinkError) in try self.found(key) }
    }

    package func create(_ order: SinkOrder, _ context: SinkContext) async throws(SinkError) -> SinkAnswer {
        let file: OrderFile
        do throws(OrderFileFaults) { file = try OrderFile(order, settings) } catch { return .rejected(error.faults) }
        guard !onlyReads else { throw SinkError(.misconfigured, "a dry run puts no file into a folder") }
        let start = SinkStartDeadline(context)
        return try await work { () throws(SinkError) in try self.put(file, order, start) }
    }

    package func poll(_ ticket: SinkTicket, _ context: SinkContext) async throws(SinkError) -> SinkAnswer {
        try await work { () throws(SinkError) in try self.answer(ticket) }
    }

    package func validate(_ order: SinkOrder, _ context: SinkContext) async throws(SinkError) -> [SinkFault] {
        do throws(OrderFileFaults) {
            _ = try OrderFile(order, settings)
            return []
        } catch { return error.faults }
    }

    package func shipments(
        for receipt: SinkReceipt, key: IdempotencyKey, _ context: SinkContext
    ) async throws(SinkError) -> SinkShipments {
        guard let folder = settings.shipmentsFolder else {
            throw SinkError(.misconfigured, "this sink names no folder for shipments")
        }
        return try await work { () throws(SinkError) in
            try ERPFile.read(in: folder, stem: OrderFile.stem(key, self.settings))?.shipments(key) ?? SinkShipments()
        }
    }

    package func check(_ context: SinkContext) async throws(SinkError) -> [String] {
        try await work { () throws(SinkError) in
            let others = [self.settings.takenFolder, self.settings.receiptsFolder, self.settings.shipmentsFolder].compactMap(
                \.self)
            for folder in [self.settings.folder] + others {
                let needed = folder == self.settings.folder ? W_OK | X_OK : R_OK | X_OK
                guard access(folder, needed) == 0 else {
                    throw SinkError(.misconfigured, "the folder \(folder) can't be used: \(String(cString: strerror(errno)))")
                }
            }
            return ["the folder \(self.settings.folder) can be written to"] + others.map { "the folder \($0) can be read" }
        }
    }

    /// The receipt of a file that was put there, as an ERP may give it that takes everything.
    package static func receipt(_ bytes: [UInt8], _ stem: String, _ settings: FileSinkSettings) -> SinkReceipt? {
        OrderFile.lineKeys(bytes, settings.format).map { OrderFile.receipt($0, stem, .confirmed) }
    }

    // MARK: Files

    private func found(_ key: IdempotencyKey) throws(SinkError) -> SinkReceipt? {
        guard settings.tellsAbsence else {
            throw SinkError(.misconfigured, "files may be taken out of the folder, and no folder 'taken' tells which were")
        }
        let stem = OrderFile.stem(key, settings)
        if let folder = settings.receiptsFolder, let answer = try ERPFile.read(in: folder, stem: stem)?.answer(key, name: stem) {
            guard case .accepted(let receipt) = answer else { return nil }
            return receipt
        }
        guard let bytes = try held(stem) else { return nil }
        guard let lines = OrderFile.lineKeys(bytes, settings.format) else {
            throw SinkError(.conflict, "the file \(stem).\(settings.format.fileExtension) isn't an order as it is written here")
        }
        // Without an answer of the ERP's it waits there still.
        return OrderFile.receipt(lines, stem, settings.receiptsFolder == nil ? .confirmed : .draft)
    }

    /// What lies in the folder, or where the ERP moves files to. In this order: moving goes from the one to the other.
    private func held(_ stem: String) throws(SinkError) -> [UInt8]? {
        let name = "\(stem).\(settings.format.fileExtension)"
        for folder in [settings.folder, settings.takenFolder].compactMap(\.self) {
            switch WholeFile.read("\(folder)/\(name)") {
            case .success(let bytes?): return bytes
            case .success(nil):
                // A folder that isn't there may come back with the file in it.
                guard access(folder, R_OK | X_OK) == 0 else {
                    throw SinkError(.misconfigured, "the folder \(folder) can't be read: \(String(cString: strerror(errno)))")
                }
            case .failure(let error): throw SinkError(.notApplied, "the file \(name) in \(folder) can't be read: \(error.words)")
            }
        }
        return nil
    }

    private func put(_ file: OrderFile, _ order: SinkOrder, _ start: SinkStartDeadline) throws(SinkError) -> SinkAnswer {
        let there = settings.tellsAbsence ? try held(file.stem) : nil
        if let there, there != file.bytes { throw Self.taken(file) }
        if settings.tellsAbsence, let folder = settings.receiptsFolder,
            let answer = try ERPFile.read(in: folder, stem: file.stem)?.answer(order.key, name: file.stem), there != nil
        {
            return answer
        }
        // Others may have been put there before it.
        if there == nil { try start.check() }
        // What is there isn't put there again: it may be taken at this very moment.
        switch there == nil ? writer.put(file.bytes, as: file.name) : writer.bringToDisk() {
        case .written, .same: break
        case .taken: throw Self.taken(file)
        case .overtaken: throw SinkError(.notApplied, "another process is putting the file \(file.name) into the folder")
        case .failed(let what, let code):
            throw SinkError(
                [ENOSPC, EIO, EDQUOT].contains(code) ? .unavailable : .misconfigured,
                "\(what) in the folder \(settings.folder): \(String(cString: strerror(code)))")
        case .unsynchronized(let code):
            throw SinkError(
                .unknownOutcome, "the folder \(settings.folder) can't be brought to disk: \(String(cString: strerror(code)))")
        }
        if settings.receiptsFolder != nil { return .pending(SinkTicket("\(order.key.text) \(file.stem)")) }
        return .accepted(OrderFile.receipt(order.order.lines.map(\.key), file.stem, .confirmed))
    }

    private static func taken(_ file: OrderFile) -> SinkError {
        SinkError(.conflict, "the file \(file.name) holds another order under the same key; it was left as it is")
    }

    private func answer(_ ticket: SinkTicket) throws(SinkError) -> SinkAnswer {
        let parts = ticket.text.split(separator: " ", maxSplits: 1).map(String.init)
        guard let folder = settings.receiptsFolder, parts.count == 2 else {
            throw SinkError(.misconfigured, "there is no folder for receipts to look into")
        }
        return try ERPFile.read(in: folder, stem: parts[1])?.answer(keyText: parts[0], name: parts[1]) ?? .pending(ticket)
    }

    private func work<Value: Sendable>(
        _ body: @escaping @Sendable () throws(SinkError) -> Value
    ) async throws(SinkError) -> Value {
        let result: Result<Value, SinkError> = await withCheckedContinuation { continuation in
            queue.async {
                do throws(SinkError) { continuation.resume(returning: .success(try body())) } catch {
                    continuation.resume(returning: .failure(error))
                }
            }
        }
        return try result.get()
    }
}
