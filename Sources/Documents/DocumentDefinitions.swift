/// Where a person has the rules that documents are held against; never those that a document brings.
package struct DocumentDefinitions {
    /// The DTD that stands for an address, as bytes.
    package var typeDefinition: (_ systemID: String) -> [UInt8]?
    /// The XML Schema for a root element, by its namespace, or by its name where it has none.
    package var schema: (_ root: String) -> [UInt8]?

    package init(
        typeDefinition: @escaping (_ systemID: String) -> [UInt8]? = { _ in nil },
        schema: @escaping (_ root: String) -> [UInt8]? = { _ in nil }
    ) {
        self.typeDefinition = typeDefinition
        self.schema = schema
    }

    package static var none: DocumentDefinitions { DocumentDefinitions() }
}
