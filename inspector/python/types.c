/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * What a type is. A built-in type is recognised by three things together: it is no heap type, its
 * tp_name is exactly the built-in's (a type of an extension module has its module before a dot),
 * and its subclass bit is set where that built-in has one. So a class that a program calls "int"
 * is never taken for the real one.
 */
#include "python/object.h"
#include "python/str.h"
#include "python/values.h"
#include "base/cleanup.h"
#include "base/utf8.h"

#include <string.h>

static const struct builtin {
	const char *name;
	enum pyi_obj obj, obj2; /* in Python 3 and minipy; in Python 2 */
	uint64_t flag;
} builtins[] = {
	{"NoneType", PYI_OBJ_NONE, PYI_OBJ_NONE, 0},
	{"ellipsis", PYI_OBJ_ELLIPSIS, PYI_OBJ_ELLIPSIS, 0},
	{"NotImplementedType", PYI_OBJ_NOT_IMPLEMENTED, PYI_OBJ_NOT_IMPLEMENTED, 0},
	{"bool", PYI_OBJ_BOOL, PYI_OBJ_BOOL, 0},
	{"int", PYI_OBJ_INT, PYI_OBJ_INT, 0},
	{"long", PYI_OBJ_OTHER, PYI_OBJ_LONG, PYI_TPFLAGS_INT},
	{"float", PYI_OBJ_FLOAT, PYI_OBJ_FLOAT, 0},
	{"complex", PYI_OBJ_COMPLEX, PYI_OBJ_COMPLEX, 0},
	{"str", PYI_OBJ_STR, PYI_OBJ_BYTES, PYI_TPFLAGS_STR | PYI_TPFLAGS_BYTES},
	{"unicode", PYI_OBJ_OTHER, PYI_OBJ_STR, PYI_TPFLAGS_STR},
	{"bytes", PYI_OBJ_BYTES, PYI_OBJ_OTHER, PYI_TPFLAGS_BYTES},
	{"bytearray", PYI_OBJ_BYTEARRAY, PYI_OBJ_BYTEARRAY, 0},
	{"list", PYI_OBJ_LIST, PYI_OBJ_LIST, PYI_TPFLAGS_LIST},
	{"tuple", PYI_OBJ_TUPLE, PYI_OBJ_TUPLE, PYI_TPFLAGS_TUPLE},
	{"dict", PYI_OBJ_DICT, PYI_OBJ_DICT, PYI_TPFLAGS_DICT},
	{"set", PYI_OBJ_SET, PYI_OBJ_SET, 0},
	{"frozenset", PYI_OBJ_FROZENSET, PYI_OBJ_FROZENSET, 0},
	{"range", PYI_OBJ_RANGE, PYI_OBJ_OTHER, 0},
	{"slice", PYI_OBJ_SLICE, PYI_OBJ_SLICE, 0},
	{"type", PYI_OBJ_TYPE, PYI_OBJ_TYPE, PYI_TPFLAGS_TYPE},
	{"function", PYI_OBJ_FUNCTION, PYI_OBJ_FUNCTION, 0},
	{"method", PYI_OBJ_METHOD, PYI_OBJ_METHOD, 0},
	{"instancemethod", PYI_OBJ_OTHER, PYI_OBJ_METHOD, 0},
	{"code", PYI_OBJ_CODE, PYI_OBJ_CODE, 0},
	{"cell", PYI_OBJ_CELL, PYI_OBJ_CELL, 0},
};

static enum pyi_obj classify(const struct pyi_runtime *rt, const char *name, uint64_t flags)
{
	bool two = rt->layout.how_str == PYI_STR_PY2;

	if ((flags & PYI_TPFLAGS_EXCEPTION) && !strchr(name, '.'))
		return PYI_OBJ_EXCEPTION;
	for (size_t i = 0; i < sizeof(builtins) / sizeof(builtins[0]); i++) {
		const struct builtin *b = &builtins[i];

		if (strcmp(name, b->name) == 0 && (!b->flag || (flags & b->flag)))
			return two ? b->obj2 : b->obj;
	}
	return PYI_OBJ_OTHER;
}

/* Copies whole characters of text, as many as fit. */
static void set_name(struct pyi_type *type, const char *text)
{
	size_t len = strlen(text);

	if (len > sizeof(type->name) - 1) {
		len = sizeof(type->name) - 1;
		while (len && ((unsigned char)text[len] & 0xc0) == 0x80)
			len--;
	}
	memcpy(type->name, text, len);
	type->name[len] = '\0';
}

/* For want of the file that holds its name: built-in types of which instances are known by a flag,
 * when they derive from object alone (bool, an int too, does not). NULL: some other type. */
static const char *name_by_flags(struct pyi_target *target, const struct pyi_runtime *rt,
				 const struct pyi_type *type)
{
	static const struct {
		uint64_t flag;
		const char *name, *name2; /* as Python 3 and 2.7 call it */
	} kinds[] = {
		{PYI_TPFLAGS_INT, "int", "long"},      {PYI_TPFLAGS_LIST, "list", "list"},
		{PYI_TPFLAGS_TUPLE, "tuple", "tuple"}, {PYI_TPFLAGS_BYTES, "bytes", "str"},
		{PYI_TPFLAGS_STR, "str", "unicode"},   {PYI_TPFLAGS_DICT, "dict", "dict"},
	};
	const struct pyi_layout *l = &rt->layout;
	uint64_t base = 0, root = 1;

	pyi_error_destroy(pyi_field_u64(target, type->addr, l->type_base, &base));
	if (base)
		pyi_error_destroy(pyi_field_u64(target, base, l->type_base, &root));
	for (size_t i = 0; !root && i < sizeof(kinds) / sizeof(kinds[0]); i++)
		if (type->flags & kinds[i].flag)
			return l->how_str == PYI_STR_PY2 ? kinds[i].name2 : kinds[i].name;
	return NULL;
}

static struct pyi_error *static_name(struct pyi_target *target, const struct pyi_runtime *rt,
				     struct pyi_type *type)
{
	pyi_autofree char *raw = NULL, *name = NULL;
	uint64_t at, meta;
	struct pyi_error *err = pyi_field_u64(target, type->addr, rt->layout.type_name, &at);
	const char *dot;

	if (!err)
		err = pyi_mem_read_cstr(target->mem, at, sizeof(type->name), &raw);
	if (err && err->code == PYI_ERR_FAULT && target->kind == PYI_TARGET_CORE) {
		const char *known = name_by_flags(target, rt, type);

		raw = known ? strdup(known) : NULL;
		if (raw) {
			pyi_error_destroy(err);
			err = NULL;
		}
	}
	if (!err)
		err = pyi_object_type(target, rt, type->addr, &meta);
	if (err)
		return err;
	name = pyi_utf8_dup(raw);
	if (!name)
		return &pyi_enomem;
	if (!*name || strlen(raw) >= sizeof(type->name))
		return pyi_error_create(PYI_ERR_BAD_DATA, "no type at 0x%llx",
					(unsigned long long)type->addr);
	if (!rt->type_type || meta == rt->type_type)
		type->obj = classify(rt, name, type->flags);
	dot = strrchr(name, '.');
	set_name(type, dot && dot[1] ? dot + 1 : name);
	return NULL;
}

struct pyi_error *pyi_type_read(struct pyi_target *target, const struct pyi_runtime *rt,
				uint64_t addr, struct pyi_type *ret)
{
	struct pyi_type type = {.addr = addr, .obj = PYI_OBJ_OTHER};
	pyi_autofree char *name = NULL;
	uint64_t str;
	struct pyi_error *err = pyi_field_u64(target, addr, rt->layout.type_flags, &type.flags);

	if (err)
		return err;
	if (type.flags & PYI_TPFLAGS_HEAPTYPE) {
		err = pyi_field_u64(target, addr, rt->layout.heaptype_name, &str);
		if (!err)
			err = pyi_str_read(target, rt, str, sizeof(type.name), &name);
		if (!err)
			set_name(&type, name);
	} else {
		err = static_name(target, rt, &type);
	}
	if (!err)
		*ret = type;
	return err;
}

char *pyi_type_name(struct pyi_target *target, const struct pyi_runtime *rt, uint64_t obj)
{
	struct pyi_type type;
	struct pyi_error *err = pyi_object_type_read(target, rt, obj, &type);

	if (err) {
		pyi_error_destroy(err);
		return NULL;
	}
	return strdup(type.name);
}
