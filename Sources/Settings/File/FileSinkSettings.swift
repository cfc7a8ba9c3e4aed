package import Documents
import SinkKit

/// How orders are put into a folder, for an ERP that takes files only.
package struct FileSinkSettings: Sendable, Equatable {
    package enum Format: String, Sendable, CaseIterable {
        /// The order's JSON form.
        case json
        /// A row for each line.
        case csv
        case edifactOrders = "edifact_orders"
        case cxmlOrderRequest = "cxml_order_request"

        /// Of files, without a dot.
        package var fileExtension: String {
            switch self {
            case .json: "json"
            case .csv: "csv"
            case .edifactOrders: "edi"
            case .cxmlOrderRequest: "xml"
            }
        }
    }

    /// Absolute; it must exist.
    package var folder: String
    package var format = Format.json
    /// What every name begins with.
    package var prefix = ""
    /// Where the ERP moves what it took; `nil`: nowhere that is known.
    package var takenFolder: String?
    /// Whether a file that isn't in ``folder`` any more may have been taken: then only ``takenFolder`` tells.
    package var isEmptied = true
    /// Where the ERP answers, a file for each order under the same name; `nil`: an order is accepted once its file is there.
    package var receiptsFolder: String?
    /// Where the ERP tells what it sent out, likewise; `nil`: it doesn't.
    package var shipmentsFolder: String?
    /// Of EDIFACT files; needed for them.
    package var edifact: EDIFACTStyle?
    /// Of cXML documents; needed for them.
    package var cxml: CXMLStyle?
    /// Of lines that the mapping tables give none, in EDIFACT and cXML: UN/CEFACT recommendation 20.
    package var unit = "EA"
    package var requiredFields: [String] = []

    package init(folder: String) { self.folder = folder }

    /// Whether it can be told for certain that an order isn't there.
    package var tellsAbsence: Bool { takenFolder != nil || !isEmptied }
}
