/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Code objects, decoded once each. The cache is an open hash table of owned entries; an address
 * that was no code object is not remembered.
 *
 * Fast slots: from 3.11 on, and in minipy, one tuple of names and one bytes object of kinds for all
 * of them (CPython v3.11 Include/internal/pycore_code.h); before, varnames, then cellvars, then
 * freevars (v3.10 Include/cpython/code.h). The first slots are the parameters: positional ones,
 * keyword-only ones, *args, **kwargs.
 */
#include "python/code.h"
#include "base/cleanup.h"
#include "base/strbuf.h"
#include "python/object.h"
#include "python/str.h"
#include "python/values.h"

#include <stdlib.h>
#include <string.h>

enum {
	NAME_MAX_CHARS = 1 << 16,
	LINETABLE_MAX = 16 << 20,
	LOCALS_MAX = 1 << 16,
	TEXT_MAX = 64 << 20, /* bytes of names and tables of all code objects */
	CO_VARARGS = 0x04,
	CO_VARKEYWORDS = 0x08,
};

struct pyi_code_cache {
	struct pyi_target *target;
	const struct pyi_runtime *rt;
	struct pyi_code **slots; /* by address; a power of two, at most half of them used */
	size_t n_slots, used;
	size_t text; /* bytes read so far, also of what turned out to be bad */
};

/* Where a code object is being read from, and into what. */
struct reader {
	struct pyi_target *target;
	const struct pyi_runtime *rt;
	struct pyi_code *code;
	size_t *text; /* the cache's */
	bool proven;  /* its type says that it is code: then parts of it may be missing */
};

/* Names may overlap in a target that lies: without a limit over all of them a few pages of memory
 * make gigabytes of names. */
static struct pyi_error *count_text(struct reader *r, size_t len)
{
	*r->text += len;
	return *r->text <= TEXT_MAX
		       ? NULL
		       : pyi_error_create(PYI_ERR_BAD_DATA, "code objects with too much text");
}

static void locals_free(struct pyi_code *code)
{
	for (size_t i = 0; i < code->n_locals; i++)
		free(code->locals[i].name);
	free(code->locals);
	code->locals = NULL;
	code->n_locals = 0;
}

static void code_destroy(struct pyi_code *code)
{
	if (!code)
		return;
	locals_free(code);
	free(code->name);
	free(code->qualname);
	free(code->file);
	free(code->file_raw);
	free(code->damage);
	free(code->linetable);
	free(code);
}

static void code_guard(struct pyi_code **code)
{
	code_destroy(*code);
}

struct pyi_error *pyi_code_cache_create(struct pyi_target *target, const struct pyi_runtime *rt,
					struct pyi_code_cache **ret)
{
	struct pyi_code_cache *cache = calloc(1, sizeof(*cache));

	if (!cache)
		return &pyi_enomem;
	*cache = (struct pyi_code_cache){.target = target, .rt = rt, .n_slots = 256};
	cache->slots = calloc(cache->n_slots, sizeof(struct pyi_code *));
	if (!cache->slots) {
		free(cache);
		return &pyi_enomem;
	}
	*ret = cache;
	return NULL;
}

void pyi_code_cache_destroy(struct pyi_code_cache *cache)
{
	if (!cache)
		return;
	for (size_t i = 0; i < cache->n_slots; i++)
		code_destroy(cache->slots[i]);
	free(cache->slots);
	free(cache);
}

/* The slot that holds addr, or the free one where it belongs. */
static struct pyi_code **lookup(struct pyi_code **slots, size_t n, uint64_t addr)
{
	size_t i = (size_t)(addr * 0x9e3779b97f4a7c15 >> 32) & (n - 1);

	while (slots[i] && slots[i]->addr != addr)
		i = (i + 1) & (n - 1);
	return &slots[i];
}

static bool grow(struct pyi_code_cache *cache)
{
	size_t n = cache->n_slots * 2;
	struct pyi_code **slots = calloc(n, sizeof(struct pyi_code *));

	if (!slots)
		return false;
	for (size_t i = 0; i < cache->n_slots; i++)
		if (cache->slots[i])
			*lookup(slots, n, cache->slots[i]->addr) = cache->slots[i];
	free(cache->slots);
	cache->slots = slots;
	cache->n_slots = n;
	return true;
}

static struct pyi_error *check_is_code(struct pyi_target *target, const struct pyi_runtime *rt,
				       uint64_t addr, bool *proven)
{
	struct pyi_type type;
	uint64_t type_addr;
	struct pyi_error *err = pyi_object_type(target, rt, addr, &type_addr);
	bool is_code;

	*proven = true;
	if (err)
		return err;
	if (rt->code_type) {
		is_code = type_addr == rt->code_type;
	} else {
		err = pyi_type_read(target, rt, type_addr, &type);
		/* Its name is in a file that is not at hand: what it holds has to prove it. */
		if (err && err->code == PYI_ERR_FAULT && target->kind == PYI_TARGET_CORE) {
			pyi_error_destroy(err);
			*proven = false;
			return NULL;
		}
		if (err)
			return err;
		is_code = type.obj == PYI_OBJ_CODE;
	}
	if (!is_code)
		return pyi_error_create(PYI_ERR_BAD_DATA, "no code object at 0x%llx",
					(unsigned long long)addr);
	return NULL;
}

static struct pyi_error *read_str(struct reader *r, uint32_t offset, char **ret)
{
	uint64_t str;
	struct pyi_error *err = pyi_field_u64(r->target, r->code->addr, offset, &str);

	if (!err)
		err = pyi_str_read(r->target, r->rt, str, NAME_MAX_CHARS, ret);
	return err ? err : count_text(r, strlen(*ret));
}

/* The file's name as the bytes that open() needs: surrogates U+DC80 to U+DCFF stand for the bytes
 * that were no UTF-8 (PEP 383). */
static struct pyi_error *read_file_raw(struct reader *r, char **ret)
{
	pyi_autostrbuf raw = PYI_STRBUF_INIT;
	struct pyi_str str;
	uint64_t obj;
	struct pyi_error *err =
		pyi_field_u64(r->target, r->code->addr, r->rt->layout.code_filename, &obj);

	if (!err)
		err = pyi_str_open(r->target, r->rt, obj, &str);
	for (uint64_t i = 0; !err && i < str.length && i < NAME_MAX_CHARS; i++) {
		uint32_t c;

		err = pyi_str_chars(r->target, &str, i, &c, 1);
		if (err)
			break;
		if (str.bytes || (c >= 0xdc80 && c <= 0xdcff))
			pyi_strbuf_putc(&raw, (char)(c & 0xff));
		else
			pyi_strbuf_put_utf8(&raw, c);
	}
	if (err)
		return err;
	*ret = pyi_strbuf_steal(&raw);
	return *ret ? count_text(r, strlen(*ret)) : &pyi_enomem;
}

static struct pyi_error *read_bytes(struct reader *r, uint32_t offset, uint64_t max, uint8_t **ret,
				    size_t *len)
{
	uint64_t obj, data, n;
	uint8_t *bytes;
	struct pyi_error *err = pyi_field_u64(r->target, r->code->addr, offset, &obj);

	if (!err)
		err = pyi_object_check(r->target, r->rt, obj, PYI_TPFLAGS_BYTES, "bytes object");
	if (!err)
		err = pyi_bytes_open(r->target, r->rt, obj, &data, &n);
	if (err)
		return err;
	if (n > max)
		return pyi_error_create(PYI_ERR_BAD_DATA, "impossible length %llu",
					(unsigned long long)n);
	bytes = malloc(n + 1);
	if (!bytes)
		return &pyi_enomem;
	err = pyi_mem_read(r->target->mem, data, bytes, n);
	if (err) {
		free(bytes);
		return err;
	}
	*ret = bytes;
	*len = n;
	return count_text(r, n);
}

/* Appends the names of the tuple at offset as slots of that kind. */
static struct pyi_error *add_slots(struct reader *r, uint32_t offset, uint8_t kind)
{
	struct pyi_code *code = r->code;
	struct pyi_code_local *grown;
	uint64_t tuple, items, n, name;
	struct pyi_error *err = pyi_field_u64(r->target, code->addr, offset, &tuple);

	if (!err)
		err = pyi_object_check(r->target, r->rt, tuple, PYI_TPFLAGS_TUPLE, "tuple");
	if (!err)
		err = pyi_tuple_open(r->target, r->rt, tuple, &items, &n);
	if (err)
		return err;
	if (n > LOCALS_MAX)
		return pyi_error_create(PYI_ERR_BAD_DATA, "impossible number of locals %llu",
					(unsigned long long)n);
	grown = realloc(code->locals, (code->n_locals + n + 1) * sizeof(*grown));
	if (!grown)
		return &pyi_enomem;
	code->locals = grown;
	for (uint64_t i = 0; i < n; i++) {
		struct pyi_code_local *local = &code->locals[code->n_locals];

		*local = (struct pyi_code_local){.kind = kind};
		err = pyi_mem_read_u64(r->target->mem, items + i * 8, &name);
		if (!err)
			err = pyi_str_read(r->target, r->rt, name, NAME_MAX_CHARS, &local->name);
		if (err)
			return err;
		code->n_locals++;
		err = count_text(r, strlen(local->name) + sizeof(*local));
		if (err)
			return err;
	}
	return NULL;
}

static struct pyi_error *read_localsplus(struct reader *r)
{
	const struct pyi_layout *l = &r->rt->layout;
	pyi_autofree uint8_t *kinds = NULL;
	size_t n;
	struct pyi_error *err = add_slots(r, l->code_localsplusnames, 0);

	if (!err)
		err = read_bytes(r, l->code_localspluskinds, LOCALS_MAX, &kinds, &n);
	if (err)
		return err;
	if (n != r->code->n_locals)
		return pyi_error_create(PYI_ERR_BAD_DATA, "names and kinds of locals differ");
	for (size_t i = 0; i < n; i++)
		r->code->locals[i].kind = kinds[i];
	return NULL;
}

static struct pyi_error *read_locals(struct reader *r)
{
	const struct pyi_layout *l = &r->rt->layout;
	uint32_t positional, keyword_only = 0;
	uint64_t args;
	struct pyi_error *err;

	if (l->how_locals == PYI_LOCALS_VARNAMES) {
		err = add_slots(r, l->code_varnames, PYI_KIND_LOCAL);
		if (!err)
			err = add_slots(r, l->code_cellvars, PYI_KIND_CELL);
		if (!err)
			err = add_slots(r, l->code_freevars, PYI_KIND_FREE);
	} else {
		err = read_localsplus(r);
	}
	if (!err)
		err = pyi_field_u32(r->target, r->code->addr, l->code_argcount, &positional);
	if (!err && l->code_kwonlyargcount != PYI_NONE)
		err = pyi_field_u32(r->target, r->code->addr, l->code_kwonlyargcount,
				    &keyword_only);
	if (err)
		return err;
	args = (uint64_t)positional + keyword_only + !!(r->code->flags & CO_VARARGS) +
	       !!(r->code->flags & CO_VARKEYWORDS);
	for (size_t i = 0; i < r->code->n_locals && i < args; i++)
		r->code->locals[i].argument = true;
	return NULL;
}

static struct pyi_error *read_name(struct reader *r)
{
	return read_str(r, r->rt->layout.code_name, &r->code->name);
}

static struct pyi_error *read_qualname(struct reader *r)
{
	uint32_t offset = r->rt->layout.code_qualname;

	return offset == PYI_NONE ? NULL : read_str(r, offset, &r->code->qualname);
}

static struct pyi_error *read_file(struct reader *r)
{
	struct pyi_error *err = read_str(r, r->rt->layout.code_filename, &r->code->file);

	return err ? err : read_file_raw(r, &r->code->file_raw);
}

static struct pyi_error *read_lines(struct reader *r)
{
	const struct pyi_layout *l = &r->rt->layout;
	struct pyi_code *code = r->code;
	uint32_t line = 0;
	struct pyi_error *err = pyi_field_u32(r->target, code->addr, l->code_firstlineno, &line);

	code->firstlineno = (int)line;
	return err ? err
		   : read_bytes(r, l->code_linetable, LINETABLE_MAX, &code->linetable,
				&code->linetable_len);
}

static struct pyi_error *read_flags_and_locals(struct reader *r)
{
	struct pyi_code *code = r->code;
	struct pyi_error *err =
		pyi_field_u32(r->target, code->addr, r->rt->layout.code_flags, &code->flags);

	if (!err)
		err = read_locals(r);
	if (err)
		locals_free(code);
	return err;
}

/* Each part for itself: a pointer that leads nowhere does not take the others with it. */
static struct pyi_error *read_code(struct reader *r)
{
	static const struct {
		const char *name;
		struct pyi_error *(*read)(struct reader *r);
	} parts[] = {{"name", read_name},
		     {"qualified name", read_qualname},
		     {"file name", read_file},
		     {"line table", read_lines},
		     {"locals", read_flags_and_locals}};
	const struct pyi_layout *l = &r->rt->layout;
	struct pyi_code *code = r->code;

	for (size_t i = 0; i < sizeof(parts) / sizeof(parts[0]); i++) {
		struct pyi_error *err = parts[i].read(r);

		if (err && (!r->proven || err->code == PYI_ERR_NO_MEMORY))
			return err;
		err = pyi_error_wrap(err, "its %s", parts[i].name);
		if (err && !code->damage)
			code->damage = strdup(err->message);
		pyi_error_destroy(err);
	}
	if (!code->name && !code->file)
		return pyi_error_create(PYI_ERR_BAD_DATA, "%s", code->damage ? code->damage : "");
	if (!code->qualname && code->name && !(code->qualname = strdup(code->name)))
		return &pyi_enomem;
	if (l->how_lasti == PYI_LASTI_POINTER && l->code_code != PYI_NONE)
		code->units = code->addr + l->code_code;
	return NULL;
}

struct pyi_error *pyi_code_get(struct pyi_code_cache *cache, uint64_t addr,
			       const struct pyi_code **ret)
{
	struct pyi_code **slot = lookup(cache->slots, cache->n_slots, addr);
	PYI_CLEANUP(code_guard) struct pyi_code *code = NULL;
	struct pyi_error *err;
	bool proven;

	if (*slot) {
		*ret = *slot;
		return NULL;
	}
	err = check_is_code(cache->target, cache->rt, addr, &proven);
	if (err)
		return err;
	code = calloc(1, sizeof(*code));
	if (!code || (cache->used * 2 >= cache->n_slots && !grow(cache)))
		return &pyi_enomem;
	code->addr = addr;
	err = read_code(&(struct reader){cache->target, cache->rt, code, &cache->text, proven});
	if (err)
		return pyi_error_wrap(err, "code object at 0x%llx", (unsigned long long)addr);
	cache->used++;
	*ret = *lookup(cache->slots, cache->n_slots, addr) = pyi_steal(code);
	return NULL;
}
