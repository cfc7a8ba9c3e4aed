internal import GRDB

/// The tables an importer reads. Migrations are numbered and only ever appended.
enum SQLiteSinkSchema {
    /// "CrDs", so that `file` and we tell it from any other SQLite file, the ledger above all.
    static let applicationID = 0x4372_4473

    static var migrator: DatabaseMigrator {
        var migrator = DatabaseMigrator()
        migrator.registerMigration("001 orders and lines") { db in try db.execute(sql: ordersAndLines) }
        return migrator
    }

    private static let ordersAndLines = """
        CREATE TABLE orders (
            id INTEGER PRIMARY KEY,
            number TEXT NOT NULL UNIQUE,          -- the ERP order number that the webshop is told
            key TEXT NOT NULL UNIQUE,             -- Crossdock's key: what makes a second order impossible
            state TEXT NOT NULL DEFAULT 'confirmed' CHECK (state IN ('draft', 'confirmed', 'cancelled')),
            shop TEXT NOT NULL,
            order_id INTEGER NOT NULL,            -- CloudSuite's id
            reference TEXT,
            customer_order_number TEXT,
            order_date TEXT,
            requested_delivery_date TEXT,
            description TEXT,
            currency TEXT,
            paid_amount TEXT,                     -- decimals are text, so that no digit is lost
            customer_code TEXT,
            customer_name TEXT,
            document TEXT NOT NULL,               -- the order as it was received, as JSON
            customer TEXT AS (json_extract(document, '$.customer')),  -- the three parties whole, as JSON
            shipment_address TEXT AS (json_extract(document, '$.shipment_address')),
            invoice_address TEXT AS (json_extract(document, '$.invoice_address')),
            received_at TEXT NOT NULL DEFAULT (strftime('%Y-%m-%dT%H:%M:%SZ', 'now'))
        ) STRICT;
        CREATE TABLE lines (
            order_number TEXT NOT NULL REFERENCES orders (number),
            number INTEGER NOT NULL,              -- the ERP line number that the webshop is told: 10, 20, 30 …
            line_key TEXT NOT NULL,
            product TEXT NOT NULL,
            product_origin TEXT,
            description TEXT,
            quantity TEXT NOT NULL,
            unit_price TEXT,                      -- without tax, in the order's currency
            PRIMARY KEY (order_number, number)
        ) STRICT, WITHOUT ROWID;
        """
}
