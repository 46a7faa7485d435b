/* SPDX-License-Identifier: BSD-2-Clause */
#include "base/format.h"

#include <stdio.h>

char *pyi_vformat(const char *fmt, va_list ap)
{
	char *text;

	/* What it leaves in text when it fails is not defined. */
	return vasprintf(&text, fmt, ap) < 0 ? NULL : text;
}

char *pyi_format(const char *fmt, ...)
{
	va_list ap;
	char *text;

	va_start(ap, fmt);
	text = pyi_vformat(fmt, ap);
	va_end(ap);
	return text;
}
