import Delivery
import Foundation
import Glibc
import OrderFlow
import Posting
import Synchronization
import TestSupport
import Testing

/// Documents on their way into a folder.
struct FolderTests {
    private let folder: ProjectFolder.Temporary

    init() throws { folder = try ProjectFolder.Temporary() }

    private func target(
        prefix: String = "", isEmptied: Bool = true, calls: FileCalls = .system, path: String? = nil
    ) -> FolderTarget {
        FolderTarget(.init(path: path ?? folder.path, prefix: prefix, isEmptied: isEmptied), calls: calls)
    }

    private func deliver(_ document: OutgoingDocument, calls: FileCalls = .system, path: String? = nil) async -> DeliveryAnswer {
        await target(calls: calls, path: path).deliver(document, timeLimit: .seconds(60))
    }

    private func document(_ number: String = "PS-1", _ text: String = "UNA:+.? 'UNB'", kind: DocumentKind = .despatchAdvice)
        -> OutgoingDocument
    {
        OutgoingDocument(kind: kind, number: number, bytes: Array(text.utf8))
    }

    /// Everything in the folder by name, hidden files too.
    private var files: [String: [UInt8]] {
        let names = (try? FileManager.default.contentsOfDirectory(atPath: folder.path)) ?? []
        return names.reduce(into: [:]) { files, name in
            files[name] = FileManager.default.contents(atPath: "\(folder.path)/\(name)").map(Array.init) ?? []
        }
    }

    private func put(_ name: String, _ bytes: [UInt8]) throws {
        try Data(bytes).write(to: URL(fileURLWithPath: "\(folder.path)/\(name)"))
    }

    @Test(arguments: [
        (DocumentKind.despatchAdvice, "PS-1", "out-PS-1.edi"), (.desadv, "PS-1", "out-PS-1.xml"),
        (.orderStatus, "7", "out-7.json"),
        (.shipNotice, "ship.x@y", "out-ship.x@y.xml"), (.desadv, "../../etc/passwd", "out-..%2F..%2Fetc%2Fpasswd.xml"),
        (.desadv, "a b\n\u{E9}", "out-a%20b%0A%C3%A9.xml"), (.desadv, "", "out-.xml"), (.desadv, "50%", "out-50%25.xml"),
    ])
    func `a document becomes one file that is named for it`(_ kind: DocumentKind, _ number: String, _ name: String) async {
        let document = document(number, kind: kind)
        let target = target(prefix: "out-")
        #expect(await target.deliver(document, timeLimit: .seconds(60)) == .sent)
        #expect(files == [name: document.bytes])
        #expect(await target.holds(document) == true)
    }

    @Test func `no name is hidden or leads out of the folder`() {
        for number in [".", "..", "../x", "/etc/x", ".hidden", "\0", "x\0y"] {
            let name = target().name(of: document(number)) ?? ""
            #expect(!name.contains("/") && !name.contains("\0") && !name.hasPrefix("."), "\(name)")
        }
        let names = ["a/b", "a%2Fb", "a%2fb", "A/B", "a b", "a%20b"].map { target().name(of: document($0)) }
        #expect(Set(names).count == names.count)
    }

    @Test func `an empty and a large document arrive whole`() async {
        let large = OutgoingDocument(kind: .desadv, number: "large", bytes: [UInt8](repeating: 0x61, count: 3 << 20))
        #expect(await deliver(large) == .sent)
        #expect(await deliver(document("empty", "")) == .sent)
        #expect(files["large.xml"] == large.bytes && files["empty.edi"] == [])
        #expect(await target().holds(large) == true)
    }

    @Test func `the same document once more is the same file`() async {
        #expect(await deliver(document()) == .sent)
        #expect(await deliver(document()) == .sent)
        #expect(files == ["PS-1.edi": document().bytes])
    }

    @Test(arguments: ["", "UNA", "UNA:+.? 'UNB_", "UNA:+.? 'UNB' and more"])
    func `another document under the name stays as it is`(_ text: String) async throws {
        try put("PS-1.edi", Array(text.utf8))
        let answer = await deliver(document())
        guard case .refused = answer else {
            Issue.record("\(answer)")
            return
        }
        #expect(files == ["PS-1.edi": Array(text.utf8)])
        #expect(await target().holds(document()) == false)
    }

    @Test func `a folder, a link or a pipe under the name is left alone`() async throws {
        try FileManager.default.createDirectory(atPath: folder.path + "/PS-1.edi", withIntermediateDirectories: false)
        symlink("/nowhere/at/all", folder.path + "/PS-2.edi")
        mkfifo(folder.path + "/PS-3.edi", 0o600)
        for number in ["PS-1", "PS-2", "PS-3"] {
            guard case .refused = await deliver(document(number)) else {
                Issue.record("\(number) is taken")
                continue
            }
        }
        #expect(Set(files.keys) == ["PS-1.edi", "PS-2.edi", "PS-3.edi"])
    }

    @Test func `what a crash left behind is taken away, and never shows under the document's name`() async throws {
        // Killed while writing.
        try put(".PS-1.edi.part", Array("UNA:+".utf8))
        #expect(await target(isEmptied: false).holds(document()) == false)
        #expect(await deliver(document()) == .sent)
        #expect(files == ["PS-1.edi": document().bytes])
        // Killed between giving the file its name and taking away the other one.
        link(folder.path + "/PS-1.edi", folder.path + "/.PS-1.edi.part")
        #expect(await target().holds(document()) == true)
        #expect(await deliver(document()) == .sent)
        #expect(files == ["PS-1.edi": document().bytes])
        // What somebody else's file was left as.
        link(folder.path + "/PS-1.edi", folder.path + "/.PS-2.edi.part")
        #expect(await deliver(document("PS-2", "other")) == .sent)
        #expect(files == ["PS-1.edi": document().bytes, "PS-2.edi": Array("other".utf8)])
    }

    @Test(arguments: [true, false])
    func `a file that appears while ours is being written is never overwritten`(_ isSame: Bool) async {
        let path = folder.path + "/PS-1.edi"
        let other = isSame ? document().bytes : Array("another's".utf8)
        var calls = FileCalls.system
        calls.write = { descriptor, bytes in
            _ = FileManager.default.createFile(atPath: path, contents: Data(other))
            return FileCalls.system.write(descriptor, bytes)
        }
        let answer = await deliver(document(), calls: calls)
        if isSame { #expect(answer == .sent) } else if case .refused = answer {} else { Issue.record("\(answer)") }
        #expect(files == ["PS-1.edi": other])
    }

    @Test func `a process that took our unfinished file away keeps its own`() async {
        let unfinished = folder.path + "/.PS-1.edi.part"
        var calls = FileCalls.system
        calls.write = { descriptor, bytes in
            unlink(unfinished)
            _ = FileManager.default.createFile(atPath: unfinished, contents: Data("theirs".utf8))
            return FileCalls.system.write(descriptor, bytes)
        }
        #expect(await deliver(document(), calls: calls).failure?.failureClass == .transient)
        #expect(files == [".PS-1.edi.part": Array("theirs".utf8)])
    }

    @Test func `a file that isn't there says nothing where somebody takes them out`() async {
        #expect(await target().holds(document()) == nil)
        #expect(await target(isEmptied: false).holds(document()) == false)
        #expect(await target(isEmptied: false, path: folder.path + "/missing").holds(document()) == nil)
    }

    @Test func `a missing folder is told, and nothing is made`() async {
        let answer = await deliver(document(), path: folder.path + "/missing")
        #expect(answer.failure?.failureClass == .misconfigured)
        #expect(answer.failure?.message.contains("/missing: No such file or directory") == true, "\(answer)")
        #expect(files.isEmpty)
    }

    @Test func `a file in the folder's place is told`() async throws {
        try put("file", [])
        #expect(await deliver(document(), path: folder.path + "/file").failure?.failureClass == .misconfigured)
    }

    @Test func `a full disk is an outage, and leaves nothing behind`() async throws {
        // What the kernel says of a full disk it says of this device at any time (full(4)).
        let full = open("/dev/full", O_WRONLY)
        try #require(full >= 0)
        defer { close(full) }
        let written = Mutex(0)
        var calls = FileCalls.system
        // The first bytes find room.
        calls.write = { descriptor, bytes in
            let isFirst = written.withLock { written in
                written += 1
                return written == 1
            }
            guard isFirst else { return write(full, bytes.baseAddress, bytes.count) }
            return FileCalls.system.write(descriptor, UnsafeRawBufferPointer(rebasing: bytes.prefix(3)))
        }
        let answer = await deliver(document(), calls: calls)
        #expect(answer.failure?.failureClass == .outage)
        #expect(answer.failure?.message.contains("No space left on device") == true, "\(answer)")
        #expect(files.isEmpty && written.withLock { $0 } == 2)
        #expect(await deliver(document()) == .sent)
    }

    /// Which of the two: the file's comes first, then the folder's.
    @Test(arguments: [1, 2])
    func `a file or a folder that can't be brought to disk leaves it unknown`(_ failing: Int) async {
        let count = Mutex(0)
        var calls = FileCalls.system
        calls.synchronize = { descriptor in
            let number = count.withLock { count in
                count += 1
                return count
            }
            guard number == failing else { return fsync(descriptor) }
            errno = EIO
            return -1
        }
        let answer = await deliver(document(), calls: calls)
        #expect(answer.isUnknown, "\(answer)")
        #expect("\(answer)".contains("Input/output error"))
        // Never half of it.
        #expect(files == (failing == 1 ? [:] : ["PS-1.edi": document().bytes]))
        // A later try brings the folder to disk also where the file is there already.
        #expect(await deliver(document(), calls: calls) == .sent)
        #expect(count.withLock { $0 } == 3)
    }

    @Test func `a file system whose folders can't be brought to disk one by one is taken as it is`() async {
        let count = Mutex(0)
        var calls = FileCalls.system
        calls.synchronize = { descriptor in
            let isFile = count.withLock { count in
                count += 1
                return count == 1
            }
            guard !isFile else { return fsync(descriptor) }
            errno = EINVAL
            return -1
        }
        #expect(await deliver(document(), calls: calls) == .sent)
        #expect(files == ["PS-1.edi": document().bytes])
    }

    @Test func `interrupted and partial writes are carried on`() async {
        let count = Mutex(0)
        var calls = FileCalls.system
        calls.write = { descriptor, bytes in
            let number = count.withLock { count in
                count += 1
                return count
            }
            guard number % 2 == 0 else {
                errno = EINTR
                return -1
            }
            return FileCalls.system.write(descriptor, UnsafeRawBufferPointer(rebasing: bytes.prefix(2)))
        }
        #expect(await deliver(document(), calls: calls) == .sent)
        #expect(files == ["PS-1.edi": document().bytes])
    }

    @Test func `a number too long for a file name is refused`() async {
        #expect(await deliver(document(String(repeating: "x", count: 245))) == .sent)
        guard case .refused = await deliver(document(String(repeating: "x", count: 246))) else {
            Issue.record("the name is cut or too long")
            return
        }
        #expect(files.count == 1)
    }

    @Test func `two at once with the same document make one whole file`() async {
        let bytes = [UInt8](repeating: 0x62, count: 1 << 20)
        let document = OutgoingDocument(kind: .desadv, number: "PS-9", bytes: bytes)
        for _ in 0..<20 {
            let answers = await withTaskGroup(of: DeliveryAnswer.self) { group in
                // Targets of their own, as two processes have.
                for _ in 0..<4 { group.addTask { await target().deliver(document, timeLimit: .seconds(60)) } }
                return await group.reduce(into: []) { $0.append($1) }
            }
            #expect(answers.contains(.sent))
            // Whoever lost the race was sent away, or found the file that was there.
            #expect(answers.allSatisfy { $0 == .sent || $0.failure != nil }, "\(answers)")
            #expect(files == ["PS-9.xml": bytes])
            unlink(folder.path + "/PS-9.xml")
        }
    }
}
