/* SPDX-License-Identifier: BSD-2-Clause */
/* The slow halves of inline caches: looking things up, and remembering where they were. */
#include "vm/cache.h"

#include "core/errors.h"
#include "objects/abstract.h"
#include "objects/call.h"
#include "objects/descr.h"
#include "objects/function.h"
#include "objects/names.h"
#include "objects/property.h"
#include "objects/slots.h"
#include "objects/type.h"
#include "objects/type_impl.h"
#include "vm/ops.h"

struct _PyUnitCache *_PyCache_New(PyCodeObject *co)
{
	co->co_cache = PyMem_Calloc((size_t)co->co_nunits, sizeof(*co->co_cache));
	if (!co->co_cache)
		co->co_heat = 0;
	return co->co_cache;
}

/* -- Globals ----------------------------------------------------------------------------------- */
/* Where in the keys the value of name stands, as a distance in bytes; 0: nowhere. */
static int32_t place_in_keys(PyObject *dict, PyObject *name)
{
	PyDictKeysObject *keys = ((PyDictObject *)dict)->ma_keys;
	Py_ssize_t i = _PyDict_LookupHint(dict, name);

	if (i < 0 || i > INT32_MAX / (Py_ssize_t)(4 * sizeof(PyDictUnicodeEntry)))
		return 0;
	return (int32_t)((char *)&DK_UNICODE_ENTRIES(keys)[i].me_value - (char *)keys);
}

static void fill_global(struct _PyUnitCache *e, PyObject *globals, PyObject *builtins,
			PyObject *name)
{
	PyDictKeysObject *keys = ((PyDictObject *)globals)->ma_keys;
	PyDictKeysObject *more = ((PyDictObject *)builtins)->ma_keys;

	e->kind = CACHE_EMPTY;
	if (keys->dk_kind != DICT_KEYS_UNICODE || more->dk_kind != DICT_KEYS_UNICODE)
		return;
	e->version1 = _PyDictKeys_GetVersion(keys);
	e->version2 = _PyDictKeys_GetVersion(more);
	e->place = place_in_keys(globals, name);
	if (e->place && e->version1) {
		e->kind = CACHE_GLOBAL;
	} else if (_PyDict_LookupHint(globals, name) < 0 && e->version1 && e->version2) {
		e->place = place_in_keys(builtins, name);
		e->kind = e->place ? CACHE_BUILTIN : CACHE_EMPTY;
	}
}

PyObject *_PyCache_LoadGlobal(struct _PyUnitCache *e, PyObject *globals, PyObject *builtins,
			      PyObject *name)
{
	PyObject *value = _PyOp_LoadGlobal(globals, builtins, name);

	if (value && _PyCache_WorthFilling(e) && PyDict_CheckExact(builtins))
		fill_global(e, globals, builtins, name);
	return value;
}

/* -- Instances --------------------------------------------------------------------------------- */
PyObject *_PyCache_FindInit(struct _PyUnitCache *e, PyTypeObject *class, Py_ssize_t n)
{
	PyObject *init;

	e->kind = CACHE_EMPTY;
	e->version = _PyType_VersionTag(class);
	if (!e->version || class->tp_construct || class->tp_new != _PyObject_New3 ||
	    class->tp_init != _PySlot_Init || PyType_HasFeature(class, Py_TPFLAGS_IS_ABSTRACT))
		return NULL;
	init = _PyType_Lookup(class, _Py_ID(__init__));
	if (!init || !PyFunction_Check(init) ||
	    ((PyCodeObject *)PyFunction_GET_CODE(init))->co_plain_args != n + 1)
		return NULL;
	e->kind = CACHE_INIT;
	return e->value = init;
}

/* -- Attributes -------------------------------------------------------------------------------- */
/* A type whose instances' attributes follow the general rule; 0: it does not, or has no version. */
static uint64_t plain_version(PyTypeObject *type)
{
	return type->tp_getattro == PyObject_GenericGetAttr &&
			       type->tp_setattro == PyObject_GenericSetAttr
		       ? _PyType_VersionTag(type)
		       : 0;
}

static bool fits_place(Py_ssize_t offset)
{
	return offset >= INT32_MIN && offset <= INT32_MAX;
}

/* The slot of a class with __slots__ that descr is, or 0. */
static int32_t slot_place(PyTypeObject *type, PyObject *descr)
{
	PyMemberDef *def;

	if (!Py_IS_TYPE(descr, &PyMemberDescr_Type))
		return 0;
	def = ((PyMemberDescrObject *)descr)->d_member;
	if (def->type != Py_T_OBJECT_EX || (def->flags & Py_READONLY) || !fits_place(def->offset) ||
	    !PyType_IsSubtype(type, ((PyDescrObject *)descr)->d_type))
		return 0;
	return (int32_t)def->offset;
}

/* The name stands in o's dict and the type does not say otherwise. */
static bool fill_from_dict(struct _PyUnitCache *e, PyObject *o, PyObject *name)
{
	PyObject **dictptr = _PyObject_GetDictPtr(o);
	Py_ssize_t hint;

	if (!dictptr || !*dictptr || !fits_place(Py_TYPE(o)->tp_dictoffset))
		return false;
	hint = _PyDict_LookupHint(*dictptr, name);
	if (hint < 0 || hint > UINT16_MAX)
		return false;
	e->place = (int32_t)Py_TYPE(o)->tp_dictoffset;
	e->hint = (uint16_t)hint;
	e->kind = CACHE_DICT;
	return true;
}

static void fill_attribute(struct _PyUnitCache *e, PyObject *o, PyObject *name)
{
	PyTypeObject *type = Py_TYPE(o);
	uint64_t version = plain_version(type);
	PyObject *descr;

	e->kind = CACHE_EMPTY;
	e->version = version;
	if (!version || !PyUnicode_CheckExact(name) || !fits_place(type->tp_dictoffset))
		return;
	descr = _PyType_Lookup(type, name);
	e->value = descr;
	if (descr && PyDescr_IsData(descr)) {
		e->place = slot_place(type, descr);
		if (e->place) {
			e->kind = CACHE_SLOT;
		} else if (Py_IS_TYPE(descr, &PyProperty_Type)) {
			PyObject *getter = _PyProperty_Getter(descr);

			if (getter && PyFunction_Check(getter))
				e->kind = CACHE_PROPERTY;
		}
		return;
	}
	if (fill_from_dict(e, o, name) || !descr)
		return;
	e->place = (int32_t)type->tp_dictoffset;
	if (PyType_HasFeature(Py_TYPE(descr), Py_TPFLAGS_METHOD_DESCRIPTOR))
		e->kind = CACHE_METHOD;
	else if (!Py_TYPE(descr)->tp_descr_get)
		e->kind = CACHE_TYPE;
}

/* An attribute of a class that needs no binding, and that its metaclass, type, does not have. */
static void fill_class_attribute(struct _PyUnitCache *e, PyTypeObject *class, PyObject *name)
{
	PyObject *value;

	e->kind = CACHE_EMPTY;
	e->version = _PyType_VersionTag(class);
	if (!e->version || !PyUnicode_CheckExact(name) || _PyType_Lookup(&PyType_Type, name))
		return;
	value = _PyType_Lookup(class, name);
	if (value && (!Py_TYPE(value)->tp_descr_get || PyFunction_Check(value))) {
		e->value = value;
		e->kind = CACHE_CLASS;
	}
}

static void fill(struct _PyUnitCache *e, PyObject *o, PyObject *name)
{
	if (PyType_CheckExact(o))
		fill_class_attribute(e, (PyTypeObject *)o, name);
	else
		fill_attribute(e, o, name);
}

/* What the entry says of kinds that eval does not look for itself; NULL: nothing. New. */
static PyObject *rare_hit(struct _PyUnitCache *e, PyObject *o, PyObject *name, bool *hit)
{
	*hit = true;
	if (e->kind == CACHE_CLASS && PyType_CheckExact(o) &&
	    ((PyTypeObject *)o)->tp_version_tag == e->version)
		return Py_NewRef(e->value);
	if (Py_TYPE(o)->tp_version_tag == e->version) {
		if (e->kind == CACHE_PROPERTY) {
			PyObject *getter = Py_XNewRef(_PyProperty_Getter(e->value));
			PyObject *r = getter ? PyObject_CallOneArg(getter, o) : NULL;

			*hit = getter != NULL;
			Py_XDECREF(getter);
			return r;
		}
		if (e->kind == CACHE_TYPE && _PyCache_NotInDict(e, o, name))
			return Py_NewRef(e->value);
	}
	*hit = false;
	return NULL;
}

PyObject *_PyCache_LoadAttr(struct _PyUnitCache *e, PyObject *o, PyObject *name)
{
	bool hit;
	PyObject *value = rare_hit(e, o, name, &hit);

	if (hit)
		return value;
	value = PyObject_GetAttr(o, name);
	/* The lookup may have run anything, but o is still held. */
	if (value && _PyCache_WorthFilling(e))
		fill(e, o, name);
	return value;
}

int _PyCache_LoadMethod(struct _PyUnitCache *e, PyObject *o, PyObject *name, PyObject **ret)
{
	bool hit;
	int unbound = 0;

	*ret = rare_hit(e, o, name, &hit);
	if (hit)
		return 0;
	unbound = _PyObject_GetMethod(o, name, ret);
	if (*ret && _PyCache_WorthFilling(e))
		fill(e, o, name);
	return unbound;
}

int _PyCache_StoreAttr(struct _PyUnitCache *e, PyObject *o, PyObject *name, PyObject *value)
{
	int r;

	/* A new key: the type's word is known, the dict's is not. */
	if (e->kind == CACHE_DICT && Py_TYPE(o)->tp_version_tag == e->version) {
		PyObject **dictptr = (PyObject **)((char *)o + e->place);

		if (!*dictptr && !(*dictptr = PyDict_New()))
			return -1;
		PyObject *dict = Py_NewRef(*dictptr);

		r = _PyDict_SetItem_KnownHash(dict, name, value, PyUnicode_HASH(name));
		Py_DECREF(dict);
		return r;
	}
	r = PyObject_SetAttr(o, name, value);
	if (r == 0 && !PyType_Check(o) && _PyCache_WorthFilling(e)) {
		fill_attribute(e, o, name);
		if (e->kind != CACHE_DICT && e->kind != CACHE_SLOT)
			e->kind = CACHE_EMPTY;
	}
	return r;
}
