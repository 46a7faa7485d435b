/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * The form: a tag, then what it says. A str is written once; after that its number is. Of those
 * there are as many as have been written before, so a number can be checked.
 */
#include "compiler/marshal.h"

#include "compiler/object_api.h"
#include "compiler/verify.h"

#define MAX_DEPTH 300 /* of tuples and code objects in each other: the parser's is less */

enum {
	TAG_NONE = 'N',
	TAG_TRUE = 'T',
	TAG_FALSE = 'F',
	TAG_ELLIPSIS = '.',
	TAG_INT = 'i',       /* int64 */
	TAG_BIG = 'l',       /* count, bytes: two's complement */
	TAG_FLOAT = 'f',     /* 8 bytes */
	TAG_COMPLEX = 'c',   /* 16 bytes */
	TAG_STR = 's',       /* kind, count, code units */
	TAG_NAME = 'n',      /* the same, interned */
	TAG_AGAIN = 'r',     /* number of a str */
	TAG_BYTES = 'b',     /* count, bytes */
	TAG_TUPLE = '(',     /* count, items */
	TAG_FROZENSET = '{', /* count, items */
	TAG_CODE = 'C',      /* numbers, objects: struct PyCodeSpec */
};

/* The parts of a code object, in order: where they are in one and in its specification. */
#define PART(name)                                                                   \
	{                                                                            \
		offsetof(PyCodeObject, co_##name), offsetof(struct PyCodeSpec, name) \
	}
static const struct part {
	size_t in_code, in_spec;
} numbers[] =
	{
		PART(argcount),  PART(posonlyargcount), PART(kwonlyargcount),
		PART(nlocals),   PART(ncellvars),       PART(nfreevars),
		PART(stacksize), PART(flags),           PART(firstlineno),
},
  objects[] = {
	  PART(code), PART(consts),   PART(names),     PART(localsplusnames), PART(localspluskinds),
	  PART(name), PART(qualname), PART(linetable), PART(exceptiontable),
};
#define NNUMBERS (sizeof(numbers) / sizeof(*numbers))
#define NOBJECTS (sizeof(objects) / sizeof(*objects))

/* -- Writing ----------------------------------------------------------------------------------- */
struct writer {
	struct marshal_bytes *out;
	PyObject *seen; /* dict: str -> number */
	int depth;
};

static bool write_bytes(struct writer *w, const void *data, size_t n)
{
	struct marshal_bytes *out = w->out;

	if (n > out->room - out->n) {
		size_t room = 2 * out->room + n + 4096;
		uint8_t *bigger = PyMem_Realloc(out->data, room);

		if (!bigger)
			return false;
		out->data = bigger;
		out->room = room;
	}
	if (n)
		memcpy(out->data + out->n, data, n);
	out->n += n;
	return true;
}

static bool write_tag(struct writer *w, int tag)
{
	uint8_t byte = (uint8_t)tag;

	return write_bytes(w, &byte, 1);
}

static bool write_u32(struct writer *w, size_t n)
{
	uint32_t v = (uint32_t)n;

	return n <= UINT32_MAX && write_bytes(w, &v, sizeof(v));
}

static bool write_object(struct writer *w, PyObject *o);

static bool write_int(struct writer *w, PyObject *o)
{
	int64_t small;
	size_t n;
	uint8_t *bytes;
	bool ok;

	if (_PyLong_GetInt64(o, &small))
		return write_tag(w, TAG_INT) && write_bytes(w, &small, sizeof(small));
	n = _PyLong_NumBits(o) / 8 + 1;
	bytes = PyMem_Malloc(n);
	ok = bytes && _PyLong_AsByteArray(o, bytes, n, true, true) == 0 && write_tag(w, TAG_BIG) &&
	     write_u32(w, n) && write_bytes(w, bytes, n);
	PyMem_Free(bytes);
	return ok;
}

static bool write_str(struct writer *w, PyObject *o)
{
	PyObject *number = PyDict_GetItemWithError(w->seen, o);
	Py_ssize_t length = PyUnicode_GET_LENGTH(o);
	int kind = PyUnicode_KIND(o);
	uint8_t kind_byte = (uint8_t)kind;
	bool ok;

	if (number)
		return write_tag(w, TAG_AGAIN) && write_u32(w, (size_t)PyLong_AsLong(number));
	if (PyErr_Occurred())
		return false;
	number = PyLong_FromSsize_t(PyDict_GET_SIZE(w->seen));
	ok = number && PyDict_SetItem(w->seen, o, number) == 0;
	Py_XDECREF(number);
	return ok && write_tag(w, PyUnicode_CHECK_INTERNED(o) ? TAG_NAME : TAG_STR) &&
	       write_bytes(w, &kind_byte, 1) && write_u32(w, (size_t)length) &&
	       write_bytes(w, PyUnicode_DATA(o), (size_t)length * (size_t)kind);
}

static bool write_items(struct writer *w, int tag, PyObject *items)
{
	Py_ssize_t n = PyTuple_GET_SIZE(items);

	if (!write_tag(w, tag) || !write_u32(w, (size_t)n))
		return false;
	for (Py_ssize_t i = 0; i < n; i++)
		if (!write_object(w, PyTuple_GET_ITEM(items, i)))
			return false;
	return true;
}

static bool write_set(struct writer *w, PyObject *o)
{
	PyObject *items = PySequence_Tuple(o);
	bool ok = items && write_items(w, TAG_FROZENSET, items);

	Py_XDECREF(items);
	return ok;
}

static bool write_code(struct writer *w, PyCodeObject *code)
{
	if (!write_tag(w, TAG_CODE))
		return false;
	for (size_t i = 0; i < NNUMBERS; i++)
		if (!write_bytes(w, (char *)code + numbers[i].in_code, sizeof(int32_t)))
			return false;
	for (size_t i = 0; i < NOBJECTS; i++)
		if (!write_object(w, *(PyObject **)((char *)code + objects[i].in_code)))
			return false;
	return true;
}

static bool write_plain(struct writer *w, PyObject *o)
{
	if (Py_IsNone(o) || o == Py_True || o == Py_False || o == Py_Ellipsis)
		return write_tag(w, Py_IsNone(o)    ? TAG_NONE
				    : o == Py_True  ? TAG_TRUE
				    : o == Py_False ? TAG_FALSE
						    : TAG_ELLIPSIS);
	if (PyLong_CheckExact(o))
		return write_int(w, o);
	if (PyFloat_CheckExact(o))
		return write_tag(w, TAG_FLOAT) &&
		       write_bytes(w, &((PyFloatObject *)o)->ob_fval, sizeof(double));
	if (PyComplex_CheckExact(o))
		return write_tag(w, TAG_COMPLEX) &&
		       write_bytes(w, &((PyComplexObject *)o)->cval, 2 * sizeof(double));
	if (PyUnicode_CheckExact(o))
		return write_str(w, o);
	return PyBytes_CheckExact(o) && write_tag(w, TAG_BYTES) &&
	       write_u32(w, (size_t)PyBytes_GET_SIZE(o)) &&
	       write_bytes(w, PyBytes_AS_STRING(o), (size_t)PyBytes_GET_SIZE(o));
}

static bool write_object(struct writer *w, PyObject *o)
{
	bool ok;

	if (w->depth >= MAX_DEPTH)
		return false;
	w->depth++;
	if (PyTuple_CheckExact(o))
		ok = write_items(w, TAG_TUPLE, o);
	else if (PyFrozenSet_CheckExact(o))
		ok = write_set(w, o);
	else if (PyCode_Check(o))
		ok = write_code(w, (PyCodeObject *)o);
	else
		ok = write_plain(w, o);
	w->depth--;
	return ok;
}

bool marshal_write(struct marshal_bytes *out, PyCodeObject *code)
{
	struct writer w = {.out = out, .seen = PyDict_New()};
	bool ok = w.seen && write_object(&w, (PyObject *)code);

	Py_XDECREF(w.seen);
	PyErr_Clear();
	return ok;
}

/* -- Reading ----------------------------------------------------------------------------------- */
struct reader {
	const uint8_t *p, *end;
	PyObject *seen; /* list of str */
	PyObject *filename;
	int depth;
};

static const void *read_bytes(struct reader *r, size_t n)
{
	const uint8_t *p = r->p;

	if (n > (size_t)(r->end - p))
		return NULL;
	r->p += n;
	return p;
}

/* A count of things that take at least `size` bytes each. */
static bool read_count(struct reader *r, size_t size, size_t *ret)
{
	const void *p = read_bytes(r, sizeof(uint32_t));
	uint32_t n;

	if (!p)
		return false;
	memcpy(&n, p, sizeof(n));
	*ret = n;
	return n <= (size_t)(r->end - r->p) / size;
}

static PyObject *read_object(struct reader *r);

static PyObject *read_int(struct reader *r)
{
	const void *p = read_bytes(r, sizeof(int64_t));
	int64_t v;

	if (!p)
		return NULL;
	memcpy(&v, p, sizeof(v));
	return PyLong_FromLongLong(v);
}

static PyObject *read_big(struct reader *r)
{
	size_t n;

	if (!read_count(r, 1, &n))
		return NULL;
	return _PyLong_FromByteArray(read_bytes(r, n), n, true, true);
}

static PyObject *read_float(struct reader *r, bool complex)
{
	const void *p = read_bytes(r, complex ? 16 : 8);
	double v[2] = {0};

	if (!p)
		return NULL;
	memcpy(v, p, complex ? 16 : 8);
	return complex ? PyComplex_FromDoubles(v[0], v[1]) : PyFloat_FromDouble(v[0]);
}

/* The characters are counted anew: a str is always of the smallest kind that fits. */
static PyObject *read_str(struct reader *r, bool intern)
{
	const uint8_t *kind = read_bytes(r, 1);
	const void *data;
	Py_UCS4 *aligned;
	PyObject *ret = NULL;
	size_t n;

	if (!kind || (*kind != 1 && *kind != 2 && *kind != 4) || !read_count(r, *kind, &n))
		return NULL;
	data = read_bytes(r, n * *kind);
	aligned = PyMem_Malloc(n * *kind);
	if (aligned) {
		bool ok = true;

		memcpy(aligned, data, n * *kind);
		for (size_t i = 0; *kind == 4 && i < n; i++)
			ok = ok && aligned[i] <= 0x10ffff;
		if (ok)
			ret = PyUnicode_FromKindAndData(*kind, aligned, (Py_ssize_t)n);
	}
	PyMem_Free(aligned);
	if (ret && intern)
		PyUnicode_InternInPlace(&ret);
	if (ret && PyList_Append(r->seen, ret) < 0)
		Py_CLEAR(ret);
	return ret;
}

static PyObject *read_again(struct reader *r)
{
	const void *p = read_bytes(r, sizeof(uint32_t));
	uint32_t i;

	if (!p)
		return NULL;
	memcpy(&i, p, sizeof(i));
	return i < (size_t)PyList_GET_SIZE(r->seen) ? Py_NewRef(PyList_GET_ITEM(r->seen, i)) : NULL;
}

static PyObject *read_tuple(struct reader *r)
{
	PyObject *tuple;
	size_t n;

	if (!read_count(r, 1, &n))
		return NULL;
	tuple = PyTuple_New((Py_ssize_t)n);
	for (size_t i = 0; tuple && i < n; i++) {
		PyObject *item = read_object(r);

		if (item)
			PyTuple_SET_ITEM(tuple, (Py_ssize_t)i, item);
		else
			Py_CLEAR(tuple);
	}
	return tuple;
}

static PyObject *read_set(struct reader *r)
{
	PyObject *items = read_tuple(r), *set = items ? PyFrozenSet_New(items) : NULL;

	Py_XDECREF(items);
	return set;
}

static PyObject *read_blob(struct reader *r)
{
	size_t n;

	if (!read_count(r, 1, &n))
		return NULL;
	return PyBytes_FromStringAndSize(read_bytes(r, n), (Py_ssize_t)n);
}

/* Names of variables and attributes are always interned: they are compared by address. */
static bool intern_all(PyObject *tuple)
{
	if (!PyTuple_CheckExact(tuple))
		return false;
	for (Py_ssize_t i = 0; i < PyTuple_GET_SIZE(tuple); i++) {
		PyObject *name = PyTuple_GET_ITEM(tuple, i);

		if (!PyUnicode_CheckExact(name))
			return false;
		if (!PyUnicode_CHECK_INTERNED(name)) {
			Py_INCREF(name);
			PyUnicode_InternInPlace(&name);
			Py_DECREF(PyTuple_GET_ITEM(tuple, i));
			PyTuple_SET_ITEM(tuple, i, name);
		}
	}
	return true;
}

static PyObject *make_code(const struct PyCodeSpec *spec)
{
	PyCodeObject *code;

	if (!intern_all(spec->names) || !intern_all(spec->localsplusnames))
		return NULL;
	code = PyCode_New(spec);
	if (code && !PyCode_Verify(code))
		Py_CLEAR(code);
	return (PyObject *)code;
}

static PyObject *read_code(struct reader *r)
{
	struct PyCodeSpec spec = {.filename = r->filename};
	const uint8_t *p = read_bytes(r, NNUMBERS * sizeof(int32_t));
	bool ok = p != NULL;
	PyObject *code;

	for (size_t i = 0; ok && i < NNUMBERS; i++)
		memcpy((char *)&spec + numbers[i].in_spec, p + i * sizeof(int32_t),
		       sizeof(int32_t));
	for (size_t i = 0; ok && i < NOBJECTS; i++) {
		PyObject *o = read_object(r);

		memcpy((char *)&spec + objects[i].in_spec, &o, sizeof(o));
		ok = o != NULL;
	}
	code = ok ? make_code(&spec) : NULL;
	for (size_t i = 0; i < NOBJECTS; i++)
		Py_XDECREF(*(PyObject **)((char *)&spec + objects[i].in_spec));
	return code;
}

static PyObject *read_tagged(struct reader *r, int tag)
{
	switch (tag) {
	case TAG_NONE: return Py_NewRef(Py_None);
	case TAG_TRUE: return Py_NewRef(Py_True);
	case TAG_FALSE: return Py_NewRef(Py_False);
	case TAG_ELLIPSIS: return Py_NewRef(Py_Ellipsis);
	case TAG_INT: return read_int(r);
	case TAG_BIG: return read_big(r);
	case TAG_FLOAT: return read_float(r, false);
	case TAG_COMPLEX: return read_float(r, true);
	case TAG_STR: return read_str(r, false);
	case TAG_NAME: return read_str(r, true);
	case TAG_AGAIN: return read_again(r);
	case TAG_BYTES: return read_blob(r);
	case TAG_TUPLE: return read_tuple(r);
	case TAG_FROZENSET: return read_set(r);
	case TAG_CODE: return read_code(r);
	default: return NULL;
	}
}

static PyObject *read_object(struct reader *r)
{
	const uint8_t *tag = read_bytes(r, 1);
	PyObject *ret;

	if (!tag || r->depth >= MAX_DEPTH)
		return NULL;
	r->depth++;
	ret = read_tagged(r, *tag);
	r->depth--;
	return ret;
}

PyCodeObject *marshal_read(const uint8_t *data, size_t n, PyObject *filename)
{
	struct reader r = {.p = data, .end = data + n, .filename = filename, .seen = PyList_New(0)};
	PyObject *o = r.seen ? read_object(&r) : NULL;

	if (o && (r.p != r.end || !PyCode_Check(o) || !PyCode_VerifyModule((PyCodeObject *)o)))
		Py_CLEAR(o);
	Py_XDECREF(r.seen);
	PyErr_Clear();
	return (PyCodeObject *)o;
}
