#ifndef CROSSDOCK_CMALLOC_SHIM_H
#define CROSSDOCK_CMALLOC_SHIM_H

// Swift's Glibc module leaves it out.
#include <malloc.h>

#endif
