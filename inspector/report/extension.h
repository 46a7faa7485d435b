/* SPDX-License-Identifier: BSD-2-Clause */
/* Python modules in machine code. */
#ifndef PYI_REPORT_EXTENSION_H
#define PYI_REPORT_EXTENSION_H

#include "target/image.h"

/* Whether the file is an extension module: it exports PyInit_NAME (2.7: initNAME) for the NAME that
 * its file has. buf gets the module's name with its packages, as far as the path tells them. */
bool pyi_extension_name(const struct pyi_image *image, char *buf, size_t size);

/* The dotted name for a path, e.g. "numpy.core._multiarray_umath"; what follows the first dot of
 * the file's name is left out (for tests). False when there is no name in it. */
bool pyi_extension_dotted(const char *path, char *buf, size_t size);

#endif
