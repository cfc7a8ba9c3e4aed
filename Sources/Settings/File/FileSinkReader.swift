import Documents

/// Reads a section under `sinks` whose type is `file`.
enum FileSinkReader {
    static func read(_ reader: SettingsReader, absolute: (String) -> String) -> SinkSettings.Kind {
        var sink = FileSinkSettings(folder: absolute(reader.text("folder", "the folder, which must exist")))
        sink.format = reader.word("format", "what the files are", default: sink.format)
        sink.prefix = reader.text("prefix", "what every file's name begins with", default: sink.prefix)
        sink.isEmptied = reader.flag("emptied", "whether the ERP takes the files out", default: sink.isEmptied)
        sink.takenFolder = reader.optionalText("taken", "the folder that the ERP moves files to that it took").map(absolute)
        sink.receiptsFolder = reader.optionalText(
            "receipts",
            "the folder that the ERP puts its answers into; without it, or 'none', an order is accepted once its file is there"
        ).flatMap { $0 == "none" ? nil : absolute($0) }
        sink.shipmentsFolder = reader.optionalText("shipments", "the folder that the ERP tells shipments in").map(absolute)
        sink.unit = reader.text(
            "unit", "UN/CEFACT recommendation 20, of lines that the mapping tables give none", default: sink.unit)
        sink.edifact = EDIFACTReader.read(reader)
        sink.cxml = CXMLReader.read(reader)
        sink.requiredFields = SinkReader.required(reader)
        if sink.format == .edifactOrders, sink.edifact == nil {
            reader.fault(under: "format", "EDIFACT files need a section 'edifact': who sends them, who gets them")
        }
        if sink.format == .cxmlOrderRequest, sink.cxml == nil {
            reader.fault(under: "format", "cXML documents need a section 'cxml': who sends them, who gets them")
        }
        return .file(sink)
    }
}
