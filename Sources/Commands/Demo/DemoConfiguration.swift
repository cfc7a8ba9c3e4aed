/// The configuration that a demo writes, as somebody new would.
enum DemoConfiguration {
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
