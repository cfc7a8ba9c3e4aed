import Documents

extension FuzzTarget {
    /// A file that a person has checked: EDIFACT, and whatever else it may turn out to be.
    static let edifact = FuzzTarget(name: "edifact", inputBytesMax: 2048, share: 30) { input throws(BrokenProperty) in
        let checked = DocumentCheck(input)
        try require(checked.kind != nil || !checked.faults.isEmpty, "what is of no kind is told")
        for fault in checked.faults {
            try require(!fault.description.contains { $0.isNewline }, "a fault is one line")
        }
        guard let interchange = try? EDIFACTInterchange(input) else {
            let isGood = checked.kind?.hasPrefix("EDIFACT") == true && checked.faults.isEmpty
            return try require(!isGood, "what can't be read has faults")
        }
        try checkWriting(interchange, isRight: checked.faults.isEmpty)
        for message in interchange.messages { try check(message) }
    }

    private static func checkWriting(_ interchange: EDIFACTInterchange, isRight: Bool) throws(BrokenProperty) {
        guard let bytes = try? interchange.render() else {
            return try require(!isRight, "a file that is right can be written")
        }
        try require((try? EDIFACTInterchange(bytes)) == interchange, "what is written reads as the same")
        let broken = try? interchange.render(layout: EDIFACTLayout(hasServiceAdvice: false, breaksLines: true))
        try require(broken.flatMap { try? EDIFACTInterchange($0) } == interchange, "lines that are broken say nothing")
    }

    /// A message that can be written says the same again.
    private static func check(_ message: EDIFACTInterchange.Message) throws(BrokenProperty) {
        let profile = EDIFACTProfile(
            directory: message.type.directory, repertoire: .unow, eancomEdition: message.type.eancomEdition)
        if let advice = try? DespatchAdvice(message), let written = try? advice.render(profile).message {
            try require((try? DespatchAdvice(written)) == advice, "a despatch advice that is written reads as the same")
        }
        if let response = try? OrderResponse(message), let written = try? response.render(profile).message {
            try require((try? OrderResponse(written)) == response, "an order response that is written reads as the same")
        }
    }
}
