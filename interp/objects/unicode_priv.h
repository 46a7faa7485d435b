/* SPDX-License-Identifier: BSD-2-Clause */
/* What str's files share. */
#ifndef MINIPY_OBJECTS_UNICODE_PRIV_H
#define MINIPY_OBJECTS_UNICODE_PRIV_H

#include "objects/unicode.h"

enum { UNICODE_MAX_CHAR = 0x10ffff };

static inline bool is_surrogate(Py_UCS4 ch)
{
	return ch >= 0xd800 && ch <= 0xdfff;
}

PyObject *_PyUnicode_Empty(void); /* new reference */
/* OR of all characters: as good as the largest for choosing a kind. */
Py_UCS4 _PyUnicode_SeenChars(int kind, const void *data, Py_ssize_t n);
/* Copies characters between kinds; to must be wide enough. */
void _PyUnicode_CopyData(int to_kind, void *to, int from_kind, const void *from, Py_ssize_t n);
/* o itself when it is an exact str, else an exact copy; new reference. */
PyObject *_PyUnicode_Exact(PyObject *o);
void _PyUnicode_ForgetInterned(PyObject *o);
/* start and end as slices have them, fitted to len. */
void _PyUnicode_FitRange(Py_ssize_t len, Py_ssize_t *start, Py_ssize_t *end);
/* TypeError "must be str, not X" unless o is a str: 0 or -1. */
int _PyUnicode_Ensure(PyObject *o);

/* find() and its like take one to three arguments: true, or TypeError in their words. */
bool _PyUnicode_SearchArgCount(const char *fname, Py_ssize_t nargs);

/* Places of a needle; -1 when there is none. Data of any kinds. */
Py_ssize_t _PyUnicode_FindData(int kind, const void *data, Py_ssize_t n, int needle_kind,
			       const void *needle, Py_ssize_t m);
Py_ssize_t _PyUnicode_RFindData(int kind, const void *data, Py_ssize_t n, int needle_kind,
				const void *needle, Py_ssize_t m);

PyObject *_PyUnicode_FormatFields(PyObject *self, PyObject *const *args, Py_ssize_t nargs,
				  PyObject *kwnames, PyObject *mapping);
/* bytes % args, format and result as Latin-1 text. */
PyObject *_PyUnicode_FormatBytes(PyObject *format, PyObject *args);
PyObject *_PyUnicode_CaseMethod(PyObject *self, int which);
enum { CASE_LOWER, CASE_UPPER, CASE_TITLE, CASE_CAPITALIZE, CASE_SWAP, CASE_FOLD };
/* Full mappings: up to 3 characters into to; how many. */
int _PyUnicode_ToLowerFull(Py_UCS4 ch, Py_UCS4 *to);
int _PyUnicode_ToUpperFull(Py_UCS4 ch, Py_UCS4 *to);
int _PyUnicode_ToTitleFull(Py_UCS4 ch, Py_UCS4 *to);
int _PyUnicode_ToFoldedFull(Py_UCS4 ch, Py_UCS4 *to);
int _PyUnicode_IsCased(Py_UCS4 ch);
int _PyUnicode_IsCaseIgnorable(Py_UCS4 ch);
/* Methods without arguments that stand in unicode_case.c: METHOD(name). */
#define UNICODE_CASE_METHODS(METHOD) \
	METHOD(capitalize)           \
	METHOD(casefold)             \
	METHOD(isalnum)              \
	METHOD(isalpha)              \
	METHOD(isascii)              \
	METHOD(isdecimal)            \
	METHOD(isdigit)              \
	METHOD(isidentifier)         \
	METHOD(islower)              \
	METHOD(isnumeric)            \
	METHOD(isprintable)          \
	METHOD(isspace)              \
	METHOD(istitle)              \
	METHOD(isupper)              \
	METHOD(lower) METHOD(swapcase) METHOD(title) METHOD(upper)
#define UNICODE_DECLARE(name) PyObject *_PyUnicode_##name(PyObject *self, PyObject *unused);
UNICODE_CASE_METHODS(UNICODE_DECLARE)
#undef UNICODE_DECLARE
extern PyMethodDef _PyUnicode_methods[];
void _PyUnicode_Dealloc(PyObject *o);

#endif
