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

char *pyi_thread_name(struct pyi_target *target, const struct pyi_runtime *rt,
		      const struct pyi_tstate *ts)
{
	const struct pyi_layout *l = &rt->layout;
	uint64_t modules, threading, dict, active, thread, name;
	char *ret = NULL;
	struct pyi_error *err = pyi_field_u64(target, ts->interp, l->interp_modules, &modules);

	threading = err ? 0 : pyi_dict_get(target, rt, modules, "threading");
	if (threading)
		err = pyi_field_u64(target, threading, l->module_dict, &dict);
	active = err || !threading ? 0 : pyi_dict_get(target, rt, dict, "_active");
	thread = active ? find_ident(target, rt, active, ts->thread_id) : 0;
	name = thread ? pyi_instance_get(target, rt, thread, "_name") : 0;
	if (thread && !name)
		name = pyi_instance_get(target, rt, thread, "_Thread__name");
	if (name)
		err = pyi_str_read(target, rt, name, NAME_MAX_CHARS, &ret);
	pyi_error_destroy(err);
	return ret;
}
