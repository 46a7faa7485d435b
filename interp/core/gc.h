/* SPDX-License-Identifier: BSD-2-Clause */
/* The lists of tracked containers: circular, walkable whenever the GIL is held. */
#ifndef MINIPY_CORE_GC_H
#define MINIPY_CORE_GC_H

#include "core/object.h"

extern PyGC_Head _PyGC_generation0; /* its own head; empty = points to itself */
extern Py_ssize_t _PyGC_tracked;    /* objects on it */

#endif
