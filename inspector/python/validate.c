/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Is a layout safe to read with? A pure function: minipy's copy and CPython's debug offsets come
 * from the target and may hold anything. Once it has said yes, the walks need no checks of their
 * own beyond those of the memory reader.
 */
#include "python/runtime.h"

#include <stddef.h>
#include <string.h>

#define AT(name) offsetof(struct pyi_layout, name)

static uint32_t get(const struct pyi_layout *layout, size_t at)
{
	uint32_t value;

	memcpy(&value, (const char *)layout + at, sizeof(value));
	return value;
}

/* Every field, by name. */
static const struct field {
	const char *name;
	size_t at;
} fields[] = {
#define FIELD(name) {#name, AT(name)},
	PYI_LAYOUT_FIELDS(FIELD)
#undef FIELD
};

/* Which struct a field lies in, told by the first prefix that fits. */
static const struct owner {
	const char *prefix;
	size_t size_at; /* the field that has the struct's size; 0 = the layout has none */
	const char *size_name;
	uint32_t max; /* no sane struct is larger */
} owners[] = {
	{"runtime_", AT(runtime_size), "runtime_size", 16u << 20},
	{"interp_", AT(interp_size), "interp_size", 16u << 20},
	{"tstate_", AT(tstate_size), "tstate_size", 4096},
	{"frame_", AT(frame_size), "frame_size", 4096},
	{"code_", AT(code_size), "code_size", 4096},
	{"type_", AT(type_size), "type_size", 64u << 10},
	{"gil_", 0, NULL, 16u << 20},
	{"eval_", 0, NULL, 16u << 20},
	{"arena_log2_", 0, NULL, 40},
	{"", 0, NULL, 64u << 10},
};

/* Fields that are not eight bytes wide; 0: only a place where something of any size begins. */
static const struct narrow {
	const char *name;
	uint32_t width;
} narrow[] = {
	{"frame_localsplus", 0},   {"frame_is_entry", 1},       {"frame_owner", 1},
	{"frame_state", 1},        {"frame_lasti", 4},          {"frame_stacktop", 4},
	{"code_code", 0},          {"code_argcount", 4},        {"code_posonlyargcount", 4},
	{"code_nlocals", 4},       {"code_kwonlyargcount", 4},  {"code_flags", 4},
	{"code_firstlineno", 4},   {"code_firsttraceable", 4},  {"code_nlocalsplus", 4},
	{"gil_locked", 4},         {"interp_gc_collecting", 4}, {"runtime_gc_collecting", 4},
	{"runtime_finalizing", 4}, {"tstate_gil_requested", 1}, {"arena_pools", 4},
	{"arena_free_pools", 4},
};

/* How many enumerators each how_ has; the value is 1 .. n. */
static const struct choice {
	size_t at;
	const char *name;
	uint32_t n;
} choices[] = {
	{AT(how_threads), "how_threads", PYI_THREADS_INTERP_HEAD},
	{AT(how_frames), "how_frames", PYI_FRAMES_CURRENT},
	{AT(how_code), "how_code", PYI_CODE_TAGGED},
	{AT(how_lasti), "how_lasti", PYI_LASTI_POINTER},
	{AT(how_lines), "how_lines", PYI_LINES_LOCATIONS},
	{AT(how_entry), "how_entry", PYI_ENTRY_COUNT},
	{AT(how_locals), "how_locals", PYI_LOCALS_VARNAMES},
	{AT(how_int), "how_int", PYI_INT_LIMBS},
	{AT(how_str), "how_str", PYI_STR_PY2},
	{AT(how_dict), "how_dict", PYI_DICT_OPEN},
	{AT(how_instance), "how_instance", PYI_INSTANCE_313},
	{AT(how_gil), "how_gil", PYI_GIL_CURRENT_ONLY},
};

/* What the walks cannot do without. how_at 0: always; else only where that choice has the value. */
static const struct need {
	size_t at, how_at;
	const char *name;
	uint32_t how;
} needs[] = {
#define NEED(name)                    \
	{                             \
		AT(name), 0, #name, 0 \
	}
#define NEED_IF(how, value, name)               \
	{                                       \
		AT(name), AT(how), #name, value \
	}
	NEED(python_major),
	NEED(python_minor),
	NEED(interp_next),
	NEED(interp_tstate_head),
	NEED(tstate_size),
	NEED(tstate_next),
	NEED(tstate_interp),
	NEED(tstate_frame),
	NEED(frame_size),
	NEED(frame_back),
	NEED(frame_code),
	NEED(frame_lasti),
	NEED(code_filename),
	NEED(code_name),
	NEED(code_firstlineno),
	NEED(code_linetable),
	NEED(object_type),
	NEED(var_size),
	NEED_IF(how_threads, PYI_THREADS_RUNTIME, runtime_interp_head),
	NEED_IF(how_frames, PYI_FRAMES_CFRAME, cframe_current_frame),
	NEED_IF(how_lasti, PYI_LASTI_POINTER, code_code),
	NEED_IF(how_entry, PYI_ENTRY_IS_ENTRY, frame_is_entry),
	NEED_IF(how_entry, PYI_ENTRY_IS_ENTRY, cframe_previous),
	NEED_IF(how_entry, PYI_ENTRY_SHIM, frame_owner),
	NEED_IF(how_entry, PYI_ENTRY_SHIM, owner_shim),
	NEED_IF(how_entry, PYI_ENTRY_CFRAME, tstate_cframe),
	NEED_IF(how_entry, PYI_ENTRY_CFRAME, cframe_previous),
	NEED_IF(how_entry, PYI_ENTRY_SLOT, eval_slot),
	NEED_IF(how_gil, PYI_GIL_RUNTIME, gil_locked),
	NEED_IF(how_gil, PYI_GIL_RUNTIME, gil_holder),
	NEED_IF(how_gil, PYI_GIL_INTERP, interp_gil),
	NEED_IF(how_gil, PYI_GIL_INTERP, gil_locked),
	NEED_IF(how_gil, PYI_GIL_INTERP, gil_holder),
#undef NEED
#undef NEED_IF
};

#define PYI_FOR_EACH(item, table)                    \
	for (__typeof__(&(table)[0]) item = (table); \
	     item < (table) + sizeof(table) / sizeof((table)[0]); item++)

static uint32_t width_of(const char *name)
{
	PYI_FOR_EACH (n, narrow) {
		if (!strcmp(n->name, name))
			return n->width;
	}
	return 8;
}

/* Numbers that are no offsets. */
static bool is_plain_number(const char *name)
{
	return !strncmp(name, "python_", 7) || !strncmp(name, "how_", 4);
}

static struct pyi_error *check_field(const struct pyi_layout *layout, const struct field *field)
{
	const struct owner *owner = owners;
	uint32_t value = get(layout, field->at), size;

	if (value == PYI_NONE || is_plain_number(field->name))
		return NULL;
	while (strncmp(field->name, owner->prefix, strlen(owner->prefix)) != 0)
		owner++;
	if (owner->size_at && field->at == owner->size_at) {
		if (value > owner->max)
			return pyi_error_create(PYI_ERR_BAD_DATA, "layout: %s %u is out of range",
						field->name, value);
		return NULL;
	}
	size = owner->size_at ? get(layout, owner->size_at) : PYI_NONE;
	if (size == PYI_NONE || size > owner->max) {
		if (value <= owner->max)
			return NULL;
		return pyi_error_create(PYI_ERR_BAD_DATA, "layout: %s %u is out of range",
					field->name, value);
	}
	if ((uint64_t)value + width_of(field->name) > size)
		return pyi_error_create(PYI_ERR_BAD_DATA, "layout: %s %u does not fit %s %u",
					field->name, value, owner->size_name, size);
	return NULL;
}

struct pyi_error *pyi_layout_validate(const struct pyi_layout *layout)
{
	PYI_FOR_EACH (choice, choices) {
		uint32_t value = get(layout, choice->at);

		if (value < 1 || value > choice->n)
			return pyi_error_create(PYI_ERR_BAD_DATA, "layout: %s %u is unknown",
						choice->name, value);
	}
	PYI_FOR_EACH (need, needs) {
		bool asked = !need->how_at || get(layout, need->how_at) == need->how;

		if (asked && get(layout, need->at) == PYI_NONE)
			return pyi_error_create(PYI_ERR_BAD_DATA, "layout: %s is absent",
						need->name);
	}
	PYI_FOR_EACH (field, fields) {
		struct pyi_error *err = check_field(layout, field);

		if (err)
			return err;
	}
	return NULL;
}
