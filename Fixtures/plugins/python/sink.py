#!/usr/bin/env python3
"""A Crossdock sink in Python, with nothing but the standard library: orders in a SQLite file.

Class "key": the file's unique key makes a second order under one key impossible, so a create may be repeated freely.
"""

import json
import os
import sqlite3
import sys
import threading
import time
from concurrent.futures import ThreadPoolExecutor
from decimal import Decimal

SETTINGS_SCHEMA = {
    "type": "object",
    "properties": {
        "path": {"type": "string", "minLength": 1, "description": "the SQLite file for the orders"},
        "prefix": {"type": "string", "pattern": "^[A-Z]{1,4}-$", "description": "what order numbers begin with, such as PY-"},
        "products": {
            "type": "array",
            "items": {"type": "string"},
            "description": "the products there are; without it, any",
        },
    },
    "required": ["path"],
    "additionalProperties": False,
}

# Where the conformance kit may write: {folder} is a new, empty folder. The tools are this file once more; see `Tools` at its end.
FILE = "{folder}/orders.db"
TOOL = [sys.executable, os.path.abspath(__file__)]
SANDBOX = {
    "settings": {"path": FILE, "products": ["A-1", "A-2"]},
    "known_product": "A-1",
    "unknown_product": "NO-SUCH-PRODUCT",
    "no_connection": "orders go into a file: no connection could be lost, and no answer could be late or garbled",
    "drafts": False,
    "tools": {
        "orders": [*TOOL, "orders", FILE, "{key}"],
        "ship": [*TOOL, "ship", FILE, "{key}", "{line}", "{quantity}"],
    },
}

TABLES = """
CREATE TABLE IF NOT EXISTS orders (
    id INTEGER PRIMARY KEY,
    key TEXT NOT NULL UNIQUE,
    state TEXT NOT NULL DEFAULT 'confirmed',
    document TEXT NOT NULL  -- the order as it was received
);
CREATE TABLE IF NOT EXISTS shipments (
    number INTEGER PRIMARY KEY,
    order_id INTEGER NOT NULL REFERENCES orders (id),
    document TEXT NOT NULL  -- a shipment as Crossdock is told of it
);
"""


class SinkError(Exception):
    """What is known of a call's effect; `code` is one of the eight in the protocol's schema."""

    def __init__(self, code, message):
        super().__init__(message)
        self.code = code


class Sink:
    def __init__(self, settings):
        self.path = settings["path"]
        self.prefix = settings.get("prefix", "PY-")
        self.products = settings.get("products")
        try:
            os.close(os.open(self.path, os.O_RDWR | os.O_CREAT, 0o600))
            with self.connect() as database:
                database.executescript(TABLES)
        except (OSError, sqlite3.Error) as error:
            raise SinkError("misconfigured", f"the file {self.path} can't be used: {error}")

    capabilities = {"class": "key", "latest_effect_ms": 0, "tells_shipments": True, "validates": True, "cancels": True}

    def connect(self):
        database = sqlite3.connect(self.path, timeout=10, isolation_level=None)
        database.execute("PRAGMA synchronous = FULL")
        return database

    def find(self, params, call):
        row = self.row(self.connect(), params["key"]["key"])
        return {"receipt": self.receipt(*row) if row else None}

    def create(self, params, call):
        order = params["order"]
        faults = self.faults(order)
        if faults:
            return {"answer": "rejected", "faults": faults}
        # The same order gives the same text, so a repeat can be told from another order under the same key.
        document = json.dumps(order, sort_keys=True)
        database = self.connect()
        database.execute("BEGIN IMMEDIATE")
        try:
            row = self.row(database, order["key"])
            if row is None:
                # Up to here nothing has happened, and whoever gave up on the call must not find an order later.
                call.check()
                database.execute("INSERT INTO orders (key, document) VALUES (?, ?)", (order["key"], document))
                row = self.row(database, order["key"])
            database.execute("COMMIT")
        except BaseException:
            if database.in_transaction:
                database.execute("ROLLBACK")
            raise
        if row[2] != document:
            raise SinkError("conflict", f"the key {order['key']} stands for another order")
        return {"answer": "accepted", "receipt": self.receipt(*row)}

    def validate(self, params, call):
        return {"faults": self.faults(params["order"])}

    def cancel(self, params, call):
        with self.connect() as database:
            database.execute("UPDATE orders SET state = 'cancelled' WHERE key = ?", (params["key"]["key"],))
            row = self.row(database, params["key"]["key"])
        if row is None:
            raise SinkError("conflict", "there is no such order")
        return {"cancellation": "cancelled"}

    def shipments(self, params, call):
        database = self.connect()
        row = self.row(database, params["key"]["key"])
        if row is None:
            raise SinkError("conflict", "there is no such order")
        rows = database.execute("SELECT document FROM shipments WHERE order_id = ? ORDER BY number", (row[0],))
        told = [json.loads(document) for (document,) in rows]
        # A line is closed once nothing of it is left. Decimals, for quantities are no floats.
        left = {line["line"]: Decimal(line.get("erp", line)["quantity"]) for line in json.loads(row[2])["lines"]}
        for line in (line for shipment in told for package in shipment["packages"] for line in package["lines"]):
            left[line["line"]] -= Decimal(line["quantity"])
        closed = [line for line, quantity in left.items() if quantity <= 0]
        return {"shipments": told, "closed_lines": closed, "cancelled": row[1] == "cancelled"}

    def check(self, params, call):
        count = self.connect().execute("SELECT count(*) FROM orders").fetchone()[0]
        return {"findings": [f"the file {self.path} is open and holds {count} orders"]}

    def row(self, database, key):
        return database.execute("SELECT id, state, document FROM orders WHERE key = ?", (key,)).fetchone()

    def receipt(self, number, state, document):
        lines = json.loads(document)["lines"]
        return {
            "erp_order_number": f"{self.prefix}{number:06}",
            "state": state,
            "lines": [
                {"line": line["line"], "erp_line_number": 10 * place, "outcome": "accepted"}
                for place, line in enumerate(lines, start=1)
            ],
        }

    def faults(self, order):
        """All of them at once. What the mapping tables made of a line stands under "erp"."""
        if self.products is None:
            return []
        return [
            {"path": f"lines[{place}].product", "message": "there is no such product"}
            for place, line in enumerate(order["lines"])
            if line.get("erp", line)["product"] not in self.products
        ]


class Call:
    """One call that is under way."""

    def __init__(self, params):
        self.is_cancelled = False
        self.start_by = params.get("context", {}).get("start_by_ms")

    def check(self):
        if self.is_cancelled:
            raise SinkError("not_applied", "the call was cancelled before anything was done")
        if self.start_by is not None and time.time() * 1000 > self.start_by:
            raise SinkError("not_sent_in_time", "what the order was read for is too long ago")


class Program:
    """Speaks the protocol; everything that is particular to this sink is above."""

    methods = {"find", "create", "validate", "cancel", "shipments", "check"}

    def __init__(self):
        self.sink = None
        self.calls = {}
        self.writing = threading.Lock()
        self.workers = ThreadPoolExecutor(max_workers=16)

    def run(self):
        for line in sys.stdin.buffer:
            if not line.endswith(b"\n"):
                break  # half a line: Crossdock is gone
            try:
                message = json.loads(line)
            except ValueError:
                self.send({"id": None, "error": {"code": -32700, "message": "a line that is no JSON"}})
                continue
            method, params, identifier = message.get("method"), message.get("params", {}), message.get("id")
            if method == "$/cancel":
                if call := self.calls.get(params["id"]):
                    call.is_cancelled = True
            elif method == "initialize":
                self.answer(identifier, lambda: self.initialize(params))
            elif method == "shutdown":
                self.workers.shutdown()
                self.answer(identifier, dict)
                return
            elif identifier is not None and method is not None:
                call = self.calls[identifier] = Call(params)
                self.workers.submit(self.answer, identifier, lambda m=method, p=params, c=call: self.perform(m, p, c))
        self.workers.shutdown()

    def initialize(self, params):
        answer = {
            "contract": "1.0.0",
            "plugin": {"name": "python-example", "version": "1.0.0"},
            "settings_schema": SETTINGS_SCHEMA,
            "sandbox": SANDBOX,
        }
        settings = params.get("settings")
        # Without the settings that the schema asks for, Crossdock ends the program: it has the schema, and says all that is wrong.
        if settings is not None and isinstance(settings.get("path"), str):
            self.sink = Sink(settings)
        if settings is not None:
            answer["capabilities"] = Sink.capabilities
        return answer

    def perform(self, method, params, call):
        if self.sink is None:
            raise SinkError("misconfigured", "there was no 'initialize' with settings")
        if method not in self.methods:
            raise NotImplementedError(method)
        return getattr(self.sink, method)(params, call)

    def answer(self, identifier, work):
        try:
            self.send({"id": identifier, "result": work()})
        except SinkError as error:
            self.fail(identifier, -32000, str(error), error.code)
        except NotImplementedError as error:
            self.fail(identifier, -32601, f"there is no method '{error}'", "misconfigured")
        except sqlite3.OperationalError as error:
            # Locked, read-only, full: SQLite has rolled back. A disk that fails while it syncs may have kept the order all the same.
            code = "unknown_outcome" if "I/O" in str(error) else "unavailable"
            self.fail(identifier, -32000, f"the file can't be used: {error}", code)
        except Exception as error:
            self.fail(identifier, -32000, f"{type(error).__name__}: {error}", "unknown_outcome")
        finally:
            self.calls.pop(identifier, None)

    def fail(self, identifier, number, message, code):
        self.send({"id": identifier, "error": {"code": number, "message": message, "data": {"code": code}}})

    def send(self, message):
        line = json.dumps({"jsonrpc": "2.0", **message}, separators=(",", ":")).encode() + b"\n"
        with self.writing:
            sys.stdout.buffer.write(line)
            sys.stdout.buffer.flush()


class Tools:
    """The conformance kit's own look into the file, and its hands there: it takes nobody's word for what a sink has done."""

    def __init__(self, path):
        self.database = sqlite3.connect(f"file:{path}?mode=rw", uri=True, timeout=10)

    def orders(self, key):
        rows = self.database.execute("SELECT id, document FROM orders WHERE key = ?", (key,)).fetchall()
        members = ("quantity", "unit_price", "description")
        return [
            {
                "number": f"PY-{number:06}",
                "lines": [{m: line[m] for m in members if m in line} for line in json.loads(document)["lines"]],
            }
            for number, document in rows
        ]

    def ship(self, key, line, quantity):
        with self.database:
            (order,) = self.database.execute("SELECT id FROM orders WHERE key = ?", (key,)).fetchone()
            (count,) = self.database.execute("SELECT count(*) FROM shipments").fetchone()
            shipment = {
                "id": f"SHIPMENT-{count + 1}",
                "shipped_at": time.strftime("%Y-%m-%dT%H:%M:%SZ", time.gmtime()),
                "packages": [{"lines": [{"line": line, "quantity": quantity}]}],
            }
            self.database.execute("INSERT INTO shipments (order_id, document) VALUES (?, ?)", (order, json.dumps(shipment)))


if __name__ == "__main__":
    if len(sys.argv) > 1:
        tool, path, *words = sys.argv[1:]
        print(json.dumps(getattr(Tools(path), tool)(*words)))
    else:
        Program().run()
