/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * memoryview. A view keeps the object it looks at, and a bytearray from changing its size, until it
 * is released; start stays valid as long. Items are read and written by the view's format, one
 * letter of module struct's in native size and order.
 */
#include "objects/memoryview.h"

#include "core/errors.h"
#include "core/gc.h"
#include "objects/abstract.h"
#include "objects/bool.h"
#include "objects/bytes_priv.h"
#include "objects/call.h"
#include "objects/float.h"
#include "objects/hash.h"
#include "objects/iter.h"
#include "objects/list.h"
#include "objects/long.h"
#include "objects/slice.h"
#include "objects/tuple.h"
#include "objects/unicode.h"
#include "objects/weakref.h"

typedef struct {
	PyObject_HEAD PyObject *obj; /* bytes or bytearray; NULL once released */
	char *start;
	Py_ssize_t length; /* items */
	Py_ssize_t stride; /* bytes from one item to the next */
	const struct item_format *format;
	bool readonly;
	bool at_sign;   /* the format was given as "@B" */
	Py_hash_t hash; /* -1: not yet computed */
	PyObject *weakreflist;
} View;

#define VIEW(o) ((View *)(o))

/* -- items ----------------------------------------------------------------------------------- */
enum item_kind { ITEM_SIGNED, ITEM_UNSIGNED, ITEM_BOOL, ITEM_CHAR, ITEM_FLOAT, ITEM_DOUBLE };

static const struct item_format {
	char letter;
	unsigned char size;
	enum item_kind kind;
} formats[] = {
	{'B', 1, ITEM_UNSIGNED},
	{'b', 1, ITEM_SIGNED},
	{'c', 1, ITEM_CHAR},
	{'?', 1, ITEM_BOOL},
	{'h', sizeof(short), ITEM_SIGNED},
	{'H', sizeof(short), ITEM_UNSIGNED},
	{'i', sizeof(int), ITEM_SIGNED},
	{'I', sizeof(int), ITEM_UNSIGNED},
	{'l', sizeof(long), ITEM_SIGNED},
	{'L', sizeof(long), ITEM_UNSIGNED},
	{'q', sizeof(long long), ITEM_SIGNED},
	{'Q', sizeof(long long), ITEM_UNSIGNED},
	{'n', sizeof(ssize_t), ITEM_SIGNED},
	{'N', sizeof(size_t), ITEM_UNSIGNED},
	{'P', sizeof(void *), ITEM_UNSIGNED},
	{'f', sizeof(float), ITEM_FLOAT},
	{'d', sizeof(double), ITEM_DOUBLE},
};

/* NULL for what is no format; "@x" is "x". */
static const struct item_format *find_format(const char *text)
{
	text += *text == '@';
	for (size_t i = 0; *text && !text[1] && i < sizeof(formats) / sizeof(*formats); i++)
		if (formats[i].letter == *text)
			return &formats[i];
	return NULL;
}

static long long get_signed(const char *p, int size)
{
	switch (size) {
	case 1: return *(const signed char *)p;
	case 2: return (short)(*(const unsigned char *)p | *(const unsigned char *)(p + 1) << 8);
	case 4: {
		int v;

		memcpy(&v, p, sizeof(v));
		return v;
	}
	default: {
		long long v;

		memcpy(&v, p, sizeof(v));
		return v;
	}
	}
}

static PyObject *get_item(const struct item_format *f, const char *p)
{
	unsigned long long u = 0;
	float single;
	double d;

	switch (f->kind) {
	case ITEM_SIGNED: return PyLong_FromLongLong(get_signed(p, f->size));
	case ITEM_UNSIGNED: memcpy(&u, p, f->size); return PyLong_FromUnsignedLongLong(u);
	case ITEM_BOOL: return PyBool_FromLong(*p != 0);
	case ITEM_CHAR: return PyBytes_FromStringAndSize(p, 1);
	case ITEM_FLOAT: memcpy(&single, p, sizeof(single)); return PyFloat_FromDouble(single);
	default: memcpy(&d, p, sizeof(d)); return PyFloat_FromDouble(d);
	}
}

static int bad_item(const char *what, const struct item_format *f)
{
	PyErr_Format(what[0] == 't' ? PyExc_TypeError : PyExc_ValueError,
		     "memoryview: invalid %s for format '%c'", what, f->letter);
	return -1;
}

/* An int as the format's bytes, little endian as the machine is. */
static int set_int(const struct item_format *f, char *p, PyObject *value)
{
	PyObject *index = PyNumber_Index(value);
	int status;

	if (!index) {
		if (PyErr_ExceptionMatches(PyExc_TypeError))
			PyErr_Clear();
		return PyErr_Occurred() ? -1 : bad_item("type", f);
	}
	status = _PyLong_AsByteArray(index, (unsigned char *)p, f->size, true,
				     f->kind == ITEM_SIGNED);
	Py_DECREF(index);
	if (status < 0 && PyErr_ExceptionMatches(PyExc_OverflowError)) {
		PyErr_Clear();
		return bad_item("value", f);
	}
	return status;
}

/* p: room for one item, not the view's own memory, for what is asked of value may change that. */
static int pack_item(const struct item_format *f, char *p, PyObject *value)
{
	double d;
	float single;
	int truth;

	switch (f->kind) {
	case ITEM_SIGNED:
	case ITEM_UNSIGNED: return set_int(f, p, value);
	case ITEM_BOOL:
		truth = PyObject_IsTrue(value);
		*p = truth > 0;
		return truth < 0 ? -1 : 0;
	case ITEM_CHAR:
		if (!PyBytes_Check(value))
			return bad_item("type", f);
		if (PyBytes_GET_SIZE(value) != 1)
			return bad_item("value", f);
		*p = PyBytes_AS_STRING(value)[0];
		return 0;
	default:
		d = PyFloat_AsDouble(value);
		if (d == -1.0 && PyErr_Occurred()) {
			if (!PyErr_ExceptionMatches(PyExc_TypeError))
				return -1;
			PyErr_Clear();
			return bad_item("type", f);
		}
		single = (float)d;
		if (f->kind == ITEM_FLOAT)
			memcpy(p, &single, sizeof(single));
		else
			memcpy(p, &d, sizeof(d));
		return 0;
	}
}

/* -- making and releasing -------------------------------------------------------------------- */
static bool released(View *v)
{
	if (!v->obj)
		PyErr_SetString(PyExc_ValueError,
				"operation forbidden on released memoryview object");
	return !v->obj;
}

static View *view_new(PyObject *obj, char *start, Py_ssize_t length, Py_ssize_t stride,
		      const struct item_format *format, bool readonly)
{
	View *v = PyObject_GC_New(View, &PyMemoryView_Type);

	if (!v)
		return NULL;
	*v = (View){.ob_refcnt = v->ob_refcnt,
		    .ob_type = v->ob_type,
		    .obj = Py_NewRef(obj),
		    .start = start,
		    .length = length,
		    .stride = stride,
		    .format = format,
		    .readonly = readonly,
		    .hash = -1};
	if (PyByteArray_Check(obj))
		((PyByteArrayObject *)obj)->ob_exports++;
	PyObject_GC_Track(v);
	return v;
}

static View *view_like(View *v)
{
	View *other = view_new(v->obj, v->start, v->length, v->stride, v->format, v->readonly);

	if (other)
		other->at_sign = v->at_sign;
	return other;
}

PyObject *PyMemoryView_FromObject(PyObject *o)
{
	const char *data;
	Py_ssize_t n;

	if (PyMemoryView_Check(o))
		return released(VIEW(o)) ? NULL : (PyObject *)view_like(VIEW(o));
	if (!_PyBytes_View(o, &data, &n))
		return PyErr_Format(PyExc_TypeError,
				    "memoryview: a bytes-like object is required, not '%.200s'",
				    Py_TYPE(o)->tp_name);
	return (PyObject *)view_new(o, (char *)data, n, 1, &formats[0], !PyByteArray_Check(o));
}

static PyObject *view_construct(PyTypeObject *type, PyObject *args, PyObject *kwargs)
{
	static const char *const names[] = {"object", NULL};
	static const struct PyArgSpec spec = {"memoryview", names, .required = 1, .max_pos = 1};
	PyObject *o;

	return PyArg_ParseDict(&spec, args, kwargs, &o) < 0 ? NULL : PyMemoryView_FromObject(o);
}

static void let_go(View *v)
{
	PyObject *obj = v->obj;

	if (!obj)
		return;
	v->obj = NULL;
	if (PyByteArray_Check(obj))
		((PyByteArrayObject *)obj)->ob_exports--;
	Py_DECREF(obj);
}

static PyObject *view_release(PyObject *self, PyObject *unused)
{
	let_go(VIEW(self));
	Py_RETURN_NONE;
}

static void view_dealloc(PyObject *self)
{
	PyObject_GC_UnTrack(self);
	if (VIEW(self)->weakreflist)
		PyObject_ClearWeakRefs(self);
	let_go(VIEW(self));
	PyObject_GC_Del(self);
}

static int view_traverse(PyObject *self, visitproc visit, void *arg)
{
	Py_VISIT(VIEW(self)->obj);
	return 0;
}

static int view_clear(PyObject *self)
{
	let_go(VIEW(self));
	return 0;
}

bool _PyMemoryView_View(PyObject *o, const char **data, Py_ssize_t *n)
{
	View *v = VIEW(o);

	if (!v->obj || (v->stride != v->format->size && v->length > 1))
		return false;
	*data = v->start;
	*n = v->length * v->format->size;
	return true;
}

/* -- reading ----------------------------------------------------------------------------------- */
static PyObject *view_tobytes(PyObject *self, PyObject *const *args, Py_ssize_t nargs,
			      PyObject *kwnames)
{
	static const char *const names[] = {"order", NULL};
	static const struct PyArgSpec spec = {"tobytes", names, .max_pos = 1};
	View *v = VIEW(self);
	PyObject *order;

	if (PyArg_Parse(&spec, args, nargs, kwnames, &order) < 0 || released(v))
		return NULL;
	if (order && !Py_IsNone(order)) {
		const char *text = PyUnicode_Check(order) ? PyUnicode_AsUTF8(order) : "";

		if (!text || !*text || text[1] || !strchr("CFA", *text))
			return PyErr_Format(PyExc_ValueError, "order must be 'C', 'F' or 'A'");
	}
	int size = v->format->size;
	PyObject *bytes = PyBytes_FromStringAndSize(NULL, v->length * size);

	for (Py_ssize_t i = 0; bytes && i < v->length; i++)
		memcpy(PyBytes_AS_STRING(bytes) + i * size, v->start + i * v->stride, (size_t)size);
	return bytes;
}

static PyObject *view_tolist(PyObject *self, PyObject *unused)
{
	View *v = VIEW(self);
	PyObject *list = released(v) ? NULL : PyList_New(0);

	for (Py_ssize_t i = 0; list && i < v->length; i++) {
		PyObject *item = get_item(v->format, v->start + i * v->stride);
		int status = item ? PyList_Append(list, item) : -1;

		Py_XDECREF(item);
		if (status < 0)
			Py_CLEAR(list);
	}
	return list;
}

static PyObject *view_hex(PyObject *self, PyObject *const *args, Py_ssize_t nargs,
			  PyObject *kwnames)
{
	PyObject *bytes = view_tobytes(self, NULL, 0, NULL);
	PyObject *text = bytes ? _PyBytes_hex(bytes, args, nargs, kwnames) : NULL;

	Py_XDECREF(bytes);
	return text;
}

static Py_ssize_t view_length(PyObject *self)
{
	return released(VIEW(self)) ? -1 : VIEW(self)->length;
}

/* The place of item i, negative ones counted from the end. */
static char *place(View *v, PyObject *key)
{
	Py_ssize_t i = PyNumber_AsSsize_t(key, PyExc_IndexError);

	if ((i == -1 && PyErr_Occurred()) || released(v))
		return NULL;
	if (i < 0)
		i += v->length;
	if (i < 0 || i >= v->length) {
		PyErr_SetString(PyExc_IndexError, "index out of bounds on dimension 1");
		return NULL;
	}
	return v->start + i * v->stride;
}

static View *view_slice(View *v, PyObject *slice)
{
	Py_ssize_t start, stop, step;

	if (PySlice_Unpack(slice, &start, &stop, &step) < 0 || released(v))
		return NULL;
	Py_ssize_t n = PySlice_AdjustIndices(v->length, &start, &stop, step);
	View *part = view_like(v);

	if (part) {
		part->length = n;
		part->start += n ? start * v->stride : 0;
		part->stride = n > 1 ? step * v->stride : v->format->size;
	}
	return part;
}

static PyObject *view_subscript(PyObject *self, PyObject *key)
{
	View *v = VIEW(self);

	if (released(v))
		return NULL;
	if (PySlice_Check(key))
		return (PyObject *)view_slice(v, key);
	if (!PyIndex_Check(key)) {
		bool many = PyTuple_Check(key);

		return PyErr_Format(many ? PyExc_NotImplementedError : PyExc_TypeError,
				    many ? "multi-dimensional slicing is not implemented"
					 : "memoryview: invalid slice key");
	}
	char *p = place(v, key);

	return p ? get_item(v->format, p) : NULL;
}

static PyObject *view_item(PyObject *self, Py_ssize_t i)
{
	View *v = VIEW(self);

	if (released(v))
		return NULL;
	if (i < 0 || i >= v->length)
		return PyErr_Format(PyExc_IndexError, "index out of bounds on dimension 1");
	return get_item(v->format, v->start + i * v->stride);
}

/* -- writing ----------------------------------------------------------------------------------- */
static int assign_slice(View *v, PyObject *slice, PyObject *value)
{
	View *to = view_slice(v, slice);
	View *from = to ? (View *)PyMemoryView_FromObject(value) : NULL;
	int size = v->format->size, status = -1;
	char *copy = NULL;

	if (!from)
		goto out;
	if (from->length != to->length || from->format != to->format) {
		PyErr_SetString(
			PyExc_ValueError,
			"memoryview assignment: lvalue and rvalue have different structures");
		goto out;
	}
	copy = PyMem_Malloc((size_t)(from->length * size) + 1);
	if (!copy) {
		PyErr_NoMemory();
		goto out;
	}
	/* The two may overlap. */
	for (Py_ssize_t i = 0; i < from->length; i++)
		memcpy(copy + i * size, from->start + i * from->stride, (size_t)size);
	for (Py_ssize_t i = 0; i < to->length; i++)
		memcpy(to->start + i * to->stride, copy + i * size, (size_t)size);
	status = 0;
out:
	PyMem_Free(copy);
	Py_XDECREF(to);
	Py_XDECREF(from);
	return status;
}

static int view_ass_subscript(PyObject *self, PyObject *key, PyObject *value)
{
	View *v = VIEW(self);
	char item[sizeof(double)];

	if (released(v))
		return -1;
	if (v->readonly || !value) {
		PyErr_SetString(PyExc_TypeError, v->readonly ? "cannot modify read-only memory"
							     : "cannot delete memory");
		return -1;
	}
	if (PySlice_Check(key))
		return assign_slice(v, key, value);
	if (!PyIndex_Check(key)) {
		PyErr_SetString(PyExc_TypeError, "memoryview: invalid slice key");
		return -1;
	}
	/* Asking key and value for numbers may release the view: the place is found last. */
	char *p = place(v, key);

	if (!p || pack_item(v->format, item, value) < 0 || released(v))
		return -1;
	memcpy(p, item, v->format->size);
	return 0;
}

/* -- other views of the same ------------------------------------------------------------------- */
static bool is_byte(const struct item_format *f)
{
	return f->letter == 'B' || f->letter == 'b' || f->letter == 'c';
}

static PyObject *view_cast(PyObject *self, PyObject *const *args, Py_ssize_t nargs,
			   PyObject *kwnames)
{
	static const char *const names[] = {"format", "shape", NULL};
	static const struct PyArgSpec spec = {"cast", names, .required = 1, .max_pos = 2};
	View *v = VIEW(self);
	PyObject *a[2];

	if (PyArg_Parse(&spec, args, nargs, kwnames, a) < 0 || released(v))
		return NULL;
	if (!PyUnicode_Check(a[0]))
		return PyErr_Format(PyExc_TypeError,
				    "cast() argument 'format' must be str, not %.50s",
				    Py_TYPE(a[0])->tp_name);
	const char *text = PyUnicode_AsUTF8(a[0]), *data;
	const struct item_format *f = text ? find_format(text) : NULL;
	Py_ssize_t n;

	if (a[1])
		return PyErr_Format(
			PyExc_NotImplementedError,
			"memoryview: more than one dimension is not part of this minipy");
	if (!f)
		return PyErr_Format(PyExc_ValueError,
				    "memoryview: destination format must be a native single "
				    "character format prefixed with an optional '@'");
	if (!is_byte(f) && !is_byte(v->format))
		return PyErr_Format(PyExc_TypeError,
				    "memoryview: cannot cast between two non-byte formats");
	if (!_PyMemoryView_View(self, &data, &n))
		return PyErr_Format(PyExc_TypeError,
				    "memoryview: casts are restricted to C-contiguous views");
	if (n % f->size)
		return PyErr_Format(PyExc_TypeError,
				    "memoryview: length is not a multiple of itemsize");
	View *other = view_new(v->obj, v->start, n / f->size, f->size, f, v->readonly);

	if (other)
		other->at_sign = *text == '@';
	return (PyObject *)other;
}

static PyObject *view_toreadonly(PyObject *self, PyObject *unused)
{
	View *other = released(VIEW(self)) ? NULL : view_like(VIEW(self));

	if (other)
		other->readonly = true;
	return (PyObject *)other;
}

static PyObject *view_enter(PyObject *self, PyObject *unused)
{
	return released(VIEW(self)) ? NULL : Py_NewRef(self);
}

static PyObject *view_exit(PyObject *self, PyObject *const *args, Py_ssize_t nargs)
{
	return view_release(self, NULL);
}

/* -- comparing, showing ------------------------------------------------------------------------ */
static PyObject *view_richcompare(PyObject *a, PyObject *b, int op)
{
	if (op != Py_EQ && op != Py_NE)
		Py_RETURN_NOTIMPLEMENTED;
	/* A released view equals itself only. */
	if (!VIEW(a)->obj || (PyMemoryView_Check(b) && !VIEW(b)->obj))
		return PyBool_FromLong((a == b) == (op == Py_EQ));
	View *other = (View *)PyMemoryView_FromObject(b);

	if (!other) {
		if (!PyErr_ExceptionMatches(PyExc_TypeError))
			return NULL;
		PyErr_Clear();
		Py_RETURN_NOTIMPLEMENTED;
	}
	View *v = VIEW(a);
	int equal = v->length == other->length;

	for (Py_ssize_t i = 0; equal > 0 && i < v->length; i++) {
		PyObject *x = get_item(v->format, v->start + i * v->stride);
		PyObject *y = x ? get_item(other->format, other->start + i * other->stride) : NULL;
		/* Not by identity: a NaN is not equal to itself. */
		PyObject *same = y ? PyObject_RichCompare(x, y, Py_EQ) : NULL;

		equal = same ? PyObject_IsTrue(same) : -1;
		Py_XDECREF(x);
		Py_XDECREF(y);
		Py_XDECREF(same);
	}
	Py_DECREF(other);
	return equal < 0 ? NULL : PyBool_FromLong(equal == (op == Py_EQ));
}

static Py_hash_t view_hash(PyObject *self)
{
	View *v = VIEW(self);

	if (v->hash != -1)
		return v->hash;
	if (released(v))
		return -1;
	if (!v->readonly || !is_byte(v->format)) {
		PyErr_SetString(PyExc_ValueError,
				!v->readonly ? "cannot hash writable memoryview object"
					     : "memoryview: hashing is restricted to formats 'B', "
					       "'b' or 'c'");
		return -1;
	}
	PyObject *bytes = view_tobytes(self, NULL, 0, NULL);

	v->hash = bytes ? PyObject_Hash(bytes) : -1;
	Py_XDECREF(bytes);
	return v->hash;
}

static PyObject *view_repr(PyObject *self)
{
	return PyUnicode_FromFormat(VIEW(self)->obj ? "<memory at %p>" : "<released memory at %p>",
				    self);
}

static PyObject *view_iter(PyObject *self)
{
	return released(VIEW(self)) ? NULL : PySeqIter_New(self);
}

enum view_fact {
	FACT_OBJ,
	FACT_NBYTES,
	FACT_READONLY,
	FACT_ITEMSIZE,
	FACT_FORMAT,
	FACT_NDIM,
	FACT_SHAPE,
	FACT_STRIDES,
	FACT_SUBOFFSETS,
	FACT_CONTIGUOUS
};

static PyObject *one_tuple(Py_ssize_t n)
{
	PyObject *item = PyLong_FromSsize_t(n);
	PyObject *tuple = item ? PyTuple_Pack(1, item) : NULL;

	Py_XDECREF(item);
	return tuple;
}

static PyObject *get_fact(PyObject *self, void *which)
{
	View *v = VIEW(self);

	if (released(v))
		return NULL;
	switch ((enum view_fact)(intptr_t)which) {
	case FACT_OBJ: return Py_NewRef(v->obj);
	case FACT_NBYTES: return PyLong_FromSsize_t(v->length * v->format->size);
	case FACT_READONLY: return PyBool_FromLong(v->readonly);
	case FACT_ITEMSIZE: return PyLong_FromLong(v->format->size);
	case FACT_FORMAT:
		return PyUnicode_FromFormat("%s%c", v->at_sign ? "@" : "", v->format->letter);
	case FACT_NDIM: return PyLong_FromLong(1);
	case FACT_SHAPE: return one_tuple(v->length);
	case FACT_STRIDES: return one_tuple(v->stride);
	case FACT_SUBOFFSETS: return PyTuple_New(0);
	default: return PyBool_FromLong(v->stride == v->format->size || v->length <= 1);
	}
}

#define FACT(name, which, doc)                                            \
	{                                                                 \
		name, get_fact, NULL, doc, (void *)(intptr_t)FACT_##which \
	}

static PyGetSetDef view_getset[] = {
	FACT("obj", OBJ, "The underlying object of the memoryview."),
	FACT("nbytes", NBYTES, "The amount of space in bytes that the array would use."),
	FACT("readonly", READONLY, "A bool indicating whether the memory is read only."),
	FACT("itemsize", ITEMSIZE, "The size in bytes of each element of the memoryview."),
	FACT("format", FORMAT, "A string containing the format for each element in the view."),
	FACT("ndim", NDIM, "The number of dimensions of the array."),
	FACT("shape", SHAPE, "A tuple of ndim integers giving the shape of the memory."),
	FACT("strides", STRIDES, "A tuple of ndim integers: bytes from one element to the next."),
	FACT("suboffsets", SUBOFFSETS, "A tuple of integers used internally for PIL-style arrays."),
	FACT("c_contiguous", CONTIGUOUS, "A bool indicating whether the memory is C contiguous."),
	FACT("f_contiguous", CONTIGUOUS, "A bool indicating whether it is Fortran contiguous."),
	FACT("contiguous", CONTIGUOUS, "A bool indicating whether the memory is contiguous."),
	{0},
};

#define FUNCTION(f) (PyCFunction)(void (*)(void))(f)

static PyMethodDef view_methods[] = {
	{"release", view_release, METH_NOARGS, "Release the underlying buffer."},
	{"tobytes", FUNCTION(view_tobytes), METH_FASTCALL | METH_KEYWORDS,
	 "Return the data in the buffer as a byte string."},
	{"tolist", view_tolist, METH_NOARGS,
	 "Return the data in the buffer as a list of elements."},
	{"hex", FUNCTION(view_hex), METH_FASTCALL | METH_KEYWORDS,
	 "Return the data in the buffer as a str of hexadecimal numbers."},
	{"cast", FUNCTION(view_cast), METH_FASTCALL | METH_KEYWORDS,
	 "Cast a memoryview to a new format."},
	{"toreadonly", view_toreadonly, METH_NOARGS,
	 "Return a readonly version of the memoryview."},
	{"__enter__", view_enter, METH_NOARGS, NULL},
	{"__exit__", FUNCTION(view_exit), METH_FASTCALL, NULL},
	{0},
};

PyTypeObject PyMemoryView_Type = {
	PyVarObject_HEAD_INIT(&PyType_Type, 0),
	.tp_name = "memoryview",
	.tp_basicsize = sizeof(View),
	.tp_flags = Py_TPFLAGS_DEFAULT | Py_TPFLAGS_HAVE_GC,
	.tp_doc = "Create a new memoryview object which references the given object.",
	.tp_weaklistoffset = offsetof(View, weakreflist),
	.tp_dealloc = view_dealloc,
	.tp_traverse = view_traverse,
	.tp_clear = view_clear,
	.tp_repr = view_repr,
	.tp_hash = view_hash,
	.tp_richcompare = view_richcompare,
	.tp_iter = view_iter,
	.tp_new = view_construct,
	.sq_length = view_length,
	.sq_item = view_item,
	.mp_length = view_length,
	.mp_subscript = view_subscript,
	.mp_ass_subscript = view_ass_subscript,
	.tp_methods = view_methods,
	.tp_getset = view_getset,
};
