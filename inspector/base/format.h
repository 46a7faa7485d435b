/* SPDX-License-Identifier: BSD-2-Clause */
/* printf into a string of its own. Both return NULL when memory is out; caller frees. */
#ifndef PYI_BASE_FORMAT_H
#define PYI_BASE_FORMAT_H

#include <stdarg.h>

char *pyi_format(const char *fmt, ...) __attribute__((format(printf, 1, 2)));
char *pyi_vformat(const char *fmt, va_list ap) __attribute__((format(printf, 1, 0)));

#endif
