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
#include "pyi_event.h"
#include "pyi_layout.h"

#define CO_ANY_GENERATOR (0x20 | 0x80 | 0x200) /* generator, coroutine, async generator */
#define MAX_DEPTH        (1 << 16)
#define CODE_HEAD        192 /* bytes of a code object that hold all that is asked of it */
#define TIMED_EVERY      64

char LICENSE[] SEC("license") = "Dual BSD/GPL";

const volatile struct pyi_layout layout;
const volatile struct pyi_trace_config config;

struct thread {
	uint32_t seq, depth;
	uint64_t last; /* the current frame, as the last hit left it */
};

struct {
	__uint(type, BPF_MAP_TYPE_RINGBUF);
	__uint(max_entries, 16 << 20);
} ring SEC(".maps");

struct {
	__uint(type, BPF_MAP_TYPE_TASK_STORAGE);
	__uint(map_flags, BPF_F_NO_PREALLOC);
	__type(key, int);
	__type(value, struct thread);
} threads SEC(".maps");

/* Code objects that were described: address to ident. */
struct {
	__uint(type, BPF_MAP_TYPE_LRU_HASH);
	__uint(max_entries, 1 << 16);
	__type(key, uint64_t);
	__type(value, uint32_t);
} codes SEC(".maps");

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
	uint64_t regs[PYI_REGISTERS];
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

static __always_inline uint64_t reg(const struct hit *hit, uint32_t number)
{
	/* The bound must be seen on the value that indexes. */
	__asm__ volatile("" : "+r"(number));
	return number < PYI_REGISTERS ? hit->regs[number] : 0;
}

/* False: not our target, or no memory. */
static __always_inline bool begin(struct hit *hit, void *ctx)
{
	uint64_t id = bpf_get_current_pid_tgid();
	struct bpf_pidns_info ns;
	uint32_t zero = 0;

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
	hit->thread = bpf_task_storage_get(&threads, bpf_get_current_task_btf(), 0,
					   BPF_LOCAL_STORAGE_GET_F_CREATE);
	if (!hit->thread) {
		hit->count->faults++;
		return false;
	}
	return bpf_probe_read_kernel(hit->regs, sizeof(hit->regs), ctx) == 0;
}

static __always_inline void finish(struct hit *hit)
{
	if (hit->begun_ns) {
		hit->count->timed++;
		hit->count->timed_ns += bpf_ktime_get_ns() - hit->begun_ns;
	}
}

struct chain {
	uint64_t frame;
	uint32_t depth;
};

static long count_frame(uint32_t index, void *arg)
{
	struct chain *chain = arg;

	if (!chain->frame)
		return 1;
	chain->depth++;
	chain->frame = read_u64(chain->frame + layout.frame_back);
	return 0;
}

/* How many frames there are from this one to the outermost. */
static __always_inline uint32_t chain_depth(uint64_t frame)
{
	struct chain chain = {.frame = frame};

	bpf_loop(MAX_DEPTH, count_frame, &chain, 0);
	return chain.depth;
}

static __always_inline bool read_code(uint64_t addr, struct code *code)
{
	uint8_t head[CODE_HEAD];

	if (bpf_probe_read_user(head, sizeof(head), (void *)addr))
		return false;
	if (layout.code_flags > CODE_HEAD - 4 || layout.code_firstlineno > CODE_HEAD - 4 ||
	    layout.code_qualname > CODE_HEAD - 8 || layout.code_filename > CODE_HEAD - 8)
		return false;
	code->addr = addr;
	code->flags = *(uint32_t *)(head + layout.code_flags);
	code->firstlineno = *(uint32_t *)(head + layout.code_firstlineno);
	code->name = *(uint64_t *)(head + layout.code_qualname);
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

/* Describes a code object that is new; one that found no room is tried again the next time. */
static __always_inline void describe(const struct code *code)
{
	uint32_t *known = bpf_map_lookup_elem(&codes, &code->addr);
	struct pyi_code_record *record;

	if (known && *known == code->ident)
		return;
	record = bpf_ringbuf_reserve(&ring, sizeof(*record), 0);
	if (!record)
		return;
	record->type = PYI_RECORD_CODE;
	record->code = code->addr;
	record->ident = code->ident;
	record->name = code->name;
	record->file = code->file;
	record->firstlineno = code->firstlineno;
	record->flags = code->flags;
	record->name_got = read_some(record->name_bytes, PYI_NAME_BYTES, code->name);
	record->file_got = read_some(record->file_bytes, PYI_FILE_BYTES, code->file);
	bpf_ringbuf_submit(record, BPF_RB_NO_WAKEUP);
	bpf_map_update_elem(&codes, &code->addr, &code->ident, BPF_ANY);
}

static __always_inline void send(struct hit *hit, const struct code *code, uint32_t depth,
				 enum pyi_frame_event event)
{
	struct pyi_frame_record *record;
	uint64_t now = bpf_ktime_get_ns();

	if (code)
		describe(code);
	hit->count->events++;
	hit->thread->seq++;
	record = bpf_ringbuf_reserve(&ring, sizeof(*record), 0);
	if (!record) {
		hit->count->lost++;
		return;
	}
	record->type = PYI_RECORD_FRAME;
	record->tid = hit->tid;
	record->t_ns = now;
	record->code = code ? code->addr : 0;
	record->ident = code ? code->ident : 0;
	record->seq = hit->thread->seq;
	record->depth = depth;
	record->event = event;
	bpf_ringbuf_submit(record, BPF_RB_NO_WAKEUP);
}

/*
 * Has a generator's frame only been made, and not run? It stands at RETURN_GENERATOR then, which a
 * unit without an argument follows; a yield is followed by RESUME, whose argument is not 0
 * (CPython v3.11 Python/compile.c; minipy's opcodes.def).
 */
static __always_inline bool not_started(uint64_t frame, uint64_t code)
{
	uint64_t unit;

	if (layout.how_lasti == PYI_LASTI_POINTER)
		unit = read_u64(frame + layout.frame_lasti);
	else
		unit = read_u64(code + layout.code_code) + layout.bytes_data +
		       2 * (uint64_t)(uint32_t)read_u64(frame + layout.frame_lasti);
	return read_u8(unit + 3) == 0;
}

static __always_inline void push(struct hit *hit, uint64_t frame, uint64_t code_addr)
{
	enum pyi_frame_event event = PYI_FRAME_CALL;
	struct thread *thread = hit->thread;
	struct code code;

	thread->depth = thread->last ? thread->depth + 1 : chain_depth(frame);
	thread->last = frame;
	if (!read_code(code_addr, &code)) {
		hit->count->faults++;
		return;
	}
	if (code.flags & CO_ANY_GENERATOR) {
		if (read_u8(frame + layout.frame_owner) != layout.owner_generator)
			return; /* the call that makes the generator */
		if (!not_started(frame, code_addr))
			event = PYI_FRAME_RESUME;
	}
	send(hit, &code, thread->depth, event);
}

static __always_inline void pop(struct hit *hit, uint64_t frame, uint64_t code_addr,
				enum pyi_frame_event event)
{
	struct thread *thread = hit->thread;
	struct code code;
	uint32_t depth;

	depth = thread->last ? thread->depth : chain_depth(frame);
	thread->depth = depth ? depth - 1 : 0;
	thread->last = frame;
	if (!read_code(code_addr, &code)) {
		hit->count->faults++;
		return;
	}
	if (code.flags & CO_ANY_GENERATOR) {
		if (read_u8(frame + layout.frame_owner) != layout.owner_generator)
			return;
		if (event == PYI_FRAME_YIELD && not_started(frame, code_addr))
			return;
	}
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
	if (!begin(&hit, ctx))
		return 0;
	if (site.kind == PYI_SITE_PUSH)
		push(&hit, reg(&hit, site.reg[0]), reg(&hit, site.reg[1]));
	else
		pop(&hit, reg(&hit, site.reg[0]), reg(&hit, site.reg[1]),
		    PYI_FRAME_RETURN + (uint32_t)(reg(&hit, site.reg[2]) % 3));
	finish(&hit);
	return 0;
}

/* For measuring what a probe costs without any work. */
SEC("uprobe")
int nothing(void *ctx)
{
	return 0;
}
