#!/usr/bin/env python3
"""Call a method of a model in an Odoo started by `up`, and print its result as JSON.

    call.py CONNECTION_JSON sale.order action_cancel '{"ids": [1]}'
"""
import json
import sys

from ship import Odoo

with open(sys.argv[1]) as fp:
    connection = json.load(fp)
print(json.dumps(Odoo(connection).call(sys.argv[2], sys.argv[3], **json.loads(sys.argv[4]))))
