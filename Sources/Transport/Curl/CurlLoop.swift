internal import CCurl
internal import Dispatch
internal import Synchronization

#if canImport(Glibc)
    internal import Glibc
#endif

/// The thread that drives the multi handle, and the inbox through which the rest of the program reaches it.
///
/// It is a task executor, too: tasks that prefer it run on this thread, between what libcurl does. What they wait for, an answer, then
/// continues them without waking another thread, whose caches and heap know nothing of them.
///
/// `@unchecked Sendable`: `multi` is used by the loop's thread only; it is freed when the last holder of this object lets go.
@safe final class CurlLoop: TaskExecutor, @unchecked Sendable {
    struct Inbox {
        var submissions: [CurlSubmission] = []
        var cancelled: [UInt64] = []
        /// Work of tasks that prefer this thread.
        var jobs: [UnownedJob] = []
        /// Whether the thread waits for sockets and must be woken.
        var isAsleep = false
        var isStopping = false
        var hasEnded = false
        var onEnd: [CheckedContinuation<Void, Never>] = []

        var isEmpty: Bool { submissions.isEmpty && cancelled.isEmpty && jobs.isEmpty }
    }

    private static let isLibcurlReady: Bool = curl_global_init(Int(CURL_GLOBAL_ALL)) == CURLE_OK

    private let multi: UnsafeMutableRawPointer
    private let configuration: CurlExchange.Configuration
    private let watch: SocketWatch
    private let inbox = Mutex(Inbox())

    init(configuration: CurlExchange.Configuration) throws(TransportError) {
        watch = try SocketWatch()
        guard Self.isLibcurlReady, let multi = unsafe curl_multi_init() else {
            throw TransportError(.unavailable, .notSent, "libcurl could not be started")
        }
        unsafe self.multi = multi
        self.configuration = configuration
        unsafe ccurl_multi_setopt_long(multi, CURLMOPT_MAX_HOST_CONNECTIONS, configuration.connectionsPerHostMax)
        unsafe ccurl_multi_setopt_long(multi, CURLMOPT_MAX_TOTAL_CONNECTIONS, configuration.connectionsMax)
        unsafe ccurl_multi_setopt_long(multi, CURLMOPT_MAXCONNECTS, configuration.connectionsMax)
    }

    deinit {
        unsafe curl_multi_cleanup(multi)
    }

    func start() throws(TransportError) {
        var thread = pthread_t()
        let context = unsafe Unmanaged.passRetained(self)
        let result = unsafe pthread_create(
            &thread, nil,
            { context in
                let loop = unsafe Unmanaged<CurlLoop>.fromOpaque(context!).takeRetainedValue()
                loop.run()
                return nil
            }, context.toOpaque())
        guard result == 0 else {
            unsafe context.release()
            throw TransportError(.unavailable, .notSent, "the thread for HTTP could not be started (errno \(result))")
        }
        pthread_detach(thread)
    }

    // MARK: From any thread

    func submit(_ submission: CurlSubmission) {
        // A task's cancelled flag is set before its handlers run, so looking at it under the lock misses no cancellation.
        enum Reception { case refused(TransportError.Kind, String), taken(mustWake: Bool) }
        let reception: Reception = inbox.withLock { inbox in
            if Task.isCancelled { return .refused(.cancelled, "cancelled") }
            if inbox.isStopping { return .refused(.unavailable, "the HTTP client was shut down") }
            inbox.submissions.append(submission)
            return .taken(mustWake: Self.claimWaking(&inbox))
        }
        switch reception {
        case .refused(let kind, let reason): submission.fail(kind, reason)
        case .taken(let mustWake): if mustWake { wake() }
        }
    }

    func cancel(_ number: UInt64) {
        let mustWake = inbox.withLock { inbox in
            inbox.cancelled.append(number)
            return Self.claimWaking(&inbox)
        }
        if mustWake { wake() }
    }

    func enqueue(_ job: consuming ExecutorJob) {
        enum Reception { case tooLate, taken(mustWake: Bool) }
        let job = UnownedJob(job)
        let reception: Reception = inbox.withLock { inbox in
            if inbox.hasEnded { return .tooLate }
            inbox.jobs.append(job)
            return .taken(mustWake: Self.claimWaking(&inbox))
        }
        switch reception {
        case .taken(let mustWake): if mustWake { wake() }
        // A task outlives the thread that it preferred.
        case .tooLate: DispatchQueue.global().async { self.run([job]) }
        }
    }

    func stop() {
        let mustWake = inbox.withLock { inbox in
            inbox.isStopping = true
            return Self.claimWaking(&inbox)
        }
        if mustWake { wake() }
    }

    func stopAndWait() async {
        stop()
        await withCheckedContinuation { continuation in
            let hasEnded = inbox.withLock { inbox in
                if !inbox.hasEnded { inbox.onEnd.append(continuation) }
                return inbox.hasEnded
            }
            if hasEnded { continuation.resume() }
        }
    }

    /// One wake-up is enough for all that arrives until the thread looks.
    private static func claimWaking(_ inbox: inout Inbox) -> Bool {
        defer { inbox.isAsleep = false }
        return inbox.isAsleep
    }

    private func wake() { watch.ring() }

    // MARK: On the loop's thread

    private func run() {
        let work = unsafe CurlWork(multi: multi, configuration: configuration, watch: watch)
        while true {
            let isStopping = takeInbox(into: work)
            if isStopping { break }
            work.advance()
            let mayWait = inbox.withLock { inbox in
                inbox.isAsleep = inbox.isEmpty && !inbox.isStopping
                return inbox.isAsleep
            }
            if mayWait { work.wait() }
        }
        work.endAll()
        let (waiters, jobs) = inbox.withLock { inbox in
            inbox.hasEnded = true
            return (inbox.onEnd, inbox.jobs)
        }
        run(jobs)
        for waiter in waiters { waiter.resume() }
    }

    private func takeInbox(into work: CurlWork) -> Bool {
        let (submissions, cancelled, jobs, isStopping) = inbox.withLock { inbox in
            defer {
                inbox.submissions = []
                inbox.jobs = []
                inbox.cancelled = []
                inbox.isAsleep = false
            }
            return (inbox.submissions, inbox.cancelled, inbox.jobs, inbox.isStopping)
        }
        for submission in submissions {
            if isStopping {
                submission.fail(.unavailable, "the HTTP client was shut down")
            } else {
                work.begin(submission)
            }
        }
        for number in cancelled { work.cancel(number) }
        run(jobs)
        return isStopping
    }

    private func run(_ jobs: [UnownedJob]) {
        let executor = unsafe asUnownedTaskExecutor()
        for job in jobs { unsafe job.runSynchronously(on: executor) }
    }
}
