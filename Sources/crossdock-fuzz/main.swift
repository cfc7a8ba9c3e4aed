// `crossdock-fuzz TARGET [libFuzzer's options and corpus folders]`, or `targets` for their names, shares and input sizes.
// `make fuzz` builds and runs it.
import FuzzTargets

#if LIBFUZZER
    import Glibc
#endif

#if LIBFUZZER
    exit(LibFuzzer.run())
#else
    print("The fuzzer is built by `make fuzz`. Its targets: \(FuzzTarget.all.map(\.name).joined(separator: ", "))")
#endif
