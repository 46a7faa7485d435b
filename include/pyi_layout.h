/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * The layout of a Python runtime, as plain integers.
 *
 * One struct, three users: minipy exports one filled by offsetof, the inspector chooses a row
 * (or reads the target's own table) and asks it how to read, and BPF programs get a copy as
 * read-only data. Code asks the layout *how* a thing is done, never *which version* this is.
 *
 * Every field is a uint32_t. An absent field is PYI_NONE, never 0: zero is a real offset.
 * Fields are only ever appended (minipy's copy may be shorter than the inspector's, or longer).
 * Names: <struct>_<field> is the offset of field in struct; <struct>_size its sizeof;
 * how_<what> is one of the enumerators below.
 */
#ifndef PYI_LAYOUT_H
#define PYI_LAYOUT_H

#include <stdint.h>

#define PYI_NONE          UINT32_MAX
#define PYI_LAYOUT_COOKIE "pyilayt1"

/* The ELF note that points to minipy_layout: the descriptor is one little-endian int64, the
 * distance in bytes from the descriptor itself to the struct. */
#define PYI_LAYOUT_NOTE_NAME   "pyinspect"
#define PYI_LAYOUT_NOTE_TYPE   1
#define PYI_LAYOUT_SYMBOL_NAME "minipy_layout"

/* how_threads: from the runtime address to the thread states. */
enum pyi_how_threads {
	PYI_THREADS_RUNTIME = 1, /* runtime -> interp head -> next; interp -> tstate head -> next */
	PYI_THREADS_INTERP_HEAD, /* the root is a pointer to the first interpreter (2.7, 3.6) */
};

/* how_frames: from a thread state to its innermost frame. */
enum pyi_how_frames {
	PYI_FRAMES_HEAP = 1, /* tstate.frame -> PyFrameObject, then f_back (2.7-3.10, minipy) */
	PYI_FRAMES_CFRAME,   /* tstate.cframe -> current_frame -> previous (3.11, 3.12) */
	PYI_FRAMES_CURRENT,  /* tstate.current_frame -> previous (3.13+) */
};

/* how_code: what frame.code holds. */
enum pyi_how_code {
	PYI_CODE_PLAIN = 1, /* a pointer; what is no code object makes no Python frame */
	PYI_CODE_TAGGED,    /* a _PyStackRef: low two bits are tags (3.14+) */
};

/* how_lasti: what frame.lasti holds. */
enum pyi_how_lasti {
	PYI_LASTI_BYTES = 1, /* int, byte offset into the code (2.7-3.9) */
	PYI_LASTI_UNITS,     /* int, index of a 2-byte code unit (3.10, minipy) */
	PYI_LASTI_POINTER,   /* pointer into the code's units (3.11+) */
};

/* how_lines: the format of the code object's line table. */
enum pyi_how_lines {
	PYI_LINES_LNOTAB_UNSIGNED = 1, /* 2.7 */
	PYI_LINES_LNOTAB,              /* 3.6-3.9 */
	PYI_LINES_LINETABLE,           /* 3.10, PEP 626 */
	PYI_LINES_LOCATIONS,           /* 3.11+ and minipy */
};

/* how_entry: which frames one C call of the eval function ran, and where its stack mark is. */
enum pyi_how_entry {
	PYI_ENTRY_IS_ENTRY = 1, /* 3.11: up to the frame with is_entry; marks = _PyCFrame chain */
	PYI_ENTRY_SHIM,         /* 3.12+: up to the shim frame, which is itself on the C stack */
	PYI_ENTRY_SLOT,         /* minipy: one each; its address stands at CFA - eval_slot */
	PYI_ENTRY_CFRAME,       /* 3.10: one each; marks = CFrame chain */
	PYI_ENTRY_SCAN,         /* 3.6-3.9: one each; the frame's address is in its own C frame */
	PYI_ENTRY_COUNT,        /* 2.7: one each, by the eval symbol and the count */
};

/* how_locals: how fast locals are kept. */
enum pyi_how_locals {
	PYI_LOCALS_PLUS =
		1, /* localsplus[] described by code.localsplusnames/kinds (3.11+, minipy) */
	PYI_LOCALS_TAGGED,   /* same, each slot a _PyStackRef (3.14+) */
	PYI_LOCALS_VARNAMES, /* localsplus[]: varnames, cellvars, freevars tuples (2.7-3.10) */
};

enum pyi_how_int {
	PYI_INT_SIZE_SIGN = 1, /* ob_size signed, 30-bit digits in u32 (3.6-3.11) */
	PYI_INT_TAG,           /* lv_tag, 30-bit digits in u32 (3.12+) */
	PYI_INT_PY2,           /* 2.7: int holds a C long at int_tag; long as SIZE_SIGN */
	PYI_INT_LIMBS,         /* minipy: ob_size signed count of 64-bit limbs, 0 = zero */
};

enum pyi_how_str {
	PYI_STR_PEP393 = 1, /* kind bits in the state word, data behind the header (3.x, minipy) */
	PYI_STR_PY2,        /* 2.7: str = bytes; unicode = pointer to UCS4 */
};

enum pyi_how_dict {
	PYI_DICT_INDEXED = 1, /* dk_size in full, 24-byte entries {hash,key,value} (3.6-3.10) */
	PYI_DICT_LOG2,        /* log2 sizes and a kind byte (3.11+, minipy) */
	PYI_DICT_OPEN,        /* 2.7: open addressing, mask + table */
};

/* how_instance: where an instance keeps its attributes. */
enum pyi_how_instance {
	PYI_INSTANCE_DICTOFFSET = 1, /* tp_dictoffset only (2.7-3.10, minipy) */
	PYI_INSTANCE_311,            /* values pointer at obj-32, dict at obj-24 */
	PYI_INSTANCE_312,            /* tagged word at obj-24 */
	PYI_INSTANCE_313,            /* dict at obj-24, inline values at obj + tp_basicsize */
};

/* how_gil: where the lock's state lives. */
enum pyi_how_gil {
	PYI_GIL_RUNTIME = 1, /* gil_* are offsets in the runtime (3.7-3.11, minipy) */
	PYI_GIL_INTERP, /* interp_gil holds a pointer to the gil; gil_* are offsets in it (3.12+) */
	PYI_GIL_CURRENT_ONLY, /* 2.7, 3.6: the current thread state symbol is non-NULL while held */
};

/* Bits of a localspluskinds byte (CPython Include/internal/pycore_code.h, 3.11+). */
#define PYI_KIND_LOCAL 0x20
#define PYI_KIND_CELL  0x40
#define PYI_KIND_FREE  0x80

/* The formatter makes another mess of this list each time it is run. */
/* clang-format off */
#define PYI_LAYOUT_FIELDS(F) \
	/* what this runtime is */ \
	F(python_major) F(python_minor) F(python_micro) \
	/* how it is read */ \
	F(how_threads) F(how_frames) F(how_code) F(how_lasti) F(how_lines) F(how_entry) \
	F(how_locals) F(how_int) F(how_str) F(how_dict) F(how_instance) F(how_gil) \
	/* runtime and interpreter */ \
	F(runtime_size) F(runtime_interp_head) F(runtime_interp_main) \
	F(runtime_tstate_current) F(runtime_finalizing) F(runtime_main_thread) \
	F(interp_size) F(interp_next) F(interp_id) F(interp_tstate_head) \
	F(interp_tstate_main) F(interp_gil) F(interp_modules) F(interp_gc_collecting) \
	F(gil_locked) F(gil_holder) \
	/* thread state */ \
	F(tstate_size) F(tstate_next) F(tstate_prev) F(tstate_interp) F(tstate_frame) \
	F(tstate_thread_id) F(tstate_native_id) F(tstate_id) F(tstate_datastack_chunk) \
	F(tstate_exception) F(tstate_exc_info) F(tstate_base_frame) \
	F(tstate_gil_requested) /* byte or int, not 0 while it waits for the GIL */ \
	F(cframe_current_frame) F(cframe_previous) \
	F(chunk_previous) F(chunk_size) F(chunk_top) F(chunk_data) \
	/* frame */ \
	F(frame_size) F(frame_back) F(frame_code) F(frame_lasti) F(frame_globals) \
	F(frame_builtins) F(frame_locals) F(frame_localsplus) F(frame_stacktop) \
	F(frame_is_entry) F(frame_owner) F(frame_object) F(frame_state) \
	F(owner_generator) F(owner_shim) /* values of frame.owner; owner >= owner_shim: no code */ \
	/* code object */ \
	F(code_size) F(code_argcount) F(code_posonlyargcount) F(code_kwonlyargcount) \
	F(code_nlocals) F(code_flags) F(code_firstlineno) F(code_nlocalsplus) \
	F(code_filename) F(code_name) F(code_qualname) F(code_linetable) \
	F(code_localsplusnames) F(code_localspluskinds) F(code_varnames) F(code_cellvars) \
	F(code_freevars) \
	F(code_code) /* 3.11+: the units stand here; before: a pointer to bytes */ \
	/* objects; every object begins with a reference count at 0 */ \
	F(object_size) F(object_type) F(var_size) \
	F(type_size) F(type_name) F(type_basicsize) F(type_itemsize) F(type_flags) \
	F(type_base) F(type_dict) F(type_dictoffset) F(type_mro) \
	F(heaptype_name) F(heaptype_qualname) F(heaptype_cached_keys) F(heaptype_module) \
	F(int_tag) F(int_digits) F(float_value) F(complex_real) \
	F(str_length) F(str_state) F(str_ascii_data) F(str_compact_data) F(str_any_data) \
	F(bytes_data) F(bytearray_start) F(tuple_items) F(list_items) \
	F(dict_used) F(dict_keys) F(dict_values) F(dict_values_start) F(dict_mask) \
	F(dict_table) \
	F(keys_size) F(keys_log2_size) F(keys_log2_index_bytes) F(keys_kind) F(keys_nentries) \
	F(keys_indices) \
	F(set_used) F(set_mask) F(set_table) F(setentry_key) F(setentry_hash) \
	F(cell_value) F(func_code) F(func_name) F(func_qualname) F(func_module) \
	F(method_func) F(method_self) \
	F(module_dict) F(module_name) \
	F(gen_frame) F(gen_state) F(gen_name) F(gen_qualname) \
	F(exc_args) F(exc_traceback) F(exc_context) F(exc_cause) F(exc_suppress_context) \
	F(excitem_value) F(excitem_previous) F(traceback_next) F(traceback_frame) \
	F(traceback_lasti) F(traceback_lineno) \
	F(gc_head_size) \
	/* native side */ \
	F(eval_slot) /* PYI_ENTRY_SLOT: the frame's address stands at CFA - eval_slot */ \
	F(eval_size) /* bytes of the eval function from the head's eval address */ \
	/* appended since */ \
	F(code_firsttraceable) /* 3.11+: a frame before this code unit is incomplete */ \
	F(tstate_cframe) /* 3.10: only the stack marks hang there, not the frames */ \
	F(runtime_gc_collecting) /* 3.7, 3.8: the collector is in the runtime */ \
	/* minipy's heap: arenas of 2^arena_log2_bytes at multiples of it, in a list */ \
	F(runtime_heap_arenas) F(arena_next) F(arena_pools) F(arena_free_pools) \
	F(arena_log2_bytes) \
	F(tstate_exception_type) /* 2.7-3.11: the raised exception's type; the value may lack */ \
	F(gen_suspended_last) /* 3.15+: gen_state is 1 to this while it waits; before: negative */ \
	F(tstate_handled) /* up to 3.6: instead of tstate_exc_info */
/* clang-format on */

/*
 * The head is fixed for ever. minipy fills runtime, eval and the fields before it runs its
 * first bytecode; size tells a reader how much of the struct this minipy has.
 */
struct pyi_layout {
	char cookie[8];   /* PYI_LAYOUT_COOKIE, not NUL-terminated */
	uint32_t version; /* 1 */
	uint32_t size;    /* sizeof(struct pyi_layout) in the writer */
	uint64_t runtime; /* address of the runtime state; 0 in the inspector's rows */
	uint64_t eval;    /* address of the eval function; 0 where not published */
#define PYI_LAYOUT_FIELD(name) uint32_t name;
	PYI_LAYOUT_FIELDS(PYI_LAYOUT_FIELD)
#undef PYI_LAYOUT_FIELD
};

#endif
