import CLibXML2

/// Gathers what libxml2 reports on this thread while something runs, and keeps it off the standard error stream.
final class FaultCollector {
    private(set) var faults: [XMLFault] = []
    private let library: LibXML2

    init(_ library: LibXML2) { self.library = library }

    func collect<Value>(_ body: () -> Value) -> Value {
        unsafe library.functions.xmlSetStructuredErrorFunc(Unmanaged.passUnretained(self).toOpaque()) { context, error in
            guard let context = unsafe context, let error = unsafe error else { return }
            let collector = unsafe Unmanaged<FaultCollector>.fromOpaque(context).takeUnretainedValue()
            let message = unsafe error.pointee.message.map { unsafe LibXML2.printable(String(cString: $0)) } ?? "not valid"
            let line = unsafe Int(error.pointee.line)
            collector.faults.append(XMLFault(.invalid, line: line > 0 ? line : nil, message))
        }
        defer { library.functions.xmlSetStructuredErrorFunc(nil, nil) }
        return body()
    }
}
