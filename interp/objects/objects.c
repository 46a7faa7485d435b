/* SPDX-License-Identifier: BSD-2-Clause */
/* Brings the object world up: names first, then every type, then the exceptions. */
#include "objects/objects.h"

#include "core/object.h"
#include "core/refs.h"
#include "objects/exceptions.h"
#include "objects/genericalias.h"
#include "objects/hash.h"
#include "objects/names.h"
#include "objects/slots.h"
#include "objects/type.h"
#include "objects/unicode.h"
#include "objects/weakref.h"

struct _Py_names _Py_names;
PY_OWNS_REFS(_Py_names)

#define TYPE(t) extern PyTypeObject t;
#include "objects/types.def"
#undef TYPE

static PyTypeObject *const types[] = {
#define TYPE(t) &t,
#include "objects/types.def"
#undef TYPE
};

static int intern_names(void)
{
#define NAME(n)                                                   \
	if (!(_Py_names.id_##n = PyUnicode_InternFromString(#n))) \
		return -1;
#include "objects/names.def"
#undef NAME
	_Py_names.empty = PyUnicode_InternFromString("");
	return _Py_names.empty ? 0 : -1;
}

int _PyObjects_Init(void)
{
	_Py_HashInit();
	if (intern_names() < 0 || _PySlots_Init() < 0)
		return -1;
	for (size_t i = 0; i < sizeof(types) / sizeof(*types); i++)
		if (PyType_Ready(types[i]) < 0)
			return -1;
	if (_PyGenericAlias_Init() < 0)
		return -1;
	_PyWeakref_Init();
	return _PyExc_Init();
}
