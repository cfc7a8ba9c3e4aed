#!/usr/bin/env python3
"""Play the warehouse in an Odoo started by `up` (standard library only).

    ship.py CONNECTION_JSON KEY [--qty SEQUENCE=QUANTITY ...] [--tracking NUMBER]

Validates the oldest open delivery of the sale order with that key. --qty gives the quantity to ship for the order line with that
sequence, in the unit of the STOCK MOVE (the product's own unit, which is not
always the order line's); a back-order is made for what is left.
"""
import argparse
import json
import urllib.error
import urllib.request


class Odoo:
    def __init__(self, connection):
        self.connection = connection

    def call(self, model, method, **parameters):
        c = self.connection
        request = urllib.request.Request(
            f'{c["url"]}/json/2/{model}/{method}', json.dumps(parameters).encode(), {
                'Content-Type': 'application/json',
                'Authorization': 'bearer ' + c['data']['api_key']})
        try:
            with urllib.request.urlopen(request) as response:
                return json.load(response)
        except urllib.error.HTTPError as e:
            raise SystemExit(f'{e.code} {json.load(e).get("message")}')


def main():
    ap = argparse.ArgumentParser()
    ap.add_argument('connection')
    ap.add_argument('key')
    ap.add_argument('--qty', action='append', default=[])
    ap.add_argument('--tracking')
    args = ap.parse_args()
    with open(args.connection) as fp:
        c = json.load(fp)

    call = Odoo(c).call

    orders = call('sale.order', 'search_read',
        domain=[['origin', '=', args.key]],
        fields=['name', 'order_line'])
    if len(orders) != 1:
        raise SystemExit(f'{len(orders)} orders with that key')
    order, = orders
    pickings = call('stock.picking', 'search_read',
        domain=[['sale_id', '=', order['id']],
            ['picking_type_code', '=', 'outgoing'],
            ['state', 'not in', ['done', 'cancel']]],
        fields=['name', 'state', 'move_ids'], order='id', limit=1)
    if not pickings:
        raise SystemExit('no open delivery')
    picking, = pickings
    sequences = {line['id']: str(line['sequence'])
        for line in call('sale.order.line', 'read',
            ids=order['order_line'], fields=['sequence'])}
    wanted = dict(q.split('=', 1) for q in args.qty)
    for move in call('stock.move', 'read', ids=picking['move_ids'],
            fields=['sale_line_id', 'product_uom_qty']):
        quantity = float(wanted.get(
                sequences[move['sale_line_id'][0]], move['product_uom_qty']))
        call('stock.move', 'write', ids=[move['id']],
            vals={'quantity': quantity, 'picked': quantity > 0})
    if args.tracking:
        call('stock.picking', 'write', ids=[picking['id']],
            vals={'carrier_tracking_ref': args.tracking})
    call('stock.picking', 'button_validate', ids=[picking['id']],
        context={'skip_backorder': True})
    result, = call('stock.picking', 'read', ids=[picking['id']],
        fields=['name', 'state', 'date_done', 'carrier_tracking_ref'])
    result['moves'] = call('stock.move', 'search_read',
        domain=[['picking_id', '=', picking['id']]],
        fields=['sale_line_id', 'product_id', 'quantity', 'product_uom',
            'state'])
    result['order'], = call('sale.order', 'read', ids=[order['id']],
        fields=['name', 'state', 'delivery_status', 'picking_ids'])
    print(json.dumps(result, indent=1, sort_keys=True))


if __name__ == '__main__':
    main()
