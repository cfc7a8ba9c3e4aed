import Documents

/// Reads a flow's section `edifact`.
enum EDIFACTReader {
    private enum DirectoryWord: String, CaseIterable {
        case d96a = "D.96A"
        case d01b = "D.01B"
    }

    static func read(_ reader: SettingsReader) -> EDIFACTStyle? {
        reader.section("edifact", "what is agreed about EDIFACT files with their receiver") { section in
            let sender = partner(section, "sender", "who sends the files")
            let receiver = partner(section, "receiver", "who gets them")
            let directory = section.word("directory", "the UN's directory", default: DirectoryWord.d96a)
            var profile = EDIFACTProfile(directory: directory == .d96a ? .d96a : .d01b)
            profile.eancomEdition = section.optionalText("eancom", "EANCOM's code for its edition, such as EAN005")
            profile.repertoire = section.word("repertoire", "the signs that a file may hold", default: profile.repertoire)
            let transliterates = section.flag(
                "transliterate", "whether signs outside the repertoire are written otherwise", default: false)
            profile.transliteration = transliterates ? .western : nil
            let nobody = DocumentParty()
            var style = EDIFACTStyle(
                sender: sender, recipient: receiver, profile: profile,
                buyer: party(section, "buyer", "who buys", isRequired: true) ?? nobody,
                supplier: party(section, "supplier", "who sells", isRequired: true) ?? nobody)
            style.deliverTo = party(section, "deliver_to", "where the goods go", isRequired: false)
            style.isTest = section.flag("test", "whether the files are marked as a test", default: false)
            style.layout.breaksLines = section.flag("line_breaks", "whether each segment stands on its own line", default: false)
            return style
        }
    }

    private static func partner(_ reader: SettingsReader, _ key: String, _ help: String) -> EDIFACTInterchange.Partner {
        let partner = reader.section(key, help, isRequired: true) { section in
            let qualifier = section.text("qualifier", "14 for a GLN, 1 for DUNS, ZZ for what both agreed on", default: "14")
            let identification = section.text("id", "the interchange's id for it")
            if qualifier == "14", section.has("id"), !CheckDigit.isLocationNumber(identification) {
                section.fault(nil, section.inner("id"), "'\(identification)' is not a GLN; which 'qualifier' does it have?")
            }
            return EDIFACTInterchange.Partner(identification, qualifier: qualifier)
        }
        return partner ?? EDIFACTInterchange.Partner("", qualifier: nil)
    }

    private static func party(
        _ reader: SettingsReader, _ key: String, _ help: String, isRequired: Bool
    ) -> DocumentParty? {
        reader.section(key, help, isRequired: isRequired) { section in
            var party = DocumentParty()
            party.locationNumber = section.value("gln", "its GLN", .text, default: nil) { text in
                CheckDigit.isLocationNumber(text)
                    ? .success(text) : .failure(SettingsFaultMessage("'\(text)' is not a GLN of 13 digits with its check digit"))
            }
            party.code = section.optionalText("code", "the receiver's own number for it")
            party.name = section.optionalText("name", "its name")
            if !["gln", "code", "name"].contains(where: section.has) {
                section.fault(nil, section.path, "a party has a gln, a code or a name")
            }
            return party
        }
    }
}
