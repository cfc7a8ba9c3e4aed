/// The flow cancels in the ERP what the shop cancels.
package struct CancelPlan: Sendable, Equatable {
    /// The ERP keeps what it was asked to cancel.
    package var isRefused = false
    /// What came of it, a message tells and the answer doesn't. Only where the ERP sends messages.
    package var isTold = false

    package init() {}

    init(_ draw: inout SeededDraw, tells: Bool) {
        isRefused = draw.oneIn(4)
        isTold = tells && draw.oneIn(2)
    }
}
