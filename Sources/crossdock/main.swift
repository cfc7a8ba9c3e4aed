import Commands
import Glibc

exit(await CrossdockMain.run(Array(CommandLine.arguments.dropFirst())))
