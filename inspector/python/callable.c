/* SPDX-License-Identifier: BSD-2-Clause */
/* Types, functions, bound methods, code objects and exceptions as repr() prints them. */
#include "python/code.h"
#include "python/dict.h"
#include "python/printer.h"
#include "base/cleanup.h"

#include <string.h>

enum { NAME_MAX_CHARS = 1024 };

/* The str object that the field at offset points to. */
static struct pyi_error *name_at(struct pyi_printer *p, uint64_t base, uint32_t offset, char **ret)
{
	uint64_t str;
	struct pyi_error *err = pyi_field_u64(p->target, base, offset, &str);

	return err ? err : pyi_str_read(p->target, p->rt, str, NAME_MAX_CHARS, ret);
}

static void put_at(struct pyi_printer *p, const char *what, const char *name, uint64_t addr)
{
	pyi_printer_format(p, "<%s ", what);
	pyi_printer_puts(p, name);
	pyi_printer_format(p, " at 0x%llx>", (unsigned long long)addr);
}

/* A static type: "module.name", or a built-in's bare name. */
static struct pyi_error *print_static_type(struct pyi_printer *p, uint64_t obj)
{
	pyi_autofree char *name = NULL;
	uint64_t at;
	struct pyi_error *err = pyi_field_u64(p->target, obj, p->rt->layout.type_name, &at);

	if (!err)
		err = pyi_mem_read_cstr(p->target->mem, at, NAME_MAX_CHARS, &name);
	if (err)
		return err;
	pyi_printer_puts(p, p->rt->layout.how_str == PYI_STR_PY2 && !strchr(name, '.')
				    ? "<type '"
				    : "<class '");
	pyi_printer_puts(p, name);
	pyi_printer_puts(p, "'>");
	return NULL;
}

struct pyi_error *pyi_print_type(struct pyi_printer *p, uint64_t obj, const struct pyi_type *type)
{
	const struct pyi_layout *l = &p->rt->layout;
	pyi_autofree char *name = NULL, *module = NULL;
	uint64_t flags, dict, str;
	struct pyi_error *err = pyi_field_u64(p->target, obj, l->type_flags, &flags);

	if (err)
		return err;
	if (!(flags & PYI_TPFLAGS_HEAPTYPE))
		return print_static_type(p, obj);
	err = name_at(p, obj,
		      l->heaptype_qualname != PYI_NONE ? l->heaptype_qualname : l->heaptype_name,
		      &name);
	if (!err)
		err = pyi_field_u64(p->target, obj, l->type_dict, &dict);
	if (err)
		return err;
	str = pyi_dict_get(p->target, p->rt, dict, "__module__");
	if (str)
		err = pyi_str_read(p->target, p->rt, str, NAME_MAX_CHARS, &module);
	if (err)
		return err;
	pyi_printer_puts(p, "<class '");
	if (module && strcmp(module, "builtins") != 0) {
		pyi_printer_puts(p, module);
		pyi_printer_puts(p, ".");
	}
	pyi_printer_puts(p, name);
	pyi_printer_puts(p, "'>");
	return NULL;
}

static uint32_t func_name_offset(const struct pyi_layout *l)
{
	return l->func_qualname != PYI_NONE ? l->func_qualname : l->func_name;
}

struct pyi_error *pyi_print_function(struct pyi_printer *p, uint64_t obj,
				     const struct pyi_type *type)
{
	pyi_autofree char *name = NULL;
	struct pyi_error *err = name_at(p, obj, func_name_offset(&p->rt->layout), &name);

	if (!err)
		put_at(p, "function", name, obj);
	return err;
}

/* Of a Python function: its qualified name and self. Of anything else the repr depends on code of
 * the target: only what it is and where. */
struct pyi_error *pyi_print_method(struct pyi_printer *p, uint64_t obj, const struct pyi_type *type)
{
	const struct pyi_layout *l = &p->rt->layout;
	pyi_autofree char *name = NULL;
	const struct pyi_type *func_type;
	uint64_t func, self;
	struct pyi_error *err = pyi_field_u64(p->target, obj, l->method_func, &func);

	if (!err)
		err = pyi_field_u64(p->target, obj, l->method_self, &self);
	if (!err)
		err = pyi_printer_type(p, func, &func_type);
	if (err)
		return err;
	if (func_type->obj != PYI_OBJ_FUNCTION || !self) {
		pyi_printer_format(p, "<%s at 0x%llx>", type->name, (unsigned long long)obj);
		return NULL;
	}
	err = name_at(p, func, func_name_offset(l), &name);
	if (err)
		return err;
	if (!pyi_printer_enter(p, obj)) {
		pyi_printer_puts(p, "...");
		return NULL;
	}
	pyi_printer_puts(p, "<bound method ");
	pyi_printer_puts(p, name);
	pyi_printer_puts(p, " of ");
	pyi_print_object(p, obj + l->method_self, self);
	pyi_printer_puts(p, ">");
	pyi_printer_leave(p);
	return NULL;
}

struct pyi_error *pyi_print_code(struct pyi_printer *p, uint64_t obj, const struct pyi_type *type)
{
	const struct pyi_layout *l = &p->rt->layout;
	pyi_autofree char *name = NULL, *file = NULL;
	uint32_t line;
	struct pyi_error *err = name_at(p, obj, l->code_name, &name);

	if (!err)
		err = name_at(p, obj, l->code_filename, &file);
	if (!err)
		err = pyi_field_u32(p->target, obj, l->code_firstlineno, &line);
	if (err)
		return err;
	pyi_printer_puts(p, "<code object ");
	pyi_printer_puts(p, name);
	pyi_printer_format(p, " at 0x%llx, file \"", (unsigned long long)obj);
	pyi_printer_puts(p, file);
	pyi_printer_format(p, "\", line %d>", (int)line);
	return NULL;
}

/* Name(args): one argument stands without the comma of its tuple, from 3.7 on (CPython v3.7
 * Objects/exceptions.c, BaseException_repr); minipy as 3.7. */
struct pyi_error *pyi_print_exception(struct pyi_printer *p, uint64_t obj,
				      const struct pyi_type *type)
{
	const struct pyi_layout *l = &p->rt->layout;
	bool comma = l->python_major == 2 || (l->python_major == 3 && l->python_minor < 7);
	uint64_t args, items, n, only;
	struct pyi_error *err = pyi_field_u64(p->target, obj, l->exc_args, &args);

	if (!err)
		err = pyi_object_check(p->target, p->rt, args, PYI_TPFLAGS_TUPLE, "tuple");
	if (!err)
		err = pyi_tuple_open(p->target, p->rt, args, &items, &n);
	if (!err && n == 1)
		err = pyi_mem_read_u64(p->target->mem, items, &only);
	if (err)
		return err;
	if (!pyi_printer_enter(p, obj)) {
		pyi_printer_puts(p, "...");
		return NULL;
	}
	pyi_printer_puts(p, type->name);
	if (n == 1 && !comma) {
		pyi_printer_puts(p, "(");
		pyi_print_object(p, items, only);
		pyi_printer_puts(p, ")");
	} else {
		pyi_print_object(p, obj + l->exc_args, args);
	}
	pyi_printer_leave(p);
	return NULL;
}
