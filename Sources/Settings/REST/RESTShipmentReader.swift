/// Reads the section `shipments` of a sink whose type is `rest`.
enum RESTShipmentReader {
    static func read(_ reader: SettingsReader) -> RESTShipmentSettings {
        let path = reader.value(
            "path", "below the base URL, with {number}, {key} or {order.…} in it", .text, default: "", isRequired: true
        ) { text in RESTSinkReader.checked(text, ["{number", "{key", "{order."]) }
        var shipments = RESTShipmentSettings(path: path)
        shipments.results = reader.optionalText(
            "results", "where the answer has its list; without it, the answer has Crossdock's own shape")
        shipments.readPath = RESTSinkReader.optionalPath(
            reader, "read", "where a listed one is read whole, with {id} in it", marks: ["{id"])
        shipments.shipmentPath = reader.text("shipment", "in such an answer: where it is; empty: it is the answer", default: "")
        shipments.idPath = reader.text("id", "in a shipment: what names it for ever", default: shipments.idPath)
        shipments.conditions = conditions(reader, "where", "only shipments with these values count")
        shipments.lineConditions = conditions(reader, "line_where", "only lines of shipments with these values count")
        shipments.datePath = reader.text("date", "in a shipment: when it left", default: shipments.datePath)
        shipments.carrierPath = reader.optionalText("carrier", "in a shipment: who carries it")
        shipments.trackingPath = reader.optionalText("tracking", "in a shipment: its tracking code")
        shipments.linesPath = reader.text("lines", "in a shipment: its lines", default: shipments.linesPath)
        shipments.orderLinePath = reader.text(
            "order_line", "in a shipment's line: what names the order's line", default: shipments.orderLinePath)
        shipments.joinPath = reader.optionalText("join", "in an order's line: the same; without it, its number")
        shipments.quantityPath = reader.text("quantity", "in a shipment's line: how much", default: shipments.quantityPath)
        shipments.unitPath = reader.optionalText("unit", "in both kinds of lines: the unit, which must be the same")
        shipments.openPath = reader.optionalText("open", "in an order's line: how much is still to be sent")
        shipments.orderedPath = reader.optionalText("ordered", "in an order's line: how much was ordered")
        shipments.deliveredPath = reader.optionalText("delivered", "in an order's line: how much was sent so far")
        shipments.endsWithOrder = reader.flag(
            "ends_with_order", "whether an order that is gone from the ERP's list, once goods were sent, is done", default: false)
        return shipments
    }

    private static func conditions(_ reader: SettingsReader, _ key: String, _ help: String) -> [RESTCondition] {
        reader.table(key, help).map { RESTCondition(path: $0.name, value: $0.value) }
    }
}
