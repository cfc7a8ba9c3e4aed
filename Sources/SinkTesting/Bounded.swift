/// The value of `work`, or `nil` where it isn't there after so long.
///
/// A sink may ignore that it is cancelled, and a check must end all the same, so the work isn't a child of the caller: it is told to end
/// and left behind.
func bounded<Value: Sendable>(by limit: Duration, _ work: @escaping @Sendable () async -> Value) async -> Value? {
    let (results, continuation) = AsyncStream<Value?>.makeStream()
    let worker = Task { continuation.yield(await work()) }
    let alarm = Task {
        try? await Task.sleep(for: limit)
        continuation.yield(nil)
    }
    defer {
        worker.cancel()
        alarm.cancel()
    }
    for await result in results { return result }
    return nil
}
