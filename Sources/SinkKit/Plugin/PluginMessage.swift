public import Orders

/// One line between Crossdock and a plugin: a message of JSON-RPC 2.0 (https://www.jsonrpc.org/specification) as one JSON object in
/// UTF-8 without a raw line break. Batches are not used, and `params` and `result` are always objects.
public enum PluginMessage: Sendable, Equatable {
    case request(id: PluginMessageID, method: String, params: JSONObject)
    case notification(method: String, params: JSONObject)
    case result(id: PluginMessageID, JSONObject)
    /// `id` is `nil` where the line that it answers couldn't be read.
    case failure(id: PluginMessageID?, PluginFailure)
}

/// What joins an answer to its request. Each side counts for itself.
public enum PluginMessageID: Sendable, Hashable, CustomStringConvertible {
    case integer(Int64)
    case text(String)

    public var json: JSONValue {
        switch self {
        case .integer(let number): .integer(number)
        case .text(let text): .text(text)
        }
    }

    public init?(json: JSONValue) {
        if let number = json.integerValue {
            self = .integer(number)
        } else if let text = json.stringValue {
            self = .text(text)
        } else {
            return nil
        }
    }

    public var description: String { json.compactText }
}

/// A line that is no message.
public struct PluginMessageFault: Error, Sendable, Equatable, CustomStringConvertible {
    public let message: String
    /// Whose answer the line would have been, as far as that can be told.
    public let answerID: PluginMessageID?

    public var description: String { message }
}

extension PluginMessage {
    private static let version = JSONValue.text("2.0")

    /// The message as a line, its line break included.
    public var line: [UInt8] {
        var bytes = JSONValue.object(json).serialized()
        bytes.append(UInt8(ascii: "\n"))
        return bytes
    }

    public var json: JSONObject {
        var object = JSONObject([("jsonrpc", Self.version)])
        switch self {
        case .request(let id, let method, let params):
            object.append("id", id.json)
            object.append("method", .text(method))
            object.append("params", .object(params))
        case .notification(let method, let params):
            object.append("method", .text(method))
            object.append("params", .object(params))
        case .result(let id, let result):
            object.append("id", id.json)
            object.append("result", .object(result))
        case .failure(let id, let failure):
            object.append("id", id?.json ?? .null)
            object.append("error", .object(failure.json))
        }
        return object
    }

    /// Reads a line without its line break. Members that it doesn't know are passed over.
    ///
    /// - Parameter limits: a longer or a deeper line is refused.
    /// - Throws: ``PluginMessageFault``.
    public init(line: [UInt8], limits: JSONLimits = JSONLimits()) throws(PluginMessageFault) {
        let object: JSONObject
        do {
            guard let read = try JSONValue(parsing: line, limits: limits).objectValue else {
                throw PluginMessageFault(message: "a line that is no JSON object", answerID: nil)
            }
            object = read
        } catch let fault as PluginMessageFault {
            throw fault
        } catch {
            throw PluginMessageFault(message: "a line that is no JSON: \(error)", answerID: nil)
        }
        let id = object["id"].flatMap(PluginMessageID.init(json:))
        guard let method = object["method"] else {
            self = try Self.answer(object, id)
            return
        }
        guard let name = method.stringValue, object["jsonrpc"] == Self.version else {
            throw PluginMessageFault(message: "a request that is not JSON-RPC 2.0", answerID: nil)
        }
        guard let params = (object["params"] ?? .object(JSONObject())).objectValue else {
            throw PluginMessageFault(message: "the params of '\(name)' are no object", answerID: nil)
        }
        if let id {
            self = .request(id: id, method: name, params: params)
        } else if object["id"] == nil {
            self = .notification(method: name, params: params)
        } else {
            throw PluginMessageFault(message: "the id of '\(name)' is neither a whole number nor a string", answerID: nil)
        }
    }

    private static func answer(_ object: JSONObject, _ id: PluginMessageID?) throws(PluginMessageFault) -> PluginMessage {
        func fault(_ message: String) -> PluginMessageFault { PluginMessageFault(message: message, answerID: id) }
        guard object["jsonrpc"] == version else { throw fault("an answer that is not JSON-RPC 2.0") }
        switch (object["result"], object["error"]) {
        case (let result?, nil):
            guard let id else { throw fault("a result without the id of its request") }
            guard let result = result.objectValue else { throw fault("a result that is no object") }
            return .result(id: id, result)
        case (nil, let error?):
            guard let error = error.objectValue.flatMap(PluginFailure.init(json:)) else {
                throw fault("an error without its code and its message")
            }
            guard id != nil || object["id"]?.isNull == true else { throw fault("an error without the id of its request") }
            return .failure(id: id, error)
        default: throw fault("an answer with neither a result nor an error, or with both")
        }
    }
}
