/// What the simulated wholesaler sells.
package enum Catalogue {
    package struct Product: Sendable {
        package let number: Int
        package let unit: String
        package let description: String
        /// Per sales unit, excluding tax, in hundredths of a cent.
        let price: Int

        /// Four decimals.
        package var priceText: String { "\(price / 10_000).\(NaiveDateTime.padded(price % 10_000, 4))" }

        /// The product's key in the shop, e.g. `124_STUK`.
        package var key: String { "\(number)_\(unit)" }
    }

    /// The origin of every product's key.
    package static let origin = "myorigin"

    /// Keys of products that are services, by their meaning.
    package static let serviceKeys = ["VERZEND_STUK", "TOESLAG_STUK", "KORTING_STUK"]

    package static let products: [Product] = [
        ("STUK", "Koffiebonen Espresso 1 kg", 124_900), ("KG", "Jonge kaas 48+", 87_250),
        ("DOOS", "Koffiebekers 180 cc 2500 st", 489_000),
        ("KG", "Amandelschaafsel", 134_990), ("STUK", "Theeglas 250 ml", 18_500), ("DOOS", "Suikersticks 1000 st", 115_000),
        ("STUK", "Afwasmiddel 1 l", 21_750), ("DOOS", "Papieren servetten wit 2400 st", 274_500),
        ("STUK", "Vaatdoek blauw 10 st", 32_950),
        ("KG", "Roomboter ongezouten", 92_400), ("STUK", "Frituurolie 10 l", 238_000), ("DOOS", "Handdoekrol 6 st", 196_500),
        ("STUK", "Allesreiniger 5 l", 94_990), ("KG", "Gemengde noten gebrand", 112_750), ("STUK", "Mosterd 1 l", 24_250),
        ("DOOS", "Toiletpapier 2-laags 48 rol", 219_900), ("STUK", "Mayonaise emmer 10 l", 314_500),
        ("KG", "Rozijnen sultana", 41_800),
        ("STUK", "Pizzadoos 32 cm", 3125), ("DOOS", "Vershoudfolie 45 cm 300 m", 88_600), ("STUK", "Koksmes 20 cm", 349_500),
        ("KG", "Chocoladecallets puur 54%", 109_900), ("STUK", "Snijplank groen 50x30", 164_500),
        ("DOOS", "Handschoenen nitril M 100 st", 72_250),
        ("STUK", "Bloem patent 10 kg", 98_750), ("KG", "Gerookte zalm zijde", 289_500),
        ("STUK", "Olijfolie extra vierge 5 l", 426_000),
        ("DOOS", "Frisdrank cola 24 x 33 cl", 152_400), ("STUK", "Vuilniszak 120 l 20 st", 58_990),
        ("KG", "Kipfilet halal", 78_350),
        ("STUK", "Zeeppomp 500 ml", 42_150), ("DOOS", "Bierglas 25 cl 48 st", 598_000), ("STUK", "Rookworst 375 g", 31_490),
        ("KG", "Pistachenoten in dop", 168_900), ("STUK", "Stroopwafels 10 st", 15_990),
        ("DOOS", "Wijnglas 35 cl 24 st", 447_750),
        ("STUK", "Thermoskan 1,9 l", 389_000), ("KG", "Biologische linzen", 36_450), ("STUK", "Serveerblad rond 40 cm", 127_500),
        ("DOOS", "Lunchbox bamboe 300 st", 655_900),
    ].enumerated().map { index, row in Product(number: 120 + index, unit: row.0, description: row.1, price: row.2) }
}
