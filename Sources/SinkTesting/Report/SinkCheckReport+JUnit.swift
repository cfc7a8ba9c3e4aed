/// For build servers.
extension SinkCheckReport {
    /// JUnit XML as Jenkins and GitLab read it: a test case for each rule; those that fell are failures, those that weren't looked at or are
    /// waived are skipped, with the reason.
    public var junit: String {
        let seconds = results.reduce(Duration.zero) { $0 + $1.duration }.secondsText
        let skipped = results.count { $0.verdict.skipMessage != nil }
        var lines = [
            "<?xml version=\"1.0\" encoding=\"UTF-8\"?>",
            "<testsuite name=\"crossdock sink check \(sink.xmlEscaped)\" tests=\"\(results.count)\" failures=\"\(fallen.count)\" "
                + "errors=\"0\" skipped=\"\(skipped)\" time=\"\(seconds)\">",
        ]
        for result in results {
            let name = "\(result.rule.id): \(result.rule.title)".xmlEscaped
            lines.append(
                "  <testcase classname=\"sink.\(sink.xmlEscaped)\" name=\"\(name)\" time=\"\(result.duration.secondsText)\">")
            if case .fell(let finding) = result.verdict {
                let text = result.details.map { "\($0.name): \($0.text)" }.joined(separator: "\n").xmlEscaped
                lines.append(
                    "    <failure message=\"\(("expected " + finding.expected).xmlEscaped)\" type=\"fell\">\(text)</failure>")
            } else if let message = result.verdict.skipMessage {
                lines.append("    <skipped message=\"\(message.xmlEscaped)\"/>")
            } else if case .held(let seen) = result.verdict {
                lines.append("    <system-out>\(seen.xmlEscaped)</system-out>")
            }
            lines.append("  </testcase>")
        }
        return (lines + ["</testsuite>", ""]).joined(separator: "\n")
    }
}

extension SinkVerdict {
    fileprivate var skipMessage: String? {
        switch self {
        case .held, .fell: nil
        case .notApplicable(let why): "not applicable: \(why)"
        case .notRun(let why): "not run: \(why)"
        case .waived(let reason, let found): "waived: \(reason) (without it: \(found.label))"
        }
    }
}

extension Duration {
    /// Seconds with three decimals.
    fileprivate var secondsText: String {
        let milliseconds = wholeMilliseconds
        return "\(milliseconds / 1000).\(String(1000 + milliseconds % 1000).dropFirst())"
    }
}

extension String {
    /// For text and attributes; what XML 1.0 can't hold is replaced (section 2.2).
    fileprivate var xmlEscaped: String {
        var result = String.UnicodeScalarView()
        for scalar in unicodeScalars {
            switch scalar {
            case "&": result.append(contentsOf: "&amp;".unicodeScalars)
            case "<": result.append(contentsOf: "&lt;".unicodeScalars)
            case ">": result.append(contentsOf: "&gt;".unicodeScalars)
            case "\"": result.append(contentsOf: "&quot;".unicodeScalars)
            case "\n", "\t", "\r": result.append(contentsOf: "&#\(scalar.value);".unicodeScalars)
            case _ where scalar.value < 0x20 || scalar.value == 0xFFFE || scalar.value == 0xFFFF: result.append("\u{FFFD}")
            default: result.append(scalar)
            }
        }
        return String(result)
    }
}
