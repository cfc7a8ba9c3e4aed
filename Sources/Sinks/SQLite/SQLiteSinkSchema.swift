internal import GRDB

/// The tables an importer reads. Migrations are numbered and only ever appended.
enum SQLiteSinkSchema {
    /// "CrDs", so that `file` and we tell it from any other SQLite file, the ledger above all.
    static let applicationID = 0x4372_4473

    static var migrator: DatabaseMigrator {
        var migrator = DatabaseMigrator()
        migrator.registerMigration("001 orders and lines") { db in try db.execute(sql: ordersAndLines) }
        migrator.registerMigration("002 shipments") { db in
            try db.execute(sql: shipments)
            try db.execute(sql: shipmentGuards)
        }
        migrator.registerMigration("003 units and taxes") { db in try db.execute(sql: unitsAndTaxes) }
        return migrator
    }

    private static let unitsAndTaxes = """
        ALTER TABLE lines ADD COLUMN unit TEXT;   -- of quantity and unit_price; empty: the product's own
        ALTER TABLE lines ADD COLUMN taxes TEXT;  -- their names, with | between them; empty: the product's own
        """

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

    /// What was sent out is booked here by whoever packs. A shipment is put together while its `shipped_at` is empty, and told from
    /// when it is set:
    ///
    ///     INSERT INTO shipments (id, carrier) VALUES ('PS-77', 'DHL');
    ///     INSERT INTO packages (shipment, number, tracking_code) VALUES ('PS-77', 1, '3SABC0123456');
    ///     INSERT INTO shipment_lines VALUES ('PS-77', 1, 'SO-000001', 10, '2');
    ///     UPDATE shipments SET shipped_at = strftime('%Y-%m-%dT%H:%M:%SZ', 'now') WHERE id = 'PS-77';
    ///
    /// Of a line that won't be delivered in full: `UPDATE lines SET is_closed = 1 WHERE order_number = 'SO-000001' AND number = 20`.
    private static let shipments = """
        CREATE TABLE shipments (
            id TEXT NOT NULL PRIMARY KEY  -- the despatch note's number: never changed, never used again
                CONSTRAINT "a shipment has an id" CHECK (id <> ''),
            shipped_at TEXT               -- when it left; empty until then
                CONSTRAINT "shipped_at has a zone, as in 2026-11-21T10:30:00+01:00 or with Z" CHECK (
                    shipped_at IS NULL OR (julianday(shipped_at) IS NOT NULL AND shipped_at GLOB '????-??-??T??:??:??*'
                        AND (shipped_at GLOB '*Z' OR shipped_at GLOB '*[+-]??:??'))),
            expected_date TEXT            -- when the goods are to arrive, where that is known
                CONSTRAINT "expected_date is a day, as in 2026-11-22" CHECK (
                    expected_date IS NULL OR (julianday(expected_date) IS NOT NULL AND expected_date GLOB '????-??-??')),
            carrier TEXT,
            comment TEXT                  -- for the buyer to read
        ) STRICT, WITHOUT ROWID;
        CREATE TABLE packages (
            shipment TEXT NOT NULL REFERENCES shipments (id),
            number INTEGER NOT NULL,      -- 1, 2, 3 …
            tracking_code TEXT CONSTRAINT "a tracking code isn't empty" CHECK (tracking_code <> ''),
            tracking_url TEXT CONSTRAINT "tracking_url begins with http:// or https://"
                CHECK (tracking_url GLOB 'http://*' OR tracking_url GLOB 'https://*'),
            sscc TEXT CONSTRAINT "an SSCC has 18 digits" CHECK (length(sscc) = 18 AND sscc NOT GLOB '*[^0-9]*'),
            weight_kg TEXT CONSTRAINT "weight_kg is a decimal" CHECK (
                weight_kg NOT GLOB '*[^0-9.]*' AND weight_kg NOT GLOB '*.*.*' AND weight_kg GLOB '[0-9]*' AND weight_kg NOT GLOB '*.'),
            PRIMARY KEY (shipment, number)
        ) STRICT, WITHOUT ROWID;
        CREATE TABLE shipment_lines (
            shipment TEXT NOT NULL,
            package INTEGER NOT NULL,
            order_number TEXT NOT NULL,
            line_number INTEGER NOT NULL,
            quantity TEXT NOT NULL        -- in the order line's unit
                CONSTRAINT "quantity is a decimal above zero" CHECK (
                    quantity NOT GLOB '*[^0-9.]*' AND quantity NOT GLOB '*.*.*' AND quantity GLOB '[0-9]*' AND quantity NOT GLOB '*.'
                    AND quantity GLOB '*[1-9]*'),
            PRIMARY KEY (shipment, package, order_number, line_number),
            FOREIGN KEY (shipment, package) REFERENCES packages (shipment, number),
            FOREIGN KEY (order_number, line_number) REFERENCES lines (order_number, number)
        ) STRICT, WITHOUT ROWID;
        CREATE INDEX shipment_lines_by_order ON shipment_lines (order_number, line_number);
        ALTER TABLE lines ADD COLUMN is_closed INTEGER NOT NULL DEFAULT 0 CHECK (is_closed IN (0, 1));  -- 1: nothing more will be sent
        """

    /// What has left was told and can't be told otherwise. sqlite3 doesn't keep foreign keys unless it is told to, so these do.
    private static let shipmentGuards: String = {
        let left = { (shipment: String) in "EXISTS (SELECT 1 FROM shipments WHERE id = \(shipment) AND shipped_at IS NOT NULL)" }
        let refusal = "RAISE (ABORT, 'this shipment has left; book a correction as a new one')"
        var statements = [
            """
            CREATE TRIGGER shipments_stay BEFORE UPDATE ON shipments WHEN OLD.shipped_at IS NOT NULL BEGIN SELECT \(refusal); END;
            CREATE TRIGGER shipments_are_kept BEFORE DELETE ON shipments WHEN OLD.shipped_at IS NOT NULL BEGIN SELECT \(refusal); END;
            CREATE TRIGGER shipments_begin_empty BEFORE INSERT ON shipments WHEN NEW.shipped_at IS NOT NULL
                BEGIN SELECT RAISE (ABORT, 'leave shipped_at empty until all packages and lines are booked'); END;
            CREATE TRIGGER shipments_are_not_replaced BEFORE INSERT ON shipments WHEN \(left("NEW.id")) BEGIN SELECT \(refusal); END;
            CREATE TRIGGER shipments_hold_something BEFORE UPDATE ON shipments
                WHEN NEW.shipped_at IS NOT NULL AND NOT EXISTS (SELECT 1 FROM shipment_lines WHERE shipment = NEW.id)
                BEGIN SELECT RAISE (ABORT, 'there is nothing in this shipment'); END;
            CREATE TRIGGER packages_have_a_shipment BEFORE INSERT ON packages
                WHEN NOT EXISTS (SELECT 1 FROM shipments WHERE id = NEW.shipment)
                BEGIN SELECT RAISE (ABORT, 'there is no such shipment'); END;
            CREATE TRIGGER shipment_lines_have_a_package BEFORE INSERT ON shipment_lines
                WHEN NOT EXISTS (SELECT 1 FROM packages WHERE shipment = NEW.shipment AND number = NEW.package)
                BEGIN SELECT RAISE (ABORT, 'there is no such package'); END;
            CREATE TRIGGER shipment_lines_have_a_line BEFORE INSERT ON shipment_lines
                WHEN NOT EXISTS (SELECT 1 FROM lines WHERE order_number = NEW.order_number AND number = NEW.line_number)
                BEGIN SELECT RAISE (ABORT, 'there is no such order line'); END;
            """
        ]
        for table in ["packages", "shipment_lines"] {
            for (change, rows) in [("INSERT", ["NEW"]), ("UPDATE", ["OLD", "NEW"]), ("DELETE", ["OLD"])] {
                let condition = rows.map { left("\($0).shipment") }.joined(separator: " OR ")
                statements.append(
                    """
                    CREATE TRIGGER \(table)_stay_on_\(change.lowercased()) BEFORE \(change) ON \(table)
                        WHEN \(condition) BEGIN SELECT \(refusal); END;
                    """)
            }
        }
        return statements.joined(separator: "\n")
    }()
}
