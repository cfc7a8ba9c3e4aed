#ifndef CROSSDOCK_CSPAWN_SHIM_H
#define CROSSDOCK_CSPAWN_SHIM_H

// glibc declares these only where _GNU_SOURCE is defined, which Swift doesn't: posix_spawn_file_actions_addchdir_np(3), since 2.29,
// posix_spawn_file_actions_addclosefrom_np(3), since 2.34, and pipe2(2). Without <spawn.h>, whose types are Swift's Glibc module's; in
// C, a pointer to any of them is a `void *`.

int posix_spawn_file_actions_addchdir_np(void *actions, const char *path);
int posix_spawn_file_actions_addclosefrom_np(void *actions, int from);
int pipe2(int ends[2], int flags);

#endif
