/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * The tables of 3.13, 3.14 and 3.15, word by word after the 24-byte head {cookie, version,
 * free_threaded}: every word is a uint64_t, no padding (CPython v3.13
 * Include/internal/pycore_runtime.h; v3.14 and v3.15 Include/internal/pycore_debug_offsets.h).
 */
#include "python/debug_offsets.h"
#include "python/runtime.h"

#include <string.h>

#define HEAD   24u
#define COOKIE "xdebugpy"

/* A word either is a field of the layout, or is named for the reader only, or has a rule. */
enum {
	SKIPPED = 0,       /* no field stands at offset 0 of struct pyi_layout: the cookie does */
	GC_AT = 1,         /* of the collector in the interpreter */
	GC_COLLECTING = 2, /* in the collector */
	GIL_AT = 3,        /* of the interpreter's own lock, whose struct the one in use has, too */
	GIL_LOCKED = 4,
	GIL_HOLDER = 5,
};
#define F(field)   offsetof(struct pyi_layout, field)
#define SKIP(name) SKIPPED

#define RUNTIME_STATE F(runtime_size), F(runtime_finalizing), F(runtime_interp_head)
#define GIL_STATE     F(interp_gil), GIL_AT, SKIP(enabled), GIL_LOCKED, GIL_HOLDER
#define MODULES       F(interp_modules), SKIP(sysdict), SKIP(builtins)
#define THREAD_HEAD \
	F(tstate_size), F(tstate_prev), F(tstate_next), F(tstate_interp), F(tstate_frame)
#define THREAD_IDS F(tstate_thread_id), F(tstate_native_id), F(tstate_datastack_chunk), SKIP(status)
#define FRAME                                                                             \
	F(frame_size), F(frame_back), F(frame_code), F(frame_lasti), F(frame_localsplus), \
		F(frame_owner)
#define CODE                                                                               \
	F(code_size), F(code_filename), F(code_name), F(code_qualname), F(code_linetable), \
		F(code_firstlineno), F(code_argcount), F(code_localsplusnames),            \
		F(code_localspluskinds), F(code_code)
#define OBJECT F(object_size), F(object_type)
#define TYPE   F(type_size), F(type_name), SKIP(tp_repr), F(type_flags)
#define TUPLE  SKIP(size), F(tuple_items), F(var_size)
#define LIST   SKIP(size), F(list_items), SKIP(ob_size)
#define SET    SKIP(size), F(set_used), F(set_table), F(set_mask)
#define DICT   SKIP(size), F(dict_keys), F(dict_values)
#define NUMBER SKIP(float_size), F(float_value), SKIP(long_size), F(int_tag), F(int_digits)
#define STRING                                                                        \
	SKIP(bytes_size), SKIP(ob_size), F(bytes_data), SKIP(str_size), F(str_state), \
		F(str_length), F(str_ascii_data)
#define GEN       SKIP(size), F(gen_name), F(gen_frame), F(gen_state)
#define LIST_NODE SKIP(next), SKIP(prev)
#define DEBUGGER                                                                           \
	SKIP(eval_breaker), SKIP(remote_debugger_support), SKIP(remote_debugging_enabled), \
		SKIP(debugger_pending_call), SKIP(debugger_script_path),                   \
		SKIP(debugger_script_path_size)

/* clang-format off */
static const uint16_t words_3_13[] = {
	RUNTIME_STATE,
	F(interp_size), F(interp_id), F(interp_next), F(interp_tstate_head), GC_AT, MODULES, GIL_STATE,
	THREAD_HEAD, THREAD_IDS,
	FRAME, CODE, OBJECT, TYPE, TUPLE, LIST, DICT, NUMBER, STRING,
	SKIP(gc_size), GC_COLLECTING,
};

static const uint16_t words_3_14[] = {
	RUNTIME_STATE,
	F(interp_size), F(interp_id), F(interp_next), F(interp_tstate_head), F(interp_tstate_main),
	GC_AT, MODULES, GIL_STATE, SKIP(code_object_generation), SKIP(tlbc_generation),
	THREAD_HEAD, THREAD_IDS,
	FRAME, F(frame_stacktop), SKIP(tlbc_index),
	CODE, SKIP(co_tlbc), OBJECT, TYPE, TUPLE, LIST, SET, DICT, NUMBER, STRING,
	SKIP(gc_size), GC_COLLECTING, GEN, LIST_NODE, DEBUGGER,
};

static const uint16_t words_3_15[] = {
	RUNTIME_STATE,
	F(interp_size), F(interp_id), F(interp_next), F(interp_tstate_head), F(interp_tstate_main),
	GC_AT, MODULES, GIL_STATE, SKIP(code_object_generation), SKIP(tlbc_generation),
	THREAD_HEAD, F(tstate_base_frame), SKIP(last_profiled_frame), SKIP(last_profiled_frame_seq),
	THREAD_IDS, SKIP(holds_gil), F(tstate_gil_requested), F(tstate_exception), SKIP(exc_state),
	F(excitem_value),
	FRAME, F(frame_stacktop), SKIP(tlbc_index),
	CODE, SKIP(co_tlbc), OBJECT, TYPE, F(type_basicsize), F(type_dictoffset),
	SKIP(heap_type_size), F(heaptype_cached_keys),
	TUPLE, LIST, SET, DICT, NUMBER, STRING, F(str_compact_data),
	SKIP(gc_size), GC_COLLECTING, SKIP(gc_frame), SKIP(generation_stats_size),
	SKIP(generation_stats), GEN, LIST_NODE, DEBUGGER,
};
/* clang-format on */

#define BYTES(words) (HEAD + sizeof(words) / sizeof((words)[0]) * 8)
_Static_assert(BYTES(words_3_13) == 584, "_Py_DebugOffsets of 3.13");
_Static_assert(BYTES(words_3_14) == 760, "_Py_DebugOffsets of 3.14");
_Static_assert(BYTES(words_3_15) == PYI_DEBUG_OFFSETS_MAX, "_Py_DebugOffsets of 3.15");

static const struct shape {
	uint32_t minor;
	const uint16_t *words;
	size_t n;
} shapes[] = {
#define SHAPE(minor)                                                               \
	{                                                                          \
		minor, words_3_##minor, sizeof(words_3_##minor) / sizeof(uint16_t) \
	}
	SHAPE(13),
	SHAPE(14),
	SHAPE(15),
#undef SHAPE
};

bool pyi_debug_offsets_present(const void *table, size_t len, uint32_t *version,
			       bool *free_threaded)
{
	uint64_t words[2];

	if (len < HEAD || memcmp(table, COOKIE, 8) != 0)
		return false;
	memcpy(words, (const char *)table + 8, sizeof(words));
	*version = (uint32_t)words[0];
	*free_threaded = words[1] != 0;
	return true;
}

/* The words that are no field of the layout by themselves. */
struct parts {
	uint64_t gc_at, gc_collecting, gil_at, gil_locked, gil_holder;
};

static bool keep_word(struct pyi_layout *layout, struct parts *parts, uint16_t what, uint64_t value)
{
	uint32_t narrow = (uint32_t)value;

	if (what != SKIPPED && value >= PYI_NONE)
		return false;
	switch (what) {
	case SKIPPED: break;
	case GC_AT: parts->gc_at = value; break;
	case GC_COLLECTING: parts->gc_collecting = value; break;
	case GIL_AT: parts->gil_at = value; break;
	case GIL_LOCKED: parts->gil_locked = value; break;
	case GIL_HOLDER: parts->gil_holder = value; break;
	default: memcpy((char *)layout + what, &narrow, sizeof(narrow));
	}
	return true;
}

static bool keep_parts(struct pyi_layout *layout, const struct parts *parts)
{
	uint64_t collecting = parts->gc_at + parts->gc_collecting;

	if (parts->gil_locked < parts->gil_at || parts->gil_holder < parts->gil_at ||
	    collecting >= PYI_NONE)
		return false;
	layout->interp_gc_collecting = (uint32_t)collecting;
	layout->gil_locked = (uint32_t)(parts->gil_locked - parts->gil_at);
	layout->gil_holder = (uint32_t)(parts->gil_holder - parts->gil_at);
	return true;
}

struct pyi_error *pyi_debug_offsets_merge(const void *table, size_t len, struct pyi_layout *layout)
{
	struct pyi_layout merged = *layout;
	const struct shape *shape = shapes;
	struct parts parts = {0};
	struct pyi_error *err;

	while (shape < shapes + sizeof(shapes) / sizeof(shapes[0]) &&
	       shape->minor != layout->python_minor)
		shape++;
	if (shape == shapes + sizeof(shapes) / sizeof(shapes[0]))
		return pyi_error_create(PYI_ERR_BAD_DATA,
					"the debug offsets of Python %u.%u have an unknown shape",
					layout->python_major, layout->python_minor);
	if (len < HEAD + shape->n * 8)
		return pyi_error_create(PYI_ERR_BAD_DATA, "the debug offsets are cut");
	for (size_t i = 0; i < shape->n; i++) {
		uint64_t value;

		memcpy(&value, (const char *)table + HEAD + i * 8, sizeof(value));
		if (!keep_word(&merged, &parts, shape->words[i], value))
			return pyi_error_create(PYI_ERR_BAD_DATA,
						"word %zu of the debug offsets is out of range", i);
	}
	if (!keep_parts(&merged, &parts))
		return pyi_error_create(PYI_ERR_BAD_DATA,
					"the debug offsets of the GIL make no sense");
	err = pyi_layout_validate(&merged);
	if (err)
		return pyi_error_wrap(err, "debug offsets");
	*layout = merged;
	return NULL;
}
