/// When an access token is to be replaced.
package enum TokenLifetime {
    /// What is assumed when the token's answer does not say (RFC 6749, 5.1 only recommends `expires_in`).
    package static let secondsDefault: Double = 300

    /// After four fifths of its life or a minute before its end, whichever is earlier, but never before half of it.
    package static func millisecondsUntilRenewal(expiresInSeconds: Double) -> Int64 {
        let life = min(max(0, expiresInSeconds), 365 * 86_400)
        let renewal = max(life / 2, min(life * 4 / 5, life - 60))
        return Int64(renewal * 1000)
    }
}
