#!/usr/bin/env python3
"""What a sandbox's tools do in a Tryton started by `up`: see `crossdock sink check`.

    look.py CONNECTION_JSON orders KEY                    prints the sales with that web_id
    look.py CONNECTION_JSON ship KEY LINE QUANTITY        sends so much of that line out, and nothing else
"""
import json
import pathlib
import subprocess
import sys

from ship import Tryton

connection_path, tool, key = sys.argv[1:4]
with open(connection_path) as fp:
    connection = json.load(fp)
context = {'company': connection['data']['company'], 'language': 'en'}
tryton = Tryton(connection)


def read(model, domain, fields):
    return tryton.call(f'model.{model}.search_read', domain, 0, None, [['id', 'ASC']], fields, context)


sales = read(
    'sale.sale', [['web_shop', '=', connection['data']['web_shop']], ['web_id', '=', key]], ['number'])
lines = {
    sale['id']: read('sale.line', [['sale', '=', sale['id']], ['type', '=', 'line']],
        ['sequence', 'quantity', 'unit_price', 'note'])
    for sale in sales}
if tool == 'orders':
    print(json.dumps([{
        'number': sale['number'] or f'id:{sale["id"]}',
        'lines': [{'quantity': repr(line['quantity']), 'unit_price': line['unit_price']['decimal']}
            for line in lines[sale['id']]],
        } for sale in sales]))
else:
    mark, quantity = sys.argv[4:6]
    sale, = sales
    wanted = []
    for line in lines[sale['id']]:
        is_meant = (line['note'] or '') == f'crossdock {mark}'
        wanted += ['--qty', f'{line["sequence"]}={quantity if is_meant else 0}']
    ship = pathlib.Path(__file__).with_name('ship.py')
    subprocess.run([sys.executable, ship, connection_path, key, *wanted], check=True, stdout=subprocess.DEVNULL)
