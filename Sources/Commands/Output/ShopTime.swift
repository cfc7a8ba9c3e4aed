import CloudSuite
import Orders

/// Instants as people in the shop's zone read them.
struct ShopTime {
    let clock: ShopClock

    /// `2026-11-21 09:12:33`
    func text(_ instant: Timestamp) -> String { clock.text(instant).replacing("T", with: " ") }

    /// With milliseconds, for stories.
    func fineText(_ instant: Timestamp) -> String {
        let milliseconds = String(1000 + ((instant.milliseconds % 1000) + 1000) % 1000).dropFirst()
        return "\(text(instant)).\(milliseconds)"
    }
}
