import Orders
import SinkKit

extension FuzzTarget {
    /// A method, a line break and a line that a plugin or Crossdock might write.
    static let pluginMessage = FuzzTarget(name: "plugin-message", inputBytesMax: 1024, share: 20) {
        input throws(BrokenProperty) in
        let parts = input.split(separator: 0x0A, maxSplits: 1, omittingEmptySubsequences: false)
        guard parts.count == 2, let message = try? PluginMessage(line: Array(parts[1])) else { return }
        let line = message.line
        try require(line.last == 0x0A && !line.dropLast().contains(0x0A), "a message is one line")
        try require((try? PluginMessage(line: line.dropLast())) == message, "a message reads as it was written")
        let method = String(decoding: parts[0], as: UTF8.self)
        switch message {
        case .result(_, let result): try checkResult(result, of: method)
        case .request(_, let name, let params): try checkRequest(name, params)
        case .notification(let name, let params): try checkNotice(name, params)
        case .failure(_, let failure):
            // The number -32601 stands for a code of its own where none is named.
            let error = failure.sinkError(otherwise: .unknownOutcome)
            try require(
                PluginFailure(json: PluginFailure(error).json) == PluginFailure(error), "an error reads as it was written")
        }
    }

    private static func checkResult(_ object: JSONObject, of name: String) throws(BrokenProperty) {
        if let method = PluginCall.Method(rawValue: name), let result = try? PluginResult(method, json: object) {
            try require((try? PluginResult(method, json: result.json)) == result, "a result reads as it was written")
            if result == .found(nil) {
                try require(object["receipt"]?.isNull == true, "an order that isn't there has to be said")
            }
            if result == .answer(.rejected([])) { throw BrokenProperty("a refusal says why") }
        }
        if name == "attempt/state", let state = try? SinkAttemptState(wireJSON: object) {
            try require((try? SinkAttemptState(wireJSON: state.wireJSON)) == state, "a state reads as it was written")
        }
        if name == "initialize", let introduction = try? PluginIntroduction(json: object), introduction.contract.major == 1 {
            try require((try? PluginIntroduction(json: introduction.json)) == introduction, "a plugin reads as it was written")
            _ = JSONSchema(introduction.settingsSchema).faults(in: .object(object))
        }
    }

    private static func checkRequest(_ name: String, _ params: JSONObject) throws(BrokenProperty) {
        if let method = PluginCall.Method(rawValue: name), let call = try? PluginCall(method, params: params) {
            try require((try? PluginCall(method, params: call.params)) == call, "a call reads as it was written")
        }
        if let context = try? PluginCallContext(params: params) {
            let again = try? PluginCallContext(params: JSONObject([("context", .object(context.json))]))
            try require(again == context, "a context reads as it was written")
        }
        if let method = PluginAttemptCall.Method(rawValue: name), let call = try? PluginAttemptCall(method, params: params) {
            try require((try? PluginAttemptCall(method, params: call.params)) == call, "an attempt reads as it was written")
        }
    }

    private static func checkNotice(_ name: String, _ params: JSONObject) throws(BrokenProperty) {
        guard let method = PluginNotice.Method(rawValue: name), let notice = try? PluginNotice(method, params: params) else {
            return
        }
        try require((try? PluginNotice(method, params: notice.params)) == notice, "a notice reads as it was written")
    }
}
