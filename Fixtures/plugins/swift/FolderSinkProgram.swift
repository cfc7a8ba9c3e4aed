import Orders
import SinkKit

/// The sink as a program that Crossdock starts.
@main struct FolderSinkProgram {
    static func main() async {
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

    private static let sandbox = PluginSandbox(
        settings: JSONObject([("folder", "{folder}"), ("products", ["A-1", "A-2"])]), knownProduct: "A-1",
        unknownProduct: "NO-SUCH-PRODUCT")
}
