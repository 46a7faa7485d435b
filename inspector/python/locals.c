/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * The bound locals of a frame: what f_locals shows in the target.
 *
 * Functions keep them in fast slots; CO_OPTIMIZED says so. A module's locals are its globals and
 * are left out. A class body has a namespace of its own, whose items are shown. Slots marked hidden
 * (3.12+) are variables of a comprehension that was inlined into a module or class body (PEP 709).
 * From 3.14 on a slot is a _PyStackRef: low bits 0 or 1 a pointer (NULL: unbound), 2 and 3 none
 * (CPython v3.14 Include/internal/pycore_stackref.h).
 */
#include "python/dict.h"
#include "python/object.h"
#include "python/values.h"
#include "base/cleanup.h"

#include <string.h>

enum { CO_OPTIMIZED = 0x01, KIND_HIDDEN = 0x10, CHUNK = 64, NAME_MAX_CHARS = 1 << 16 };

struct reader {
	struct pyi_target *target;
	const struct pyi_runtime *rt;
	const struct pyi_code *code;
	struct pyi_locals *out;
};

static struct pyi_error *add(struct reader *r, char *name, enum pyi_local_kind kind, uint64_t obj,
			     uint64_t slot)
{
	struct pyi_local *local = name ? pyi_vec_push(&r->out->locals) : NULL;

	if (!local) {
		free(name);
		return &pyi_enomem;
	}
	*local = (struct pyi_local){.name = name, .kind = kind, .obj = obj, .slot = slot};
	return NULL;
}

/* What a slot holds, 0 when nothing. */
static uint64_t slot_object(const struct pyi_layout *l, uint64_t word)
{
	if (l->how_locals != PYI_LOCALS_TAGGED)
		return word;
	return word & 2 ? 0 : word & ~(uint64_t)1;
}

static enum pyi_local_kind kind_of(const struct pyi_code_local *local)
{
	if (local->argument)
		return PYI_LOCAL_ARG;
	if (local->kind & PYI_KIND_FREE)
		return PYI_LOCAL_FREE;
	return local->kind & PYI_KIND_CELL ? PYI_LOCAL_CELL : PYI_LOCAL_LOCAL;
}

/* A cell's slot holds the bare value until MAKE_CELL has run: what is no cell is left as it is. */
static struct pyi_error *follow_cell(struct reader *r, uint64_t *obj, uint64_t *slot)
{
	const struct pyi_layout *l = &r->rt->layout;
	struct pyi_type type;
	struct pyi_error *err = pyi_object_type_read(r->target, r->rt, *obj, &type);

	if (err || type.obj != PYI_OBJ_CELL)
		return err;
	*slot = *obj + l->cell_value;
	return pyi_field_u64(r->target, *obj, l->cell_value, obj);
}

static struct pyi_error *add_slot(struct reader *r, size_t i, uint64_t word, uint64_t slot)
{
	const struct pyi_code_local *local = &r->code->locals[i];
	uint64_t obj = slot_object(&r->rt->layout, word);

	if (obj && (local->kind & (PYI_KIND_CELL | PYI_KIND_FREE))) {
		struct pyi_error *err = follow_cell(r, &obj, &slot);

		/* An unreadable cell is shown as a local that is unreadable. */
		pyi_error_destroy(err);
	}
	if (!obj)
		return NULL;
	return add(r, strdup(local->name), kind_of(local), obj, slot);
}

/* The fast slots; of a body that is not optimized only the hidden ones. */
static struct pyi_error *read_slots(struct reader *r, uint64_t frame)
{
	bool optimized = r->code->flags & CO_OPTIMIZED;
	uint64_t base = frame + r->rt->layout.frame_localsplus, words[CHUNK];

	if (r->rt->layout.frame_localsplus == PYI_NONE)
		return pyi_error_create(PYI_ERR_BAD_DATA, "not known for this Python version");
	for (size_t i = 0; i < r->code->n_locals; i++) {
		size_t left = r->code->n_locals - i;
		struct pyi_error *err = NULL;

		if (i % CHUNK == 0)
			err = pyi_mem_read(r->target->mem, base + i * 8, words,
					   (left < CHUNK ? left : CHUNK) * 8);
		if (!err && (optimized || (r->code->locals[i].kind & KIND_HIDDEN)))
			err = add_slot(r, i, words[i % CHUNK], base + i * 8);
		if (err)
			return err;
	}
	return NULL;
}

static struct pyi_error *read_namespace(struct reader *r, uint64_t namespace)
{
	struct pyi_dict_iter iter;
	struct pyi_dict_item item;
	struct pyi_dict dict;
	struct pyi_error *err = pyi_dict_open(r->target, r->rt, namespace, &dict);
	bool found = true;

	if (err)
		return err;
	pyi_dict_iter_init(&iter, &dict);
	while (found) {
		char *name;

		err = pyi_dict_next(r->target, &iter, &item, &found);
		if (err || !found)
			return err;
		err = pyi_str_read(r->target, r->rt, item.key, NAME_MAX_CHARS, &name);
		if (!err)
			err = add(r, name, PYI_LOCAL_LOCAL, item.value, item.value_slot);
		if (err)
			return err;
	}
	return NULL;
}

static struct pyi_error *read_all(struct reader *r, uint64_t frame)
{
	const struct pyi_layout *l = &r->rt->layout;
	uint64_t namespace, globals;
	struct pyi_error *err;

	if (r->code->flags & CO_OPTIMIZED)
		return read_slots(r, frame);
	err = pyi_field_u64(r->target, frame, l->frame_locals, &namespace);
	if (!err)
		err = pyi_field_u64(r->target, frame, l->frame_globals, &globals);
	if (!err && namespace && namespace != globals)
		err = read_namespace(r, namespace);
	return err ? err : read_slots(r, frame);
}

struct pyi_error *pyi_locals_read(struct pyi_target *target, const struct pyi_runtime *rt,
				  struct pyi_code_cache *codes, const struct pyi_py_frame *frame,
				  struct pyi_locals *ret)
{
	PYI_CLEANUP(pyi_locals_deinit) struct pyi_locals locals = {0};
	struct reader r = {.target = target, .rt = rt, .out = &locals};
	struct pyi_error *err = NULL;

	if (!frame->shim && frame->code) {
		err = pyi_code_get(codes, frame->code, &r.code);
		if (!err)
			err = read_all(&r, frame->addr);
	}
	if (err)
		return err;
	*ret = locals;
	locals = (struct pyi_locals){0};
	return NULL;
}

void pyi_locals_deinit(struct pyi_locals *locals)
{
	pyi_vec_for_each (local, &locals->locals)
		free(local->name);
	pyi_vec_deinit(&locals->locals);
}
