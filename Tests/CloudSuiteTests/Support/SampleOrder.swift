import CloudSuite
import Orders
import Testing

/// The order of the reference's section 3.4 with three lines, two of one product; tests change single members of it.
enum SampleOrder {
    static let text = #"""
        {"id":12345,"reference":"CS48193","key":null,"customer_order_number":"PO-77","erp_order_number":null,"state":"confirmed",
        "payment_status":"account","shipment_state":"none","order_date":"2025-02-26","confirm_date":"2025-02-26T09:12:44.120000",
        "create_date":"2025-02-26T09:10:01.000123","modified_date":"2025-02-26T09:12:44.130000","requested_delivery_date":null,
        "description":"Caf\u00e9 ☕","currency":"EUR","paid_amount":"12.50","customer":1324,"user":1260,"webshop":1,
        "shipment_address":1695,"invoice_address":1652,"weight":1.0,"ratio":0.100000000000000000000000000001,"extra":{"a":[1,{"b":2.50}]},
        "order_lines":[
        {"id":9001,"type":"line","product":{"key":"124_STUK","origin":"myorigin"},"description":"Glas","quantity":1.0,
        "unit_price":"12.5000","erp_line_number":null},
        {"id":9002,"type":"comment","product":null,"description":"Let op","quantity":null,"unit_price":null,"erp_line_number":null},
        {"id":9003,"type":"line","product":{"key":"124_STUK","origin":"myorigin"},"description":"Glas","quantity":2,
        "unit_price":12.50,"erp_line_number":null}]}
        """#

    static func object() throws -> JSONObject { try #require(try JSONValue(parsing: text).objectValue) }

    /// The sample with members replaced; `nil` takes one out. A path is a member, or `order_lines[1].quantity`.
    static func with(_ changes: [(path: String, value: JSONValue?)]) throws -> JSONObject {
        var object = try object()
        for (path, value) in changes {
            let parts = path.split(separator: ".").map(String.init)
            guard parts[0].hasPrefix("order_lines[") else {
                object[path] = value
                continue
            }
            let index = try #require(parts[0].dropFirst(12).dropLast().first?.wholeNumberValue)
            var lines = try #require(object["order_lines"]?.arrayValue)
            if parts.count == 1 {
                if let value { lines[index] = value } else { lines.remove(at: index) }
            } else {
                var line = try #require(lines[index].objectValue)
                line[parts[1]] = value
                lines[index] = .object(line)
            }
            object["order_lines"] = .array(lines)
        }
        return object
    }

    static func with(_ path: String, _ value: JSONValue?) throws -> JSONObject { try with([(path, value)]) }

    static func read(_ object: JSONObject, totalField: String? = nil) -> ShopOrder {
        ShopOrder(
            object, beganAt: Timestamp(milliseconds: 0), expectedID: 12345, clock: ShopUnderTest.clock, totalField: totalField)
    }
}

/// A number as it is spelled.
func number(_ spelling: String) -> JSONValue { .number(JSONNumber(spelling: spelling)) }
