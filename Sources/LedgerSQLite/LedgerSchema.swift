internal import GRDB
import OrderFlow
import Orders

/// The ledger's tables. Migrations are numbered, only ever appended, and run at start.
enum LedgerSchema {
    /// "CrDk", so that `file` and we tell a ledger from any other SQLite file.
    static let applicationID = 0x4372_446B
    /// "CrDb": a copy made by `ledger backup`, which must not be used as it is.
    static let backupApplicationID = 0x4372_4462

    static var migrator: DatabaseMigrator {
        var migrator = DatabaseMigrator()
        migrator.registerMigration("001 orders and journal") { db in try db.execute(sql: ordersAndJournal) }
        migrator.registerMigration("002 journal digests") { db in try addJournalDigests(db) }
        migrator.registerMigration("003 clocks") { db in try db.execute(sql: clocks) }
        migrator.registerMigration("004 documents") { db in try db.execute(sql: documents) }
        migrator.registerMigration("005 offline orders") { db in try db.execute(sql: offlineOrders) }
        migrator.registerMigration("006 orders that lack something") { db in try db.execute(sql: lackingOrders) }
        migrator.registerMigration("007 codes and shared rate limits") { db in try db.execute(sql: codesAndSharedLimits) }
        migrator.registerMigration("008 messages") { db in try addMessages(db) }
        migrator.registerMigration("009 message numbers") { db in try db.execute(sql: messageNumbers) }
        return migrator
    }

    private static func addJournalDigests(_ db: Database) throws {
        try db.execute(sql: "ALTER TABLE orders ADD COLUMN journal_digest TEXT NOT NULL DEFAULT ''")  // a JournalDigest
        let orders = try Row.fetchCursor(db, sql: "SELECT position, shop, order_id FROM orders")
        while let row = try orders.next() {
            let position: Int64 = row[0]
            let digest = JournalDigest(of: OrderKey(shop: row[1], orderID: row[2]))
                .appending(try LedgerStatements.storedJournal(at: position, db))
            try db.execute(sql: "UPDATE orders SET journal_digest = ? WHERE position = ?", arguments: [digest.text, position])
        }
    }

    private static func addMessages(_ db: Database) throws {
        try db.execute(sql: messages)
        let positions = try Int64.fetchAll(
            db, sql: "SELECT DISTINCT position FROM journal WHERE kind = ?", arguments: [JournalEvent.Kind.createEnded.rawValue])
        // A journal that can't be read keeps its order from being worked on; it must not keep the others'.
        for position in positions {
            let entries = try LedgerStatements.storedJournal(at: position, db).compactMap { try? $0.entry }
            try LedgerStatements.insertTickets(of: entries, at: position, db)
        }
    }

    private static let messageNumbers = """
        -- What the message inside an EDIFACT file is called (BGM 1004); NULL where number is all there is, and of files that an
        -- earlier release made.
        ALTER TABLE documents ADD COLUMN message_number TEXT;
        CREATE UNIQUE INDEX documents_message_number ON documents (flow, kind, message_number) WHERE message_number IS NOT NULL;
        """

    private static let messages = """
        -- What ERPs send by themselves. Headers and bodies hold personal data and expire; what became of them stays.
        CREATE TABLE messages (
            position INTEGER PRIMARY KEY AUTOINCREMENT,
            flow TEXT NOT NULL,
            id TEXT NOT NULL,                     -- in journals, too
            received_at INTEGER NOT NULL,
            digest TEXT NOT NULL,                 -- SHA-256 of the body
            headers TEXT,                         -- JSON, without credentials; NULL: erased
            body BLOB,                            -- NULL: erased
            state TEXT NOT NULL,
            sentence TEXT NOT NULL,
            tries INTEGER NOT NULL,
            due_at INTEGER,                       -- NULL: not any more
            UNIQUE (flow, id),
            CHECK ((state = 'waiting') = (due_at IS NOT NULL)),
            CHECK (state != 'waiting' OR body IS NOT NULL)
        ) STRICT;
        CREATE INDEX messages_due ON messages (flow, due_at) WHERE due_at IS NOT NULL;
        CREATE INDEX messages_unsettled ON messages (state, position) WHERE state != 'handled';
        CREATE TABLE message_findings (
            message INTEGER NOT NULL REFERENCES messages (position),
            number INTEGER NOT NULL,              -- from 0
            shop TEXT,
            order_id INTEGER,                     -- NULL: no order is known by what the message names
            reason TEXT NOT NULL,
            sentence TEXT NOT NULL,
            PRIMARY KEY (message, number)
        ) STRICT, WITHOUT ROWID;
        CREATE INDEX message_findings_order ON message_findings (order_id, shop) WHERE order_id IS NOT NULL;
        -- What messages call creates by; follows from the journals.
        CREATE TABLE tickets (
            ticket TEXT NOT NULL,
            position INTEGER NOT NULL REFERENCES orders (position),
            PRIMARY KEY (ticket, position)
        ) STRICT, WITHOUT ROWID;
        CREATE INDEX tickets_order ON tickets (position);
        """

    private static let offlineOrders = """
        -- 'offline': the shop's list of such orders had it, and that of the others hadn't. In letters, which no flipped bit makes.
        ALTER TABLE orders ADD COLUMN listed_as TEXT CHECK (listed_as = 'offline');
        ALTER TABLE flow_memory ADD COLUMN offline_watermark INTEGER;
        ALTER TABLE flow_memory ADD COLUMN offline_swept_at INTEGER;
        """

    private static let lackingOrders = """
        -- What the order was made ready with that stands still because that didn't suffice: a digest.
        ALTER TABLE orders ADD COLUMN lacked_with TEXT;
        CREATE INDEX orders_lacking ON orders (flow, lacked_with) WHERE lacked_with IS NOT NULL AND due_at IS NULL;
        """

    private static let codesAndSharedLimits = """
        -- Redeem codes are money: what the ERP handed out, sealed with AES-256-GCM under a key that isn't here.
        CREATE TABLE codes (
            position INTEGER NOT NULL REFERENCES orders (position),
            generation INTEGER NOT NULL,          -- of the key that they were bought under
            line TEXT NOT NULL,                   -- the line's key
            unit INTEGER NOT NULL,                -- from 1
            label TEXT NOT NULL,
            key_id TEXT NOT NULL,                 -- names the key
            nonce BLOB NOT NULL,
            sealed BLOB NOT NULL,                 -- with the tag at its end; shop, order, generation, line, unit and label are authenticated
            stored_at INTEGER NOT NULL,
            PRIMARY KEY (position, generation, line, unit, label)
        ) STRICT, WITHOUT ROWID;
        CREATE TABLE limiter_places (
            account TEXT NOT NULL,                -- whom a remote counts requests for
            place INTEGER NOT NULL,
            held_until INTEGER NOT NULL,
            token INTEGER NOT NULL,               -- counts who had it
            PRIMARY KEY (account, place)
        ) STRICT, WITHOUT ROWID;
        """

    private static let clocks = """
        CREATE TABLE clocks (
            boot_id TEXT PRIMARY KEY,             -- a machine's start; a row for each, however few it lasted
            offset_milliseconds INTEGER NOT NULL, -- its clock less its time since the start
            set_at INTEGER NOT NULL
        ) STRICT;
        """

    private static let documents = """
        CREATE TABLE documents (
            id INTEGER PRIMARY KEY AUTOINCREMENT, -- what people call it by, never used again
            position INTEGER NOT NULL REFERENCES orders (position),
            ordinal INTEGER NOT NULL,             -- from 1, of the order
            flow TEXT NOT NULL,
            kind TEXT NOT NULL,
            number TEXT NOT NULL,                 -- what its receiver knows it by
            record TEXT NOT NULL,                 -- JSON, as in the journal
            rendered_at INTEGER NOT NULL,
            state TEXT NOT NULL,                  -- folded from the journal, in the same transaction as every append
            since INTEGER NOT NULL,
            tries INTEGER NOT NULL,
            UNIQUE (position, ordinal),
            UNIQUE (flow, kind, number)
        ) STRICT;
        CREATE INDEX documents_open ON documents (state, id) WHERE state NOT IN ('sent', 'acknowledged');
        """

    private static let ordersAndJournal = """
        CREATE TABLE identity (
            id TEXT NOT NULL,                     -- random, made with the file
            created_at INTEGER NOT NULL           -- all instants: milliseconds since 1970, UTC
        ) STRICT;
        CREATE TABLE flows (
            flow TEXT NOT NULL,
            shop TEXT NOT NULL,                   -- never changes: the idempotency keys derive from it
            origin TEXT NOT NULL,
            webshop INTEGER,
            UNIQUE (flow, shop, origin, webshop)
        ) STRICT;
        CREATE TABLE flow_memory (
            flow TEXT PRIMARY KEY,
            watermark INTEGER,                    -- start of the last listing walked to its end, by the shop's clock
            swept_at INTEGER
        ) STRICT;
        CREATE TABLE orders (
            position INTEGER PRIMARY KEY,         -- order of first listing
            shop TEXT NOT NULL,
            order_id INTEGER NOT NULL,
            flow TEXT NOT NULL,
            first_listed_at INTEGER NOT NULL,
            updated_at INTEGER NOT NULL,
            reference TEXT,
            webshop INTEGER,
            modified_date TEXT,
            erp_order_number TEXT,
            standing TEXT NOT NULL,               -- folded from the journal, in the same transaction as every append
            reason TEXT NOT NULL,
            sentence TEXT NOT NULL,
            due_at INTEGER,                       -- NULL: not by itself
            claim_token INTEGER NOT NULL DEFAULT 0,  -- fencing: only the latest token may append
            claim_holder TEXT,                    -- a ProcessIdentity
            claim_until INTEGER,
            UNIQUE (order_id, shop),              -- in this order, so that it also serves a look-up by id alone
            CHECK ((claim_holder IS NULL) = (claim_until IS NULL))
        ) STRICT;
        CREATE INDEX orders_due ON orders (flow, due_at) WHERE due_at IS NOT NULL;
        CREATE INDEX orders_waiting ON orders (flow, due_at) WHERE standing = 'waiting' AND due_at IS NOT NULL;
        CREATE INDEX orders_claimed ON orders (claim_holder) WHERE claim_holder IS NOT NULL;
        CREATE INDEX orders_reference ON orders (reference);
        CREATE TABLE journal (
            position INTEGER NOT NULL REFERENCES orders (position),
            sequence INTEGER NOT NULL,            -- from 1, without gaps
            at INTEGER NOT NULL,
            kind TEXT NOT NULL,
            body TEXT NOT NULL,                   -- JSON
            PRIMARY KEY (position, sequence)
        ) STRICT, WITHOUT ROWID;
        CREATE TABLE payloads (
            position INTEGER NOT NULL REFERENCES orders (position),
            digest TEXT NOT NULL,                 -- SHA-256
            stored_at INTEGER NOT NULL,
            bytes BLOB NOT NULL,                  -- holds personal data; kept apart from the journal
            PRIMARY KEY (position, digest)
        ) STRICT;
        CREATE TABLE runs (
            id TEXT NOT NULL,
            flow TEXT NOT NULL,
            started_at INTEGER NOT NULL,
            ended_at INTEGER,
            outcome TEXT,
            listed INTEGER NOT NULL,
            new INTEGER NOT NULL,
            looked_at INTEGER NOT NULL,
            pushed INTEGER NOT NULL,
            finished INTEGER NOT NULL,
            newly_quarantined INTEGER NOT NULL,
            writes INTEGER NOT NULL,
            PRIMARY KEY (id, flow)
        ) STRICT;
        CREATE INDEX runs_started ON runs (started_at);
        CREATE TABLE endpoints (
            origin TEXT PRIMARY KEY,
            state TEXT NOT NULL                   -- circuit, retry budget and limiter log, as JSON
        ) STRICT;
        """
}
