"""Fill a fresh Tryton database with what an order connector needs to be tested.

Run by `up` inside the virtual environment, before the server starts:
    bootstrap.py --config trytond.conf --database erp --output erp.json
Everything goes through proteus with trytond loaded in-process (no HTTP).
"""
import argparse
import datetime as dt
import json
from decimal import Decimal

from proteus import Model, Wizard, config


def main():
    ap = argparse.ArgumentParser()
    ap.add_argument('--config', required=True)
    ap.add_argument('--database', required=True)
    ap.add_argument('--login', default='connector')
    ap.add_argument('--password', default='connector-secret')
    ap.add_argument('--timezone', default='Europe/Berlin')
    ap.add_argument('--output', required=True)
    args = ap.parse_args()

    cfg = config.set_trytond(
        args.database, user='admin', config_file=args.config)
    get = Model.get
    ref = get('ir.model.data').get_id

    # -- countries and currency (no network: only the few that tests use) ----
    countries = {}
    for code, code3, name in [
            ('DE', 'DEU', "Germany"), ('AT', 'AUT', "Austria"),
            ('CH', 'CHE', "Switzerland"), ('FR', 'FRA', "France"),
            ('NL', 'NLD', "Netherlands"), ('US', 'USA', "United States")]:
        country = get('country.country')(name=name, code=code, code3=code3)
        country.save()
        countries[code] = country

    Currency = get('currency.currency')
    currencies = {}
    for name, code, symbol, num, rate in [
            ("Euro", 'EUR', "€", '978', '1'),
            ("Swiss Franc", 'CHF', "CHF", '756', '0.95'),
            ("Yen", 'JPY', "¥", '392', '160')]:
        c = Currency(
            name=name, code=code, symbol=symbol, numeric_code=num)
        if code == 'JPY':
            c.digits = 0
            c.rounding = Decimal('1')
        else:
            c.digits = 2
            c.rounding = Decimal('0.01')
        c.rates.new(date=dt.date(2020, 1, 1), rate=Decimal(rate))
        c.save()
        currencies[code] = c

    # -- company -------------------------------------------------------------
    Party = get('party.party')
    party = Party(name="Beispiel Handel GmbH")
    address, = party.addresses or [party.addresses.new()]
    address.street_unstructured = "Lagerstr. 1"
    address.postal_code, address.city = '20357', "Hamburg"
    address.country = countries['DE']
    party.save()
    wiz = Wizard('company.company.config')
    wiz.execute('company')
    wiz.form.party = party
    wiz.form.currency = currencies['EUR']
    wiz.form.timezone = args.timezone
    wiz.execute('add')
    cfg._context = get('res.user').get_preferences(True, {})
    company, = get('company.company').find()

    # -- chart of accounts, fiscal years, payment term ------------------------
    chart = Wizard('account.create_chart')
    chart.execute('account')
    chart.form.account_template = get('account.account.template')(
        ref('account.account_template_root_en', cfg.context))
    chart.form.company = company
    chart.execute('create_account')
    Account = get('account.account')

    def account(kind):
        return Account.find([
                ('type.%s' % kind, '=', True), ('closed', '!=', True)],
            limit=1)[0]
    chart.form.account_receivable = account('receivable')
    chart.form.account_payable = account('payable')
    chart.form.category_account_expense = account('expense')
    chart.form.category_account_revenue = account('revenue')
    chart.execute('create_properties')

    SequenceStrict = get('ir.sequence.strict')
    SequenceType = get('ir.sequence.type')

    def sequence(type_name, name):
        type_, = SequenceType.find([('name', '=', type_name)])
        seq = SequenceStrict(name=name, sequence_type=type_, company=company)
        seq.save()
        return seq
    this_year = dt.date.today().year
    for year in [this_year, this_year + 1]:
        fy = get('account.fiscalyear')(
            name=str(year), company=company,
            start_date=dt.date(year, 1, 1), end_date=dt.date(year, 12, 31))
        fy.move_sequence = sequence("Account Move", "Moves %s" % year)
        inv = sequence("Invoice", "Invoices %s" % year)
        seq, = fy.invoice_sequences
        seq.out_invoice_sequence = seq.in_invoice_sequence = inv
        seq.out_credit_note_sequence = seq.in_credit_note_sequence = inv
        fy.save()
        fy.click('create_period')

    term = get('account.invoice.payment_term')(name="14 days net")
    line = term.lines.new(type='remainder')
    line.relativedeltas.new(days=14)
    term.save()

    # -- taxes ----------------------------------------------------------------
    tax_account = Account.find([('name', 'ilike', '%tax%')], limit=1)
    tax_account = tax_account[0] if tax_account else account('payable')
    taxes = {}
    for name, rate in [("VAT 19%", '0.19'), ("VAT 7%", '0.07')]:
        tax = get('account.tax')(
            name=name, description=name, type='percentage',
            rate=Decimal(rate), company=company,
            invoice_account=tax_account, credit_note_account=tax_account)
        tax.save()
        taxes[rate] = tax

    Category = get('product.category')
    categories = {}
    for name, rate in [("Standard rate", '0.19'), ("Reduced rate", '0.07')]:
        cat = Category(name=name, accounting=True)
        cat.account_revenue = account('revenue')
        cat.account_expense = account('expense')
        cat.customer_taxes.append(get('account.tax')(taxes[rate].id))
        cat.save()
        categories[rate] = cat

    # -- products -------------------------------------------------------------
    Uom = get('product.uom')
    uoms = {n: Uom.find([('name', '=', n)])[0]
        for n in ["Unit", "Kilogram", "Gram", "Meter"]}
    Template = get('product.template')
    products = {}
    for code, name, type_, uom, price, rate, gtin in [
            ('SKU-1001', "Coffee mug, blue", 'goods', "Unit",
                '8.3950', '0.19', '4006381333931'),
            ('SKU-1002', "Notebook A5", 'goods', "Unit",
                '2.5126', '0.19', '4011200296908'),
            ('SKU-1003', "Espresso beans", 'goods', "Kilogram",
                '18.6822', '0.07', '4012345123456'),
            ('SKU-1004', "Cotton ribbon", 'goods', "Meter",
                '0.8319', '0.19', None),
            ('SHIPPING', "Shipping and handling", 'service', "Unit",
                '4.1176', '0.19', None),
            ('DISCOUNT', "Order discount", 'service', "Unit",
                '0', '0.19', None),
            ]:
        t = Template(name=name, type=type_)
        t.code = code
        t.default_uom = uoms[uom]
        t.list_price = Decimal(price)
        t.salable = True
        t.account_category = categories[rate]
        p, = t.products
        p.cost_price = Decimal('1')
        if gtin:
            p.identifiers.new(type='ean', code=gtin)
        t.save()
        p, = t.products
        products[code] = p

    # -- customers ------------------------------------------------------------
    customers = {}
    for name, street, zip_, city, country, vat in [
            ("Muster Einkauf AG", "Ringstr. 12", '10115', "Berlin", 'DE',
                'DE136695976'),
            ("Webshop guest", None, None, None, None, None),
            ]:
        p = Party(name=name)
        a, = p.addresses or [p.addresses.new()]
        if street:
            a.street_unstructured = street
            a.postal_code, a.city = zip_, city
            a.country = countries[country]
        a.invoice = a.delivery = True
        if vat:
            p.identifiers.new(type='eu_vat', code=vat)
        p.customer_payment_term = term
        p.save()
        customers[name] = p

    # -- stock on hand --------------------------------------------------------
    Location = get('stock.location')
    warehouse, = Location.find([('type', '=', 'warehouse')])
    storage, = Location.find([('code', '=', 'STO')])
    inventory = get('stock.inventory')(location=storage)
    for code in ['SKU-1001', 'SKU-1002', 'SKU-1003', 'SKU-1004']:
        l = inventory.lines.new(product=products[code])
        l.quantity = 1_000_000.0
    inventory.save()
    inventory.click('confirm')

    # -- web shop: gives the (web_shop, web_id) unique constraint on sales ----
    shop = get('web.shop')(
        name="shop-eu", company=company, currency=currencies['EUR'])
    shop.warehouses.append(Location(warehouse.id))
    shop.guest_party = customers["Webshop guest"]
    shop.save()

    # -- package type (packages carry tracking numbers for a despatch advice) -
    PackageType = get('stock.package.type')
    package_type = PackageType(name="Parcel")
    package_type.save()

    # -- integration user -----------------------------------------------------
    User, Group = get('res.user'), get('res.group')
    user = User(name="Order connector", login=args.login)
    user.password = args.password
    user.email = 'connector@example.invalid'
    for fs_id in ['sale.group_sale', 'stock.group_stock',
            'stock.group_stock_force_assignment', 'party.group_party_admin']:
        user.groups.append(Group(ref(fs_id, cfg.context)))
    user.companies.append(get('company.company')(company.id))
    user.company = company
    user.save()

    with open(args.output, 'w') as fp:
        json.dump({
                'company': company.id,
                'currencies': {k: v.id for k, v in currencies.items()},
                'countries': {k: v.id for k, v in countries.items()},
                'payment_term': term.id,
                'taxes': {k: v.id for k, v in taxes.items()},
                'products': {k: v.id for k, v in products.items()},
                'units': {k: v.id for k, v in uoms.items()},
                'customers': {k: v.id for k, v in customers.items()},
                'warehouse': warehouse.id,
                'web_shop': shop.id,
                'package_type': package_type.id,
                'login': args.login,
                'password': args.password,
                }, fp, indent=1, sort_keys=True)
        fp.write('\n')


if __name__ == '__main__':
    main()
