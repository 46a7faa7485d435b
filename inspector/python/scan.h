/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * The last resort where no symbol leads to a Python's state: its writable data is searched for
 * what only that state looks like.
 */
#ifndef PYI_PYTHON_SCAN_H
#define PYI_PYTHON_SCAN_H

#include "pyi_layout.h"
#include "target/target.h"

/*
 * The root (as pyi_runtime.root) of the CPython in image that row describes, 0 when there is none
 * or its interpreters have no thread yet. Reads past the page cache.
 */
uint64_t pyi_scan_root(struct pyi_target *target, const struct pyi_image *image,
		       const struct pyi_layout *row);
/* The address of minipy's layout in the image's data, 0 when there is none: for a core without the
 * file that has the symbol and the note. */
uint64_t pyi_scan_minipy(struct pyi_target *target, const struct pyi_image *image);

#endif
