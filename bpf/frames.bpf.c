/* SPDX-License-Identifier: (BSD-2-Clause OR GPL-2.0) */
/*
 * Frame pushes and pops at probe sites. The cookie says what a site is, the layout how a frame is
 * read: nothing here knows a Python version.
 *
 * Each thread has a state of its own, begun at its first event by counting the frames that are
 * there. A code object is described once, before the first event that names it, since it may be
 * gone when user space looks; what stands at its address later is told apart by `ident`.
 */
#include <linux/bpf.h>
#include <stdbool.h>
#include <bpf/bpf_helpers.h>
#include "calls.h"
#include "pyi_event.h"
#include "pyi_layout.h"

#define CO_ANY_GENERATOR (0x20 | 0x80 | 0x200) /* generator, coroutine, async generator */
/* CPython v3.13 Include/cpython/code.h */
#define CO_NO_MONITORING_EVENTS 0x2000000
#define MAX_DEPTH               (1 << 16)
#define CODE_HEAD               192 /* bytes of a code object that hold all that is asked of it */
#define FRAME_HEAD              96  /* and of a frame */
#define HEAP_HEAD               144 /* and of one that is an object */
#define CODE_TAGS               3
#define ALIGNED                 __attribute__((aligned(8))) /* words are read in it */
#define TIMED_EVERY             64
#define SHADOW                  1024
#define MAX_SHIMS               4
#define RECENT                  256

/* Low bits of a code address in a shadow. */
#define MARK_GENERATOR 1 /* the frame belongs to a generator */
#define MARK_CREATION  2 /* the call that makes a generator: no event */
#define MARKS          7

/* No frames: their addresses are multiples of 8. */
#define NOT_ENTERED 1
#define RESUMED     2
#define UNKNOWN     1

char LICENSE[] SEC("license") = "Dual BSD/GPL";

const volatile struct pyi_layout layout;
const volatile struct pyi_trace_config config;

/* Probes come and go one after the other: between the first and the last of them a push may be seen
 * whose pop is not. */
uint32_t enabled;

/* CPython: the frames of the thread, as the hits told. frames[depth % SHADOW] is at that depth, 0
 * when not known; those below low have been written over. */
struct shadow {
	uint64_t tstate;  /* 0: not known yet */
	uint64_t leaving; /* 3.13+: the last hit left an eval call for this frame */
	uint32_t low;
	struct {
		uint64_t frame, code; /* code: address and MARK_ bits; 0: not known */
		uint32_t ident, reserved;
	} frames[SHADOW];
};

/* Buffers that a small stack has no room for are here too: a thread has one hit at a time. */
struct thread {
	uint32_t tid; /* comes first: user space looks for it */
	uint32_t seq, depth;
	bool known; /* depth is right */
	uint8_t code_head[CODE_HEAD] ALIGNED;
	uint8_t frame_head[FRAME_HEAD] ALIGNED;
	uint8_t heap_head[HEAP_HEAD] ALIGNED; /* 2.7-3.10 */
	/* Code objects that were described, by some bits of their address: most are found here. */
	struct {
		uint64_t code;
		uint32_t ident, function;
	} recent[RECENT];
	struct shadow shadow;
};

#include "per_thread.h"

/* Events that were sent; the numbers that functions got. */
uint64_t sent;
uint32_t numbered;

struct {
	__uint(type, BPF_MAP_TYPE_RINGBUF);
	__uint(max_entries, 16 << 20);
} ring SEC(".maps");

PER_THREAD(threads, thread);

/* Threads as they were just before the attach, by tid. */
struct {
	__uint(type, BPF_MAP_TYPE_HASH);
	__uint(max_entries, 1 << 14);
	__type(key, uint32_t);
	__type(value, struct pyi_thread_seed);
} seeds SEC(".maps");

/* Code objects that were described. */
struct {
	__uint(type, BPF_MAP_TYPE_LRU_HASH);
	__uint(max_entries, 1 << 16);
	__type(key, uint64_t);
	__type(value, struct pyi_known_code);
} codes SEC(".maps");

/* Where it is not events that are wanted. */
PER_THREAD(open_calls, calls);

/* User space makes it as large as the mode needs. */
struct {
	__uint(type, BPF_MAP_TYPE_ARRAY);
	__uint(max_entries, 1);
	__type(key, uint32_t);
	__type(value, struct pyi_function_stats);
} stats SEC(".maps");

struct {
	__uint(type, BPF_MAP_TYPE_PERCPU_ARRAY);
	__uint(max_entries, 1);
	__type(key, uint32_t);
	__type(value, struct pyi_trace_counters);
} counters SEC(".maps");

/* What one hit works with. */
struct hit {
	struct pyi_trace_counters *count;
	struct thread *thread;
	uint64_t begun_ns;
	uint32_t tid;
	uint32_t native_tid; /* the target's own number for it */
	bool yields;         /* the site is one of a yield */
};

/* What of a code object matters to an event. */
struct code {
	uint64_t addr, name, file;
	uint32_t flags, firstlineno, ident;
};

static __always_inline uint64_t read_u64(uint64_t addr)
{
	uint64_t value = 0;

	bpf_probe_read_user(&value, sizeof(value), (void *)addr);
	return value;
}

static __always_inline uint8_t read_u8(uint64_t addr)
{
	uint8_t value = 0;

	bpf_probe_read_user(&value, sizeof(value), (void *)addr);
	return value;
}

/* A word of pt_regs. The verifier wants constant offsets into it, each in a load of its own. */
static __always_inline uint64_t reg(void *ctx, uint32_t number)
{
	uint64_t value = 0;

#ifdef __bpf__
#define WORD(n)                                                                          \
	case n:                                                                          \
		asm volatile("%0 = *(u64 *)(%1 + " #n " * 8)" : "=r"(value) : "r"(ctx)); \
		break
#else /* tests compile this file natively */
#define WORD(n)                               \
	case n:                               \
		value = ((uint64_t *)ctx)[n]; \
		break
#endif
	switch (number) {
		WORD(0);
		WORD(1);
		WORD(2);
		WORD(3);
		WORD(4);
		WORD(5);
		WORD(6);
		WORD(7);
		WORD(8);
		WORD(9);
		WORD(10);
		WORD(11);
		WORD(12);
		WORD(13);
		WORD(14);
		WORD(18);
		WORD(19);
	}
#undef WORD
	return value;
}

/* False: not our target, or no memory. */
static __always_inline bool begin(struct hit *hit)
{
	uint64_t id = bpf_get_current_pid_tgid();
	struct bpf_pidns_info ns;
	uint32_t zero = 0;

	if (!*(volatile uint32_t *)&enabled)
		return false;
	if (config.ns_ino) {
		if (bpf_get_ns_current_pid_tgid(config.ns_dev, config.ns_ino, &ns, sizeof(ns)))
			return false;
		id = (uint64_t)ns.tgid << 32 | ns.pid;
	}
	hit->tid = (uint32_t)id;
	if (id >> 32 != config.tgid || (config.tid && hit->tid != config.tid))
		return false;
	hit->count = bpf_map_lookup_elem(&counters, &zero);
	if (!hit->count)
		return false;
	/* Not the first one, which is no common one. */
	hit->begun_ns = ++hit->count->hits % TIMED_EVERY ? 0 : bpf_ktime_get_ns();
	hit->thread = per_thread(threads, bpf_get_current_task_btf(), true);
	if (!hit->thread) {
		hit->count->faults++;
		return false;
	}
	hit->thread->tid = hit->tid;
	return true;
}

/* After begin. */
static __always_inline void find_native_tid(struct hit *hit)
{
	struct bpf_pidns_info ns;

	hit->native_tid = hit->tid;
	if (config.target_ns_ino &&
	    bpf_get_ns_current_pid_tgid(config.target_ns_dev, config.target_ns_ino, &ns,
					sizeof(ns)) == 0)
		hit->native_tid = ns.pid;
}

static __always_inline void finish(struct hit *hit)
{
	if (hit->begun_ns) {
		hit->count->timed++;
		hit->count->timed_ns += bpf_ktime_get_ns() - hit->begun_ns;
	}
}

/* What of a frame matters. */
struct frame {
	uint64_t addr, code, back, lasti;
	uint8_t owner;
};

static __always_inline bool read_frame(uint8_t *head, uint64_t addr, struct frame *frame)
{
	frame->addr = addr;
	if (layout.frame_code > FRAME_HEAD - 8 || layout.frame_back > FRAME_HEAD - 8 ||
	    layout.frame_lasti > FRAME_HEAD - 8 || layout.frame_owner > FRAME_HEAD - 1)
		return false;
	/* The fields stand before the last of them: no frame is shorter. */
	if (bpf_probe_read_user(head, config.frame_bytes <= FRAME_HEAD ? config.frame_bytes : 0,
				(void *)addr))
		return false;
	frame->code = *(uint64_t *)(head + layout.frame_code);
	if (layout.how_code == PYI_CODE_TAGGED)
		frame->code &= ~(uint64_t)CODE_TAGS;
	frame->back = *(uint64_t *)(head + layout.frame_back);
	frame->lasti = *(uint64_t *)(head + layout.frame_lasti);
	frame->owner = head[layout.frame_owner];
	return true;
}

/* Frames that are no calls of Python's: an eval call's own (3.12+), and the one that is put around
 * __init__, whose code, in the program itself, has no name (3.12) or is not monitored (3.13+). */
static __always_inline bool is_shim(const struct frame *frame)
{
	if (layout.owner_shim == PYI_NONE)
		return false;
	if (frame->owner >= layout.owner_shim)
		return true;
	if (frame->code < config.image_lo || frame->code >= config.image_hi)
		return false;
	return read_u64(frame->code + layout.code_qualname) == 0 ||
	       (uint32_t)read_u64(frame->code + layout.code_flags) & CO_NO_MONITORING_EVENTS;
}

/* The next two are no static functions: the verifier looks at each once, not at every call. */

/* The first frame from addr on that is no shim; 0 when there is none. */
__attribute__((noinline)) uint64_t skip_shims(uint64_t addr)
{
	uint8_t head[FRAME_HEAD] ALIGNED;
	struct frame frame = {0};

	for (int i = 0; i < MAX_SHIMS; i++) {
		if (!addr || !read_frame(head, addr, &frame))
			return 0;
		if (!is_shim(&frame))
			return addr;
		addr = frame.back;
	}
	return 0;
}

/* The same, read into *frame; its addr is 0 when there is none. */
static __always_inline void effective(struct thread *thread, uint64_t addr, struct frame *frame)
{
	frame->addr = 0;
	if (!addr)
		return;
	if (read_frame(thread->frame_head, addr, frame) && !is_shim(frame))
		return;
	addr = skip_shims(addr);
	if (!addr || !read_frame(thread->frame_head, addr, frame))
		frame->addr = 0;
}

struct chain {
	uint64_t frame;
	uint32_t depth;
};

static long count_frame(uint32_t index, void *arg)
{
	struct chain *chain = arg;
	uint8_t head[FRAME_HEAD] ALIGNED;
	struct frame frame = {0};

	if (!chain->frame)
		return 1;
	if (layout.owner_shim == PYI_NONE) {
		chain->depth++;
		chain->frame = read_u64(chain->frame + layout.frame_back);
		return 0;
	}
	if (!read_frame(head, chain->frame, &frame))
		return 1;
	chain->depth += !is_shim(&frame);
	chain->frame = frame.back;
	return 0;
}

/* How many frames there are from this one to the outermost. */
__attribute__((noinline)) uint32_t chain_depth(uint64_t frame)
{
	struct chain chain = {.frame = frame};

	bpf_loop(MAX_DEPTH, count_frame, &chain, 0);
	return chain.depth;
}

static __always_inline bool read_code(struct thread *thread, uint64_t addr, struct code *code)
{
	uint8_t *head = thread->code_head;
	uint32_t name;

	if (bpf_probe_read_user(head, CODE_HEAD, (void *)addr))
		return false;
	/* Qualified names came with 3.11. */
	name = layout.code_qualname != PYI_NONE ? layout.code_qualname : layout.code_name;
	if (layout.code_flags > CODE_HEAD - 4 || layout.code_firstlineno > CODE_HEAD - 4 ||
	    name > CODE_HEAD - 8 || layout.code_filename > CODE_HEAD - 8)
		return false;
	code->addr = addr;
	code->flags = *(uint32_t *)(head + layout.code_flags);
	code->firstlineno = *(uint32_t *)(head + layout.code_firstlineno);
	code->name = *(uint64_t *)(head + name);
	code->file = *(uint64_t *)(head + layout.code_filename);
	/* Objects are 16 bytes apart; never 0. */
	code->ident = ((uint32_t)(code->name >> 4) * 31 + (uint32_t)(code->file >> 4)) * 31 +
		      code->firstlineno;
	code->ident |= 1;
	return true;
}

/* As much of [addr, addr + max) as halving finds readable, since it may end before an unmapped
 * page. */
static __always_inline uint32_t read_some(void *to, uint32_t max, uint64_t addr)
{
	if (bpf_probe_read_user(to, max, (void *)addr) == 0)
		return max;
	if (bpf_probe_read_user(to, max / 2, (void *)addr) == 0)
		return max / 2;
	if (bpf_probe_read_user(to, max / 4, (void *)addr) == 0)
		return max / 4;
	return bpf_probe_read_user(to, 64, (void *)addr) == 0 ? 64 : 0;
}

/* Describes a code object that is new; one that found no room is tried again the next time. NULL:
 * it is not known yet. */
static __always_inline struct pyi_known_code *describe(const struct code *code)
{
	struct pyi_known_code *known = bpf_map_lookup_elem(&codes, &code->addr);
	struct pyi_known_code new = {.ident = code->ident};
	struct pyi_code_record *record;

	if (known && known->ident == code->ident)
		return known;
	record = bpf_ringbuf_reserve(&ring, sizeof(*record), 0);
	if (!record)
		return 0;
	if (config.mode != PYI_MODE_EVENTS && numbered < PYI_FUNCTIONS - 1)
		new.function = __sync_fetch_and_add(&numbered, 1) + 1;
	record->type = PYI_RECORD_CODE;
	record->code = code->addr;
	record->ident = code->ident;
	record->function = new.function;
	record->reserved = 0;
	record->name = code->name;
	record->file = code->file;
	record->firstlineno = code->firstlineno;
	record->flags = code->flags;
	record->name_got = read_some(record->name_bytes, PYI_NAME_BYTES, code->name);
	record->file_got = read_some(record->file_bytes, PYI_FILE_BYTES, code->file);
	bpf_ringbuf_submit(record, BPF_RB_NO_WAKEUP);
	bpf_map_update_elem(&codes, &code->addr, &new, BPF_ANY);
	return bpf_map_lookup_elem(&codes, &code->addr);
}

/* False: max_events were sent. */
static __always_inline bool take_turn(void)
{
	return !config.max_events || __sync_fetch_and_add(&sent, 1) < config.max_events;
}

static __always_inline void submit(struct hit *hit, uint64_t code, uint32_t ident, uint64_t t_ns,
				   uint32_t depth, uint32_t event)
{
	struct pyi_frame_record *record;

	if (!take_turn())
		return;
	hit->count->events++;
	hit->thread->seq++;
	record = bpf_ringbuf_reserve(&ring, sizeof(*record), 0);
	if (!record) {
		hit->count->lost++;
		return;
	}
	record->type = PYI_RECORD_FRAME;
	record->tid = hit->tid;
	record->t_ns = t_ns;
	record->code = code;
	record->ident = ident;
	record->seq = hit->thread->seq;
	record->depth = depth;
	record->event = event;
	bpf_ringbuf_submit(record, BPF_RB_NO_WAKEUP);
}

static __always_inline void count_call(uint32_t function)
{
	struct pyi_function_stats *sums = bpf_map_lookup_elem(&stats, &function);

	if (sums)
		ADD(sums->calls, 1);
}

static __always_inline void summarize(struct hit *hit, struct calls *calls, uint32_t function,
				      uint32_t depth, bool entry)
{
	struct pyi_function_stats *sums;
	struct ended ended;

	if (entry) {
		calls_enter(calls, depth, function, bpf_ktime_get_ns());
		count_call(function);
		return;
	}
	if (!calls_leave(calls, depth, bpf_ktime_get_ns(), &ended))
		return;
	sums = bpf_map_lookup_elem(&stats, &ended.function);
	if (sums)
		stats_add(sums, &ended);
}

struct telling {
	struct hit *hit;
	struct calls *calls;
	uint32_t depth; /* the last that was told */
};

static long tell_entry(uint32_t index, void *arg)
{
	struct telling *telling = arg;
	uint32_t depth = ++telling->depth;
	struct call *call = &telling->calls->at[depth % CALLS];

	if (call->depth == depth)
		submit(telling->hit, call->code, call->ident, call->begun_ns, depth, call->event);
	return 0;
}

/* Only calls that take long: an entry is sent when the first exit that is long enough comes, at its
 * own or at a deeper call, together with those further out. */
static __always_inline void send_if_long(struct hit *hit, struct calls *calls,
					 const struct code *code, bool wanted, uint32_t depth,
					 enum pyi_frame_event event, uint64_t now)
{
	struct telling telling = {hit, calls, calls->told};
	struct call *call = &calls->at[depth % CALLS];
	struct ended ended;

	if (event <= PYI_FRAME_RESUME) {
		call = calls_enter(calls, depth, 0, now);
		call->code = wanted ? code->addr : 0;
		call->ident = wanted ? code->ident : 0;
		call->event = event;
		if (!wanted)
			call->depth = 0;
		return;
	}
	if (!calls_leave(calls, depth, now, &ended))
		return;
	if (calls->told >= depth) {
		calls->told = depth - 1;
	} else {
		if (ended.duration_ns < config.min_duration_ns)
			return;
		call->depth = depth; /* told with the others */
		bpf_loop(depth - calls->told, tell_entry, &telling, 0);
		call->depth = 0;
		calls->told = depth - 1;
	}
	submit(hit, code->addr, code->ident, now, depth, event);
}

/* The number of a code object for the kernel's sums; described if it is new. */
static __always_inline uint32_t number_of(struct thread *thread, const struct code *code)
{
	uint32_t slot = (uint32_t)(code->addr >> 4 ^ code->addr >> 12) % RECENT;
	struct pyi_known_code *known;

	if (thread->recent[slot].code == code->addr && thread->recent[slot].ident == code->ident)
		return thread->recent[slot].function;
	known = describe(code);
	if (!known)
		return 0;
	thread->recent[slot].code = code->addr;
	thread->recent[slot].ident = code->ident;
	thread->recent[slot].function = known->function;
	return known->function;
}

static __always_inline bool is_wanted(const struct code *code)
{
	struct pyi_known_code *known = bpf_map_lookup_elem(&codes, &code->addr);

	return !known || known->ident != code->ident || known->verdict != PYI_VERDICT_UNWANTED;
}

/* A code object that is not known is all 0. */
static __always_inline void send(struct hit *hit, const struct code *code, uint32_t depth,
				 enum pyi_frame_event event)
{
	bool entry = event <= PYI_FRAME_RESUME, wanted;
	struct calls *calls;
	uint32_t function = 0;

	hit->count->seen++;
	/* What was read now may be new; what the entry left in the shadow is not. */
	if (code->name)
		function = number_of(hit->thread, code);
	if (config.mode == PYI_MODE_COUNT) {
		if (entry)
			count_call(function);
		return;
	}
	if (config.max_depth && depth > config.max_depth)
		return;
	wanted = !config.judged || !code->addr || is_wanted(code);
	if (config.mode == PYI_MODE_EVENTS && !config.min_duration_ns) {
		if (wanted)
			submit(hit, code->addr, code->ident, bpf_ktime_get_ns(), depth, event);
		return;
	}
	calls = per_thread(open_calls, bpf_get_current_task_btf(), true);
	if (!calls)
		hit->count->faults++;
	else if (config.mode == PYI_MODE_SUMMARY)
		summarize(hit, calls, function, depth, entry);
	else
		send_if_long(hit, calls, code, wanted, depth, event, bpf_ktime_get_ns());
}

/*
 * Has a generator's frame only been made, and not run? It stands at RETURN_GENERATOR then, which a
 * unit without an argument follows; a yield is followed by RESUME, whose argument is not 0
 * (CPython v3.11 Python/compile.c; minipy's opcodes.def). From 3.13 on a frame that waits points to
 * what follows (_PyInterpreterFrame.instr_ptr).
 */
static __always_inline bool not_started(uint64_t frame, uint64_t code)
{
	uint64_t unit;

	if (layout.how_lasti == PYI_LASTI_POINTER)
		unit = read_u64(frame + layout.frame_lasti);
	else
		unit = read_u64(code + layout.code_code) + layout.bytes_data +
		       2 * (uint64_t)(uint32_t)read_u64(frame + layout.frame_lasti);
	if (layout.how_frames != PYI_FRAMES_CURRENT)
		unit += 2;
	return read_u8(unit + 1) == 0;
}

/* Makes now the frame at the thread's depth, one deeper than before. */
static __always_inline void shadow_push(struct thread *thread, struct shadow *shadow,
					uint64_t frame, uint64_t code, uint32_t ident)
{
	uint32_t depth = ++thread->depth;

	shadow->frames[depth % SHADOW].frame = frame;
	shadow->frames[depth % SHADOW].code = code;
	shadow->frames[depth % SHADOW].ident = ident;
	if (depth >= SHADOW && shadow->low < depth - (SHADOW - 1))
		shadow->low = depth - (SHADOW - 1);
}

/* The frame at the thread's depth is left; now is current. */
static __always_inline void shadow_pop(struct thread *thread, struct shadow *shadow, uint64_t now)
{
	thread->depth -= thread->depth != 0;
	if (thread->depth < shadow->low) {
		shadow->low = thread->depth;
		shadow->frames[thread->depth % SHADOW].frame = now;
		shadow->frames[thread->depth % SHADOW].code = 0;
	}
}

/* A thread whose frames are not known has depth frames, of which the innermost is top. */
static __always_inline void shadow_begin(struct thread *thread, struct shadow *shadow,
					 uint32_t depth, uint64_t top)
{
	thread->known = true;
	thread->depth = depth;
	shadow->low = depth;
	shadow->frames[depth % SHADOW].frame = top;
	shadow->frames[depth % SHADOW].code = 0;
}

/* --- minipy ----------------------------------------------------------------------------------- */

static __always_inline void push(struct hit *hit, uint64_t frame, uint64_t code_addr)
{
	enum pyi_frame_event event = PYI_FRAME_CALL;
	struct thread *thread = hit->thread;
	struct shadow *shadow = &thread->shadow;
	struct code code = {0};
	uint64_t marks = 0;

	if (!thread->known)
		shadow_begin(thread, shadow, chain_depth(frame) - 1, 0);
	if (!read_code(thread, code_addr, &code)) {
		hit->count->faults++;
		shadow_push(thread, shadow, frame, 0, 0);
		return;
	}
	if (code.flags & CO_ANY_GENERATOR) {
		if (read_u8(frame + layout.frame_owner) != layout.owner_generator)
			marks = MARK_CREATION;
		else if (marks = MARK_GENERATOR, !not_started(frame, code_addr))
			event = PYI_FRAME_RESUME;
	}
	shadow_push(thread, shadow, frame, code.addr | marks, code.ident);
	if (marks != MARK_CREATION)
		send(hit, &code, thread->depth, event);
}

/* What a frame's code is, as its push said or, for one from before the attach, as it says itself.
 */
static __always_inline bool code_of(struct hit *hit, uint64_t frame, uint64_t code_addr,
				    uint64_t *marks, struct code *code)
{
	struct thread *thread = hit->thread;
	uint32_t slot = thread->depth % SHADOW;
	uint64_t known = thread->shadow.frames[slot].code;

	if (known && thread->shadow.frames[slot].frame == frame) {
		code->addr = known & ~(uint64_t)MARKS;
		code->name = 0;
		code->ident = thread->shadow.frames[slot].ident;
		*marks = known & MARKS;
		return true;
	}
	if (!read_code(thread, code_addr, code)) {
		hit->count->faults++;
		return false;
	}
	*marks = 0;
	if (code->flags & CO_ANY_GENERATOR)
		*marks = read_u8(frame + layout.frame_owner) == layout.owner_generator
				 ? MARK_GENERATOR
				 : MARK_CREATION;
	return true;
}

static __always_inline void pop(struct hit *hit, uint64_t frame, uint64_t code_addr,
				enum pyi_frame_event event)
{
	struct thread *thread = hit->thread;
	struct shadow *shadow = &thread->shadow;
	struct code code = {0};
	uint64_t marks = 0;
	uint32_t depth;
	bool read;

	if (!thread->known)
		shadow_begin(thread, shadow, chain_depth(frame), frame);
	depth = thread->depth;
	read = code_of(hit, frame, code_addr, &marks, &code);
	shadow_pop(thread, shadow, 0);
	if (read && marks != MARK_CREATION)
		send(hit, &code, depth, event);
}

/* minipy's frame__push and frame__pop. */
SEC("uprobe")
int minipy_frame(void *ctx)
{
	uint64_t cookie = bpf_get_attach_cookie(ctx);
	struct pyi_site_code site;
	struct hit hit;

	__builtin_memcpy(&site, &cookie, sizeof(site));
	if (!begin(&hit))
		return 0;
	if (site.kind == PYI_SITE_PUSH)
		push(&hit, reg(ctx, site.reg[0]), reg(ctx, site.reg[1]));
	else
		pop(&hit, reg(ctx, site.reg[0]), reg(ctx, site.reg[1]),
		    PYI_FRAME_RETURN + (uint32_t)(reg(ctx, site.reg[2]) % 3));
	finish(&hit);
	return 0;
}

/* --- CPython ---------------------------------------------------------------------------------- */

/* It has not run its first unit. */
static __always_inline bool is_fresh(const struct frame *frame)
{
	uint64_t first = frame->code + layout.code_code;

	return layout.how_frames == PYI_FRAMES_CURRENT ? frame->lasti <= first
						       : frame->lasti < first;
}

static __always_inline void push_frame(struct hit *hit, struct shadow *shadow,
				       const struct frame *frame, bool thrown)
{
	enum pyi_frame_event event = PYI_FRAME_CALL;
	struct code code = {0};
	bool generator;

	if (!read_code(hit->thread, frame->code, &code)) {
		hit->count->faults++;
		shadow_push(hit->thread, shadow, frame->addr, 0, 0);
		return;
	}
	generator = frame->owner == layout.owner_generator;
	if (!generator && code.flags & CO_ANY_GENERATOR) {
		shadow_push(hit->thread, shadow, frame->addr, code.addr | MARK_CREATION,
			    code.ident);
		return;
	}
	shadow_push(hit->thread, shadow, frame->addr, code.addr | (generator ? MARK_GENERATOR : 0),
		    code.ident);
	if (thrown || (generator && !not_started(frame->addr, code.addr)))
		event = PYI_FRAME_RESUME;
	send(hit, &code, hit->thread->depth, event);
}

/* Is an exception on its way? Before 3.12 its value may still lack. */
static __always_inline bool is_raised(uint64_t tstate)
{
	uint32_t type = layout.tstate_exception_type;

	return read_u64(tstate + (type != PYI_NONE ? type : layout.tstate_exception)) != 0;
}

static __always_inline bool is_waiting(int8_t gen_state)
{
	if (layout.gen_suspended_last == PYI_NONE)
		return gen_state < 0;
	return gen_state > 0 && gen_state <= (int8_t)layout.gen_suspended_last;
}

static __always_inline enum pyi_frame_event exit_event(const struct hit *hit,
						       const struct shadow *shadow, uint64_t frame,
						       bool generator)
{
	uint64_t object = frame - layout.gen_frame;

	if (generator && hit->yields)
		return PYI_FRAME_YIELD;
	if (generator && is_waiting((int8_t)read_u8(object + layout.gen_state)))
		return PYI_FRAME_YIELD;
	if (shadow->tstate && is_raised(shadow->tstate))
		return PYI_FRAME_UNWIND;
	return PYI_FRAME_RETURN;
}

/* The innermost frame is left for now. A frame is described by what its push said, since it, and
 * its code, may be gone by now. */
static __always_inline void pop_frame(struct hit *hit, struct shadow *shadow, uint64_t now)
{
	struct thread *thread = hit->thread;
	uint32_t depth = thread->depth;
	uint64_t top = shadow->frames[depth % SHADOW].frame;
	uint64_t marked = shadow->frames[depth % SHADOW].code;
	uint32_t ident = shadow->frames[depth % SHADOW].ident;
	struct code code = {0};
	struct frame frame = {0};

	shadow_pop(thread, shadow, now);
	if (!marked && top && read_frame(thread->frame_head, top, &frame) &&
	    read_code(thread, frame.code, &code)) {
		marked = code.addr;
		if (frame.owner == layout.owner_generator)
			marked |= MARK_GENERATOR;
		else if (code.flags & CO_ANY_GENERATOR)
			marked |= MARK_CREATION;
	}
	if (marked & MARK_CREATION)
		return;
	if (!code.addr) {
		code.addr = marked & ~(uint64_t)MARKS;
		code.ident = ident;
	}
	send(hit, &code, depth, exit_event(hit, shadow, top, marked & MARK_GENERATOR));
}

/* The first hit of a thread whose frames are not known: puts them as they were before it. False:
 * whether it was a push or a pop cannot be told, now is the current frame. */
static __always_inline bool start_thread(struct hit *hit, struct shadow *shadow,
					 const struct frame *now, uint64_t entered_from)
{
	struct pyi_thread_seed *seed = bpf_map_lookup_elem(&seeds, &hit->native_tid);
	struct thread *thread = hit->thread;
	struct frame back = {0}, old = {0};

	if (entered_from == RESUMED)
		entered_from = now->addr ? now->back : 0;
	if (entered_from != NOT_ENTERED) { /* certainly a push */
		effective(thread, entered_from, &old);
		shadow_begin(thread, shadow, chain_depth(old.addr), old.addr);
		return true;
	}
	if (seed && !shadow->tstate)
		shadow->tstate = seed->tstate;
	effective(thread, seed ? seed->frame : 0, &old);
	effective(thread, now->addr ? now->back : 0, &back);
	if (old.addr && back.addr == old.addr) {
		shadow_begin(thread, shadow, chain_depth(old.addr), old.addr);
		return true;
	}
	if (old.addr && old.addr != now->addr) {
		uint64_t top = old.addr;

		effective(thread, old.back, &old);
		if (old.addr == now->addr) {
			shadow_begin(thread, shadow, chain_depth(now->addr) + 1, top);
			return true;
		}
	}
	if (now->addr && is_fresh(now)) {
		shadow_begin(thread, shadow, chain_depth(back.addr), back.addr);
		return true;
	}
	if (now->addr && (now->owner == layout.owner_generator || old.addr == now->addr)) {
		shadow_begin(thread, shadow, chain_depth(now->addr), now->addr);
		return false;
	}
	/* A return to it, of a frame that nobody saw. */
	shadow_begin(thread, shadow, chain_depth(now->addr) + 1, 0);
	return true;
}

/* raw is the current frame now. entered_from: at an entry the frame before it; RESUMED where a
 * frame begins or goes on; else NOT_ENTERED. */
static __always_inline void moved(struct hit *hit, struct shadow *shadow, uint64_t raw,
				  uint64_t entered_from, bool thrown)
{
	struct thread *thread = hit->thread;
	struct frame now = {0}, back = {0};
	uint64_t top, below, leaving = shadow->leaving;
	uint32_t depth = thread->depth;

	/* Nothing has moved; */
	if (thread->known && entered_from == NOT_ENTERED && !leaving && raw &&
	    raw == shadow->frames[depth % SHADOW].frame)
		return;
	/* most hits are returns to a caller that is known, */
	if (thread->known && entered_from == NOT_ENTERED && !leaving && depth &&
	    depth - 1 >= shadow->low && raw && raw == shadow->frames[(depth - 1) % SHADOW].frame) {
		pop_frame(hit, shadow, raw);
		return;
	}
	effective(thread, raw, &now);
	/* and calls out of the innermost frame. */
	if (thread->known && entered_from == NOT_ENTERED && !leaving && now.addr &&
	    now.addr == raw && now.back && now.back == shadow->frames[depth % SHADOW].frame) {
		push_frame(hit, shadow, &now, thrown);
		return;
	}
	/* From 3.13 on an eval call is left in two steps: to its shim, then to what is behind. The
	 * second is none of its own, also where that frame was put there unseen. */
	shadow->leaving = now.addr != raw && entered_from == NOT_ENTERED &&
					  layout.how_frames == PYI_FRAMES_CURRENT
				  ? now.addr
				  : 0;
	if (leaving && raw == leaving && entered_from == NOT_ENTERED)
		return;
	if (!thread->known && !start_thread(hit, shadow, &now, entered_from))
		return;
	top = shadow->frames[thread->depth % SHADOW].frame;
	if (now.addr == top && (entered_from == NOT_ENTERED || entered_from == RESUMED))
		return;
	if (entered_from == NOT_ENTERED) {
		below = thread->depth && thread->depth - 1 >= shadow->low
				? shadow->frames[(thread->depth - 1) % SHADOW].frame
				: UNKNOWN;
		if (now.addr == below || !now.addr) {
			pop_frame(hit, shadow, now.addr);
			return;
		}
		/* The caller may be one that was put there unseen (_gen_throw), or written over; a
		 * generator that has yielded may have no caller any more. */
		back.addr = 0;
		if (top && read_frame(thread->frame_head, top, &back)) {
			if (!back.back && back.owner == layout.owner_generator)
				back.addr = now.addr;
			else
				effective(thread, back.back, &back);
		}
		if (back.addr == now.addr || (below == UNKNOWN && !is_fresh(&now) && !top)) {
			pop_frame(hit, shadow, now.addr);
			return;
		}
	}
	push_frame(hit, shadow, &now, thrown);
}

/* The thread state's pointer to the current frame, wherever the version keeps it. */
static __always_inline uint64_t current_frame(uint64_t tstate)
{
	uint64_t frame = read_u64(tstate + layout.tstate_frame);

	if (layout.how_frames == PYI_FRAMES_CFRAME)
		frame = read_u64(frame + layout.cframe_current_frame);
	return frame;
}

/* Is this store one into the thread state? Others go to the same offset. */
static __always_inline bool is_own_tstate(const struct hit *hit, struct shadow *shadow,
					  uint64_t base)
{
	if (!shadow->tstate &&
	    (uint32_t)read_u64(base + layout.tstate_native_id) == hit->native_tid)
		shadow->tstate = base;
	return base && base == shadow->tstate;
}

/* A thread that ran before the attach. */
static __always_inline void learn_tstate(const struct hit *hit, struct shadow *shadow)
{
	struct pyi_thread_seed *seed;

	if (shadow->tstate)
		return;
	seed = bpf_map_lookup_elem(&seeds, &hit->native_tid);
	if (seed)
		shadow->tstate = seed->tstate;
}

/* CPython 3.11 and later: sites of the eval function. */
SEC("uprobe")
int cpython_frame(void *ctx)
{
	uint64_t cookie = bpf_get_attach_cookie(ctx), raw, from = NOT_ENTERED;
	struct pyi_site_code site;
	struct shadow *shadow;
	bool thrown = false;
	struct hit hit;

	__builtin_memcpy(&site, &cookie, sizeof(site));
	if (!begin(&hit))
		return 0;
	shadow = &hit.thread->shadow;
	hit.yields = site.flags & PYI_SITE_YIELDS;
	find_native_tid(&hit);
	if (site.kind == PYI_SITE_ENTRY) {
		shadow->tstate = reg(ctx, PYI_REG_RDI);
		raw = reg(ctx, PYI_REG_RSI);
		from = current_frame(shadow->tstate);
		thrown = (uint32_t)reg(ctx, PYI_REG_RDX) != 0;
	} else if (site.kind == PYI_SITE_STORED) {
		raw = read_u64(reg(ctx, site.reg[0]) + site.disp);
	} else if (site.kind == PYI_SITE_TSTORED || site.kind == PYI_SITE_RESUMED) {
		learn_tstate(&hit, shadow);
		if (!shadow->tstate)
			return 0;
		raw = current_frame(shadow->tstate);
		if (site.kind == PYI_SITE_RESUMED)
			from = RESUMED;
	} else {
		if (site.kind == PYI_SITE_TSTORE &&
		    !is_own_tstate(&hit, shadow, reg(ctx, site.reg[0])))
			return 0;
		raw = reg(ctx, site.reg[1]);
		if (site.kind == PYI_SITE_CFRAME)
			raw = read_u64(raw + layout.cframe_current_frame);
	}
	moved(&hit, shadow, raw, from, thrown);
	finish(&hit);
	return 0;
}

#include "heap_frames.h"

/* For measuring what a probe costs without any work. */
SEC("uprobe")
int nothing(void *ctx)
{
	return 0;
}
