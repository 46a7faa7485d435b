/* SPDX-License-Identifier: BSD-2-Clause */
/* This program claims to be minipy: it exports a layout. */
#include "python/runtime.h"
#include "self_target.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>

#include <cmocka.h>

struct interp {
	struct interp *next;
	int64_t id;
	struct tstate *threads;
};

struct tstate {
	struct tstate *next;
	struct interp *interp;
	void *frame;
	uint64_t native_id;
};

/* Longer than the inspector knows, as a newer minipy's would be. */
struct {
	struct pyi_layout layout;
	uint32_t of_the_future;
} minipy_layout;
const char minipy_version[] = "0.1.0";

static struct {
	struct interp *head;
	int locked;
	struct tstate *holder;
} runtime;
static struct interp interp;
static struct tstate tstate;
static struct pyi_target target;

static int setup(void **state)
{
	struct pyi_layout *l = &minipy_layout.layout;

	/* minipy's own way: all absent, then offsetof. */
	*l = *pyi_layout_for(3, 9, 18);
#define ABSENT(name) l->name = PYI_NONE;
	PYI_LAYOUT_FIELDS(ABSENT)
#undef ABSENT
	l->size = sizeof(minipy_layout);
	l->version = 1;
	l->runtime = (uintptr_t)&runtime;
	l->eval = 0x1000;
	l->eval_size = 0x200;
	l->eval_slot = 40;
	l->python_major = 3, l->python_minor = 12, l->python_micro = 0;
	l->how_threads = PYI_THREADS_RUNTIME, l->how_frames = PYI_FRAMES_HEAP;
	l->how_code = PYI_CODE_PLAIN, l->how_lasti = PYI_LASTI_UNITS;
	l->how_lines = PYI_LINES_LOCATIONS, l->how_entry = PYI_ENTRY_SLOT;
	l->how_locals = PYI_LOCALS_PLUS, l->how_int = PYI_INT_LIMBS;
	l->how_str = PYI_STR_PEP393, l->how_dict = PYI_DICT_LOG2;
	l->how_instance = PYI_INSTANCE_DICTOFFSET, l->how_gil = PYI_GIL_RUNTIME;
	l->runtime_interp_head = 0;
	l->gil_locked = 8, l->gil_holder = 16;
	l->interp_next = offsetof(struct interp, next), l->interp_id = offsetof(struct interp, id);
	l->interp_tstate_head = offsetof(struct interp, threads);
	l->tstate_size = sizeof(struct tstate), l->tstate_next = offsetof(struct tstate, next);
	l->tstate_interp = offsetof(struct tstate, interp);
	l->tstate_frame = offsetof(struct tstate, frame);
	l->tstate_native_id = offsetof(struct tstate, native_id);
	l->frame_size = 64, l->frame_back = 24, l->frame_code = 32, l->frame_lasti = 40;
	l->code_size = 128, l->code_filename = 16, l->code_name = 24;
	l->code_firstlineno = 32, l->code_linetable = 40;
	l->object_type = 8, l->var_size = 16;
	runtime.head = &interp;
	runtime.locked = 1;
	runtime.holder = &tstate;
	interp = (struct interp){.threads = &tstate};
	tstate = (struct tstate){.interp = &interp, .native_id = 77};
	self_target_init(&target);
	return 0;
}

static int teardown(void **state)
{
	self_target_deinit(&target);
	return 0;
}

static void refused(const char *why)
{
	struct pyi_runtime rt;
	struct pyi_error *err = pyi_runtime_find(&target, &rt);

	assert_non_null(err);
	assert_string_equal(err->message, why);
	assert_int_equal(err->code, PYI_ERR_NOT_PYTHON);
	pyi_error_destroy(err);
}

static void its_layout_is_taken(void **state)
{
	struct pyi_tstates tstates;
	struct pyi_runtime rt;

	assert_null(pyi_runtime_find(&target, &rt));
	assert_true(rt.minipy);
	assert_string_equal(rt.name, "minipy 0.1.0");
	assert_int_equal(rt.root, (uintptr_t)&runtime);
	assert_int_equal(rt.eval_lo, 0x1000);
	assert_int_equal(rt.eval_hi, 0x1200);
	assert_int_equal(rt.layout.eval_slot, 40);
	assert_int_equal(rt.layout.dict_keys, PYI_NONE);
	assert_null(pyi_tstates_read(&target, &rt, &tstates));
	assert_int_equal(tstates.states.len, 1);
	assert_int_equal(tstates.states.data[0].native_tid, 77);
	assert_true(tstates.states.data[0].holds_gil);
	assert_int_equal(tstates.gc_running, -1);
	pyi_tstates_deinit(&tstates);
}

/* An older minipy has fewer fields: the rest is absent, whatever follows in memory. */
static void a_shorter_layout(void **state)
{
	struct pyi_runtime rt;

	minipy_layout.layout.size = offsetof(struct pyi_layout, func_code);
	minipy_layout.layout.func_code = 8;
	minipy_layout.layout.how_entry = PYI_ENTRY_SCAN; /* no slot: its field is cut away */
	assert_null(pyi_runtime_find(&target, &rt));
	assert_int_equal(rt.layout.func_code, PYI_NONE);
	assert_int_equal(rt.layout.eval_slot, PYI_NONE);
	assert_int_equal(rt.layout.frame_back, 24);
}

static void bad_heads(void **state)
{
	minipy_layout.layout.version = 2;
	refused("minipy's layout has version 2, known is 1");
	minipy_layout.layout.version = 1;
	minipy_layout.layout.size = 16;
	refused("minipy's layout has a bad head");
	minipy_layout.layout.size = sizeof(struct pyi_layout);
	minipy_layout.layout.cookie[0] = 'x';
	refused("minipy's layout has a bad head");
}

static void not_started(void **state)
{
	minipy_layout.layout.runtime = 0;
	refused("minipy is still starting");
}

static void offsets_out_of_range(void **state)
{
	minipy_layout.layout.frame_code = 60;
	refused("minipy: layout: frame_code 60 does not fit frame_size 64");
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test_setup_teardown(its_layout_is_taken, setup, teardown),
		cmocka_unit_test_setup_teardown(a_shorter_layout, setup, teardown),
		cmocka_unit_test_setup_teardown(bad_heads, setup, teardown),
		cmocka_unit_test_setup_teardown(not_started, setup, teardown),
		cmocka_unit_test_setup_teardown(offsets_out_of_range, setup, teardown),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
