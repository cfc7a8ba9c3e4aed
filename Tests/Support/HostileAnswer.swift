import Foundation
package import Transport

/// One way in which a server can ill-treat its client, and what the transport must make of it.
package struct HostileAnswer: Sendable, CustomStringConvertible {
    package enum Ending: Sendable, Equatable {
        case answered(Int)
        /// The request was sent, and nothing is known of its effect.
        case unknown(TransportError.Kind)
    }

    package let description: String
    package let ending: Ending
    package let script: ScriptedServer.Script

    private init(_ description: String, _ ending: Ending, _ script: @escaping ScriptedServer.Script) {
        self.description = description
        self.ending = ending
        self.script = script
    }

    package static let all = slow + endless + wrong + early
}

extension HostileAnswer {
    private static let slow = [
        HostileAnswer("a head that trickles", .unknown(.timedOut)) { connection in
            connection.readRequest()
            connection.trickle("HTTP/1.1 200 OK\r\n" + String(repeating: "X-Slow: loris\r\n", count: 100_000))
        },
        HostileAnswer("a body that trickles", .unknown(.timedOut)) { connection in
            connection.readRequest()
            connection.write("HTTP/1.1 200 OK\r\nContent-Length: 1000000\r\n\r\n")
            connection.trickle(String(repeating: "x", count: 1_000_000))
        },
        HostileAnswer("no answer", .unknown(.timedOut)) { connection in
            connection.readRequest()
            connection.hold()
        },
        HostileAnswer("a request that isn't even read", .unknown(.timedOut)) { $0.waitUntilInterrupted() },
    ]

    private static let endless = [
        HostileAnswer("chunks without end", .unknown(.responseTooLarge)) { connection in
            connection.readRequest()
            connection.write("HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n")
            let chunk = "10000\r\n" + String(repeating: "x", count: 65_536) + "\r\n"
            while connection.write(chunk) {}
        },
        HostileAnswer("a terabyte, as announced", .unknown(.responseTooLarge)) { connection in
            connection.readRequest()
            connection.write("HTTP/1.1 200 OK\r\nContent-Length: 1000000000000\r\n\r\n")
            while connection.write([UInt8](repeating: 0, count: 65_536)) {}
        },
        bomb(gigabyteOfZeros),
        HostileAnswer("headers without end", .unknown(.responseTooLarge)) { connection in
            connection.readRequest()
            connection.write("HTTP/1.1 200 OK\r\n")
            while connection.write("X-Flood: \(String(repeating: "x", count: 1000))\r\n") {}
        },
        HostileAnswer("a header without end", .unknown(.responseTooLarge)) { connection in
            connection.readRequest()
            connection.write("HTTP/1.1 200 OK\r\nX-Flood: ")
            while connection.write([UInt8](repeating: 0x78, count: 65_536)) {}
        },
        HostileAnswer("interim answers without end", .unknown(.responseTooLarge)) { connection in
            connection.readRequest()
            while connection.write("HTTP/1.1 103 Early Hints\r\nX-Flood: \(String(repeating: "x", count: 1000))\r\n\r\n") {}
        },
    ]

    private static let wrong = [
        HostileAnswer("a body shorter than its length", .unknown(.connectionLost)) { connection in
            connection.readRequest()
            connection.write("HTTP/1.1 200 OK\r\nContent-Length: 100\r\n\r\n{}")
        },
        HostileAnswer("a body longer than its length", .answered(200)) { connection in
            connection.readRequest()
            connection.write("HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\n{}HTTP/1.1 201 Created\r\nContent-Length: 0\r\n\r\n")
        },
        HostileAnswer("a length that is no number", .unknown(.malformedAnswer)) { connection in
            connection.readRequest()
            connection.write("HTTP/1.1 200 OK\r\nContent-Length: -1\r\n\r\n{}")
        },
        HostileAnswer("a reset within the body", .unknown(.connectionLost)) { connection in
            connection.readRequest()
            connection.write("HTTP/1.1 200 OK\r\nContent-Length: 100\r\n\r\n{")
            connection.reset()
        },
        HostileAnswer("a reset before the request is read", .unknown(.connectionLost)) { connection in
            connection.waitForRequest()
            connection.reset()
        },
        HostileAnswer("bytes that are no HTTP", .unknown(.malformedAnswer)) { connection in
            connection.readRequest()
            connection.write([UInt8](repeating: 0xFF, count: 4096))
        },
        HostileAnswer("a redirect to itself", .answered(302)) { $0.answerAll(302, ["Location: /"]) },
        HostileAnswer("a page where data should be", .answered(200)) { connection in
            connection.readRequest()
            connection.answer(200, ["Content-Type: text/html"], body: Array("<!doctype html><title>Log in</title>".utf8))
        },
    ]

    private static let early = [
        HostileAnswer("an answer before the request is read", .answered(200)) { connection in
            connection.answer()
            connection.hold()
        }
    ]

    /// - Parameter compressed: made before the server starts, or its making would count as the server's slowness.
    private static func bomb(_ compressed: [UInt8]) -> HostileAnswer {
        HostileAnswer("a gigabyte in a few megabytes of gzip", .unknown(.responseTooLarge)) { connection in
            connection.readRequest()
            connection.answer(200, ["Content-Encoding: gzip"], body: compressed)
        }
    }

    /// A gigabyte of zeros, compressed a thousandfold.
    private static let gigabyteOfZeros =
        (try? ChildProgram.output(of: ["/bin/sh", "-c", "head -c 1073741824 /dev/zero | gzip -1"])) ?? []
}

extension ServerConnection {
    /// Writes a byte at a time, with pauses that never let the client's connection stall.
    fileprivate func trickle(_ text: String) {
        for byte in text.utf8 {
            guard write([byte]) else { return }
            usleep(10_000)
        }
    }
}
