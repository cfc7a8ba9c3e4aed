internal import HTTPTypes
internal import Orders

/// One answer, before it is sent; `Date` and `Content-Length` are added by the server.
struct SimulatedResponse: Sendable {
    var status: Int
    var contentType: String
    var headers: [(HTTPField.Name, String)] = []
    var body: [UInt8]

    static func json(_ status: Int = 200, _ value: JSONValue) -> SimulatedResponse { json(status, bytes: value.serialized()) }

    static func json(_ status: Int = 200, bytes: [UInt8]) -> SimulatedResponse {
        SimulatedResponse(status: status, contentType: "application/json", body: bytes)
    }

    /// `{"detail": …}`, as Django REST framework words an error that belongs to no field.
    static func detail(_ status: Int, _ text: String) -> SimulatedResponse { json(status, ["detail": .text(text)]) }

    /// `{"<field>": ["…"]}`, as Django REST framework words an error of one field.
    static func field(_ name: String, _ message: String) -> SimulatedResponse { json(400, [name: [.text(message)]]) }

    static func html(_ status: Int, title: String) -> SimulatedResponse {
        let page = """
            <!DOCTYPE html>
            <html><head><title>\(status) \(title)</title></head>
            <body><center><h1>\(status) \(title)</h1></center><hr><center>nginx</center></body></html>

            """
        return SimulatedResponse(status: status, contentType: "text/html; charset=utf-8", body: Array(page.utf8))
    }

    static func notAllowed(_ method: String, allow: String) -> SimulatedResponse {
        var response = detail(405, "Method \"\(method)\" not allowed.")
        response.headers = [(.allow, allow)]
        return response
    }
}

extension JSONValue {
    static func object(_ pairs: KeyValuePairs<String, JSONValue>) -> JSONValue {
        .object(JSONObject(pairs.map { ($0.key, $0.value) }))
    }
}
