internal import HTTPTypes
internal import NIOCore
internal import NIOHTTPTypes

/// A request that took too long to arrive.
struct RequestTooSlow: Error {}

/// Bounds how long a request may take to arrive, however many bytes come by and by: else a few clients that send a byte now and then
/// would keep all connections.
///
/// A connection that brings no whole head in time is closed; where a body is late, whoever reads it gets ``RequestTooSlow``.
final class RequestDeadline: ChannelDuplexHandler, RemovableChannelHandler {
    typealias InboundIn = HTTPRequestPart
    typealias InboundOut = HTTPRequestPart
    typealias OutboundIn = HTTPResponsePart
    typealias OutboundOut = HTTPResponsePart

    private let limit: TimeAmount
    private var isReadingBody = false
    private var deadline: Scheduled<Void>?

    init(limit: TimeAmount) { self.limit = limit }

    func handlerAdded(context: ChannelHandlerContext) { schedule(context) }

    func handlerRemoved(context: ChannelHandlerContext) { cancel() }

    func channelInactive(context: ChannelHandlerContext) {
        cancel()
        context.fireChannelInactive()
    }

    func channelRead(context: ChannelHandlerContext, data: NIOAny) {
        switch unwrapInboundIn(data) {
        case .head:
            isReadingBody = true
            schedule(context)
        case .body: break
        case .end:
            isReadingBody = false
            // Between requests, the listener's own limit for idle connections holds.
            cancel()
        }
        context.fireChannelRead(data)
    }

    private func schedule(_ context: ChannelHandlerContext) {
        cancel()
        deadline = context.eventLoop.assumeIsolated().scheduleTask(in: limit) {
            if self.isReadingBody { context.fireErrorCaught(RequestTooSlow()) } else { context.close(promise: nil) }
        }
    }

    private func cancel() {
        deadline?.cancel()
        deadline = nil
    }
}
