/// What a credential belongs to: scheme, host and port (RFC 6454).
package struct Origin: Sendable, Hashable, CustomStringConvertible {
    package let isSecure: Bool
    /// Lower case; an IPv6 address stands in brackets.
    package let host: String
    package let port: Int

    /// The origin of an absolute `http` or `https` URL.
    package init(url: String) throws(OriginFault) {
        let rest: Substring
        if Self.hasPrefixIgnoringCase(url, "https://") {
            isSecure = true
            rest = url.dropFirst(8)
        } else if Self.hasPrefixIgnoringCase(url, "http://") {
            isSecure = false
            rest = url.dropFirst(7)
        } else {
            throw OriginFault("the URL does not begin with http:// or https://")
        }
        // By bytes: every request is looked at, and characters cost a search for their borders.
        let end = rest.utf8.firstIndex { $0 == UInt8(ascii: "/") || $0 == UInt8(ascii: "?") || $0 == UInt8(ascii: "#") }
        let authority = rest[..<(end ?? rest.endIndex)]
        guard !authority.utf8.contains(UInt8(ascii: "@")) else { throw OriginFault("the URL carries a user name or password") }
        (host, port) = try Self.hostAndPort(authority, portDefault: isSecure ? 443 : 80)
    }

    /// `https://shop.example`, with the port only where it is not the scheme's own.
    package var description: String {
        let scheme = isSecure ? "https" : "http"
        return port == (isSecure ? 443 : 80) ? "\(scheme)://\(host)" : "\(scheme)://\(host):\(port)"
    }

    private static func hostAndPort(_ authority: Substring, portDefault: Int) throws(OriginFault) -> (String, Int) {
        var host = authority
        var port = portDefault
        let hostEnd = authority.utf8.lastIndex(of: UInt8(ascii: "]")) ?? authority.startIndex
        if let colon = authority[hostEnd...].utf8.lastIndex(of: UInt8(ascii: ":")) {
            host = authority[..<colon]
            let digits = authority[authority.utf8.index(after: colon)...]
            if !digits.isEmpty {
                guard digits.utf8.allSatisfy({ (0x30...0x39).contains($0) }), let number = Int(digits),
                    (1...65_535).contains(number)
                else { throw OriginFault("the URL's port is not a number from 1 to 65535") }
                port = number
            }
        }
        guard isName(host) || isAddressInBrackets(host) else { throw OriginFault("the URL names no host") }
        return (host.lowercased(), port)
    }

    /// Letters, digits, `-`, `.` and `_`.
    private static func isName(_ host: Substring) -> Bool {
        !host.isEmpty
            && host.utf8.allSatisfy { byte in
                switch byte {
                case 0x30...0x39, 0x41...0x5A, 0x61...0x7A, 0x2D, 0x2E, 0x5F: true
                default: false
                }
            }
    }

    /// The characters of an IPv6 address (RFC 3986, 3.2.2), its own grammar aside.
    private static func isAddressInBrackets(_ host: Substring) -> Bool {
        host.utf8.count > 2 && host.first == "[" && host.last == "]"
            && host.utf8.dropFirst().dropLast().allSatisfy { byte in
                switch byte {
                case 0x30...0x39, 0x41...0x46, 0x61...0x66, 0x2E, 0x3A: true
                default: false
                }
            }
    }

    private static func hasPrefixIgnoringCase(_ text: String, _ prefix: String) -> Bool {
        text.utf8.count >= prefix.utf8.count
            && zip(text.utf8, prefix.utf8).allSatisfy { $0 == $1 || (0x41...0x5A).contains($0) && $0 | 0x20 == $1 }
    }
}

/// Why a URL has no origin, in words for the person who wrote it.
package struct OriginFault: Error, Sendable, Equatable {
    package let message: String

    package init(_ message: String) {
        self.message = message
    }
}
