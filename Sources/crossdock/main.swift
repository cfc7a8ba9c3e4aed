import CMalloc
import Commands
import Glibc

// By default glibc gives every thread an arena of its own, each with free memory of its own: 4 MB more for a sync, and no faster
// (mallopt(3)).
mallopt(M_ARENA_MAX, 2)
exit(await CrossdockMain.run(Array(CommandLine.arguments.dropFirst())))
