internal import CCurl

/// The transfers in progress, and what is done to them between two waits. Lives on the loop's thread.
@safe final class CurlWork {
    /// A class, for requests are long to copy.
    private final class Running {
        let transfer: CurlTransfer
        let submission: CurlSubmission
        let deadline: ContinuousClock.Instant
        var bytesMoved: Int64 = 0
        var movedAt: ContinuousClock.Instant

        init(transfer: CurlTransfer, submission: CurlSubmission, beganAt: ContinuousClock.Instant) {
            self.transfer = transfer
            self.submission = submission
            deadline = beganAt + submission.request.deadlines.total
            movedAt = beganAt
        }
    }

    /// Handles kept for the next transfers.
    private static let idleMax = 128

    private let multi: UnsafeMutableRawPointer
    private let configuration: CurlExchange.Configuration
    private var running: [Running] = []
    private var idle: [CurlTransfer] = []
    private var nextCheck: ContinuousClock.Instant?
    private let watch: SocketWatch
    /// When libcurl wants to be called although no socket is ready.
    private var timerDue: ContinuousClock.Instant?

    init(multi: UnsafeMutableRawPointer, configuration: CurlExchange.Configuration, watch: SocketWatch) {
        unsafe self.multi = multi
        self.configuration = configuration
        self.watch = watch
        let context = unsafe Unmanaged.passUnretained(self).toOpaque()
        unsafe ccurl_multi_setopt_socket_callback(multi) { _, socket, what, context, _ in
            unsafe CurlWork.recover(context).watch.watch(socket, for: what)
            return 0
        }
        unsafe ccurl_multi_setopt_pointer(multi, CURLMOPT_SOCKETDATA, context)
        unsafe ccurl_multi_setopt_timer_callback(multi) { _, milliseconds, context in
            unsafe CurlWork.recover(context).timerDue = milliseconds < 0 ? nil : .now + .milliseconds(milliseconds)
            return 0
        }
        unsafe ccurl_multi_setopt_pointer(multi, CURLMOPT_TIMERDATA, context)
    }

    deinit {
        // Connections are closed with the multi handle, which outlives this.
        unsafe ccurl_multi_setopt_socket_callback(multi, nil)
        unsafe ccurl_multi_setopt_timer_callback(multi, nil)
    }

    private static func recover(_ context: UnsafeMutableRawPointer?) -> CurlWork {
        unsafe Unmanaged<CurlWork>.fromOpaque(context!).takeUnretainedValue()
    }

    func begin(_ submission: CurlSubmission) {
        do throws(TransportError) {
            let transfer: CurlTransfer
            if let kept = idle.popLast() { transfer = kept } else { transfer = try CurlTransfer(configuration: configuration) }
            try transfer.prepare(submission.request)
            let result = unsafe transfer.add(to: multi)
            guard result == CURLM_OK else {
                throw TransportError(
                    .unavailable, .notSent, "\(submission.request.title): libcurl took no transfer (\(result.rawValue))")
            }
            let now = ContinuousClock.now
            let entry = Running(transfer: transfer, submission: submission, beganAt: now)
            running.append(entry)
            check(at: Self.checkInstant(entry, now: now))
        } catch {
            submission.continuation.resume(returning: .failure(error))
        }
    }

    func cancel(_ number: UInt64) {
        guard let index = running.firstIndex(where: { $0.submission.number == number }) else { return }
        end(index, .cancelled, "cancelled")
    }

    func endAll() {
        while !running.isEmpty { end(running.count - 1, .unavailable, "the HTTP client was shut down") }
        idle = []
    }

    /// Lets libcurl do what can be done without waiting, and hands over what is finished.
    func advance() {
        if let due = timerDue, due <= .now {
            timerDue = nil
            act(CURL_SOCKET_TIMEOUT, 0)
        }
        var messagesLeft: Int32 = 0
        while let message = unsafe curl_multi_info_read(multi, &messagesLeft) {
            guard unsafe message.pointee.msg == CURLMSG_DONE else { continue }
            unsafe finish(message.pointee.easy_handle, message.pointee.data.result)
        }
        enforceDeadlines()
    }

    /// Waits until a socket is ready, the bell rings, or something is due, and lets libcurl deal with what is ready.
    func wait() {
        var milliseconds: Int64 = 60_000
        if let due = [nextCheck, timerDue].compactMap(\.self).min() {
            milliseconds = min(milliseconds, max(0, (due - .now).wholeMilliseconds + 1))
        }
        watch.wait(milliseconds: CInt(milliseconds)) { socket, readiness in act(socket, readiness) }
    }

    private func act(_ socket: curl_socket_t, _ readiness: CInt) {
        var stillRunning: CInt = 0
        unsafe curl_multi_socket_action(multi, socket, readiness, &stillRunning)
    }

    private func finish(_ handle: UnsafeMutableRawPointer, _ code: CURLcode) {
        guard let transfer = unsafe CurlTransfer.of(handle),
            let index = running.firstIndex(where: { $0.transfer === transfer })
        else { return }
        let result = transfer.result(code)
        release(index).continuation.resume(returning: result)
    }

    private func end(_ index: Int, _ kind: TransportError.Kind, _ reason: String) {
        let error = running[index].transfer.ended(kind, reason)
        release(index).continuation.resume(returning: .failure(error))
    }

    /// Takes a transfer off libcurl; one that is not finished loses its connection or its HTTP/2 stream.
    private func release(_ index: Int) -> CurlSubmission {
        let entry = running[index]
        running.swapAt(index, running.count - 1)
        running.removeLast()
        unsafe entry.transfer.remove(from: multi)
        entry.transfer.clear()
        if idle.count < Self.idleMax { idle.append(entry.transfer) }
        return entry.submission
    }
}

// MARK: Deadlines

extension CurlWork {
    // libcurl's own total deadline does not run while a transfer waits for a connection, and its own stall detection
    // counts whole seconds of average speed; so both are kept here.
    private func enforceDeadlines() {
        guard let due = nextCheck else { return }
        let now = ContinuousClock.now
        guard now >= due else { return }
        nextCheck = nil
        for index in running.indices.reversed() {
            let deadlines = running[index].submission.request.deadlines
            noteProgress(index, now)
            if now >= running[index].deadline {
                end(index, .timedOut, "no whole answer within \(deadlines.total)")
            } else if now - running[index].movedAt >= deadlines.stall {
                end(index, .stalled, "nothing moved for \(deadlines.stall)")
            } else {
                check(at: Self.checkInstant(running[index], now: now))
            }
        }
    }

    private func noteProgress(_ index: Int, _ now: ContinuousClock.Instant) {
        let moved = running[index].transfer.bytesMoved
        // Until the request is begun, the connect deadline rules.
        guard moved != running[index].bytesMoved || !running[index].transfer.isBegun else { return }
        running[index].bytesMoved = moved
        running[index].movedAt = now
    }

    /// Four looks within a stall deadline find a stall at most a quarter late.
    private static func checkInstant(_ entry: Running, now: ContinuousClock.Instant) -> ContinuousClock.Instant {
        min(entry.deadline, now + max(.milliseconds(1), entry.submission.request.deadlines.stall / 4))
    }

    private func check(at instant: ContinuousClock.Instant) {
        nextCheck = min(nextCheck ?? instant, instant)
    }
}
