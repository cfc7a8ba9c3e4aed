package import OrderFlow

/// What a schedule's flow sends documents about, and what the ERP sends out. Orders have one or two lines.
package struct DespatchPlan: Sendable, Equatable {
    /// Number and lines are told by a cXML document instead of JSON.
    package var confirmsByDocument = false
    package var onUnknown = DocumentPolicy.OnUnknown.person
    /// In how many shipments an order of several lines goes out at most.
    package var partsMax = 1
    /// From the ERP's order to the first shipment, and from one to the next, in milliseconds.
    package var partDelay: Int64 = 200
    /// Every line in a package of its own.
    package var splitsPackages = false
    /// The last of several lines is given up instead of sent out.
    package var closesLastLine = false
    package var shopCloses = ShopCloses.never

    /// When the shop sets `shipment_state` by itself; not documented.
    /// The buyer gets a text at every moment there is.
    package var tellsBuyer = false

    package enum ShopCloses: String, Sendable, CaseIterable { case never, first, complete }

    package init() {}

    /// - Parameter draw: of a stream of its own, so that schedules without documents stay what they were.
    init(_ draw: inout SeededDraw) {
        confirmsByDocument = draw.oneIn(3)
        onUnknown = draw.pick(DocumentPolicy.OnUnknown.allCases)
        partsMax = draw.pick([1, 2, 2])
        partDelay = draw.pick([0, 200, 5000, 60_000])
        splitsPackages = draw.oneIn(3)
        closesLastLine = draw.oneIn(4)
        shopCloses = draw.pick(ShopCloses.allCases)
        tellsBuyer = draw.oneIn(4)
    }
}
