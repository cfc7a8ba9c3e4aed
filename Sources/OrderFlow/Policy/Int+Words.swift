extension Int {
    /// `1 fault`, `2 faults`.
    ///
    /// - Parameter plural: where it isn't the noun with an s.
    package func counted(_ noun: String, plural: String? = nil) -> String { "\(self) \(self == 1 ? noun : plural ?? noun + "s")" }
}
