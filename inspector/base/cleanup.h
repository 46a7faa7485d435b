/* SPDX-License-Identifier: BSD-2-Clause */
/* Scope guards: a variable that frees itself when it leaves its scope. */
#ifndef PYI_BASE_CLEANUP_H
#define PYI_BASE_CLEANUP_H

#include <stdlib.h>
#include <unistd.h>

#define PYI_CLEANUP(fn) __attribute__((cleanup(fn)))

static inline void pyi_free_guard(void *p)
{
	free(*(void **)p);
}

static inline void pyi_close_guard(int *fd)
{
	if (*fd >= 0)
		close(*fd);
}

#define pyi_autofree  PYI_CLEANUP(pyi_free_guard)
#define pyi_autoclose PYI_CLEANUP(pyi_close_guard)

/* Takes the pointer out of its guard: return pyi_steal(p); */
#define pyi_steal(p)                         \
	({                                   \
		__typeof__(p) stolen_ = (p); \
		(p) = NULL;                  \
		stolen_;                     \
	})

#endif
