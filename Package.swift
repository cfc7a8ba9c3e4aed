// swift-tools-version: 6.3
import PackageDescription

let package = Package(
    name: "crossdock-connector",
    products: [
        .executable(name: "crossdock", targets: ["crossdock"]),
        .library(name: "Orders", targets: ["Orders"]),
        .library(name: "SinkKit", targets: ["SinkKit"]),
        .library(name: "SinkTesting", targets: ["SinkTesting"]),
    ],
    dependencies: [
        // What each one costs a cold debug build on two cores stands behind it.
        .package(url: "https://github.com/apple/swift-log", from: "1.16.0"),  // 13 s
        .package(url: "https://github.com/apple/swift-argument-parser", from: "1.8.0"),  // 20 s
        .package(url: "https://github.com/jpsim/Yams", from: "6.2.0"),  // 23 s
        .package(url: "https://github.com/groue/GRDB.swift", from: "7.10.0"),  // 36 s
        .package(url: "https://github.com/hummingbird-project/hummingbird", from: "2.28.0"),  // 155 s
        // Parts of what hummingbird brings along; they cost nothing more.
        .package(url: "https://github.com/apple/swift-nio", from: "2.101.0"),
        .package(url: "https://github.com/apple/swift-nio-extras", from: "1.30.0"),
        .package(url: "https://github.com/apple/swift-http-types", from: "1.8.0"),
    ],
    targets: [
        // Ground: the system's C libraries.
        .systemLibrary(
            name: "CCurl", pkgConfig: "libcurl", providers: [.apt(["libcurl4-openssl-dev"])]),
        .systemLibrary(
            name: "CCrypto", pkgConfig: "libcrypto", providers: [.apt(["libssl-dev"])]),
        // Its headers only: XMLKit loads the library when a document is first looked at.
        .systemLibrary(
            name: "CLibXML2", pkgConfig: Context.packageDirectory + "/Sources/CLibXML2/headers.pc",
            providers: [.apt(["libxml2-dev"])]),
        .systemLibrary(name: "CMalloc"),
        .systemLibrary(name: "CSpawn"),
        // Tools.
        .target(name: "Transport", dependencies: ["CCurl", .product(name: "Logging", package: "swift-log")]),
        .target(name: "SQLiteStore", dependencies: [.product(name: "GRDB", package: "GRDB.swift")]),
        .target(name: "XMLKit", dependencies: ["CLibXML2"]),
        // Contracts and decisions.
        .target(name: "Orders"),
        .target(name: "SinkKit", dependencies: ["Orders"]),
        .target(name: "Mapping", dependencies: ["Orders", "SinkKit"]),
        .target(name: "SinkTesting", dependencies: ["Orders", "SinkKit"]),
        .target(name: "Documents", dependencies: ["Orders", "XMLKit"]),
        .target(name: "OrderFlow", dependencies: ["CCrypto", "Orders", "SinkKit"]),
        .target(name: "Ledger", dependencies: ["Orders", "OrderFlow", "SinkKit"]),
        .target(name: "Settings", dependencies: ["Documents", "Mapping", "OrderFlow", "Orders", "SinkKit", "Yams"]),
        // What the adapters share that post documents.
        .target(name: "Posting", dependencies: ["Documents", "OrderFlow", "Transport"]),
        // Adapters, side by side.
        .target(
            name: "LedgerSQLite",
            dependencies: [
                "Ledger", "OrderFlow", "Orders", "SQLiteStore", "SinkKit", "Transport",
                .product(name: "GRDB", package: "GRDB.swift"),
            ]),
        .target(
            name: "CloudSuite",
            dependencies: ["Documents", "Mapping", "Orders", "OrderFlow", "Posting", "SinkKit", "Transport"]),
        .target(name: "Delivery", dependencies: ["Documents", "OrderFlow", "Posting", "Transport"]),
        .target(
            name: "Sinks",
            dependencies: [
                "Documents", "Orders", "Posting", "SQLiteStore", "Settings", "SinkKit", "Transport",
                .product(name: "GRDB", package: "GRDB.swift"),
            ]),
        .target(
            name: "PluginHost", dependencies: ["CSpawn", "Orders", "SinkKit", .product(name: "Logging", package: "swift-log")]),
        .target(
            name: "Simulators",
            dependencies: [
                "Documents", "Orders",
                .product(name: "HummingbirdCore", package: "hummingbird"),
                .product(name: "HTTPTypes", package: "swift-http-types"),
                .product(name: "Logging", package: "swift-log"),
                .product(name: "NIOCore", package: "swift-nio"),
                .product(name: "NIOPosix", package: "swift-nio"),
            ]),
        .target(
            name: "WebServer",
            dependencies: [
                "CCrypto", "OrderFlow", "Orders",
                .product(name: "HummingbirdCore", package: "hummingbird"),
                .product(name: "HTTPTypes", package: "swift-http-types"),
                .product(name: "Logging", package: "swift-log"),
                .product(name: "NIOCore", package: "swift-nio"),
                .product(name: "NIOHTTPTypes", package: "swift-nio-extras"),
                .product(name: "NIOPosix", package: "swift-nio"),
            ]),
        // The shell and the top.
        .target(
            name: "Engine",
            dependencies: [
                "CloudSuite", "Documents", "Ledger", "Mapping", "OrderFlow", "Orders", "SinkKit", "Transport",
                .product(name: "Logging", package: "swift-log"),
            ]),
        .target(
            name: "Commands",
            dependencies: [
                "CloudSuite", "Delivery", "Documents", "Engine", "Ledger", "LedgerSQLite", "Mapping", "OrderFlow", "Orders",
                "PluginHost", "Posting",
                "Settings", "Simulators", "SinkKit", "SinkTesting", "Sinks", "Transport", "WebServer", "XMLKit",
                .product(name: "ArgumentParser", package: "swift-argument-parser"),
                .product(name: "GRDB", package: "GRDB.swift"), .product(name: "Logging", package: "swift-log"),
            ]),
        .target(
            name: "Simulation",
            dependencies: [
                "CloudSuite", "Documents", "Engine", "Ledger", "LedgerSQLite", "Mapping", "OrderFlow", "Orders", "Settings",
                "Simulators",
                "SinkKit", "Sinks", "Transport", .product(name: "Logging", package: "swift-log"),
            ]),
        .executableTarget(name: "crossdock-simulate", dependencies: ["Simulation"]),
        .executableTarget(name: "crossdock", dependencies: ["CMalloc", "Commands"]),
        // The example of a plugin in Swift.
        .executableTarget(name: "crossdock-example-sink", dependencies: ["Orders", "SinkKit"], path: "Fixtures/plugins/swift"),
        .executableTarget(
            name: "crossdock-bench",
            dependencies: [
                "Orders", "PluginHost", "Simulators", "SinkKit", "Transport", .product(name: "Logging", package: "swift-log"),
            ]),
        .target(
            name: "FuzzTargets",
            dependencies: [
                "CloudSuite", "Documents", "OrderFlow", "Orders", "Settings", "SinkKit", "Sinks", "Transport", "XMLKit",
            ]),
        .executableTarget(name: "crossdock-fuzz", dependencies: ["FuzzTargets", "TestSupport", "Transport"]),
        .target(
            name: "PowerLoss",
            dependencies: [
                "Ledger", "LedgerSQLite", "OrderFlow", "Orders", "Simulation", "Simulators", "SinkKit",
                .product(name: "GRDBSQLite", package: "GRDB.swift"),
            ]),
        .target(name: "ChaosHarness", dependencies: ["Orders", "Simulators", "TestSupport"]),
        // Run by the harness only: kills a program at its n-th system call of a kind.
        .executableTarget(name: "crossdock-strike"),
        .executableTarget(
            name: "crossdock-chaos",
            dependencies: ["ChaosHarness", "PowerLoss", .product(name: "ArgumentParser", package: "swift-argument-parser")]),
        // Tests.
        .target(name: "TestSupport", dependencies: ["CSpawn", "Transport"], path: "Tests/Support"),
        .testTarget(name: "TransportTests", dependencies: ["TestSupport", "Transport"]),
        .testTarget(name: "XMLKitTests", dependencies: ["TestSupport", "XMLKit"]),
        .testTarget(name: "DocumentsTests", dependencies: ["Documents", "Orders", "TestSupport", "XMLKit"]),
        .testTarget(
            name: "DeliveryTests",
            dependencies: ["Delivery", "Documents", "OrderFlow", "Orders", "Posting", "Simulators", "TestSupport", "Transport"]),
        .testTarget(name: "SimulatorsTests", dependencies: ["Documents", "Orders", "Simulators"]),
        .testTarget(name: "OrdersTests", dependencies: ["Orders", "TestSupport"]),
        .testTarget(name: "SinkKitTests", dependencies: ["Orders", "SinkKit", "TestSupport"]),
        .testTarget(
            name: "PluginHostTests",
            dependencies: [
                "Orders", "PluginHost", "SinkKit", "TestSupport", "crossdock-example-sink",
                .product(name: "Logging", package: "swift-log"),
            ]),
        .testTarget(name: "MappingTests", dependencies: ["Mapping", "Orders", "SinkKit", "TestSupport"]),
        .testTarget(name: "SinkTestingTests", dependencies: ["Orders", "SinkKit", "SinkTesting"]),
        .testTarget(name: "OrderFlowTests", dependencies: ["OrderFlow", "Orders", "SinkKit", "TestSupport"]),
        .testTarget(
            name: "LedgerContractTests",
            dependencies: ["Ledger", "LedgerSQLite", "OrderFlow", "Orders", "SinkKit", "TestSupport"]),
        .testTarget(
            name: "LedgerSQLiteTests",
            dependencies: [
                "Ledger", "LedgerSQLite", "OrderFlow", "Orders", "SQLiteStore", "SinkKit", "TestSupport", "Transport",
                .product(name: "GRDB", package: "GRDB.swift"),
            ]),
        .testTarget(
            name: "SettingsTests",
            dependencies: ["Documents", "Mapping", "OrderFlow", "Orders", "Settings", "SinkKit", "TestSupport", "Yams"]),
        .testTarget(
            name: "SinksTests",
            dependencies: [
                "Documents", "Orders", "SQLiteStore", "Settings", "Simulators", "SinkKit", "Sinks", "TestSupport", "Transport",
                .product(name: "GRDB", package: "GRDB.swift"),
            ]),
        .testTarget(
            name: "CloudSuiteTests",
            dependencies: [
                "CloudSuite", "Documents", "Mapping", "OrderFlow", "Orders", "Simulators", "SinkKit", "TestSupport", "Transport",
                .product(name: "Logging", package: "swift-log"),
            ]),
        .testTarget(
            name: "EngineTests",
            dependencies: [
                "CloudSuite", "Documents", "Engine", "Ledger", "Mapping", "OrderFlow", "Orders", "Settings", "Simulators",
                "SinkKit",
                "Sinks", "TestSupport", "Transport", "XMLKit", .product(name: "Logging", package: "swift-log"),
            ]),
        .testTarget(
            name: "WebServerTests", dependencies: ["Orders", "TestSupport", "Transport", "WebServer"]),
        .testTarget(name: "FuzzTests", dependencies: ["FuzzTargets", "TestSupport"]),
        .testTarget(name: "ChaosTests", dependencies: ["ChaosHarness", "TestSupport", "crossdock", "crossdock-strike"]),
        .testTarget(
            name: "PowerLossTests",
            dependencies: [
                "Ledger", "LedgerSQLite", "OrderFlow", "Orders", "PowerLoss", "SQLiteStore", "TestSupport",
                .product(name: "GRDB", package: "GRDB.swift"),
            ]),
        .testTarget(
            name: "SimulationTests", dependencies: ["OrderFlow", "Orders", "Simulation", "TestSupport", "crossdock-simulate"]),
        .testTarget(
            name: "EndToEndTests",
            dependencies: ["Orders", "Simulators", "TestSupport", "Transport", "crossdock", "crossdock-example-sink"]),
    ],
    swiftLanguageModes: [.v6]
)

/// Targets that touch C: every unsafe use is marked (SE-0458).
let targetsTouchingC: Set = ["OrderFlow", "PluginHost", "Transport", "WebServer", "XMLKit"]

for target in package.targets where target.type != .system {
    var settings = target.swiftSettings ?? []
    settings += [
        .enableUpcomingFeature("ExistentialAny"),  // SE-0335
        .enableUpcomingFeature("MemberImportVisibility"),  // SE-0444
        .enableUpcomingFeature("InternalImportsByDefault"),  // SE-0409
        .enableUpcomingFeature("NonisolatedNonsendingByDefault"),  // SE-0461
        .treatAllWarnings(as: .error),  // SE-0443
    ]
    if targetsTouchingC.contains(target.name) { settings.append(.strictMemorySafety()) }
    target.swiftSettings = settings
}
