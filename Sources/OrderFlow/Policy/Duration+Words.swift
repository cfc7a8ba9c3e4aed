import Orders

extension Duration {
    /// In the largest unit that it is a whole number of, such as "30 days" or "36 hours"; parts of a second are left out.
    package var inWords: String {
        let seconds = inMilliseconds / 1000
        let units: [(name: String, seconds: Int64)] = [("day", 86_400), ("hour", 3600), ("minute", 60)]
        let unit = units.first { seconds > 0 && seconds.isMultiple(of: $0.seconds) } ?? ("second", 1)
        return Int(seconds / unit.seconds).counted(unit.name)
    }
}
