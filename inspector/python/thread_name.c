/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * threading's name of a thread: sys.modules["threading"]._active maps get_ident() to the Thread,
 * whose attribute _name is the name (CPython Lib/threading.py; 2.7: _Thread__name).
 */
#include "python/dict.h"
#include "python/object.h"
#include "python/values.h"

#include <stdlib.h>

enum { NAME_MAX_CHARS = 256, MAX_NAMED_THREADS = 1 << 20 };

static int compare_idents(const void *a, const void *b)
{
	const struct pyi_named_thread *x = a, *y = b;

	return x->ident < y->ident ? -1 : x->ident > y->ident;
}

/* What a dict {int: object} has, up to the first item that cannot be read. */
static void read_table(struct pyi_target *target, const struct pyi_runtime *rt, uint64_t obj,
		       struct pyi_thread_names *names)
{
	struct pyi_dict_iter iter;
	struct pyi_dict_item item;
	struct pyi_dict dict;
	bool found = true;
	struct pyi_error *err = pyi_dict_open(target, rt, obj, &dict);

	names->table = obj;
	names->threads.len = 0;
	pyi_dict_iter_init(&iter, &dict);
	while (!err && found && names->threads.len < MAX_NAMED_THREADS) {
		struct pyi_named_thread *named;
		uint64_t ident;

		err = pyi_dict_next(target, &iter, &item, &found);
		if (err || !found)
			break;
		err = pyi_int_read(target, rt, item.key, &ident);
		named = err ? NULL : pyi_vec_push(&names->threads);
		if (!named)
			break;
		*named = (struct pyi_named_thread){ident, item.value};
	}
	pyi_error_destroy(err);
	if (names->threads.len)
		qsort(names->threads.data, names->threads.len, sizeof(*names->threads.data),
		      compare_idents);
}

/* Address of the Thread; 0 when there is none. */
static uint64_t find_thread(const struct pyi_thread_names *names, uint64_t ident)
{
	const struct pyi_named_thread key = {.ident = ident}, *found = NULL;

	if (names->threads.len)
		found = bsearch(&key, names->threads.data, names->threads.len,
				sizeof(*names->threads.data), compare_idents);
	return found ? found->thread : 0;
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

void pyi_thread_names_deinit(struct pyi_thread_names *names)
{
	pyi_vec_deinit(&names->threads);
	names->table = 0;
}

char *pyi_thread_name(struct pyi_target *target, const struct pyi_runtime *rt,
		      struct pyi_thread_names *names, uint64_t table, const struct pyi_tstate *ts)
{
	uint64_t thread, name;
	char *ret = NULL;

	if (!table)
		return NULL;
	if (table != names->table)
		read_table(target, rt, table, names);
	thread = find_thread(names, ts->thread_id);
	name = thread ? pyi_instance_get(target, rt, thread, "_name") : 0;

	if (thread && !name)
		name = pyi_instance_get(target, rt, thread, "_Thread__name");
	if (name)
		pyi_error_destroy(pyi_str_read(target, rt, name, NAME_MAX_CHARS, &ret));
	return ret;
}
