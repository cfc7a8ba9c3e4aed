#!/usr/bin/env python3
"""Play the warehouse in a Tryton started by `up` (standard library only).

    ship.py CONNECTION_JSON WEB_ID [--qty SEQUENCE=QUANTITY ...]
            [--tracking NUMBER] [--until waiting|assigned|picked|packed|shipped|done]

Takes the oldest open customer shipment of the sale with that web_id, ships it
(only QUANTITY of the order line with that sequence when --qty is given; what is
left goes to a new shipment, as in real life) and prints what happened as JSON:
what an order connector should be able to find out on its own.
"""
import argparse
import base64
import json
import urllib.request

STATES = ['waiting', 'assigned', 'picked', 'packed', 'shipped', 'done']


class Tryton:
    def __init__(self, connection):
        self.url, self.auth, self.id = connection['rpc'], None, 0
        user, password = connection['login'], connection['password']
        user_id, token, _ = self.call(
            'common.db.login', user, {'password': password})
        self.auth = 'Session ' + base64.b64encode(
            f'{user}:{user_id}:{token}'.encode()).decode()

    def call(self, method, *params):
        self.id += 1
        headers = {'Content-Type': 'application/json'}
        if self.auth:
            headers['Authorization'] = self.auth
        body = json.dumps({'id': self.id, 'method': method, 'params': params})
        with urllib.request.urlopen(urllib.request.Request(
                    self.url, body.encode(), headers)) as response:
            # urllib asks for no encoding; trytond 8.2 labels long plain
            # answers "gzip" all the same, so look at the bytes instead
            raw = response.read()
        if raw[:2] == b'\x1f\x8b':
            import gzip
            raw = gzip.decompress(raw)
        answer = json.loads(raw)
        if 'error' in answer:
            raise Error(answer['error'])
        return answer['result']


class Error(Exception):
    pass


def main():
    ap = argparse.ArgumentParser()
    ap.add_argument('connection')
    ap.add_argument('web_id')
    ap.add_argument('--qty', action='append', default=[])
    ap.add_argument('--tracking')
    ap.add_argument('--until', choices=STATES, default='done')
    args = ap.parse_args()
    with open(args.connection) as fp:
        connection = json.load(fp)
    t = Tryton(connection)
    ctx = {'company': connection['data']['company'], 'language': 'en'}

    def press(model, button, ids):
        for _ in range(5):
            try:
                return t.call(f'model.{model}.{button}', ids, ctx)
            except Error as e:
                # ["UserWarning", [name, message, description]]: confirm, retry
                if e.args[0][0] != 'UserWarning':
                    raise
                t.call('model.res.user.warning.skip',
                    e.args[0][1][0], False, ctx)
        raise SystemExit('too many warnings')

    sales = t.call('model.sale.sale.search_read',
        [['web_shop', '=', connection['data']['web_shop']],
            ['web_id', '=', args.web_id]], 0, 2, None,
        ['number', 'state', 'shipments', 'lines'], ctx)
    if len(sales) != 1:
        raise SystemExit(f'{len(sales)} sales with web_id {args.web_id}')
    sale, = sales
    shipments = t.call('model.stock.shipment.out.search_read',
        [['id', 'in', sale['shipments']], ['state', 'in', STATES[:-1]]],
        0, 1, [['id', 'ASC']],
        ['state', 'inventory_moves', 'outgoing_moves'], ctx)
    if not shipments:
        raise SystemExit(f'no open shipment (sale is {sale["state"]})')
    shipment, = shipments
    ids = [shipment['id']]

    wanted = dict(q.split('=', 1) for q in args.qty)
    if wanted:
        sequences = {f'sale.line,{l["id"]}': str(l['sequence'])
            for l in t.call('model.sale.line.read',
                sale['lines'], ['sequence'], ctx)}
        outgoing = {f'stock.move,{m["id"]}': sequences.get(m['origin'])
            for m in t.call('model.stock.move.read',
                shipment['outgoing_moves'], ['origin'], ctx)}
        drop = []
        for move in t.call('model.stock.move.read',
                shipment['inventory_moves'], ['origin'], ctx):
            quantity = wanted.get(outgoing.get(move['origin']))
            if quantity is None:
                continue
            if float(quantity) == 0:
                drop.append(move['id'])
            else:
                t.call('model.stock.move.write',
                    [move['id']], {'quantity': float(quantity)}, ctx)
        if drop:
            t.call('model.stock.move.delete', drop, ctx)

    def reached(state):
        return STATES.index(
            t.call('model.stock.shipment.out.read', ids, ['state'], ctx)[0][
                'state']) >= STATES.index(state)

    for button, state in [('assign_force', 'assigned'), ('pick', 'picked'),
            (None, None), ('pack', 'packed'), ('ship', 'shipped'),
            ('do', 'done')]:
        if button is None:
            if args.tracking:
                package, = t.call('model.stock.package.create', [{
                            'type': connection['data']['package_type'],
                            'company': connection['data']['company'],
                            'shipment': f'stock.shipment.out,{ids[0]}',
                            }], ctx)
                moves = t.call('model.stock.shipment.out.read',
                    ids, ['outgoing_moves'], ctx)[0]['outgoing_moves']
                t.call('model.stock.move.write',
                    moves, {'package': package}, ctx)
                t.call('model.stock.package.write', [package],
                    {'shipping_reference': args.tracking}, ctx)
            continue
        if STATES.index(state) > STATES.index(args.until):
            break
        if not reached(state):
            press('stock.shipment.out', button, ids)

    shipment, = t.call('model.stock.shipment.out.read', ids,
        ['number', 'state', 'effective_date', 'outgoing_moves'], ctx)
    shipment['moves'] = t.call('model.stock.move.read',
        shipment.pop('outgoing_moves'),
        ['origin', 'product.code', 'quantity', 'unit.symbol', 'state',
            'package.number', 'package.shipping_reference'], ctx)
    shipment['sale'] = t.call('model.sale.sale.read', [sale['id']],
        ['number', 'state', 'shipment_state', 'shipments'], ctx)[0]
    print(json.dumps(shipment, indent=1, sort_keys=True))


if __name__ == '__main__':
    main()
