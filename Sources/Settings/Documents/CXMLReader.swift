import Documents

/// Reads a flow's section `cxml`.
enum CXMLReader {
    static func read(_ reader: SettingsReader) -> CXMLStyle? {
        reader.section("cxml", "what is agreed about cXML documents with their receiver") { section in
            let from = credential(section, "from", "whose documents they are", isRequired: true)
            let to = credential(section, "to", "who they are for", isRequired: true)
            let sender = credential(
                section, "sender", "who opens the connection; without it, the same as 'from'", isRequired: false)
            let nobody = CXMLCredential(domain: "", identity: "")
            var style = CXMLStyle(
                from: from ?? nobody, to: to ?? nobody, sender: sender ?? from ?? nobody,
                host: section.text("host", "a host name of yours, which payloadIDs end with"))
            style.sharedSecret = section.optionalCredential("shared_secret", "what proves the sender").map {
                CXMLSecret($0.revealed)
            }
            style.userAgent = section.text("user_agent", "what names the software", default: style.userAgent)
            style.isTest = section.flag("test", "whether deploymentMode is test", default: style.isTest)
            style.language = section.text("language", "of texts (BCP 47)", default: style.language)
            style.version = section.value("version", "of the DTD", .text, default: style.version) { text in
                text.wholeMatch(of: /1\.2\.0[0-9]{2}/) != nil
                    ? .success(text) : .failure(SettingsFaultMessage("'\(text)' is not a version of cXML such as 1.2.050"))
            }
            return style
        }
    }

    private static func credential(
        _ reader: SettingsReader, _ key: String, _ help: String, isRequired: Bool
    ) -> CXMLCredential? {
        reader.section(key, help, isRequired: isRequired) { section in
            CXMLCredential(
                domain: section.text("domain", "such as NetworkId or DUNS"), identity: section.text("identity", "the name in it"))
        }
    }
}
