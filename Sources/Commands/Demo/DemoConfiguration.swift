import Orders

/// The configuration that a demo writes, as somebody new would.
enum DemoConfiguration {
    /// A second flow, for the end of the demo.
    static let wholesaleFlow = """
          wholesale:
            shop: demo
            sink: erp
            webshop: 2
            since: 2020-01-01
            despatch: {with: desadv, shop: "1", user: "10"}
            recheck: {initial: 1ms, max: 1ms}
        """

    /// An order for that flow.
    static let wholesaleOrder = JSONObject([
        ("reference", "CS77001"), ("erp_order_number", .null), ("state", "confirmed"), ("payment_status", "account"),
        ("shipment_state", "none"), ("order_date", "2026-01-05"), ("confirm_date", "2026-01-05T09:00:00"),
        ("modified_date", "2026-01-05T09:00:00"), ("currency", "EUR"), ("customer", 2001), ("webshop", 2),
        ("shipment_address", 4002),
        ("invoice_address", 4001),
        (
            "order_lines",
            [
                [
                    "id": 770_011, "type": "line", "product": ["key": "124_STUK", "origin": "myorigin"],
                    "description": "Theeglas 250 ml", "quantity": 24, "unit_price": "1.8500", "erp_line_number": .null,
                ],
                [
                    "id": 770_012, "type": "line", "product": ["key": "123_KG", "origin": "myorigin"],
                    "description": "Amandelschaafsel", "quantity": 5, "unit_price": "13.4990", "erp_line_number": .null,
                ],
            ]
        ),
    ])

    static func yaml(url: String) -> String {
        """
        # Written by 'crossdock demo'. The annotated example is config/crossdock.yml.
        ledger: ledger.db

        shops:
          demo:
            base_url: \(url)
            zone: Europe/Amsterdam
            auth:
              type: oauth2
              token_url: \(url)/realms/CloudSuite-test/protocol/openid-connect/token
              client_id: crossdock
              client_secret: ${DEMO_CLIENT_SECRET}
            total_field: untaxed_amount
            lookups:
              customer: /api/customer/{id}/
              address: /api/address/{id}/
              customer_list: /api/customer/?id__in={ids}
              address_list: /api/address/?id__in={ids}

        sinks:
          erp:
            type: sqlite
            path: erp.db
            require: [customer.name, shipment_address.city]

        flows:
          main:
            shop: demo
            sink: erp
            webshop: 1
            since: 2020-01-01
            settle: 5m
            totals_tolerance: "0.05"
            close: auto
            # A demo can't wait a minute for an order that was paid meanwhile.
            recheck: {initial: 1ms, max: 1h}

        """
    }
}
