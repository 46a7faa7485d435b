/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Errors as values. A function that can fail returns struct pyi_error *: NULL is success.
 * The caller owns a returned error: it hands it on (perhaps wrapped with context) or drops it
 * with pyi_error_destroy. Outputs are untouched on failure. Library code never prints.
 */
#ifndef PYI_BASE_ERROR_H
#define PYI_BASE_ERROR_H

#include <stdbool.h>
#include <stdint.h>

/* What kind of failure; the CLI maps it to an exit code (DESIGN section 4). */
enum pyi_errc {
	PYI_ERR_INTERNAL,   /* exit 5 */
	PYI_ERR_NO_MEMORY,  /* exit 5 */
	PYI_ERR_USAGE,      /* exit 2 */
	PYI_ERR_NOT_FOUND,  /* exit 3: no such process or file */
	PYI_ERR_NOT_PYTHON, /* exit 3: it is there, but no Python in it */
	PYI_ERR_PERMISSION, /* exit 4 */
	PYI_ERR_FAULT,      /* an address could not be read; address is set */
	PYI_ERR_BAD_DATA,   /* what was read makes no sense */
	PYI_ERR_IO,         /* a system call failed */
	PYI_ERR_GONE,       /* the target exited while it was looked at: exit 3 */
};

struct pyi_error {
	enum pyi_errc code;
	uint64_t address; /* PYI_ERR_FAULT only, else 0 */
	char *message;    /* one line, no newline, safe to print */
	char *hint;       /* one line or NULL */
};

#define PYI_WARN_UNUSED __attribute__((warn_unused_result))

/* Never NULL: falls back to a static out-of-memory object, which destroy accepts. */
struct pyi_error *pyi_error_create(enum pyi_errc code, const char *fmt, ...)
	__attribute__((format(printf, 2, 3), returns_nonnull)) PYI_WARN_UNUSED;
struct pyi_error *pyi_error_fault(uint64_t addr, const char *fmt, ...)
	__attribute__((format(printf, 2, 3), returns_nonnull)) PYI_WARN_UNUSED;
/* message is "<fmt>: <strerror(errnum)>"; code from errnum (EPERM/EACCES, ENOENT/ESRCH, else IO).
 */
struct pyi_error *pyi_error_errno(int errnum, const char *fmt, ...)
	__attribute__((format(printf, 2, 3), returns_nonnull)) PYI_WARN_UNUSED;
/* Puts "<fmt>: " before the message; err may be NULL (stays NULL). */
struct pyi_error *pyi_error_wrap(struct pyi_error *err, const char *fmt, ...)
	__attribute__((format(printf, 2, 3))) PYI_WARN_UNUSED;
/* A hint that ends so says that root is enough: the program adds the command that would work. */
#define PYI_HINT_SUDO "which sudo gives"
/* Sets or replaces the hint; err may be NULL (stays NULL). */
struct pyi_error *pyi_error_hint(struct pyi_error *err, const char *fmt, ...)
	__attribute__((format(printf, 2, 3))) PYI_WARN_UNUSED;
void pyi_error_destroy(struct pyi_error *err);

extern struct pyi_error pyi_enomem;

#endif
