/* SPDX-License-Identifier: BSD-2-Clause */
/* The BPF programs, compiled natively: hits go in, with frames that stand in an arena of ours, and
 * records come out. Helpers and maps are stand-ins; what the verifier says is not asked here. */
#include "python/runtime.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

#ifdef HAVE_BPF

#pragma GCC diagnostic ignored "-Wmissing-prototypes"
#pragma GCC diagnostic ignored "-Wunused-function"
#pragma GCC diagnostic ignored "-Wmaybe-uninitialized"

#include <linux/bpf.h>
#include "pyi_event.h"

/* In place of libbpf's helpers. */
#define __BPF_HELPERS__
#define SEC(name)
#define __uint(name, value) int(*name)[value]
#define __type(name, value) typeof(value) *name
#ifndef __always_inline
#define __always_inline inline __attribute__((always_inline))
#endif

enum { TGID = 70, TID = 71, ROOM = 512, RECORDS = 128, CODES = 16, FUNCTIONS = 16 };

static _Alignas(16) uint8_t arena[1 << 21];
static size_t used;
static uint64_t clock_ns, pid_tgid, cookie_now;
static struct pyi_frame_record records[RECORDS]; /* the code records are only counted */
static struct pyi_code_record code_record;
static size_t n_records, n_codes_described, ring_room;
static bool reserved_code;
static struct pyi_trace_counters count;
static struct pyi_thread_seed thread_seed;
static bool seeded;
static struct {
	uint64_t addr;
	struct pyi_known_code known;
} known_codes[CODES];
static size_t n_known_codes;
static struct pyi_function_stats kernel_sums[FUNCTIONS];

static long bpf_probe_read_user(void *to, uint32_t size, const void *from)
{
	const uint8_t *at = from;

	if (at < arena || at > arena + sizeof(arena) || size > (size_t)(arena + sizeof(arena) - at))
		return -14;
	memcpy(to, from, size);
	return 0;
}

static uint64_t bpf_get_current_pid_tgid(void)
{
	return pid_tgid;
}

static long bpf_get_ns_current_pid_tgid(uint64_t dev, uint64_t ino, void *ns, uint32_t size)
{
	return -22;
}

static uint64_t bpf_ktime_get_ns(void)
{
	return clock_ns += 10;
}

static struct task_struct *bpf_get_current_task_btf(void);

static uint64_t bpf_get_attach_cookie(void *ctx)
{
	return cookie_now;
}

static long bpf_loop(uint32_t n, long (*fn)(uint32_t, void *), void *arg, uint64_t flags)
{
	for (uint32_t i = 0; i < n; i++)
		if (fn(i, arg))
			return i + 1;
	return n;
}

static void *bpf_ringbuf_reserve(void *ring_map, uint64_t size, uint64_t flags)
{
	reserved_code = size == sizeof(struct pyi_code_record);
	if (!ring_room)
		return NULL;
	ring_room--;
	return reserved_code ? (void *)&code_record : &records[n_records % RECORDS];
}

static void bpf_ringbuf_submit(void *record, uint64_t flags)
{
	if (record == &code_record)
		n_codes_described++;
	else
		n_records++;
}

__attribute__((noinline)) static void *map_lookup(const void *map, const void *key);
static void *storage_get(const void *map);
static long map_update(const void *map, const void *key, const void *value);
#define bpf_map_lookup_elem(map, key)                map_lookup(map, key)
#define bpf_map_update_elem(map, key, value, flags)  map_update(map, key, value)
#define bpf_task_storage_get(map, task, value, flag) storage_get(map)

/* Its read-only data is set here. */
#define const
#include "../../../bpf/frames.bpf.c"
#undef const

static struct thread thread;
static struct calls thread_calls;
static struct task_struct task;
static const struct thread no_thread;
static struct {
	struct pyi_thread_key key;
	struct thread thread;
} hashed_threads[2];
static size_t n_hashed;

static struct task_struct *bpf_get_current_task_btf(void)
{
	return &task;
}

static void *find_hashed(const struct pyi_thread_key *key)
{
	for (size_t i = 0; i < n_hashed; i++)
		if (memcmp(&hashed_threads[i].key, key, sizeof(*key)) == 0)
			return &hashed_threads[i].thread;
	return NULL;
}

static long add_hashed(const void *key, const void *value)
{
	if (n_hashed == 2)
		return -7;
	memcpy(&hashed_threads[n_hashed].key, key, sizeof(struct pyi_thread_key));
	memcpy(&hashed_threads[n_hashed++].thread, value, sizeof(struct thread));
	return 0;
}

static void *map_lookup(const void *map, const void *key)
{
	uint64_t addr;

	if (map == &counters)
		return &count;
	if (map == &threads_hash)
		return find_hashed(key);
	if (map == &threads_blank)
		return (void *)&no_thread;
	if (map == &seeds)
		return seeded && *(const uint32_t *)key == TID ? &thread_seed : NULL;
	if (map == &stats)
		return *(const uint32_t *)key < FUNCTIONS ? &kernel_sums[*(const uint32_t *)key]
							  : NULL;
	assert_ptr_equal(map, &codes);
	memcpy(&addr, key, sizeof(addr));
	for (size_t i = 0; i < n_known_codes; i++)
		if (known_codes[i].addr == addr)
			return &known_codes[i].known;
	return NULL;
}

static long map_update(const void *map, const void *key, const void *value)
{
	struct pyi_known_code *known;

	if (map == &threads_hash)
		return add_hashed(key, value);
	known = map_lookup(map, key);
	if (!known) {
		assert_true(n_known_codes < CODES);
		memcpy(&known_codes[n_known_codes].addr, key, 8);
		known = &known_codes[n_known_codes++].known;
	}
	memcpy(known, value, sizeof(*known));
	return 0;
}

static void *storage_get(const void *map)
{
	if (map == &threads)
		return &thread;
	assert_ptr_equal(map, &open_calls);
	return &thread_calls;
}

static uint8_t *take(void)
{
	assert_true(used + ROOM <= sizeof(arena));
	used += ROOM;
	return arena + used - ROOM;
}

static void put(void *object, uint32_t offset, uint64_t value)
{
	memcpy((uint8_t *)object + offset, &value, 8);
}

static uint64_t of(const void *object)
{
	return (uint64_t)(uintptr_t)object;
}

/* A code object whose strs stand in it too. */
static uint8_t *make_code(uint32_t flags, uint32_t line)
{
	uint8_t *code = take();

	put(code, layout.code_qualname, of(code + 400));
	put(code, layout.code_filename, of(code + 448));
	memcpy(code + layout.code_flags, &flags, 4);
	memcpy(code + layout.code_firstlineno, &line, 4);
	return code;
}

static uint8_t *make_frame(const void *code, const void *back)
{
	uint8_t *frame = take();

	put(frame, layout.frame_code, of(code));
	put(frame, layout.frame_back, of(back));
	return frame;
}

static int reset(void **state)
{
	memset(arena, 0, sizeof(arena));
	memset(&thread, 0, sizeof(thread));
	memset(&thread_calls, 0, sizeof(thread_calls));
	memset(&count, 0, sizeof(count));
	memset(kernel_sums, 0, sizeof(kernel_sums));
	used = n_records = n_codes_described = n_known_codes = n_hashed = 0;
	clock_ns = sent = numbered = 0;
	seeded = false;
	ring_room = SIZE_MAX;
	enabled = 1;
	pid_tgid = (uint64_t)TGID << 32 | TID;
	layout = (struct pyi_layout){.how_frames = PYI_FRAMES_HEAP,
				     .how_code = PYI_CODE_PLAIN,
				     .how_lasti = PYI_LASTI_UNITS,
				     .frame_back = 16,
				     .frame_code = 24,
				     .frame_lasti = 32,
				     .frame_owner = 40,
				     .owner_generator = 1,
				     .owner_shim = PYI_NONE,
				     .code_flags = 48,
				     .code_firstlineno = 68,
				     .code_filename = 112,
				     .code_qualname = 128,
				     .code_code = 136,
				     .bytes_data = 32};
	config = (struct pyi_trace_config){.tgid = TGID, .frame_bytes = 48};
	return 0;
}

static void hit(int (*program)(void *), struct pyi_site_code site, uint64_t a, uint64_t b,
		uint64_t c)
{
	uint64_t regs[PYI_REGISTERS] = {[1] = a, [2] = b, [3] = c};

	site.reg[0] = 1;
	site.reg[1] = 2;
	site.reg[2] = 3;
	memcpy(&cookie_now, &site, 8);
	program(regs);
}

static void minipy_push(const uint8_t *frame, const uint8_t *code)
{
	hit(minipy_frame, (struct pyi_site_code){.kind = PYI_SITE_PUSH}, of(frame), of(code), 0);
}

/* how: what of return, yield and unwind. */
static void minipy_pop(const uint8_t *frame, const uint8_t *code, enum pyi_frame_event how)
{
	hit(minipy_frame, (struct pyi_site_code){.kind = PYI_SITE_POP}, of(frame), of(code),
	    how - PYI_FRAME_RETURN);
}

/* "call 1, return 1": the events and their depths. */
static const char *said(void)
{
	static const char *const names[] = {"call", "resume", "return", "yield", "unwind"};
	static char text[4096];
	size_t n = 0;

	text[0] = 0;
	for (size_t i = 0; i < n_records && n < sizeof(text) - 32; i++)
		n += (size_t)sprintf(text + n, "%s%s %u", i ? ", " : "", names[records[i].event],
				     records[i].depth);
	return text;
}

static void calls_and_returns(void **state)
{
	uint8_t *code = make_code(0, 3), *leaf = make_code(0, 9);
	uint8_t *outer = make_frame(code, NULL), *inner = make_frame(leaf, outer);

	minipy_push(outer, code);
	minipy_push(inner, leaf);
	minipy_pop(inner, leaf, PYI_FRAME_UNWIND);
	minipy_push(inner, leaf);
	minipy_pop(inner, leaf, PYI_FRAME_RETURN);
	minipy_pop(outer, code, PYI_FRAME_RETURN);
	assert_string_equal(said(), "call 1, call 2, unwind 2, call 2, return 2, return 1");
	assert_int_equal(n_codes_described, 2);
	assert_int_equal(code_record.firstlineno, 9);
	assert_int_equal(records[1].code, of(leaf));
	assert_int_equal(records[2].code, of(leaf));
	assert_int_equal(records[1].ident, records[2].ident);
	assert_int_equal(records[0].tid, TID);
	assert_int_equal(records[5].seq, 6);
	assert_int_equal(count.events, 6);
	assert_int_equal(count.lost, 0);
}

static void making_a_generator_is_no_event(void **state)
{
	uint8_t *main_code = make_code(0, 1), *code = make_code(0x20, 5), *units = take();
	uint8_t *outer = make_frame(main_code, NULL), *maker = make_frame(code, outer);
	uint8_t *own = make_frame(code, outer);

	put(code, layout.code_code, of(units));
	own[layout.frame_owner] = 1;
	units[layout.bytes_data + 3] = 0;  /* behind RETURN_GENERATOR: no argument */
	units[layout.bytes_data + 13] = 1; /* behind a yield: RESUME 1 */
	minipy_push(outer, main_code);
	minipy_push(maker, code);
	minipy_pop(maker, code, PYI_FRAME_RETURN);
	minipy_push(own, code);
	minipy_pop(own, code, PYI_FRAME_YIELD);
	own[layout.frame_lasti] = 5;
	minipy_push(own, code);
	minipy_pop(own, code, PYI_FRAME_RETURN);
	assert_string_equal(said(), "call 1, call 2, yield 2, resume 2, return 2");
}

static void frames_older_than_the_attach_are_counted(void **state)
{
	uint8_t *code = make_code(0, 1), *a = make_frame(code, NULL), *b = make_frame(code, a);
	uint8_t *c = make_frame(code, b);

	minipy_pop(c, code, PYI_FRAME_RETURN);
	minipy_push(c, code);
	minipy_pop(c, code, PYI_FRAME_RETURN);
	minipy_pop(b, code, PYI_FRAME_RETURN);
	assert_string_equal(said(), "return 3, call 3, return 3, return 2");
	assert_int_equal(records[0].code, of(code));
}

static void deeper_than_the_shadow(void **state)
{
	enum { DEEP = SHADOW + SHADOW / 2 };
	static uint8_t *frames[DEEP];
	uint8_t *code = make_code(0, 1), *back = NULL;

	for (int i = 0; i < DEEP; i++) {
		back = frames[i] = make_frame(code, back);
		minipy_push(back, code);
	}
	for (uint32_t i = DEEP; i-- > 0;) {
		minipy_pop(frames[i], code, PYI_FRAME_RETURN);
		assert_int_equal(records[(n_records - 1) % RECORDS].depth, i + 1);
		assert_int_equal(records[(n_records - 1) % RECORDS].code, of(code));
	}
	assert_int_equal(n_records, 2 * DEEP);
}

static void a_full_ring_leaves_a_gap(void **state)
{
	uint8_t *code = make_code(0, 1), *frame = make_frame(code, NULL);

	ring_room = 2; /* the code and its call */
	minipy_push(frame, code);
	minipy_pop(frame, code, PYI_FRAME_RETURN);
	minipy_push(frame, code);
	ring_room = 1;
	minipy_pop(frame, code, PYI_FRAME_RETURN);
	assert_string_equal(said(), "call 1, return 1");
	assert_int_equal(count.lost, 2);
	assert_int_equal(count.events, 4);
	assert_int_equal(records[1].seq, 4);
}

static void others_are_left_alone(void **state)
{
	uint8_t *code = make_code(0, 1), *frame = make_frame(code, NULL);

	pid_tgid = (uint64_t)(TGID + 1) << 32 | TID;
	minipy_push(frame, code);
	pid_tgid = (uint64_t)TGID << 32 | TID;
	config.tid = TID + 1;
	minipy_push(frame, code);
	config.tid = 0;
	enabled = 0;
	minipy_push(frame, code);
	assert_int_equal(n_records, 0);
	assert_int_equal(count.hits, 0);
}

/* Kernels that keep no large values in tasks. */
static void threads_are_told_apart_in_a_hash(void **state)
{
	uint8_t *code = make_code(0, 1), *outer = make_frame(code, NULL);
	uint8_t *inner = make_frame(code, outer);

	config.hashed = 1;
	task.start_boottime = 5;
	minipy_push(outer, code);
	task.start_boottime = 6; /* another thread of the same number */
	minipy_push(inner, code);
	minipy_push(make_frame(code, inner), code);
	task.start_boottime = 5;
	minipy_push(inner, code);
	assert_string_equal(said(), "call 1, call 2, call 3, call 2");
	assert_int_equal(hashed_threads[1].thread.tid, TID);
	assert_int_equal(count.faults, 0);
	task.start_boottime = 7; /* no room is left */
	minipy_push(outer, code);
	assert_int_equal(n_records, 4);
	assert_int_equal(count.faults, 1);
	assert_int_equal(thread.seq, 0);
}

static void filters(void **state)
{
	uint8_t *code = make_code(0, 1), *leaf = make_code(0, 2);
	uint8_t *outer = make_frame(code, NULL), *inner = make_frame(leaf, outer);

	config.judged = 1;
	minipy_push(outer, code); /* not judged yet: not lost */
	minipy_push(inner, leaf);
	((struct pyi_known_code *)map_lookup(&codes, &(uint64_t){of(leaf)}))->verdict =
		PYI_VERDICT_UNWANTED;
	minipy_pop(inner, leaf, PYI_FRAME_RETURN);
	minipy_push(inner, leaf);
	minipy_pop(inner, leaf, PYI_FRAME_RETURN);
	minipy_pop(outer, code, PYI_FRAME_RETURN);
	assert_string_equal(said(), "call 1, call 2, return 1");
	assert_int_equal(count.seen, 6);
	config.judged = 0;
	config.max_depth = 1;
	n_records = 0;
	minipy_push(outer, code);
	minipy_push(inner, leaf);
	minipy_pop(inner, leaf, PYI_FRAME_RETURN);
	config.max_events = 1;
	minipy_pop(outer, code, PYI_FRAME_RETURN);
	minipy_push(outer, code);
	assert_string_equal(said(), "call 1, return 1");
}

static void short_calls_are_left_out(void **state)
{
	uint8_t *code = make_code(0, 1), *leaf = make_code(0, 2);
	uint8_t *outer = make_frame(code, NULL), *inner = make_frame(leaf, outer);

	config.min_duration_ns = 1000;
	minipy_push(outer, code);
	minipy_push(inner, leaf);
	minipy_pop(inner, leaf, PYI_FRAME_RETURN);
	assert_int_equal(n_records, 0);
	minipy_push(inner, leaf);
	clock_ns += 1000;
	minipy_pop(inner, leaf, PYI_FRAME_RETURN);
	assert_string_equal(said(), "call 1, call 2, return 2");
	assert_true(records[0].t_ns < records[1].t_ns);
	minipy_pop(outer, code, PYI_FRAME_RETURN);
	assert_string_equal(said(), "call 1, call 2, return 2, return 1");
}

static void sums_need_no_records(void **state)
{
	uint8_t *code = make_code(0, 1), *leaf = make_code(0, 2);
	uint8_t *outer = make_frame(code, NULL), *inner = make_frame(leaf, outer);

	config.mode = PYI_MODE_SUMMARY;
	minipy_push(outer, code);
	for (int i = 0; i < 3; i++) {
		minipy_push(inner, leaf);
		clock_ns += 90;
		minipy_pop(inner, leaf, PYI_FRAME_RETURN);
	}
	minipy_pop(outer, code, PYI_FRAME_RETURN);
	assert_int_equal(n_records, 0);
	assert_int_equal(n_codes_described, 2);
	assert_int_equal(kernel_sums[2].calls, 3);
	assert_int_equal(kernel_sums[2].total_ns, 300);
	assert_int_equal(kernel_sums[1].calls, 1);
	assert_int_equal(kernel_sums[1].total_ns, 340);
	assert_int_equal(kernel_sums[1].self_ns, 40);
	config.mode = PYI_MODE_COUNT;
	minipy_push(outer, code);
	assert_int_equal(kernel_sums[1].calls, 2);
	assert_int_equal(kernel_sums[1].timed, 1);
}

/* CPython 3.12: a thread state, the eval call's own record, and a shim below each entry. */
struct cpython {
	uint8_t *tstate, *cframe, *shim, *main_code, *code;
};

static struct cpython cpython(void)
{
	struct cpython p;

	layout = *pyi_layout_for(3, 12, 0);
	config.frame_bytes = FRAME_HEAD;
	p.tstate = take();
	p.cframe = take();
	put(p.tstate, layout.tstate_frame, of(p.cframe));
	p.main_code = make_code(0, 1);
	p.code = make_code(0, 7);
	p.shim = make_frame(NULL, NULL);
	p.shim[layout.frame_owner] = (uint8_t)layout.owner_shim;
	return p;
}

/* The function's first byte: rdi, rsi, rdx. */
static void enter(const struct cpython *p, const uint8_t *frame, bool thrown)
{
	struct pyi_site_code site = {.kind = PYI_SITE_ENTRY};
	uint64_t regs[PYI_REGISTERS] = {
		[PYI_REG_RDI] = of(p->tstate), [PYI_REG_RSI] = of(frame), [PYI_REG_RDX] = thrown};

	memcpy(&cookie_now, &site, 8);
	cpython_frame(regs);
}

/* Behind a store of the current frame. */
static void stored(const struct cpython *p, const uint8_t *frame)
{
	put(p->cframe, layout.cframe_current_frame, of(frame));
	hit(cpython_frame,
	    (struct pyi_site_code){.kind = PYI_SITE_STORED,
				   .disp = (int16_t)layout.cframe_current_frame},
	    of(p->cframe), 0, 0);
}

static void cpython_inlined_calls_and_shims(void **state)
{
	struct cpython p = cpython();
	uint8_t *outer = make_frame(p.main_code, p.shim), *inner = make_frame(p.code, outer);

	enter(&p, outer, false);
	stored(&p, outer); /* nothing has moved */
	stored(&p, inner);
	stored(&p, inner);
	put(p.tstate, layout.tstate_exception, 1);
	stored(&p, outer);
	put(p.tstate, layout.tstate_exception, 0);
	stored(&p, p.shim); /* back to C */
	assert_string_equal(said(), "call 1, call 2, unwind 2, return 1");
	assert_int_equal(records[2].code, of(p.code));
}

static void cpython_generators(void **state)
{
	struct cpython p = cpython();
	uint8_t *outer = make_frame(p.main_code, p.shim), *generator = take();
	uint8_t *code = make_code(0x20, 9), *own = generator + layout.gen_frame;

	put(own, layout.frame_code, of(code));
	put(own, layout.frame_back, of(outer));
	own[layout.frame_owner] = (uint8_t)layout.owner_generator;
	put(own, layout.frame_lasti, of(code + layout.code_code)); /* RETURN_GENERATOR, and 0 */
	enter(&p, outer, false);
	stored(&p, own);
	generator[layout.gen_state] = (uint8_t)-1;
	put(own, layout.frame_back, 0); /* unlinked before the store */
	stored(&p, outer);
	generator[layout.gen_state] = 0;
	code[layout.code_code + 13] = 1; /* RESUME 1 */
	put(own, layout.frame_lasti, of(code + layout.code_code + 10));
	put(own, layout.frame_back, of(outer));
	stored(&p, own);
	stored(&p, outer);
	assert_string_equal(said(), "call 1, call 2, yield 2, resume 2, return 2");
}

static void cpython_attached_in_the_middle(void **state)
{
	struct cpython p = cpython();
	uint8_t *outer = make_frame(p.main_code, p.shim), *inner = make_frame(p.code, outer);

	/* Both had begun. */
	put(outer, layout.frame_lasti, of(p.main_code + layout.code_code + 8));
	put(inner, layout.frame_lasti, of(p.code + layout.code_code + 8));
	seeded = true;
	thread_seed = (struct pyi_thread_seed){of(p.tstate), of(inner)};
	stored(&p, outer);
	stored(&p, p.shim);
	assert_string_equal(said(), "return 2, return 1");
	assert_int_equal(records[0].code, of(p.code)); /* as the seed said */
	assert_int_equal(records[1].code, of(p.main_code));
}

static void cpython_deeper_than_the_shadow(void **state)
{
	enum { DEEP = SHADOW + SHADOW / 2 };
	static uint8_t *frames[DEEP];
	struct cpython p = cpython();
	uint8_t *back = p.shim;

	for (uint32_t i = 0; i < DEEP; i++) {
		back = frames[i] = make_frame(i < SHADOW / 4 ? p.main_code : p.code, back);
		if (i)
			stored(&p, back);
		else
			enter(&p, back, false);
	}
	for (uint32_t i = DEEP; i-- > 0;) {
		stored(&p, i ? frames[i - 1] : p.shim);
		assert_int_equal(records[(n_records - 1) % RECORDS].depth, i + 1);
		assert_int_equal(records[(n_records - 1) % RECORDS].code,
				 of(i < SHADOW / 4 ? p.main_code : p.code));
	}
	assert_int_equal(n_records, 2 * DEEP);
}

#define TEST(name) cmocka_unit_test_setup(name, reset)

int main(void)
{
	const struct CMUnitTest tests[] = {
		TEST(calls_and_returns),
		TEST(making_a_generator_is_no_event),
		TEST(frames_older_than_the_attach_are_counted),
		TEST(deeper_than_the_shadow),
		TEST(a_full_ring_leaves_a_gap),
		TEST(others_are_left_alone),
		TEST(threads_are_told_apart_in_a_hash),
		TEST(filters),
		TEST(short_calls_are_left_out),
		TEST(sums_need_no_records),
		TEST(cpython_inlined_calls_and_shims),
		TEST(cpython_generators),
		TEST(cpython_attached_in_the_middle),
		TEST(cpython_deeper_than_the_shadow),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}

#else

static void no_bpf(void **state)
{
	skip();
}

int main(void)
{
	const struct CMUnitTest tests[] = {cmocka_unit_test(no_bpf)};

	return cmocka_run_group_tests(tests, NULL, NULL);
}

#endif
