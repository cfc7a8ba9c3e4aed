internal import Orders

/// Why a request is not carried out: one of the documented codes (Error Information), or a gateway's word.
struct KhumbuRefusal: Error, Sendable {
    /// `nil`: of the gateway before the API, which knows no codes (inferred).
    let code: String?
    let message: String
    /// `nil`: as ``KhumbuAnswers`` says.
    var status: Int?

    init(_ code: String, _ message: String) {
        self.code = code
        self.message = message
    }

    init(gateway status: Int, _ message: String) {
        code = nil
        self.message = message
        self.status = status
    }

    func response(_ answers: KhumbuAnswers) -> SimulatedResponse {
        guard let code else { return .json(status ?? 403, ["message": .text(message)]) }
        let status = status ?? (code == "KS-0018" ? answers.duplicateStatus : answers.errorStatus)
        switch answers.errorShape {
        case .flat: return .json(status, ["code": .text(code), "message": .text(message)])
        case .prefixed: return .json(status, ["errorCode": .text(code), "errorMessage": .text(message)])
        case .nested: return .json(status, ["error": ["code": .text(code), "reason": .text(message)]])
        case .text: return SimulatedResponse(status: status, contentType: "text/plain", body: Array("\(code): \(message)".utf8))
        }
    }
}
