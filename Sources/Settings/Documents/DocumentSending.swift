import Documents
import OrderFlow

/// Reads where one kind of document goes, and what happens when its outcome is unknown.
struct DocumentSending {
    /// The shop's interface for it.
    var shop: ShopInterfaceSettings
    private(set) var policy = DocumentPolicy()
    private var target: String?
    /// `false` also where the target's name is wrong, which is fault enough.
    private(set) var isToShop = true
    private let takesShop: Bool

    /// - Parameter takesShop: whether the shop has an interface for it.
    init(_ shop: ShopInterfaceSettings, takesShop: Bool = true) {
        self.shop = shop
        self.takesShop = takesShop
    }

    var route: DocumentRoute { target.map { .target($0) } ?? .shop(shop) }

    /// - Parameters:
    ///   - parameters: of the shop's interface.
    ///   - isOn: whether such documents are sent at all; only then anything is missing.
    mutating func read(_ section: SettingsReader, _ targets: [TargetSettings], parameters: [String], isOn: Bool) {
        let known = (takesShop ? [TargetReader.shopName] : []) + targets.map(\.name)
        let named = section.value(
            "target", takesShop ? "where it goes: shop, or a name under 'targets'" : "where it goes: a name under 'targets'",
            .text,
            default: takesShop && !section.has("target") ? TargetReader.shopName : nil
        ) { text -> Result<String?, SettingsFaultMessage> in
            return known.contains(text)
                ? .success(text)
                : .failure(
                    SettingsFaultMessage("there is no target '\(text)'; there are: \(known.joined(separator: ", "))"))
        }
        isToShop = named == TargetReader.shopName
        target = isToShop ? nil : named
        let takesOnce = takesShop ? readShop(section, parameters) : false
        policy.onUnknown = section.word(
            "on_unknown", "who decides when it isn't known whether it arrived", default: policy.onUnknown)
        if let target {
            if takesShop { refuseShopSettings(section, parameters, of: target) }
        } else if isOn, isToShop {
            for name in parameters where ["shop", "user"].contains(name) && !section.has(name) {
                section.fault(nil, section.inner(name), "the shop's interface needs it; it is supplied by the shop's operator")
            }
        } else if isOn, !section.has("target") {
            section.fault(nil, section.inner("target"), "is missing: the name of one of the targets")
        }
        let isTakenOnce = target.map { name in targets.contains { $0.name == name && $0.takesOnce } } ?? takesOnce
        if policy.onUnknown == .resend, !isTakenOnce, target != nil || isToShop {
            let place = target.map { "targets.\($0)" } ?? section.path
            section.fault(
                nil, section.inner("on_unknown"),
                "resend may make a receiver book twice; say 'dedupes: true' or 'already_known' in \(place), or let a person decide"
            )
        }
    }

    /// - Returns: whether the shop takes a document of one number once.
    private mutating func readShop(_ section: SettingsReader, _ parameters: [String]) -> Bool {
        shop.path = Self.path(section)
        for name in parameters {
            let text = section.optionalText(name, "target shop: the parameter of that name, as supplied")
            switch name {
            case "shop": shop.shop = text ?? shop.shop
            case "user": shop.user = text ?? shop.user
            default: shop.mode = text ?? shop.mode
            }
        }
        let (rule, takesOnce) = TargetReader.answers(section, expects: shop.rule.expects)
        shop.rule = rule
        return takesOnce
    }

    /// What stands there for the shop's interface would be passed over.
    private func refuseShopSettings(_ section: SettingsReader, _ parameters: [String], of target: String) {
        for key in parameters + ["path", "answer"] where section.has(key) {
            section.fault(nil, section.inner(key), "it is for 'target: shop' only; leave it out")
        }
        for key in ["already_known", "dedupes"] where section.has(key) {
            section.fault(nil, section.inner(key), "it belongs into targets.\(target)")
        }
    }

    static func path(_ section: SettingsReader) -> String? {
        let help = "below the shop's base URL; without it, where the shop's documentation has it"
        return section.value("path", help, .text, default: nil) { text in
            text.hasPrefix("/") && !text.contains("?") && !text.contains("#")
                ? .success(text) : .failure(SettingsFaultMessage("'\(text)' should begin with '/' and have no query"))
        }
    }
}
