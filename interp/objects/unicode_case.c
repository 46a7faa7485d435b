/* SPDX-License-Identifier: BSD-2-Clause */
/* Methods that change or ask for the case of a whole string. */
#include "objects/unicode_priv.h"

#include "objects/bool.h"

/* ASCII: one byte becomes one byte. */
static PyObject *ascii_case(PyObject *self, int which)
{
	Py_ssize_t n = PyUnicode_GET_LENGTH(self);
	const Py_UCS1 *from = PyUnicode_DATA(self);
	PyObject *ret = PyUnicode_New(n, 0x7f);
	bool inside = false; /* a word */
	Py_UCS1 *to;

	if (!ret || n == 0)
		return ret;
	to = PyUnicode_DATA(ret);
	for (Py_ssize_t i = 0; i < n; i++) {
		Py_UCS1 c = from[i];
		bool lower = c >= 'a' && c <= 'z', upper = c >= 'A' && c <= 'Z', want_upper;

		switch (which) {
		case CASE_UPPER: want_upper = true; break;
		case CASE_SWAP: want_upper = lower; break;
		case CASE_CAPITALIZE: want_upper = i == 0; break;
		case CASE_TITLE: want_upper = !inside; break;
		default: want_upper = false;
		}
		inside = lower || upper;
		to[i] = lower && want_upper ? c - 32 : upper && !want_upper ? c + 32 : c;
	}
	return ret;
}

/* Is the capital sigma at i the last letter of a word (SpecialCasing.txt Final_Sigma)? */
static bool is_final_sigma(PyObject *s, Py_ssize_t i)
{
	Py_ssize_t n = PyUnicode_GET_LENGTH(s), j;

	for (j = i - 1; j >= 0 && _PyUnicode_IsCaseIgnorable(PyUnicode_READ_CHAR(s, j)); j--)
		;
	if (j < 0 || !_PyUnicode_IsCased(PyUnicode_READ_CHAR(s, j)))
		return false;
	for (j = i + 1; j < n && _PyUnicode_IsCaseIgnorable(PyUnicode_READ_CHAR(s, j)); j++)
		;
	return j == n || !_PyUnicode_IsCased(PyUnicode_READ_CHAR(s, j));
}

static int lower_at(PyObject *s, Py_ssize_t i, Py_UCS4 ch, Py_UCS4 *to)
{
	if (ch == 0x3a3) {
		to[0] = is_final_sigma(s, i) ? 0x3c2 : 0x3c3;
		return 1;
	}
	return _PyUnicode_ToLowerFull(ch, to);
}

PyObject *_PyUnicode_CaseMethod(PyObject *self, int which)
{
	Py_ssize_t n = PyUnicode_GET_LENGTH(self);
	_PyUnicodeWriter w;
	bool inside = false;

	if (PyUnicode_IS_ASCII(self))
		return ascii_case(self, which == CASE_FOLD ? CASE_LOWER : which);
	_PyUnicodeWriter_Init(&w);
	for (Py_ssize_t i = 0; i < n; i++) {
		Py_UCS4 ch = PyUnicode_READ_CHAR(self, i), to[3];
		int count = 0;

		switch (which) {
		case CASE_UPPER: count = _PyUnicode_ToUpperFull(ch, to); break;
		case CASE_LOWER: count = lower_at(self, i, ch, to); break;
		case CASE_FOLD: count = _PyUnicode_ToFoldedFull(ch, to); break;
		case CASE_CAPITALIZE:
			count = i == 0 ? _PyUnicode_ToTitleFull(ch, to) : lower_at(self, i, ch, to);
			break;
		case CASE_TITLE:
			count = inside ? lower_at(self, i, ch, to) : _PyUnicode_ToTitleFull(ch, to);
			break;
		case CASE_SWAP:
			if (_PyUnicode_IsUppercase(ch)) {
				count = lower_at(self, i, ch, to);
			} else if (_PyUnicode_IsLowercase(ch)) {
				count = _PyUnicode_ToUpperFull(ch, to);
			} else {
				to[0] = ch;
				count = 1;
			}
			break;
		}
		inside = _PyUnicode_IsCased(ch);
		for (int k = 0; k < count; k++)
			if (_PyUnicodeWriter_WriteChar(&w, to[k]) < 0) {
				_PyUnicodeWriter_Dealloc(&w);
				return NULL;
			}
	}
	return _PyUnicodeWriter_Finish(&w);
}

/* -- Questions --------------------------------------------------------------------------------- */
/* Every character has the property, and there is one. */
static PyObject *all_are(PyObject *self, int (*is)(Py_UCS4))
{
	Py_ssize_t n = PyUnicode_GET_LENGTH(self);
	int kind = PyUnicode_KIND(self);
	const void *data = PyUnicode_DATA(self);

	for (Py_ssize_t i = 0; i < n; i++)
		if (!is(PyUnicode_READ(kind, data, i)))
			Py_RETURN_FALSE;
	return PyBool_FromLong(n > 0);
}

#define ALL_ARE(name, is)                                             \
	PyObject *_PyUnicode_##name(PyObject *self, PyObject *unused) \
	{                                                             \
		return all_are(self, is);                             \
	}
ALL_ARE(isalnum, _PyUnicode_IsAlnum)
ALL_ARE(isalpha, _PyUnicode_IsAlpha)
ALL_ARE(isdecimal, _PyUnicode_IsDecimalDigit)
ALL_ARE(isdigit, _PyUnicode_IsDigit)
ALL_ARE(isnumeric, _PyUnicode_IsNumeric)
ALL_ARE(isspace, _PyUnicode_IsWhitespace)

PyObject *_PyUnicode_isprintable(PyObject *self, PyObject *unused)
{
	if (PyUnicode_GET_LENGTH(self) == 0)
		Py_RETURN_TRUE;
	return all_are(self, _PyUnicode_IsPrintable);
}

PyObject *_PyUnicode_isascii(PyObject *self, PyObject *unused)
{
	return PyBool_FromLong(PyUnicode_IS_ASCII(self));
}

/* Some cased character, and none of the other case. */
static PyObject *cased_as(PyObject *self, int (*is)(Py_UCS4), int (*is_other)(Py_UCS4))
{
	bool cased = false;

	for (Py_ssize_t i = 0; i < PyUnicode_GET_LENGTH(self); i++) {
		Py_UCS4 ch = PyUnicode_READ_CHAR(self, i);

		if (is_other(ch) || _PyUnicode_IsTitlecase(ch))
			Py_RETURN_FALSE;
		cased = cased || is(ch);
	}
	return PyBool_FromLong(cased);
}

PyObject *_PyUnicode_islower(PyObject *self, PyObject *unused)
{
	return cased_as(self, _PyUnicode_IsLowercase, _PyUnicode_IsUppercase);
}

PyObject *_PyUnicode_isupper(PyObject *self, PyObject *unused)
{
	return cased_as(self, _PyUnicode_IsUppercase, _PyUnicode_IsLowercase);
}

PyObject *_PyUnicode_istitle(PyObject *self, PyObject *unused)
{
	bool cased = false, inside = false;

	for (Py_ssize_t i = 0; i < PyUnicode_GET_LENGTH(self); i++) {
		Py_UCS4 ch = PyUnicode_READ_CHAR(self, i);

		if (_PyUnicode_IsUppercase(ch) || _PyUnicode_IsTitlecase(ch)) {
			if (inside)
				Py_RETURN_FALSE;
			inside = cased = true;
		} else if (_PyUnicode_IsLowercase(ch)) {
			if (!inside)
				Py_RETURN_FALSE;
			cased = true;
		} else {
			inside = false;
		}
	}
	return PyBool_FromLong(cased);
}

int PyUnicode_IsIdentifier(PyObject *o)
{
	Py_ssize_t n = PyUnicode_GET_LENGTH(o);
	Py_UCS4 first;

	if (n == 0)
		return 0;
	first = PyUnicode_READ_CHAR(o, 0);
	if (first != '_' && !_PyUnicode_IsXidStart(first))
		return 0;
	for (Py_ssize_t i = 1; i < n; i++)
		if (!_PyUnicode_IsXidContinue(PyUnicode_READ_CHAR(o, i)))
			return 0;
	return 1;
}

PyObject *_PyUnicode_isidentifier(PyObject *self, PyObject *unused)
{
	return PyBool_FromLong(PyUnicode_IsIdentifier(self));
}

#define CASE(name, which)                                             \
	PyObject *_PyUnicode_##name(PyObject *self, PyObject *unused) \
	{                                                             \
		return _PyUnicode_CaseMethod(self, which);            \
	}
CASE(lower, CASE_LOWER)
CASE(upper, CASE_UPPER)
CASE(title, CASE_TITLE)
CASE(capitalize, CASE_CAPITALIZE)
CASE(swapcase, CASE_SWAP)
CASE(casefold, CASE_FOLD)
