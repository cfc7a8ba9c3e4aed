extension XMLElement {
    /// The element as documents are compared by: attributes by name, and no space that only breaks lines.
    ///
    /// Two documents that differ in indentation, in the order of attributes or in how signs are escaped have the same one. Space
    /// beside a text counts, and so does space in an element that has nothing else.
    package var canonical: XMLElement {
        var element = XMLElement(name, namespace: namespace, attributes: attributes.sorted { $0.name < $1.name })
        let dropsSpace = hasOnlyElements && !elements.isEmpty
        element.children = children.compactMap { child in
            switch child {
            case .element(let child): .element(child.canonical)
            case .text: dropsSpace ? nil : child
            }
        }
        return element
    }
}
