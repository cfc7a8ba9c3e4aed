#if LIBFUZZER
    import FuzzTargets
    import Glibc

    /// Hands the inputs that LLVM's libFuzzer makes to a target (https://llvm.org/docs/LibFuzzer.html, "Using libFuzzer as a library").
    enum LibFuzzer {
        /// The target that the program's first argument names. Set once, before the first input.
        nonisolated(unsafe) private static var target = FuzzTarget.all[0]

        static func run() -> Int32 {
            guard CommandLine.arguments.count > 1, let named = FuzzTarget.named(CommandLine.arguments[1]) else {
                for target in FuzzTarget.all { print(target.name, target.share, target.inputBytesMax) }
                return CommandLine.arguments.last == "targets" ? EX_OK : EX_USAGE
            }
            target = named
            // libFuzzer takes the rest; the target's name gives its place to the program's.
            var arguments = CommandLine.unsafeArgv + 1
            var count = CommandLine.argc - 1
            return runDriver(&count, &arguments) { bytes, byteCount in
                let input = Array(UnsafeBufferPointer(start: bytes, count: byteCount))
                if let property = LibFuzzer.target.brokenProperty(by: input) { fatalError("broken: \(property)") }
                return 0
            }
        }
    }

    @_silgen_name("LLVMFuzzerRunDriver")
    private func runDriver(
        _ argumentCount: UnsafeMutablePointer<CInt>,
        _ arguments: UnsafeMutablePointer<UnsafeMutablePointer<UnsafeMutablePointer<CChar>?>>,
        _ check: @convention(c) (UnsafePointer<UInt8>?, Int) -> CInt
    ) -> CInt
#endif
