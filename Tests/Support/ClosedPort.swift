import Glibc

/// A port of this machine on which nobody listens, and that nobody else gets while the value lives.
package final class ClosedPort: Sendable {
    package let number: Int
    private let socket: Int32

    package init() throws {
        let descriptor = Glibc.socket(AF_INET, Int32(SOCK_STREAM.rawValue), 0)
        socket = descriptor
        var address = sockaddr_in()
        address.sin_family = sa_family_t(AF_INET)
        address.sin_addr.s_addr = UInt32(0x7F00_0001).bigEndian
        var length = socklen_t(MemoryLayout<sockaddr_in>.size)
        let status = withUnsafeMutablePointer(to: &address) { pointer in
            pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) { generic in
                bind(descriptor, generic, length) == 0 ? getsockname(descriptor, generic, &length) : -1
            }
        }
        guard status == 0 else { throw NoPort(code: errno) }
        number = Int(UInt16(bigEndian: address.sin_port))
    }

    deinit { close(socket) }

    struct NoPort: Error {
        let code: Int32
    }
}
