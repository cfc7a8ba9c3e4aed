import Foundation
import Orders
import SinkKit

/// The sink as a program that Crossdock starts.
///
/// `crossdock-example-sink orders FOLDER KEY` is no sink but the conformance kit's own look into the folder: the kit takes nobody's word for
/// what a sink has done.
@main struct FolderSinkProgram {
    static func main() async throws {
        let words = CommandLine.arguments.dropFirst()
        if words.first == "orders", words.count == 3 {
            let path = "\(words[words.startIndex + 1])/\(words[words.startIndex + 2]).json"
            return print(try FolderSink.ordersInFile(path).compactText)
        }
        await SinkProgram(name: "swift-example", version: "1.0.0", settingsSchema: schema, sandbox: sandbox) {
            start throws(SinkError) in try FolderSink(start.settings)
        }.run()
    }

    private static let schema: JSONValue = [
        "type": "object",
        "properties": [
            "folder": ["type": "string", "minLength": 1, "description": "the folder for the orders, which is there"],
            "products": [
                "type": "array", "items": ["type": "string"], "description": "the products there are; without it, any",
            ],
        ],
        "required": ["folder"],
        "additionalProperties": false,
    ]

    private static let sandbox = {
        var sandbox = PluginSandbox(
            settings: JSONObject([("folder", "{folder}"), ("products", ["A-1", "A-2"])]), knownProduct: "A-1",
            unknownProduct: "NO-SUCH-PRODUCT")
        sandbox.noConnection = "orders go into a folder: no connection could be lost, and no answer could be late or garbled"
        sandbox.hasDrafts = false
        let program = URL(fileURLWithPath: "/proc/self/exe").resolvingSymlinksInPath().path
        sandbox.tools = [.orders: [program, "orders", "{folder}", "{key}"]]
        return sandbox
    }()
}
