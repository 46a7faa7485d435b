/* SPDX-License-Identifier: BSD-2-Clause */
/* Errors as values. Text is escaped when it enters an error, so that printing one is always safe.
 */
#include "base/error.h"

#include "base/format.h"
#include "base/print.h"

#include <errno.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

struct pyi_error pyi_enomem = {.code = PYI_ERR_NO_MEMORY, .message = (char *)"out of memory"};

/* "<fmt>: <suffix>" escaped; suffix may be NULL. NULL: out of memory. */
static char *format(const char *fmt, va_list ap, const char *suffix)
{
	pyi_autostrbuf raw = PYI_STRBUF_INIT;
	struct pyi_strbuf safe = PYI_STRBUF_INIT;
	char *text = pyi_vformat(fmt, ap);

	if (!text)
		return NULL;
	pyi_strbuf_puts(&raw, text);
	free(text);
	if (suffix) {
		pyi_strbuf_puts(&raw, ": ");
		pyi_strbuf_puts(&raw, suffix);
	}
	if (raw.failed)
		return NULL;
	pyi_print_escape(&safe, raw.data, raw.len);
	return pyi_strbuf_steal(&safe);
}

/* Takes message over. */
static struct pyi_error *make(enum pyi_errc code, uint64_t addr, char *message)
{
	struct pyi_error *err = message ? malloc(sizeof(*err)) : NULL;

	if (!err) {
		free(message);
		return &pyi_enomem;
	}
	*err = (struct pyi_error){.code = code, .address = addr, .message = message};
	return err;
}

struct pyi_error *pyi_error_create(enum pyi_errc code, const char *fmt, ...)
{
	va_list ap;
	char *message;

	va_start(ap, fmt);
	message = format(fmt, ap, NULL);
	va_end(ap);
	return make(code, 0, message);
}

struct pyi_error *pyi_error_fault(uint64_t addr, const char *fmt, ...)
{
	va_list ap;
	char *message;

	va_start(ap, fmt);
	message = format(fmt, ap, NULL);
	va_end(ap);
	return make(PYI_ERR_FAULT, addr, message);
}

static enum pyi_errc code_of_errno(int errnum)
{
	switch (errnum) {
	case EPERM:
	case EACCES: return PYI_ERR_PERMISSION;
	case ENOENT:
	case ESRCH: return PYI_ERR_NOT_FOUND;
	case ENOMEM: return PYI_ERR_NO_MEMORY;
	default: return PYI_ERR_IO;
	}
}

struct pyi_error *pyi_error_errno(int errnum, const char *fmt, ...)
{
	va_list ap;
	char *message;

	va_start(ap, fmt);
	message = format(fmt, ap, strerror(errnum));
	va_end(ap);
	return make(code_of_errno(errnum), 0, message);
}

struct pyi_error *pyi_error_wrap(struct pyi_error *err, const char *fmt, ...)
{
	va_list ap;
	char *message;

	if (!err || err == &pyi_enomem)
		return err;
	va_start(ap, fmt);
	message = format(fmt, ap, err->message);
	va_end(ap);
	if (message) {
		free(err->message);
		err->message = message;
	}
	return err;
}

struct pyi_error *pyi_error_hint(struct pyi_error *err, const char *fmt, ...)
{
	va_list ap;
	char *hint;

	if (!err || err == &pyi_enomem)
		return err;
	va_start(ap, fmt);
	hint = format(fmt, ap, NULL);
	va_end(ap);
	if (hint) {
		free(err->hint);
		err->hint = hint;
	}
	return err;
}

void pyi_error_destroy(struct pyi_error *err)
{
	if (!err || err == &pyi_enomem)
		return;
	free(err->message);
	free(err->hint);
	free(err);
}
