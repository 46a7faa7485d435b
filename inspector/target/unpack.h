/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Packed cores: gzip, zstd, lz4 and xz, known by their first bytes, and apport's reports, which
 * hold one. They are unpacked to a file without a name, with holes where pages are zero.
 */
#ifndef PYI_TARGET_UNPACK_H
#define PYI_TARGET_UNPACK_H

#include "base/error.h"

struct pyi_unpack_options {
	/* Called now and then with the bytes read and to read; may be NULL. */
	void (*progress)(void *arg, uint64_t done, uint64_t all);
	void *arg;
};

/*
 * Takes fd over in any case; it is a regular file. *ret is fd itself when the file is not packed.
 * *damage, the caller's, says what was wrong when not all could be unpacked: then *ret has what
 * could be; else it is NULL. Its time is that of the file. PYI_ERR_IO: there is no room in $TMPDIR,
 * or it cannot be written.
 */
struct pyi_error *pyi_unpack(int fd, const struct pyi_unpack_options *options, int *ret,
			     char **damage) PYI_WARN_UNUSED;
/* Whether a report of apport has a core in it; true for every other file, too. */
bool pyi_unpack_has_core(int fd);

#endif
