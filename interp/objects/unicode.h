/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * str: code points in 1, 2 or 4 bytes each, always the smallest that fits, so that indexing is
 * O(1). ASCII data stands behind PyASCIIObject and is its own UTF-8; other data stands behind
 * PyCompactUnicodeObject, which caches the UTF-8. A NUL code unit stands behind the last character.
 * The hash (-1 = not yet computed) is never -1 otherwise. Lone surrogates are allowed.
 */
#ifndef MINIPY_OBJECTS_UNICODE_H
#define MINIPY_OBJECTS_UNICODE_H

#include "core/object.h"

#include <stdarg.h>

typedef uint8_t Py_UCS1;
typedef uint16_t Py_UCS2;
typedef uint32_t Py_UCS4;

typedef struct {
	PyObject_HEAD Py_ssize_t length; /* code points */
	Py_hash_t hash;
	uint32_t state; /* PYUNI_* */
	uint32_t unused;
} PyASCIIObject;

typedef struct {
	PyASCIIObject base;
	Py_ssize_t utf8_length;
	char *utf8; /* NULL until asked for; owned */
} PyCompactUnicodeObject;

/* Bits of state: where CPython 3.12 has them. */
#define PYUNI_INTERNED_MASK 0x03u
#define PYUNI_KIND_SHIFT    2
#define PYUNI_COMPACT       0x20u
#define PYUNI_ASCII         0x40u

enum PyUnicode_Kind {
	PyUnicode_1BYTE_KIND = 1,
	PyUnicode_2BYTE_KIND = 2,
	PyUnicode_4BYTE_KIND = 4,
};

extern PyTypeObject PyUnicode_Type;
#define PyUnicode_Check(o)      PyType_HasFeature(Py_TYPE(o), Py_TPFLAGS_UNICODE_SUBCLASS)
#define PyUnicode_CheckExact(o) Py_IS_TYPE(o, &PyUnicode_Type)

#define PyUnicode_STATE(o)          (((PyASCIIObject *)(o))->state)
#define PyUnicode_GET_LENGTH(o)     (((PyASCIIObject *)(o))->length)
#define PyUnicode_HASH(o)           (((PyASCIIObject *)(o))->hash)
#define PyUnicode_IS_ASCII(o)       ((PyUnicode_STATE(o) & PYUNI_ASCII) != 0)
#define PyUnicode_KIND(o)           ((int)(PyUnicode_STATE(o) >> PYUNI_KIND_SHIFT & 7))
#define PyUnicode_CHECK_INTERNED(o) ((PyUnicode_STATE(o) & PYUNI_INTERNED_MASK) != 0)
#define PyUnicode_DATA(o)                                                      \
	((void *)((char *)(o) + (PyUnicode_IS_ASCII(o) ? sizeof(PyASCIIObject) \
						       : sizeof(PyCompactUnicodeObject))))
#define PyUnicode_1BYTE_DATA(o) ((Py_UCS1 *)PyUnicode_DATA(o))
#define PyUnicode_2BYTE_DATA(o) ((Py_UCS2 *)PyUnicode_DATA(o))
#define PyUnicode_4BYTE_DATA(o) ((Py_UCS4 *)PyUnicode_DATA(o))

static inline Py_UCS4 PyUnicode_READ(int kind, const void *data, Py_ssize_t i)
{
	if (kind == PyUnicode_1BYTE_KIND)
		return ((const Py_UCS1 *)data)[i];
	if (kind == PyUnicode_2BYTE_KIND)
		return ((const Py_UCS2 *)data)[i];
	return ((const Py_UCS4 *)data)[i];
}
static inline void PyUnicode_WRITE(int kind, void *data, Py_ssize_t i, Py_UCS4 ch)
{
	if (kind == PyUnicode_1BYTE_KIND)
		((Py_UCS1 *)data)[i] = (Py_UCS1)ch;
	else if (kind == PyUnicode_2BYTE_KIND)
		((Py_UCS2 *)data)[i] = (Py_UCS2)ch;
	else
		((Py_UCS4 *)data)[i] = ch;
}
#define PyUnicode_READ_CHAR(o, i) PyUnicode_READ(PyUnicode_KIND(o), PyUnicode_DATA(o), i)
/* An upper bound of the characters, exact only in its kind: 0x7f, 0xff, 0xffff or 0x10ffff. */
Py_UCS4 PyUnicode_MAX_CHAR_VALUE(PyObject *o);

/* -- Making ------------------------------------------------------------------------------------ */
/* Contents not set; maxchar (rounded up to a kind) must really be the smallest that fits. */
PyObject *PyUnicode_New(Py_ssize_t length, Py_UCS4 maxchar);
PyObject *PyUnicode_FromString(const char *utf8);
PyObject *PyUnicode_FromStringAndSize(const char *utf8, Py_ssize_t n);
PyObject *PyUnicode_FromKindAndData(int kind, const void *data, Py_ssize_t length);
PyObject *PyUnicode_FromOrdinal(int ch); /* chr(): ValueError outside range(0x110000) */
PyObject *_PyUnicode_FromChar(Py_UCS4 ch);
PyObject *PyUnicode_FromObject(PyObject *o); /* an exact str */
/* printf-like: %c %d %i %u %x %X %o with l, ll, z, j, t; %p %s (UTF-8) %A %R %S (objects) %U (str)
 * %V (object or NULL, then char *) %%; width, 0, - and precision. */
PyObject *PyUnicode_FromFormat(const char *format, ...);
PyObject *PyUnicode_FromFormatV(const char *format, va_list args);
/* Interned strings are one object per text and live as long as somebody holds them. */
PyObject *PyUnicode_InternFromString(const char *utf8);
void PyUnicode_InternInPlace(PyObject **o);

/* -- Reading ----------------------------------------------------------------------------------- */
Py_ssize_t PyUnicode_GetLength(PyObject *o);
Py_UCS4 PyUnicode_ReadChar(PyObject *o, Py_ssize_t i);
/* UTF-8, NUL-terminated, owned by o; UnicodeEncodeError for lone surrogates. */
const char *PyUnicode_AsUTF8(PyObject *o);
const char *PyUnicode_AsUTF8AndSize(PyObject *o, Py_ssize_t *n);
int PyUnicode_CopyCharacters(PyObject *to, Py_ssize_t to_start, PyObject *from,
			     Py_ssize_t from_start, Py_ssize_t n);

/* -- Comparing and searching ---------------------------------------------------------------------
 */
int PyUnicode_Compare(PyObject *a, PyObject *b); /* -1, 0, 1 by code points */
int PyUnicode_CompareWithASCIIString(PyObject *a, const char *b);
int _PyUnicode_EqualToASCIIString(PyObject *a, const char *b); /* 1 or 0, never an error */
int _PyUnicode_EQ(PyObject *a, PyObject *b);                   /* both str; 1 or 0 */
Py_hash_t _PyUnicode_Hash(PyObject *o);
int PyUnicode_Contains(PyObject *o, PyObject *sub);
/* The first (direction > 0) or last place of sub in [start, end), -1 none, -2 error. */
Py_ssize_t PyUnicode_Find(PyObject *o, PyObject *sub, Py_ssize_t start, Py_ssize_t end,
			  int direction);
Py_ssize_t PyUnicode_FindChar(PyObject *o, Py_UCS4 ch, Py_ssize_t start, Py_ssize_t end,
			      int direction);
Py_ssize_t PyUnicode_Count(PyObject *o, PyObject *sub, Py_ssize_t start, Py_ssize_t end);
Py_ssize_t PyUnicode_Tailmatch(PyObject *o, PyObject *sub, Py_ssize_t start, Py_ssize_t end,
			       int direction); /* > 0: at the end */
int PyUnicode_IsIdentifier(PyObject *o);

/* -- Operations; new str
 * --------------------------------------------------------------------------*/
PyObject *PyUnicode_Concat(PyObject *a, PyObject *b);
/* *left becomes left + right, in place when nobody else holds it; NULL on error. */
void PyUnicode_Append(PyObject **left, PyObject *right);
void PyUnicode_AppendAndDel(PyObject **left, PyObject *right);
PyObject *PyUnicode_Join(PyObject *sep, PyObject *iterable);
PyObject *_PyUnicode_JoinArray(PyObject *sep, PyObject *const *items, Py_ssize_t n);
PyObject *PyUnicode_Substring(PyObject *o, Py_ssize_t start, Py_ssize_t end);
PyObject *PyUnicode_Replace(PyObject *o, PyObject *old, PyObject *new_, Py_ssize_t maxcount);
PyObject *PyUnicode_Split(PyObject *o, PyObject *sep, Py_ssize_t maxsplit); /* sep may be NULL */
PyObject *PyUnicode_RSplit(PyObject *o, PyObject *sep, Py_ssize_t maxsplit);
PyObject *PyUnicode_Splitlines(PyObject *o, int keepends);
PyObject *PyUnicode_Partition(PyObject *o, PyObject *sep);
PyObject *PyUnicode_RPartition(PyObject *o, PyObject *sep);
PyObject *PyUnicode_Translate(PyObject *o, PyObject *table, const char *errors);
PyObject *PyUnicode_Format(PyObject *format, PyObject *args); /* format % args */
PyObject *_PyUnicode_Repr(PyObject *o);

/* -- Codecs ------------------------------------------------------------------------------------ */
/* errors: NULL = "strict", "replace", "ignore", "surrogateescape", "surrogatepass",
 * "backslashreplace", encoding also "xmlcharrefreplace" and "namereplace". encoding NULL = utf-8.
 */
PyObject *PyUnicode_Decode(const char *data, Py_ssize_t n, const char *encoding,
			   const char *errors);
PyObject *PyUnicode_DecodeUTF8(const char *data, Py_ssize_t n, const char *errors);
/* Without consumed the input must be complete; with it the rest of a character is left over. */
PyObject *PyUnicode_DecodeUTF8Stateful(const char *data, Py_ssize_t n, const char *errors,
				       Py_ssize_t *consumed);
PyObject *PyUnicode_DecodeLatin1(const char *data, Py_ssize_t n, const char *errors);
PyObject *PyUnicode_DecodeASCII(const char *data, Py_ssize_t n, const char *errors);
PyObject *PyUnicode_DecodeFSDefault(const char *data);
PyObject *PyUnicode_DecodeFSDefaultAndSize(const char *data, Py_ssize_t n);
PyObject *PyUnicode_FromEncodedObject(PyObject *o, const char *encoding, const char *errors);
PyObject *PyUnicode_AsEncodedString(PyObject *o, const char *encoding, const char *errors);
PyObject *PyUnicode_AsUTF8String(PyObject *o);
PyObject *_PyUnicode_EncodeUTF8(PyObject *o, const char *errors);
PyObject *_PyUnicode_EncodeLatin1(PyObject *o, const char *errors);
PyObject *_PyUnicode_EncodeASCII(PyObject *o, const char *errors);
PyObject *PyUnicode_EncodeFSDefault(PyObject *o);

/* -- Building ---------------------------------------------------------------------------------- */
/* Grows and widens as it is written to. _Finish ends it; else _Dealloc. */
typedef struct {
	PyObject *buffer; /* a str of size characters, or NULL */
	Py_ssize_t pos, size;
	int kind;
	Py_UCS4 maxchar; /* what the buffer's kind holds */
	Py_UCS4 seen;    /* OR of all characters written: the result's kind */
} _PyUnicodeWriter;

void _PyUnicodeWriter_Init(_PyUnicodeWriter *w);
/* Room for n more characters up to maxchar. */
int _PyUnicodeWriter_Prepare(_PyUnicodeWriter *w, Py_ssize_t n, Py_UCS4 maxchar);
int _PyUnicodeWriter_WriteChar(_PyUnicodeWriter *w, Py_UCS4 ch);
int _PyUnicodeWriter_WriteFill(_PyUnicodeWriter *w, Py_UCS4 ch, Py_ssize_t n);
int _PyUnicodeWriter_WriteStr(_PyUnicodeWriter *w, PyObject *s);
int _PyUnicodeWriter_WriteSubstring(_PyUnicodeWriter *w, PyObject *s, Py_ssize_t start,
				    Py_ssize_t end);
int _PyUnicodeWriter_WriteASCIIString(_PyUnicodeWriter *w, const char *s, Py_ssize_t n); /* -1:
											   strlen */
PyObject *_PyUnicodeWriter_Finish(_PyUnicodeWriter *w); /* also on error: NULL, released */
void _PyUnicodeWriter_Dealloc(_PyUnicodeWriter *w);

/* -- Format specifications ([[fill]align][sign][#][0][width][grouping][.precision][type])
 * ----------- What __format__ of each type does; spec is a str. */
PyObject *_PyUnicode_FormatSpec(PyObject *value, PyObject *spec);
PyObject *_PyLong_FormatSpec(PyObject *value, PyObject *spec);
PyObject *_PyFloat_FormatSpec(PyObject *value, PyObject *spec);
PyObject *_PyComplex_FormatSpec(PyObject *value, PyObject *spec);

/* For number parsers: decimal digits of any script become 0-9, spaces ' ', all else beyond ASCII
 * '?'; an ASCII str. */
PyObject *_PyUnicode_TransformDecimalAndSpaceToASCII(PyObject *o);

/* -- Characters -------------------------------------------------------------------------------- */
int _PyUnicode_IsAlpha(Py_UCS4 ch);
int _PyUnicode_IsDecimalDigit(Py_UCS4 ch);
int _PyUnicode_IsDigit(Py_UCS4 ch);
int _PyUnicode_IsNumeric(Py_UCS4 ch);
int _PyUnicode_IsAlnum(Py_UCS4 ch);
int _PyUnicode_IsLowercase(Py_UCS4 ch);
int _PyUnicode_IsUppercase(Py_UCS4 ch);
int _PyUnicode_IsTitlecase(Py_UCS4 ch);
int _PyUnicode_IsPrintable(Py_UCS4 ch);
int _PyUnicode_IsWhitespace(Py_UCS4 ch);
int _PyUnicode_IsLinebreak(Py_UCS4 ch);
int _PyUnicode_IsXidStart(Py_UCS4 ch);
int _PyUnicode_IsXidContinue(Py_UCS4 ch);
int _PyUnicode_ToDecimalDigit(Py_UCS4 ch); /* -1: none */
Py_UCS4 _PyUnicode_ToLowercase(Py_UCS4 ch);
Py_UCS4 _PyUnicode_ToUppercase(Py_UCS4 ch);
Py_UCS4 _PyUnicode_ToTitlecase(Py_UCS4 ch);

#endif
