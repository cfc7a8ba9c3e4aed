internal import HTTPTypes
internal import HummingbirdCore
internal import NIOCore
import Orders

/// Gives each request to its page, and writes the answer.
struct WebResponder: Sendable {
    let pages: [any WebPage]
    let now: @Sendable () -> Timestamp

    /// What is read of a body that nobody wants before its connection ends, so that a client that sends first gets to read the answer.
    private static let unwantedBytesMax = 1_048_576

    /// Thrown out of a responder, it makes the server close the connection.
    private struct ConnectionEnds: Error {}

    @concurrent
    func respond(to request: Request, _ writer: consuming ResponseWriter) async throws {
        let received = WebRequest(request.head)
        var (answer, bodyIsLeft) = (WebAnswer.notFound, request.hasBody)
        switch pages.lazy.compactMap({ $0.receive(received) }).first {
        case nil: break
        case .answer(let known): answer = known
        case .perform(let perform): answer = await perform()
        case .takeBody(let bytesMax, let take):
            if request.contentLength ?? 0 > bytesMax {
                answer = .tooLong(bytesMax)
                break
            }
            if request.headers[.expect]?.lowercased() == "100-continue" {
                try await writer.writeInformationalHead(HTTPResponse(status: .continue))
            }
            switch try await body(of: request, bytesMax: bytesMax) {
            case .whole(let bytes):
                answer = await take(bytes)
                bodyIsLeft = false
            case .tooLong: answer = .tooLong(bytesMax)
            case .tooSlow: answer = .refusal(408, "The request took too long to arrive.")
            }
        }
        let content = Array(answer.body.compactText.utf8)
        let isHead = request.method == .head
        try await writer.write(
            response: head(answer, length: content.count, closes: bodyIsLeft),
            body: isHead ? ResponseBody() : ResponseBody(byteBuffer: ByteBuffer(bytes: content)))
        if bodyIsLeft { throw ConnectionEnds() }
    }

    private enum Body {
        case whole([UInt8])
        case tooLong
        case tooSlow
    }

    private func body(of request: Request, bytesMax: Int) async throws -> Body {
        var (bytes, count): ([UInt8], Int) = ([], 0)
        do {
            for try await part in request.body {
                count += part.readableBytes
                if count <= bytesMax { bytes.append(contentsOf: part.readableBytesView) } else { bytes = [] }
                if count > bytesMax + Self.unwantedBytesMax { return .tooLong }
            }
        } catch is RequestTooSlow { return .tooSlow }
        return count <= bytesMax ? .whole(bytes) : .tooLong
    }

    private func head(_ answer: WebAnswer, length: Int, closes: Bool) -> HTTPResponse {
        var fields = HTTPFields()
        fields[.contentType] = "application/json"
        fields[.contentLength] = String(length)
        fields[.date] = WebDate.text(now())
        fields[.cacheControl] = "no-store"
        if !answer.allowed.isEmpty { fields[.allow] = answer.allowed.joined(separator: ", ") }
        if closes { fields[.connection] = "close" }
        return HTTPResponse(status: HTTPResponse.Status(code: answer.status), headerFields: fields)
    }
}

extension WebAnswer {
    fileprivate static func tooLong(_ bytesMax: Int) -> WebAnswer { refusal(413, "A body has at most \(bytesMax) bytes here.") }
}

extension WebRequest {
    fileprivate init(_ head: HTTPRequest) {
        var headers: [String: String] = [:]
        for field in head.headerFields {
            let name = field.name.canonicalName
            headers[name] = headers[name].map { "\($0), \(field.value)" } ?? field.value
        }
        let path = (head.path ?? "/").prefix { $0 != "?" }
        self.init(method: head.method.rawValue, path: String(path), headers: headers)
    }
}

extension Request {
    fileprivate var contentLength: Int? { headers[.contentLength].flatMap { Int($0) } }

    fileprivate var hasBody: Bool { contentLength ?? 0 > 0 || headers[.transferEncoding] != nil }
}
