import Foundation
import Glibc
import Synchronization
import TestSupport
import Testing

@testable import XMLKit

struct HostileDocumentTests {
    private static let reader = XMLReader(limits: .document)

    @Test func `every file of the corpus is classified, and there are at least sixty`() throws {
        let files = try FileManager.default.contentsOfDirectory(atPath: HostileDocuments.folder).filter { $0.hasSuffix(".xml") }
        #expect(files.sorted() == HostileDocuments.all.map(\.name).sorted())
        #expect(files.count >= 60)
    }

    @Test(arguments: HostileDocuments.all + HostileDocuments.defused + HostileDocuments.large)
    func `a hostile document is read or refused for its reason, and holds nobody up`(document: HostileDocuments.Document) throws {
        let bytes = document.bytes()
        let verdict = try Watchdog.run { Self.verdict(bytes) }
        #expect(verdict == document.verdict)
    }

    @Test func `no hostile document makes the reader open a file or an address`() throws {
        let trap = try Trap()
        for document in HostileDocuments.all + HostileDocuments.defused {
            let bytes = document.bytes(file: trap.path, address: trap.address)
            if let read = try? Self.reader.read(bytes) { #expect(!"\(read)".contains(trap.secret), "\(document.name)") }
        }
        #expect(!trap.wasTouched)
    }

    /// The second gate by itself: whatever the first one lets through, libxml2 stops at the first declaration and opens nothing.
    @Test func `the parser alone takes no declaration, and opens nothing either`() throws {
        let trap = try Trap()
        for document in HostileDocuments.all + HostileDocuments.defused where !document.isOnlyForTheFirstGate {
            let bytes = document.bytes(file: trap.path, address: trap.address)
            let verdict = try Watchdog.run { Self.verdictOfParser(bytes) }
            #expect((verdict == "read") == (document.verdict == "read"), "\(document.name)")
        }
        #expect(!trap.wasTouched)
    }

    private static func verdictOfParser(_ bytes: [UInt8]) -> String {
        do throws(XMLFault) {
            _ = try ParserContext().parse(bytes).root()
            return "read"
        } catch {
            return "\(error.reason)"
        }
    }

    @Test func `the trap notices a file that is read and an address that is asked`() throws {
        let trap = try Trap()
        _ = FileManager.default.contents(atPath: trap.path)
        #expect(trap.wasTouched)
        let other = try Trap()
        try other.connect()
        #expect(other.wasTouched)
    }

    private static func verdict(_ bytes: [UInt8]) -> String {
        do {
            _ = try reader.read(bytes)
            return "read"
        } catch {
            return "\(error.reason)"
        }
    }
}

/// Gives a piece of work five seconds, after which the test goes on without it.
private enum Watchdog {
    struct Barked: Error {}

    static func run<Value: Sendable>(_ body: @escaping @Sendable () -> Value) throws -> Value {
        let result = Box<Value>()
        let done = DispatchSemaphore(value: 0)
        Thread {
            let value = body()
            result.value.withLock { $0 = value }
            done.signal()
        }.start()
        guard done.wait(timeout: .now() + 5) == .success, let value = result.value.withLock({ $0 }) else { throw Barked() }
        return value
    }

    private final class Box<Value: Sendable>: Sendable {
        let value = Mutex<Value?>(nil)
    }
}

/// A file and a loopback address that notice whether anybody opens them.
private final class Trap {
    let secret = "only-the-trap-knows-\(UInt64.random(in: 0 ... .max))"
    let path: String
    private let folder: ProjectFolder.Temporary
    private let watch: Int32
    private let listener: Int32
    private let port: UInt16

    init() throws {
        folder = try ProjectFolder.Temporary()
        path = folder.path + "/secret.txt"
        try secret.write(toFile: path, atomically: true, encoding: .utf8)
        watch = inotify_init1(Int32(IN_NONBLOCK))
        _ = inotify_add_watch(watch, path, UInt32(IN_OPEN) | UInt32(IN_ACCESS))
        let listener = socket(AF_INET, Int32(SOCK_STREAM.rawValue) | Int32(SOCK_NONBLOCK.rawValue), 0)
        self.listener = listener
        var address = Self.loopback(port: 0)
        var length = socklen_t(MemoryLayout<sockaddr_in>.size)
        let bound = withUnsafeMutablePointer(to: &address) { address in
            address.withMemoryRebound(to: sockaddr.self, capacity: 1) { address in
                bind(listener, address, length) == 0 && listen(listener, 8) == 0 && getsockname(listener, address, &length) == 0
            }
        }
        guard bound else { throw POSIXError(.EADDRNOTAVAIL) }
        port = UInt16(bigEndian: address.sin_port)
    }

    deinit {
        close(watch)
        close(listener)
    }

    var address: String { "http://127.0.0.1:\(port)" }

    var wasTouched: Bool {
        var events = [UInt8](repeating: 0, count: 4096)
        let client = accept(listener, nil, nil)
        if client >= 0 { close(client) }
        return client >= 0 || read(watch, &events, events.count) > 0
    }

    func connect() throws {
        let client = socket(AF_INET, Int32(SOCK_STREAM.rawValue), 0)
        defer { close(client) }
        var address = Self.loopback(port: port)
        let connected = withUnsafePointer(to: &address) { address in
            address.withMemoryRebound(to: sockaddr.self, capacity: 1) {
                Glibc.connect(client, $0, socklen_t(MemoryLayout<sockaddr_in>.size)) == 0
            }
        }
        guard connected else { throw POSIXError(.ECONNREFUSED) }
    }

    private static func loopback(port: UInt16) -> sockaddr_in {
        var address = sockaddr_in()
        address.sin_family = sa_family_t(AF_INET)
        address.sin_port = port.bigEndian
        address.sin_addr.s_addr = UInt32(0x7F00_0001).bigEndian
        return address
    }
}
