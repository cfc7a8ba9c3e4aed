internal import CCurl
internal import Glibc

/// The sockets that libcurl waits for, in one epoll set with a bell that any thread may ring (epoll(7), eventfd(2)).
///
/// Unlike a poll over all of them, the cost of waiting doesn't grow with the connections.
@safe final class SocketWatch: Sendable {
    private static let eventsMax = 64

    private let set: CInt
    private let bell: CInt

    init() throws(TransportError) {
        set = epoll_create1(CInt(EPOLL_CLOEXEC))
        bell = eventfd(0, CInt(EFD_CLOEXEC | EFD_NONBLOCK))
        guard set >= 0, bell >= 0, control(EPOLL_CTL_ADD, bell, EPOLLIN.rawValue) else {
            throw TransportError(.unavailable, .notSent, "the system gave no set of sockets to wait for (errno \(errno))")
        }
    }

    deinit {
        close(bell)
        close(set)
    }

    /// Wakes whoever waits, or is about to.
    func ring() {
        var one: UInt64 = 1
        unsafe write(bell, &one, 8)
    }

    /// Does what libcurl asks for a socket (https://curl.se/libcurl/c/CURLMOPT_SOCKETFUNCTION.html).
    func watch(_ socket: curl_socket_t, for what: CInt) {
        guard let events = Self.events(what) else {
            control(EPOLL_CTL_DEL, socket, 0)
            return
        }
        // libcurl lets go of a connection after each request, so it is new to the set at almost every one.
        if !control(EPOLL_CTL_ADD, socket, events), errno == EEXIST { control(EPOLL_CTL_MOD, socket, events) }
    }

    /// `nil`: the socket is no longer libcurl's.
    private static func events(_ what: CInt) -> UInt32? {
        switch what {
        case CURL_POLL_IN: EPOLLIN.rawValue
        case CURL_POLL_OUT: EPOLLOUT.rawValue
        case CURL_POLL_INOUT: EPOLLIN.rawValue | EPOLLOUT.rawValue
        default: nil
        }
    }

    @discardableResult
    private func control(_ operation: CInt, _ descriptor: CInt, _ events: UInt32) -> Bool {
        var event = unsafe epoll_event(events: events, data: epoll_data_t(fd: descriptor))
        return unsafe epoll_ctl(set, operation, descriptor, &event) == 0
    }

    /// Waits until a socket is ready, the bell rings, or the time is over.
    ///
    /// - Parameter ready: gets each ready socket, with what it is ready for as libcurl names it.
    func wait(milliseconds: CInt, _ ready: (curl_socket_t, CInt) -> Void) {
        unsafe withUnsafeTemporaryAllocation(of: epoll_event.self, capacity: Self.eventsMax) { events in
            let count = unsafe epoll_wait(set, events.baseAddress!, CInt(Self.eventsMax), milliseconds)
            for index in 0..<Int(max(0, count)) {
                let socket = unsafe events[index].data.fd
                let readiness = unsafe Self.readiness(events[index].events)
                if socket == bell { silence() } else { ready(socket, readiness) }
            }
        }
    }

    private func silence() {
        var rings: UInt64 = 0
        unsafe read(bell, &rings, 8)
    }

    private static func readiness(_ events: UInt32) -> CInt {
        var mask: CInt = 0
        if events & EPOLLIN.rawValue != 0 { mask |= CURL_CSELECT_IN }
        if events & EPOLLOUT.rawValue != 0 { mask |= CURL_CSELECT_OUT }
        if events & (EPOLLERR.rawValue | EPOLLHUP.rawValue) != 0 { mask |= CURL_CSELECT_ERR }
        return mask
    }
}
