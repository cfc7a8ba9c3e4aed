#if LIBFUZZER
    import FuzzTargets
    import Glibc

    /// Hands the inputs that LLVM's libFuzzer makes to a target (https://llvm.org/docs/LibFuzzer.html, "Using libFuzzer as a library").
    enum LibFuzzer {
        /// Set once, before the first input.
        nonisolated(unsafe) private static var target = FuzzTarget.all[0]

        /// The target is named by the environment's `FUZZ_TARGET`, since libFuzzer starts this program again with arguments of its own.
        static func run() -> Int32 {
            guard let name = getenv("FUZZ_TARGET"), let named = FuzzTarget.named(String(cString: name)) else {
                for target in FuzzTarget.all { print(target.name, target.share, target.inputBytesMax) }
                return EX_USAGE
            }
            target = named
            var arguments = CommandLine.unsafeArgv
            var count = CommandLine.argc
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
