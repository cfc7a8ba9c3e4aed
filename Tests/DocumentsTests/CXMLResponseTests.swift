import Documents
import Foundation
import TestSupport
import Testing

struct CXMLResponseTests {
    @Test(arguments: [
        ("6-mils/OrderResponse-200", 200, CXMLResponse.Verdict.delivered), ("6-mils/OrderResponse-400", 400, .refused),
        ("own/response_201", 201, .delivered), ("own/response_401", 401, .unauthorized), ("own/response_409", 409, .conflict),
        ("own/response_500", 500, .transient), ("own/response_560", 560, .transient),
    ])
    func `the Status code decides, whatever HTTP says`(name: String, code: Int, verdict: CXMLResponse.Verdict) throws {
        let response = try CXMLResponse(Fixture.bytes("cxml/samples/\(name).xml"))
        #expect(response.code == code)
        #expect(CXMLResponse.verdict(response, httpStatus: 200) == verdict)
        #expect(CXMLResponse.verdict(response, httpStatus: 500) == (code < 300 ? .unknown : verdict))
    }

    @Test(arguments: [
        (200, CXMLResponse.Verdict.unknown), (204, .unknown), (301, .refused), (400, .refused), (401, .unauthorized),
        (404, .refused),
        (408, .unknown), (429, .transient), (500, .unknown), (503, .unknown), (0, .unknown),
    ])
    func `without a Status only a clear refusal is one`(httpStatus: Int, verdict: CXMLResponse.Verdict) {
        #expect(CXMLResponse.verdict(nil, httpStatus: httpStatus) == verdict)
    }

    private static func files(in folder: String) -> [String] {
        let names = try? FileManager.default.contentsOfDirectory(atPath: "\(Judges.folder)/xml/\(folder)")
        return (names ?? []).filter { $0.hasSuffix(".xml") || $0.hasSuffix(".xsl") }.sorted().map { "\(folder)/\($0)" }
    }

    /// Documents of the hostile corpus that are honest answers in an odd dress.
    private static let honest: [String: Int] = [
        "doctype-external-file.xml": 200, "doctype-external-http.xml": 200, "doctype-external-public.xml": 200,
        "stylesheet-instruction.xml": 200, "schema-location.xml": 200, "catalog-instruction.xml": 200, "xml-base.xml": 200,
        "bracket-in-system-identifier.xml": 200, "utf-16-little-endian-with-mark.xml": 200,
        "utf-16-big-endian-with-mark.xml": 200, "utf-16-without-mark.xml": 200, "utf-16-declared-as-utf-8.xml": 200,
        "log-injection-in-status.xml": 400, "log-injection-in-name.xml": 400,
    ]

    @Test func `no hostile document passes for an answer`() throws {
        let (own, defused) = (Self.files(in: "hostile"), Self.files(in: "defusedxml"))
        #expect(own.count >= 60 && defused.count == 11)
        for name in own + defused {
            let bytes = FileHandle(forReadingAtPath: "\(Judges.folder)/xml/\(name)")?.readDataToEndOfFile()
            let response = try? CXMLResponse(Array(#require(bytes)))
            #expect(response?.code == Self.honest[name.replacing("hostile/", with: "")], "\(name)")
        }
    }

    @Test func `what an answer says is one line, without signs that turn or hide text`() throws {
        let response = try CXMLResponse(Fixture.bytes("xml/hostile/log-injection-in-status.xml"))
        #expect(response.message == "no 2026-01-01 level=info status=200 delivered line one line two drowssap end")
        let long = "<cXML><Response><Status code='200' text='\(String(repeating: "x", count: 5000))'/></Response></cXML>"
        #expect(try CXMLResponse(Array(long.utf8)).message.count == 300)
    }

    @Test func `an answer of more than 64 KiB is none`() {
        let text =
            "<cXML><Response><Status code='200' text='OK'/></Response><!--\(String(repeating: "x", count: 65_536))--></cXML>"
        #expect(throws: DocumentFault.self) { try CXMLResponse(Array(text.utf8)) }
    }
}
