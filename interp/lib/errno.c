/* SPDX-License-Identifier: BSD-2-Clause */
/* The errno module: the names of <errno.h>; errorcode maps numbers to the first name of each. */
#include "core/errors.h"
#include "lib/lib.h"
#include "objects/dict.h"
#include "objects/long.h"
#include "objects/module.h"
#include "objects/unicode.h"

#include <errno.h>

#define ERROR_NAMES(E)                                                                                                              \
	E(EPERM)                                                                                                                    \
	E(ENOENT)                                                                                                                   \
	E(ESRCH) E(EINTR) E(EIO) E(ENXIO) E(E2BIG) E(ENOEXEC) E(EBADF) E(ECHILD) E(EAGAIN) E(ENOMEM) E(                             \
		EACCES) E(EFAULT) E(ENOTBLK) E(EBUSY) E(EEXIST) E(EXDEV) E(ENODEV) E(ENOTDIR) E(EISDIR)                             \
		E(EINVAL) E(ENFILE) E(EMFILE) E(ENOTTY) E(ETXTBSY) E(EFBIG) E(ENOSPC) E(ESPIPE) E(EROFS) E(                         \
			EMLINK) E(EPIPE) E(EDOM) E(ERANGE) E(EDEADLOCK) E(ENAMETOOLONG) E(ENOLCK) E(ENOSYS) E(ENOTEMPTY) E(ELOOP)   \
			E(ENOMSG) E(EIDRM) E(ECHRNG) E(EL2NSYNC) E(EL3HLT) E(EL3RST) E(ELNRNG) E(EUNATCH) E(ENOCSI) E(EL2HLT) E(    \
				EBADE) E(EBADR) E(EXFULL) E(ENOANO) E(EBADRQC) E(EBADSLT) E(EBFONT) E(ENOSTR) E(ENODATA)            \
				E(ETIME) E(ENOSR) E(ENONET) E(ENOPKG) E(EREMOTE) E(ENOLINK) E(EADV) E(ESRMNT) E(ECOMM) E(           \
					EPROTO) E(EMULTIHOP) E(EDOTDOT) E(EBADMSG) E(EOVERFLOW) E(ENOTUNIQ) E(EBADFD)               \
					E(EREMCHG) E(ELIBACC) E(ELIBBAD) E(ELIBSCN) E(ELIBMAX) E(ELIBEXEC) E(                       \
						EILSEQ) E(ERESTART) E(ESTRPIPE) E(EUSERS) E(ENOTSOCK) E(EDESTADDRREQ)               \
						E(EMSGSIZE) E(EPROTOTYPE) E(ENOPROTOOPT) E(EPROTONOSUPPORT) E(                      \
							ESOCKTNOSUPPORT) E(ENOTSUP) E(EPFNOSUPPORT) E(EAFNOSUPPORT)                 \
							E(EADDRINUSE) E(EADDRNOTAVAIL) E(ENETDOWN) E(ENETUNREACH) E(                \
								ENETRESET) E(ECONNABORTED) E(ECONNRESET) E(ENOBUFS)                 \
								E(EISCONN) E(ENOTCONN) E(ESHUTDOWN) E(ETOOMANYREFS) E(              \
									ETIMEDOUT) E(ECONNREFUSED) E(EHOSTDOWN) E(EHOSTUNREACH)     \
									E(EALREADY) E(EINPROGRESS) E(ESTALE) E(                     \
										EUCLEAN) E(ENOTNAM) E(ENAVAIL)                      \
										E(EISNAM) E(EREMOTEIO) E(EDQUOT) E(                 \
											ENOMEDIUM) E(EMEDIUMTYPE) E(ECANCELED)      \
											E(ENOKEY) E(EKEYEXPIRED) E(                 \
												EKEYREVOKED) E(EKEYREJECTED)        \
												E(EOWNERDEAD) E(ENOTRECOVERABLE) E( \
													ERFKILL)                    \
													E(EDEADLK) E(               \
														EOPNOTSUPP)         \
														E(EWOULDBLOCK)

static int add(PyObject *module, PyObject *codes, const char *name, int number)
{
	PyObject *key = PyLong_FromLong(number), *value = PyUnicode_InternFromString(name);
	int status = -1;

	if (key && value && PyModule_AddObjectRef(module, name, key) == 0)
		status = PyDict_Contains(codes, key) ? 0 : PyDict_SetItem(codes, key, value);
	Py_XDECREF(key);
	Py_XDECREF(value);
	return status;
}

PyObject *_PyErrno_Init(void)
{
	static const struct {
		const char *name;
		int number;
	} errors[] = {
#define E(name) {#name, name},
		ERROR_NAMES(E)
#undef E
	};
	PyObject *module = PyModule_New("errno"), *codes = module ? PyDict_New() : NULL;

	if (!codes || PyModule_AddObjectRef(module, "errorcode", codes) < 0)
		Py_CLEAR(module);
	for (size_t i = 0; module && i < sizeof(errors) / sizeof(*errors); i++)
		if (add(module, codes, errors[i].name, errors[i].number) < 0)
			Py_CLEAR(module);
	Py_XDECREF(codes);
	return module;
}
