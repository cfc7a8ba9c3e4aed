import CloudSuite
import Delivery
import Documents
import Engine
import OrderFlow
import Posting
import Settings
import Transport

/// Makes of the configuration how a flow's documents are made and where they go.
struct DocumentAssembly {
    let configuration: Configuration
    let remotes: Remotes
    let timekeeper: any Timekeeper
    let flow: FlowSettings
    /// The shop's.
    let endpoint: Endpoint
    let clock: ShopClock

    /// `nil` for a flow that sends none.
    ///
    /// - Throws: ``CommandFailure``.
    func documents() throws -> FlowDocuments? {
        let settings = flow.documents
        let (sendsConfirmations, sendsDespatches) = (settings.style.confirmation != nil, settings.style.despatch != nil)
        let (sendsResponses, sendsCodes) = (settings.style.response != nil, settings.style.codes != nil)
        guard sendsConfirmations || sendsResponses || sendsDespatches || sendsCodes || !settings.statuses.isEmpty else {
            return nil
        }
        var documents = FlowDocuments(maker: DocumentMaker(settings.style, clock: clock), timeLimit: settings.timeLimit)
        if sendsConfirmations {
            documents.confirmationTarget = try target(settings.confirmation) { interface in
                .orderFeedback(
                    user: interface.user, shop: interface.shop, mode: interface.mode,
                    path: interface.path ?? ShopDocumentTarget.Interface.orderFeedbackPath)
            }
        }
        if sendsResponses, case .target(let name) = settings.response { documents.orderResponseTarget = try target(named: name) }
        if sendsDespatches {
            documents.despatchTarget = try target(settings.despatch) { interface in
                .delivery(
                    shop: interface.shop, user: interface.user,
                    path: interface.path ?? ShopDocumentTarget.Interface.deliveryPath)
            }
        }
        if sendsCodes {
            documents.codeTarget = try target(settings.codes) { interface in
                .orderStatus(shop: interface.shop, path: interface.path ?? ShopDocumentTarget.Interface.orderStatusPath)
            }
        }
        documents.statusTexts = settings.statuses
        let status = settings.statusInterface
        documents.statusTarget = shopTarget(
            .orderStatus(shop: status.shop, path: status.path ?? ShopDocumentTarget.Interface.orderStatusPath), status.rule)
        return documents
    }

    private func target(
        _ route: DocumentRoute, _ interface: (ShopInterfaceSettings) -> ShopDocumentTarget.Interface
    ) throws -> any DocumentTarget {
        switch route {
        case .shop(let settings): return shopTarget(interface(settings), settings.rule)
        case .target(let name): return try target(named: name)
        }
    }

    private func target(named name: String) throws -> any DocumentTarget {
        // The reader has made sure that it exists.
        guard let target = configuration.target(name) else {
            throw CommandFailure(.badConfiguration, "flow '\(flow.name)': there is no target '\(name)'")
        }
        return try self.target(target)
    }

    private func shopTarget(_ interface: ShopDocumentTarget.Interface, _ rule: AnswerRule) -> ShopDocumentTarget {
        ShopDocumentTarget(interface, endpoint: endpoint, rule: rule, timekeeper: timekeeper)
    }

    private func target(_ settings: TargetSettings) throws -> any DocumentTarget {
        switch settings.kind {
        case .https(let remote, let rule):
            let endpoint = try remotes.endpoint(remote, name: "target '\(settings.name)'", concurrency: flow.concurrency)
            return HTTPSTarget(DocumentPost(endpoint: endpoint, path: "", rule: rule, timekeeper: timekeeper))
        case .folder(let path, let prefix, let isEmptied):
            return FolderTarget(FolderTarget.Settings(path: path, prefix: prefix, isEmptied: isEmptied))
        }
    }
}
