#!/usr/bin/env python3
"""Call a method of a model in a Tryton started by `up`, and print its result as JSON.

    call.py CONNECTION_JSON sale.sale.cancel '[[1]]'

The parameters go without the context, which is added.
"""
import json
import sys

from ship import Tryton

with open(sys.argv[1]) as fp:
    connection = json.load(fp)
context = {'company': connection['data']['company'], 'language': 'en'}
print(json.dumps(Tryton(connection).call(f'model.{sys.argv[2]}', *json.loads(sys.argv[3]), context)))
