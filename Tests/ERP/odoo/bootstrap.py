"""Fill a fresh Odoo database with what an order connector needs to be tested.

Run by `up` inside `odoo shell`, where `env` is the superuser's environment:
a company in Germany with EUR and 19 % and 7 % VAT, products, customers,
stock, and a user with an API key. Prints one line: DATA {json}.
"""
import json
import os
from datetime import datetime, timedelta

ref = env.ref
company = env.company
de = ref('base.de')
eur = ref('base.EUR')
eur.active = True
company.write({
    'name': "Beispiel Handel GmbH", 'street': "Lagerstr. 1", 'zip': '20357',
    'city': "Hamburg", 'country_id': de.id})
# a chart decides currency and taxes; SKR03 brings German VAT
env['account.chart.template'].try_loading('de_skr03', company=company, install_demo=False)
assert company.currency_id == eur, company.currency_id.name
Tax = env['account.tax']
taxes = {}
for rate in (19.0, 7.0):
    taxes[str(int(rate))] = Tax.search([
        ('company_id', '=', company.id), ('type_tax_use', '=', 'sale'),
        ('amount', '=', rate), ('price_include', '=', False)], order='sequence', limit=1)
    assert taxes[str(int(rate))], rate

uom = {n: env['uom.uom'].search([('name', '=', n)], limit=1)
    for n in ('Units', 'kg', 'g', 'm')}
products = {}
for code, name, type_, storable, u, price, rate, ean in [
        ('SKU-1001', "Coffee mug, blue", 'consu', True, 'Units', 8.395, '19', '4006381333931'),
        ('SKU-1002', "Notebook A5", 'consu', True, 'Units', 2.5126, '19', '4011200296908'),
        ('SKU-1003', "Espresso beans", 'consu', True, 'kg', 18.6822, '7', '4012345123456'),
        ('SKU-1004', "Cotton ribbon", 'consu', True, 'm', 0.8319, '19', False),
        ('SHIPPING', "Shipping and handling", 'service', False, 'Units', 4.1176, '19', False),
        ('DISCOUNT', "Order discount", 'service', False, 'Units', 0.0, '19', False)]:
    products[code] = env['product.product'].create({
        'name': name, 'default_code': code, 'type': type_,
        'is_storable': storable, 'uom_id': uom[u].id, 'list_price': price,
        'taxes_id': [(6, 0, taxes[rate].ids)], 'barcode': ean})

warehouse = env['stock.warehouse'].search([('company_id', '=', company.id)], limit=1)
for code in ('SKU-1001', 'SKU-1002', 'SKU-1003', 'SKU-1004'):
    env['stock.quant']._update_available_quantity(
        products[code], warehouse.lot_stock_id, 1_000_000.0)

Partner = env['res.partner']
customer = Partner.create({
    'name': "Muster Einkauf AG", 'is_company': True, 'street': "Ringstr. 12",
    'zip': '10115', 'city': "Berlin", 'country_id': de.id, 'ref': 'CUST-1',
    'vat': 'DE136695976'})
delivery = Partner.create({
    'name': "Lager Nord", 'type': 'delivery', 'parent_id': customer.id,
    'street': "Hafen 3", 'zip': '20457', 'city': "Hamburg", 'country_id': de.id})

user = env['res.users'].create({
    'name': "Order connector", 'login': os.environ['ODOO_LOGIN'],
    'password': os.environ['ODOO_PASSWORD'], 'tz': 'Europe/Berlin',
    'group_ids': [(4, ref(g).id) for g in (
        'base.group_user', 'base.group_partner_manager',
        'sales_team.group_sale_salesman_all_leads', 'stock.group_stock_user')]})
key = env['res.users.apikeys'].with_user(user)._generate(
    'rpc', 'connector', datetime.now() + timedelta(days=30))
env.cr.commit()
print('DATA ' + json.dumps({
    'company': company.id, 'user_id': user.id, 'api_key': key,
    'taxes': {k: v.id for k, v in taxes.items()},
    'products': {k: v.id for k, v in products.items()},
    'units': {k: v.id for k, v in uom.items()},
    'customers': {'Muster Einkauf AG': customer.id, 'Lager Nord': delivery.id},
    'warehouse': warehouse.id, 'tax_rounding': company.tax_calculation_rounding_method}, sort_keys=True))
env.ref('base.user_admin').password = os.environ['ODOO_PASSWORD']
env.cr.commit()
