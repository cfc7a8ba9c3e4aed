#ifndef CROSSDOCK_CSPAWN_SHIM_H
#define CROSSDOCK_CSPAWN_SHIM_H

#include <spawn.h>

// glibc declares these only where _GNU_SOURCE is defined, which Swift doesn't: posix_spawn_file_actions_addchdir_np(3), since 2.29,
// posix_spawn_file_actions_addclosefrom_np(3), since 2.34, and pipe2(2).

int posix_spawn_file_actions_addchdir_np(posix_spawn_file_actions_t *actions, const char *path);
int posix_spawn_file_actions_addclosefrom_np(posix_spawn_file_actions_t *actions, int from);
int pipe2(int ends[2], int flags);

#endif
