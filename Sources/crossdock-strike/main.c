// Kills a program at its n-th system call of a kind, whichever of its threads makes it.
//
//   crossdock-strike LOG CALLS NUMBER [FILE …] -- PROGRAM [ARGUMENT …]
//
// CALLS: names, separated by commas. Where FILEs are named, only calls that touch one of them count. NUMBER 0 kills nothing. LOG gets a
// line for each call that counted, as strace(1) has them: the thread's number and the call's name. It ends as the program does.
//
// strace --inject counts in each thread for itself, so calls that a thread makes before another one has made as many are never met.
//
// In C, since it is little more than fork(2) and ptrace(2), and neither can be called from Swift.
#define _GNU_SOURCE
#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ptrace.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

// Of linux/ptrace.h, which can't be included beside sys/ptrace.h.
struct syscall_info {
    uint8_t op;
    uint8_t pad[3];
    uint32_t arch;
    uint64_t instruction_pointer, stack_pointer;
    uint64_t number, arguments[6];
    uint64_t rest[2];
};
enum { AT_ENTRY = 1 };

struct call {
    const char *name;
    long number;
    // Which argument is the path; -1: the first is a descriptor.
    int path;
};

static const struct call calls[] = {
    {"openat", SYS_openat, 1},
    {"read", SYS_read, -1},
    {"pread64", SYS_pread64, -1},
    {"write", SYS_write, -1},
    {"pwrite64", SYS_pwrite64, -1},
    {"pwritev", SYS_pwritev, -1},
    {"fsync", SYS_fsync, -1},
    {"fdatasync", SYS_fdatasync, -1},
    {"ftruncate", SYS_ftruncate, -1},
#ifdef SYS_rename
    {"rename", SYS_rename, 0},
    {"unlink", SYS_unlink, 0},
#endif
    {"renameat", SYS_renameat, 1},
    {"renameat2", SYS_renameat2, 1},
    {"unlinkat", SYS_unlinkat, 1},
    {"flock", SYS_flock, -1},
    {"connect", SYS_connect, -1},
    {"sendto", SYS_sendto, -1},
    {"sendmsg", SYS_sendmsg, -1},
    {"recvfrom", SYS_recvfrom, -1},
    {"recvmsg", SYS_recvmsg, -1},
};

static void fail(const char *what) {
    fprintf(stderr, "crossdock-strike: %s: %s\n", what, strerror(errno));
    exit(126);
}

static bool is_listed(const char *name, const char *list) {
    size_t length = strlen(name);
    for (const char *place = list; (place = strstr(place, name)); place += length) {
        bool begins = place == list || place[-1] == ',';
        if (begins && (place[length] == ',' || place[length] == 0)) return true;
    }
    return false;
}

// The file that a call touches; empty where it can't be told.
static void read_path(pid_t thread, const struct call *call, const struct syscall_info *info, char *path, size_t size) {
    char name[64];
    ssize_t length;
    if (call->path < 0) {
        snprintf(name, sizeof name, "/proc/%d/fd/%llu", thread, (unsigned long long)info->arguments[0]);
        length = readlink(name, path, size - 1);
    } else {
        snprintf(name, sizeof name, "/proc/%d/mem", thread);
        int memory = open(name, O_RDONLY | O_CLOEXEC);
        length = memory < 0 ? 0 : pread(memory, path, size - 1, (off_t)info->arguments[call->path]);
        if (memory >= 0) close(memory);
    }
    path[length < 0 ? 0 : length] = 0;
}

static bool touches(const char *path, char **files) {
    for (; *files; files++) {
        if (strcmp(path, *files) == 0) return true;
    }
    return false;
}

// What a thread that has stopped is about to call; NULL: nothing that counts.
static const struct call *counted(pid_t thread, const char *list, char **files) {
    struct syscall_info info;
    memset(&info, 0, sizeof info);
    if (ptrace(PTRACE_GET_SYSCALL_INFO, thread, sizeof info, &info) <= 0 || info.op != AT_ENTRY) return NULL;
    for (size_t index = 0; index < sizeof calls / sizeof *calls; index++) {
        const struct call *call = &calls[index];
        if ((uint64_t)call->number != info.number || !is_listed(call->name, list)) continue;
        if (!*files) return call;
        char path[4096];
        read_path(thread, call, &info, path, sizeof path);
        return touches(path, files) ? call : NULL;
    }
    return NULL;
}

static pid_t start(char **program) {
    pid_t child = fork();
    if (child < 0) fail("fork");
    if (child > 0) return child;
    if (ptrace(PTRACE_TRACEME, 0, 0, 0) != 0) fail("ptrace");
    raise(SIGSTOP);
    execvp(program[0], program);
    fail(program[0]);
    return 0;
}

// Ends as the program did.
static void end_as(int status) {
    if (WIFEXITED(status)) exit(WEXITSTATUS(status));
    signal(WTERMSIG(status), SIG_DFL);
    kill(getpid(), WTERMSIG(status));
}

int main(int count, char **arguments) {
    int split = 4;
    while (split < count && strcmp(arguments[split], "--") != 0) split++;
    if (split + 1 >= count) {
        fprintf(stderr, "crossdock-strike LOG CALLS NUMBER [FILE …] -- PROGRAM [ARGUMENT …]\n");
        return 2;
    }
    arguments[split] = NULL;
    char **files = arguments + 4;
    const char *list = arguments[2];
    long wanted = atol(arguments[3]), met = 0;
    FILE *log = fopen(arguments[1], "we");
    if (!log) fail(arguments[1]);
    pid_t child = start(arguments + split + 1);
    int status = 0, ending = 0;
    if (waitpid(child, &status, 0) < 0 || !WIFSTOPPED(status)) fail("the program can't be traced");
    long options = PTRACE_O_EXITKILL | PTRACE_O_TRACESYSGOOD | PTRACE_O_TRACECLONE | PTRACE_O_TRACEFORK | PTRACE_O_TRACEVFORK
        | PTRACE_O_TRACEEXEC;
    if (ptrace(PTRACE_SETOPTIONS, child, 0, options) != 0) fail("ptrace");
    ptrace(PTRACE_SYSCALL, child, 0, 0);
    pid_t thread;
    while ((thread = waitpid(-1, &status, __WALL)) > 0 || errno == EINTR) {
        if (thread <= 0) continue;
        if (!WIFSTOPPED(status)) {
            if (thread == child) ending = status;
            continue;
        }
        int stop = WSTOPSIG(status), passed_on = 0;
        if (stop == (SIGTRAP | 0x80)) {
            const struct call *call = counted(thread, list, files);
            if (call) {
                fprintf(log, "%d %s(\n", thread, call->name);
                if (++met == wanted) {
                    kill(child, SIGKILL);
                    fprintf(log, "%d +++ killed by SIGKILL +++\n", thread);
                }
            }
        } else if (status >> 16 == 0 && stop != SIGSTOP) {
            // Every new thread begins with a stop of its own, which isn't meant for the program.
            passed_on = stop;
        }
        ptrace(PTRACE_SYSCALL, thread, 0, passed_on);
    }
    fclose(log);
    end_as(ending);
    return 125;
}
