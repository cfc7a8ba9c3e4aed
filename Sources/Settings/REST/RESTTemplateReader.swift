import Orders
internal import Yams

/// Documents with places to be filled in.
extension SettingsReader {
    /// What stands under `key` as a template. A `${…}` that is no place of an order's is a secret, as everywhere.
    func template(_ key: String, _ help: String) -> RESTTemplate? {
        guard let node = take(key, help, .anything, isRequired: false) else { return nil }
        guard node.mapping != nil else {
            fault(node, inner(key), "should be a section, not \(Self.kind(node))")
            return nil
        }
        return template(node, inner(key), inLine: false)
    }

    private func template(_ node: Node, _ path: String, inLine: Bool) -> RESTTemplate {
        switch node {
        case .mapping(let mapping): return object(mapping, node, path, inLine: inLine)
        case .sequence(let sequence):
            return .array(sequence.enumerated().map { template($1, "\(path)[\($0)]", inLine: inLine) })
        case .scalar(let scalar) where scalar.string.contains("${"): return text(scalar.string, node, path, inLine: inLine)
        case .scalar(let scalar): return .constant(Self.json(scalar))
        case .alias:
            fault(node, path, "should be a value, not \(Self.kind(node))")
            return .constant(.null)
        }
    }

    private func object(_ mapping: Node.Mapping, _ node: Node, _ path: String, inLine: Bool) -> RESTTemplate {
        let list = mapping["for_each"]
        if let list, list.string != "lines" || inLine {
            fault(list, "\(path).for_each", inLine ? "can't stand within another" : "should be 'lines'")
        }
        var members: [RESTTemplate.Member] = []
        for (name, value) in mapping where name.string != "for_each" {
            guard let text = name.string, name.scalar != nil else {
                fault(name, path, "the name of a member should be a single value, not \(Self.kind(name))")
                continue
            }
            members.append(
                RESTTemplate.Member(
                    name: text, value: template(value, "\(path).\(text)", inLine: inLine || list != nil)))
        }
        return list == nil ? .object(members) : .eachLine(.object(members))
    }

    private func text(_ text: String, _ node: Node, _ path: String, inLine: Bool) -> RESTTemplate {
        var parts: [RESTTemplate.Part] = []
        var rest = text[...]
        while let start = rest.firstRange(of: "${"), let end = rest[start.upperBound...].firstIndex(of: "}") {
            if start.lowerBound > rest.startIndex { parts.append(.literal(String(rest[..<start.lowerBound]))) }
            parts.append(part(String(rest[start.upperBound..<end]), node, path, inLine: inLine))
            rest = rest[rest.index(after: end)...]
        }
        if rest.contains("${") { fault(node, path, "a '${' without its '}'") }
        if !rest.isEmpty { parts.append(.literal(String(rest))) }
        if parts.count == 1, case .place(let place) = parts[0] { return .place(place) }
        return .text(parts)
    }

    private func part(_ content: String, _ node: Node, _ path: String, inLine: Bool) -> RESTTemplate.Part {
        switch RESTTemplate.Place.parse(content) {
        case .success(let place)?:
            if place.root == .line, !inLine { fault(node, path, "'\(place.name)' can stand only below 'for_each: lines'") }
            return .place(place)
        case .failure(let message)?: fault(node, path, message.text)
        case nil:
            switch session.expandCredential("${\(content)}") {
            case .success(let secret): return .literal(secret)
            case .failure(let message): fault(node, path, message.text)
            }
        }
        return .literal("")
    }
}
