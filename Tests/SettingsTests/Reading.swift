import Orders
import Settings
import Testing

/// A configuration without a fault, a line an element, so that a test can replace one and knows its number.
let goodLines = [
    "ledger: data/ledger.db",  // 1
    "shops:",  // 2
    "  demo:",  // 3
    "    base_url: https://shop.example",  // 4
    "    auth:",  // 5
    "      type: oauth2",  // 6
    "      token_url: https://login.example/token",  // 7
    "      client_id: crossdock",  // 8
    "      client_secret: ${SHOP_SECRET}",  // 9
    "    zone: Europe/Amsterdam",  // 10
    "    page_limit: 100",  // 11
    "sinks:",  // 12
    "  erp:",  // 13
    "    type: sqlite",  // 14
    "    path: erp.db",  // 15
    "  remote:",  // 16
    "    type: rest",  // 17
    "    base_url: http://127.0.0.1:8099",  // 18
    "    class: look_up",  // 19
    "    latest_effect: 90s",  // 20
    "flows:",  // 21
    "  main:",  // 22
    "    shop: demo",  // 23
    "    sink: erp",  // 24
    "    webshop: 1",  // 25
    "    since: 2026-01-31",  // 26
    "    settle: 5m",  // 27
    "    close: done",  // 28
]

/// The good configuration with lines replaced, from 1; an empty replacement takes the line out but not its number.
func yaml(replacing replacements: [Int: String] = [:]) -> String {
    goodLines.enumerated().map { replacements[$0.offset + 1] ?? $0.element }.joined(separator: "\n") + "\n"
}

let testSecrets = SecretSource(environment: ["SHOP_SECRET": "s3cret", "EMPTY": "", "PORT": "x7!"]) { path in
    ["key.txt": "from a file\n", "windows.txt": "from a file\r\n", "two.txt": "two\n\n"][path]
}

func read(_ yaml: String, folder: String = "/etc/crossdock") throws(SettingsFaults) -> Configuration {
    try ConfigurationReader.read(yaml, file: "crossdock.yml", folder: folder, secrets: testSecrets)
}

/// What is wrong with it, a text a fault.
func faults(_ yaml: String) -> [SettingsFault] {
    do {
        _ = try read(yaml)
        return []
    } catch { return error.faults }
}
