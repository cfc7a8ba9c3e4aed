// Built with libFuzzer: `FUZZ_TARGET=NAME crossdock-fuzz [libFuzzer's options and corpus folders]`; without a target it lists
// their names, shares and input sizes.
// Built without: `crossdock-fuzz hostile` measures what hostile servers cost. `make fuzz` builds and runs both.
#if LIBFUZZER
    import Glibc

    exit(LibFuzzer.run())
#else
    import Glibc
    import Transport

    let arguments = CommandLine.arguments.dropFirst()
    if arguments.count == 3, arguments.first == "exchange", let method = HTTPMethod(rawValue: CommandLine.arguments[2]) {
        try await HostileRun.exchange(method, CommandLine.arguments[3])
    } else if arguments.elementsEqual(["hostile"]) {
        exit(try await HostileRun.run())
    } else {
        print("usage: crossdock-fuzz hostile; the fuzzer itself is built by `make fuzz`")
        exit(EX_USAGE)
    }
#endif
