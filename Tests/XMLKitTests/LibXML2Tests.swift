import Testing
import XMLKit

struct LibXML2Tests {
    @Test func `a library that isn't installed is told with the package to install`() {
        #expect {
            _ = try LibXML2(file: "libxml2-that-nobody-has.so.2", debianPackage: "libxml2")
        } throws: { error in
            let fault = error as? XMLFault
            return fault?.reason == .unavailable
                && fault?.message.hasPrefix("documents need libxml2-that-nobody-has.so.2 (Debian package libxml2): ") == true
        }
    }

    @Test func `a library that lacks a function is told with the function's name`() {
        let fault = XMLFault(
            .unavailable, "documents need libm.so.6 (Debian package libc6), and the one found has no xmlInitParser")
        #expect(throws: fault) { _ = try LibXML2(file: "libm.so.6", debianPackage: "libc6") }
    }
}
