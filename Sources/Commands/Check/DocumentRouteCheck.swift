import Documents
import Glibc
import OrderFlow
import Settings

/// Whether a flow's documents can go where they are to go, as far as that can be told without sending one.
struct DocumentRouteCheck {
    let configuration: Configuration
    let flow: FlowSettings

    func findings() -> [Finding] {
        let documents = flow.documents
        var findings: [Finding] = []
        if let kind = documents.style.confirmation {
            findings.append(finding("the ERP's numbers, as \(kind.rawValue)", documents.confirmation))
        }
        if documents.style.response != nil { findings.append(finding("order responses, as edifact", documents.response)) }
        if let kind = documents.style.despatch { findings.append(finding("shipments, as \(kind.rawValue)", documents.despatch)) }
        if !documents.statuses.isEmpty {
            findings.append(finding("texts for the buyer", .shop(documents.statusInterface)))
        }
        return findings
    }

    private func finding(_ what: String, _ route: DocumentRoute) -> Finding {
        let subject = "flow \(flow.name)"
        let untold = "can't be asked without sending a document"
        switch route {
        case .shop: return Finding(subject, .cannotTell, "\(what): the shop's interface \(untold)")
        case .target(let name):
            guard case .folder(let path, _, _)? = configuration.target(name)?.kind else {
                return Finding(subject, .cannotTell, "\(what): target '\(name)' \(untold)")
            }
            guard let fault = Self.fault(ofFolder: path) else {
                return Finding(subject, .good, "\(what): files can be put into \(path)")
            }
            return Finding(subject, .bad, "\(what): the folder \(path) \(fault)", status: .badConfiguration)
        }
    }

    private static func fault(ofFolder path: String) -> String? {
        var facts = stat()
        guard stat(path, &facts) == 0 else { return "can't be found: \(String(cString: strerror(errno)))" }
        guard facts.st_mode & S_IFMT == S_IFDIR else { return "is no folder" }
        return access(path, W_OK | X_OK) == 0 ? nil : "can't be written to: \(String(cString: strerror(errno)))"
    }
}
