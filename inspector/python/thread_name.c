/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * threading's name of a thread: sys.modules["threading"]._active maps get_ident() to the Thread,
 * whose attribute _name is the name (CPython Lib/threading.py; 2.7: _Thread__name).
 */
#include "python/dict.h"
#include "python/object.h"
#include "python/values.h"

enum { NAME_MAX_CHARS = 256 };

/* The value for an int key in a dict {int: object}; 0 when there is none. */
static uint64_t find_ident(struct pyi_target *target, const struct pyi_runtime *rt, uint64_t obj,
			   uint64_t ident)
{
	struct pyi_dict_iter iter;
	struct pyi_dict_item item;
	struct pyi_dict dict;
	bool found = true;
	struct pyi_error *err = pyi_dict_open(target, rt, obj, &dict);

	pyi_dict_iter_init(&iter, &dict);
	while (!err && found) {
		uint64_t key;

		err = pyi_dict_next(target, &iter, &item, &found);
		if (err || !found)
			break;
		err = pyi_int_read(target, rt, item.key, &key);
		if (!err && key == ident)
			return item.value;
	}
	pyi_error_destroy(err);
	return 0;
}

static uint64_t find_table(struct pyi_target *target, const struct pyi_runtime *rt, uint64_t interp)
{
	uint64_t modules, threading, dict;
	struct pyi_error *err = pyi_field_u64(target, interp, rt->layout.interp_modules, &modules);

	threading = err ? 0 : pyi_dict_get(target, rt, modules, "threading");
	if (threading)
		err = pyi_field_u64(target, threading, rt->layout.module_dict, &dict);
	if (!err && threading)
		return pyi_dict_get(target, rt, dict, "_active");
	pyi_error_destroy(err);
	return 0;
}

uint64_t pyi_thread_table(struct pyi_target *target, const struct pyi_runtime *rt, uint64_t interp)
{
	const json_t *noted =
		pyi_notes_get(target->notes, "thread tables", "0x%llx", (unsigned long long)interp);
	uint64_t table;

	if (noted)
		return (uint64_t)json_integer_value(noted);
	table = find_table(target, rt, interp);
	pyi_notes_put(target->notes, "thread tables", json_integer((json_int_t)table), "0x%llx",
		      (unsigned long long)interp);
	return table;
}

char *pyi_thread_name(struct pyi_target *target, const struct pyi_runtime *rt, uint64_t table,
		      const struct pyi_tstate *ts)
{
	uint64_t thread = table ? find_ident(target, rt, table, ts->thread_id) : 0;
	uint64_t name = thread ? pyi_instance_get(target, rt, thread, "_name") : 0;
	char *ret = NULL;

	if (thread && !name)
		name = pyi_instance_get(target, rt, thread, "_Thread__name");
	if (name)
		pyi_error_destroy(pyi_str_read(target, rt, name, NAME_MAX_CHARS, &ret));
	return ret;
}
