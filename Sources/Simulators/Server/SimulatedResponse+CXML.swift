internal import Documents
internal import Orders

extension SimulatedResponse {
    /// A cXML `Response`. Its Status says what became of the document; the HTTP status is 200 unless told otherwise.
    static func cxml(_ code: Int, _ text: String, at now: Int64, httpStatus: Int = 200) -> SimulatedResponse {
        let time = ZonedTime(Timestamp(milliseconds: now / 1000), offsetMinutes: 0)?.iso ?? ""
        let document = """
            <?xml version="1.0" encoding="UTF-8"?>
            <!DOCTYPE cXML SYSTEM "http://xml.cxml.org/schemas/cXML/1.2.050/cXML.dtd">
            <cXML payloadID="\(now)@simulator.example" timestamp="\(time)">\
            <Response><Status code="\(code)" text="\(escaped(text))"/></Response></cXML>

            """
        return SimulatedResponse(status: httpStatus, contentType: "text/xml; charset=UTF-8", body: Array(document.utf8))
    }

    private static func escaped(_ text: String) -> String {
        [("&", "&amp;"), ("<", "&lt;"), ("\"", "&quot;")].reduce(text) { $0.replacing($1.0, with: $1.1) }
    }
}
