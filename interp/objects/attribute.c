/* SPDX-License-Identifier: BSD-2-Clause */
/* Attributes of objects: the generic rule, and special methods, which are looked up on the type. */
#include "core/errors.h"
#include "objects/abstract.h"
#include "objects/descr.h"
#include "objects/dict.h"
#include "objects/exceptions.h"
#include "objects/names.h"
#include "objects/type.h"
#include "objects/unicode.h"

static bool check_name(PyObject *name)
{
	if (Py_LIKELY(PyUnicode_Check(name)))
		return true;
	PyErr_Format(PyExc_TypeError, "attribute name must be string, not '%.200s'",
		     Py_TYPE(name)->tp_name);
	return false;
}

/* Borrowed; NULL without an exception when it is not there. */
static inline PyObject *dict_get(PyObject *dict, PyObject *name)
{
	if (Py_LIKELY(PyUnicode_CheckExact(name) && PyUnicode_HASH(name) != -1))
		return _PyDict_GetItemStr(dict, name);
	return PyDict_GetItemWithError(dict, name);
}

PyObject **_PyObject_GetDictPtr(PyObject *o)
{
	Py_ssize_t offset = Py_TYPE(o)->tp_dictoffset;

	return offset ? (PyObject **)((char *)o + offset) : NULL;
}

PyObject *_PyObject_NoAttribute(PyObject *o, PyObject *name, const char *format, ...)
{
	PyObject *exc;
	va_list va;

	va_start(va, format);
	PyErr_FormatV(PyExc_AttributeError, format, va);
	va_end(va);
	exc = PyThreadState_Get()->current_exception;
	if (exc && Py_IS_TYPE(exc, (PyTypeObject *)PyExc_AttributeError)) {
		PyAttributeErrorObject *e = (PyAttributeErrorObject *)exc;

		Py_INCREF(o);
		Py_XSETREF(e->obj, o);
		Py_INCREF(name);
		Py_XSETREF(e->name, name);
	}
	return NULL;
}

static PyObject *no_attribute(PyObject *o, PyObject *name)
{
	return _PyObject_NoAttribute(o, name, "'%.100s' object has no attribute '%U'",
				     Py_TYPE(o)->tp_name, name);
}

/* NULL stays an error unless it is an AttributeError that the caller wants swallowed. */
static PyObject *suppressed(PyObject *r, int suppress)
{
	if (!r && suppress && PyErr_ExceptionMatches(PyExc_AttributeError))
		PyErr_Clear();
	return r;
}

PyObject *_PyObject_GenericGetAttrWithDict(PyObject *o, PyObject *name, PyObject *dict,
					   int suppress)
{
	PyTypeObject *type = Py_TYPE(o);
	PyObject *descr, *r, **dictptr;
	descrgetfunc get = NULL;

	if (!check_name(name))
		return NULL;
	descr = Py_XNewRef(_PyType_Lookup(type, name));
	if (descr) {
		get = Py_TYPE(descr)->tp_descr_get;
		if (get && PyDescr_IsData(descr)) {
			r = suppressed(get(descr, o, (PyObject *)type), suppress);
			goto out;
		}
	}
	if (!dict) {
		dictptr = _PyObject_GetDictPtr(o);
		dict = dictptr ? *dictptr : NULL;
	}
	if (dict) {
		Py_INCREF(dict);
		r = Py_XNewRef(dict_get(dict, name));
		Py_DECREF(dict);
		if (r)
			goto out;
		if (Py_UNLIKELY(PyErr_Occurred() != NULL)) {
			suppressed(NULL, suppress);
			goto out;
		}
	}
	if (get) {
		r = suppressed(get(descr, o, (PyObject *)type), suppress);
	} else if (descr) {
		return descr;
	} else {
		r = suppress ? NULL : no_attribute(o, name);
	}
out:
	Py_XDECREF(descr);
	return r;
}

PyObject *PyObject_GenericGetAttr(PyObject *o, PyObject *name)
{
	return _PyObject_GenericGetAttrWithDict(o, name, NULL, 0);
}

static int cannot_set(PyObject *o, PyObject *name, PyObject *descr)
{
	if (descr)
		_PyObject_NoAttribute(o, name, "'%.100s' object attribute '%U' is read-only",
				      Py_TYPE(o)->tp_name, name);
	else
		no_attribute(o, name);
	return -1;
}

int _PyObject_GenericSetAttrWithDict(PyObject *o, PyObject *name, PyObject *value, PyObject *dict)
{
	PyObject *descr, **dictptr;
	int r;

	if (!check_name(name))
		return -1;
	descr = Py_XNewRef(_PyType_Lookup(Py_TYPE(o), name));
	if (descr && Py_TYPE(descr)->tp_descr_set) {
		r = Py_TYPE(descr)->tp_descr_set(descr, o, value);
		Py_DECREF(descr);
		return r;
	}
	if (!dict) {
		dictptr = _PyObject_GetDictPtr(o);
		if (!dictptr) {
			r = cannot_set(o, name, descr);
			goto out;
		}
		if (!*dictptr && value)
			*dictptr = PyDict_New();
		dict = *dictptr;
		if (!dict) {
			r = PyErr_Occurred() ? -1 : cannot_set(o, name, NULL);
			goto out;
		}
	}
	Py_INCREF(dict);
	r = value ? PyDict_SetItem(dict, name, value) : PyDict_DelItem(dict, name);
	Py_DECREF(dict);
	if (r < 0 && !value && PyErr_ExceptionMatches(PyExc_KeyError)) {
		PyErr_Clear();
		if (PyType_Check(o))
			_PyObject_NoAttribute(o, name, "type object '%.100s' has no attribute '%U'",
					      ((PyTypeObject *)o)->tp_name, name);
		else
			no_attribute(o, name);
	}
out:
	Py_XDECREF(descr);
	return r;
}

int PyObject_GenericSetAttr(PyObject *o, PyObject *name, PyObject *value)
{
	return _PyObject_GenericSetAttrWithDict(o, name, value, NULL);
}

PyObject *PyObject_GenericGetDict(PyObject *o, void *closure)
{
	PyObject **dictptr = _PyObject_GetDictPtr(o);

	if (!dictptr)
		return PyErr_Format(PyExc_AttributeError, "This object has no __dict__");
	if (!*dictptr)
		*dictptr = PyDict_New();
	return Py_XNewRef(*dictptr);
}

int PyObject_GenericSetDict(PyObject *o, PyObject *value, void *closure)
{
	PyObject **dictptr = _PyObject_GetDictPtr(o);

	if (!dictptr) {
		PyErr_SetString(PyExc_AttributeError, "This object has no __dict__");
		return -1;
	}
	if (!value) {
		PyErr_SetString(PyExc_TypeError, "cannot delete __dict__");
		return -1;
	}
	if (!PyDict_Check(value)) {
		PyErr_Format(PyExc_TypeError,
			     "__dict__ must be set to a dictionary, not a '%.200s'",
			     Py_TYPE(value)->tp_name);
		return -1;
	}
	Py_INCREF(value);
	Py_XSETREF(*dictptr, value);
	return 0;
}

/* -- Any object -------------------------------------------------------------------------------- */
PyObject *PyObject_GetAttr(PyObject *o, PyObject *name)
{
	if (!check_name(name))
		return NULL;
	return Py_TYPE(o)->tp_getattro(o, name);
}

int PyObject_SetAttr(PyObject *o, PyObject *name, PyObject *value)
{
	int r;

	if (!check_name(name))
		return -1;
	if (PyUnicode_CheckExact(name) && !PyUnicode_CHECK_INTERNED(name)) {
		Py_INCREF(name);
		PyUnicode_InternInPlace(&name);
		r = Py_TYPE(o)->tp_setattro(o, name, value);
		Py_DECREF(name);
		return r;
	}
	return Py_TYPE(o)->tp_setattro(o, name, value);
}

int _PyObject_LookupAttr(PyObject *o, PyObject *name, PyObject **ret)
{
	*ret = NULL;
	if (!check_name(name))
		return -1;
	if (Py_TYPE(o)->tp_getattro == PyObject_GenericGetAttr) {
		*ret = _PyObject_GenericGetAttrWithDict(o, name, NULL, 1);
		return *ret ? 1 : PyErr_Occurred() ? -1 : 0;
	}
	*ret = Py_TYPE(o)->tp_getattro(o, name);
	if (*ret)
		return 1;
	if (PyErr_Occurred()) {
		if (!PyErr_ExceptionMatches(PyExc_AttributeError))
			return -1;
		PyErr_Clear();
	}
	return 0;
}

PyObject *PyObject_GetAttrString(PyObject *o, const char *name)
{
	PyObject *key = PyUnicode_InternFromString(name), *r;

	if (!key)
		return NULL;
	r = PyObject_GetAttr(o, key);
	Py_DECREF(key);
	return r;
}

int PyObject_SetAttrString(PyObject *o, const char *name, PyObject *value)
{
	PyObject *key = PyUnicode_InternFromString(name);
	int r;

	if (!key)
		return -1;
	r = PyObject_SetAttr(o, key, value);
	Py_DECREF(key);
	return r;
}

int PyObject_HasAttr(PyObject *o, PyObject *name)
{
	PyObject *value;
	int r = _PyObject_LookupAttr(o, name, &value);

	if (r < 0)
		PyErr_Clear();
	Py_XDECREF(value);
	return r > 0;
}

int PyObject_HasAttrString(PyObject *o, const char *name)
{
	PyObject *key = PyUnicode_InternFromString(name);
	int r;

	if (!key) {
		PyErr_Clear();
		return 0;
	}
	r = PyObject_HasAttr(o, key);
	Py_DECREF(key);
	return r;
}

/* -- Methods ----------------------------------------------------------------------------------- */
int _PyObject_GetMethod(PyObject *o, PyObject *name, PyObject **ret)
{
	PyTypeObject *type = Py_TYPE(o);
	PyObject *descr, *attr, **dictptr;
	descrgetfunc get = NULL;
	bool method = false;

	if (type->tp_getattro != PyObject_GenericGetAttr || !PyUnicode_CheckExact(name)) {
		*ret = PyObject_GetAttr(o, name);
		return 0;
	}
	descr = Py_XNewRef(_PyType_Lookup(type, name));
	if (descr) {
		method = PyType_HasFeature(Py_TYPE(descr), Py_TPFLAGS_METHOD_DESCRIPTOR);
		get = method ? NULL : Py_TYPE(descr)->tp_descr_get;
		if (get && PyDescr_IsData(descr)) {
			*ret = get(descr, o, (PyObject *)type);
			Py_DECREF(descr);
			return 0;
		}
	}
	dictptr = _PyObject_GetDictPtr(o);
	if (dictptr && *dictptr) {
		attr = Py_XNewRef(dict_get(*dictptr, name));
		if (attr || PyErr_Occurred()) {
			Py_XDECREF(descr);
			*ret = attr;
			return 0;
		}
	}
	if (method) {
		*ret = descr;
		return 1;
	}
	if (get) {
		*ret = get(descr, o, (PyObject *)type);
		Py_DECREF(descr);
	} else {
		*ret = descr ? descr : no_attribute(o, name);
	}
	return 0;
}

int _PyObject_LookupSpecialMethod(PyObject *o, PyObject *name, PyObject **ret)
{
	PyTypeObject *type = Py_TYPE(o);
	PyObject *descr = _PyType_Lookup(type, name);
	descrgetfunc get;

	*ret = NULL;
	if (!descr)
		return 0;
	Py_INCREF(descr);
	if (PyType_HasFeature(Py_TYPE(descr), Py_TPFLAGS_METHOD_DESCRIPTOR)) {
		*ret = descr;
		return 1;
	}
	get = Py_TYPE(descr)->tp_descr_get;
	if (!get) {
		*ret = descr;
		return 0;
	}
	*ret = get(descr, o, (PyObject *)type);
	Py_DECREF(descr);
	return 0;
}

PyObject *_PyObject_LookupSpecial(PyObject *o, PyObject *name)
{
	PyTypeObject *type = Py_TYPE(o);
	PyObject *descr = _PyType_Lookup(type, name), *r;
	descrgetfunc get;

	if (!descr)
		return NULL;
	Py_INCREF(descr);
	get = Py_TYPE(descr)->tp_descr_get;
	if (!get)
		return descr;
	r = get(descr, o, (PyObject *)type);
	Py_DECREF(descr);
	return r;
}
