/* SPDX-License-Identifier: BSD-2-Clause */
/* Which characters str.isprintable() takes for printable: what repr() does not escape. */
#ifndef PYI_PYTHON_UNICODE_H
#define PYI_PYTHON_UNICODE_H

#include <stdbool.h>
#include <stdint.h>

/* In Python 3.minor; each minor version has its own Unicode (3.11: 14.0, 3.12: 15.0, 3.13: 15.1). A
 * minor newer than the table counts as the newest one in it. */
bool pyi_unicode_printable(uint32_t code_point, unsigned minor);

#endif
