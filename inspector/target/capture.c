/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Copies what a live target shows at one moment: rehearse, stop, refresh, walk, freeze, resume.
 * The order and its reasons are in mem.h.
 */
#include "base/cleanup.h"
#include "target/live_private.h"
#include "target/pause.h"
#include "target/proc.h"

#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/syscall.h>

#define RED_ZONE          128u /* bytes below sp that a leaf function may use */
#define DEFAULT_MAX_STACK (UINT64_C(8) << 20)
#define UNKNOWN_STACK     (UINT64_C(64) << 10) /* when sp lies in no known mapping */
/* What glibc keeps behind fs_base (struct pthread), rounded up: 0x940 bytes in 2.43. */
#define PTHREAD_BYTES        4096u
#define DEFAULT_MAX_PAUSE_NS UINT64_C(2000000000)

struct capture {
	struct pyi_target *target;
	struct pyi_live *live;
	const struct pyi_capture_options *options;
	struct pyi_stop stop;
};

/* --- threads as /proc shows them --- */

static void read_state(const struct pyi_live *live, struct pyi_thread *thread)
{
	char name[32];
	struct pyi_proc_stat st;
	snprintf(name, sizeof(name), "%d/stat", (int)thread->tid);
	thread->state = '?';
	if (!pyi_proc_stat(live->task_dir, name, &st))
		return;
	memcpy(thread->comm, st.comm, sizeof(thread->comm));
	thread->state = st.state;
}

static void read_thread(const struct pyi_live *live, struct pyi_thread *thread)
{
	char name[32];
	struct pyi_proc_syscall call;
	read_state(live, thread);
	snprintf(name, sizeof(name), "%d/syscall", (int)thread->tid);
	thread->have_pc_sp = thread->in_syscall = false;
	if (!pyi_proc_syscall(live->task_dir, name, &call) || call.running)
		return;
	thread->have_pc_sp = call.sp != 0;
	thread->regs = (struct user_regs_struct){.rip = call.pc, .rsp = call.sp};
	thread->in_syscall = call.nr >= 0;
	thread->syscall_nr = call.nr;
	memcpy(thread->syscall_args, call.args, sizeof(call.args));
}

static void threads_deinit(struct pyi_thread *threads, size_t n)
{
	for (size_t i = 0; i < n; i++)
		free(threads[i].why);
	free(threads);
}

static struct pyi_error *list_threads(struct capture *c)
{
	pid_t *tids;
	size_t n;
	if (!pyi_live_list_tids(c->live, &tids, &n))
		return pyi_live_gone(c->live);
	struct pyi_thread *threads = calloc(n, sizeof(*threads));
	if (!threads) {
		free(tids);
		return &pyi_enomem;
	}
	for (size_t i = 0; i < n; i++) {
		threads[i] = (struct pyi_thread){.tid = tids[i], .main = tids[i] == c->live->pid};
		read_thread(c->live, &threads[i]);
	}
	free(tids);
	threads_deinit(c->target->threads, c->target->n_threads);
	c->target->threads = threads;
	c->target->n_threads = n;
	return NULL;
}

static struct pyi_error *set_why(struct pyi_thread *thread, const char *why)
{
	free(thread->why);
	thread->why = strdup(why);
	return thread->why ? NULL : &pyi_enomem;
}

/* --- stacks --- */

/* Where the copy of a thread's stack begins and ends: at most to the end of the mapping, and not
 * into the next thread's stack when one mapping holds several (glibc 2.42 and later): a pthread's
 * stack ends below its struct pthread, to which fs_base points. */
static void find_stack(const struct capture *c, struct pyi_thread *thread)
{
	uint64_t sp = thread->regs.rsp, lo = sp > RED_ZONE ? sp - RED_ZONE : 0;
	uint64_t max =
		c->options->max_stack_bytes ? c->options->max_stack_bytes : DEFAULT_MAX_STACK;
	const struct pyi_map *map = pyi_maps_find(&c->target->maps, sp);
	uint64_t left = map ? map->hi - sp : UNKNOWN_STACK;
	uint64_t fs = thread->have_regs ? thread->regs.fs_base : 0;
	thread->stack_lo = thread->stack_hi = 0;
	if (!thread->have_regs && !thread->have_pc_sp)
		return;
	if (!thread->main && fs > sp && fs - sp < left)
		left = fs - sp;
	if (left > max)
		left = max;
	if (left > UINT64_MAX - sp)
		left = UINT64_MAX - sp;
	thread->stack_lo = lo;
	thread->stack_hi = sp + left;
}

static void prefetch_stacks(const struct capture *c)
{
	struct pyi_target *target = c->target;
	struct pyi_mem_iov *ranges = calloc(target->n_threads, sizeof(*ranges));
	if (!ranges)
		return; /* the unwinder reads them page by page */
	for (size_t i = 0; i < target->n_threads; i++) {
		struct pyi_thread *thread = &target->threads[i];
		find_stack(c, thread);
		ranges[i].addr = thread->stack_lo;
		ranges[i].len = (size_t)(thread->stack_hi - thread->stack_lo);
	}
	pyi_mem_prefetch(target->mem, ranges, target->n_threads);
	free(ranges);
}

/* After the freeze: a stack ends at the first page of it that could not be read. */
static void trim_stacks(struct pyi_target *target)
{
	for (size_t i = 0; i < target->n_threads; i++) {
		struct pyi_thread *thread = &target->threads[i];
		uint64_t page = thread->stack_lo & ~(uint64_t)(PYI_PAGE_SIZE - 1);
		char byte;
		for (; page < thread->stack_hi; page += PYI_PAGE_SIZE) {
			bool below_sp = page + PYI_PAGE_SIZE <= thread->regs.rsp;
			if (!below_sp && !pyi_mem_read_some(target->mem, page, &byte, 1)) {
				thread->stack_hi = page;
				break;
			}
		}
		if (thread->stack_hi <= thread->regs.rsp)
			thread->stack_lo = thread->stack_hi = 0;
		else
			thread->stack_lo = thread->regs.rsp;
	}
}

static void walk(const struct capture *c)
{
	if (c->options->walk)
		c->options->walk(c->options->arg, c->target);
}

/* --- stopping --- */

/* Interrupted system calls leave one of these in rax until they are started again. */
static bool was_interrupted(long long rax)
{
	return (rax >= -516 && rax <= -512) || rax == -4;
}

static struct pyi_error *take_registers(struct capture *c)
{
	struct pyi_target *target = c->target;
	size_t n = target->n_threads, more = c->stop.threads.len;
	struct pyi_thread *threads = realloc(target->threads, more * sizeof(*threads));
	if (!threads)
		return &pyi_enomem;
	target->threads = threads;
	/* The threads known before come first, in the same order. */
	for (size_t i = 0; i < more; i++) {
		const struct pyi_stop_thread *from = &c->stop.threads.data[i];
		struct pyi_thread *to = &threads[i];
		if (i >= n)
			*to = (struct pyi_thread){.tid = from->tid, .state = '?'};
		if (!from->have_regs)
			continue;
		to->have_regs = true;
		to->have_pc_sp = false;
		to->regs = from->regs;
		to->syscall_nr = (long)from->regs.orig_rax;
		to->in_syscall = to->syscall_nr >= 0 && was_interrupted((long long)from->regs.rax);
		uint64_t args[6] = {from->regs.rdi, from->regs.rsi, from->regs.rdx,
				    from->regs.r10, from->regs.r8,  from->regs.r9};
		memcpy(to->syscall_args, args, sizeof(args));
	}
	target->n_threads = more;
	return NULL;
}

/* A wait that an earlier stop broke off goes on as restart_syscall, with the registers of the call
 * that was meant. Its number stands before the syscall instruction: mov $nr,%eax; syscall. */
static void name_restarted(struct pyi_target *target)
{
	for (size_t i = 0; i < target->n_threads; i++) {
		struct pyi_thread *thread = &target->threads[i];
		unsigned char code[7];
		uint32_t nr;

		if (!thread->in_syscall || thread->syscall_nr != SYS_restart_syscall ||
		    pyi_mem_read_some(target->mem, thread->regs.rip - sizeof(code), code,
				      sizeof(code)) != sizeof(code))
			continue;
		memcpy(&nr, code + 1, sizeof(nr));
		if (code[0] == 0xb8 && code[5] == 0x0f && code[6] == 0x05 && nr < 1024)
			thread->syscall_nr = (long)nr;
	}
}

/* While everything is still. */
static struct pyi_error *copy(void *arg)
{
	struct capture *c = arg;
	struct pyi_error *err = pyi_live_check(c->live);
	if (!err)
		err = take_registers(c);
	if (!err) {
		pyi_mem_refresh(c->target->mem);
		prefetch_stacks(c);
		walk(c);
		err = pyi_live_check(c->live); /* killed meanwhile */
	}
	pyi_mem_freeze(c->target->mem);
	return err;
}

/* Why there are no registers, and who has gone meanwhile. */
static struct pyi_error *settle_threads(struct capture *c)
{
	struct pyi_target *target = c->target;
	size_t n = 0;
	for (size_t i = 0; i < c->stop.threads.len; i++) {
		const struct pyi_stop_thread *from = &c->stop.threads.data[i];
		struct pyi_thread thread = target->threads[i];
		if (from->gone && !from->have_regs) {
			free(thread.why);
			continue;
		}
		if (from->why) {
			struct pyi_error *err = set_why(&thread, from->why);
			if (err)
				return err;
		}
		if (thread.state == '?' && from->have_regs) /* made after the list */
			read_state(c->live, &thread);
		target->threads[n++] = thread;
	}
	target->n_threads = n;
	return n ? NULL : pyi_live_gone(c->live);
}

static struct pyi_error *capture_stopped(struct capture *c)
{
	uint64_t max_ns = c->options->max_pause_ns;
	struct pyi_error *err = NULL;
	pyi_stop_init(&c->stop, c->live->pid, c->live->task_dir);
	c->stop.restart_timed = c->options->restart_timed_waits;
	for (size_t i = 0; !err && i < c->target->n_threads; i++) {
		read_state(c->live, &c->target->threads[i]); /* the rehearsal took its time */
		err = pyi_stop_add(&c->stop, c->target->threads[i].tid);
	}
	struct pyi_pause pause = {.stop = &c->stop,
				  .work = copy,
				  .arg = c,
				  .max_ns = max_ns ? max_ns : DEFAULT_MAX_PAUSE_NS,
				  .overrun = &c->live->overrun};
	if (!err)
		err = pyi_pause_run(&pause);
	if (err)
		return err;
	c->target->paused_ns = c->stop.begin_ns ? c->stop.end_ns - c->stop.begin_ns : 0;
	if (atomic_load(&c->live->overrun))
		pyi_target_warn(c->target,
				"the pause reached its limit of %" PRIu64
				" ms: the rest was read while the target ran",
				pause.max_ns / 1000000u);
	return settle_threads(c);
}

/* The stop's threads, which are all there are, in its order. */
static struct pyi_error *capture_held(struct capture *c)
{
	const struct pyi_stop *held = c->options->held;
	struct pyi_target *target = c->target;
	threads_deinit(target->threads, target->n_threads);
	target->n_threads = 0;
	target->threads = calloc(held->threads.len + 1, sizeof(*target->threads));
	if (!target->threads)
		return &pyi_enomem;
	for (; target->n_threads < held->threads.len; target->n_threads++) {
		struct pyi_thread *thread = &target->threads[target->n_threads];
		thread->tid = held->threads.data[target->n_threads].tid;
		thread->main = thread->tid == c->live->pid;
		thread->crashed = thread->tid == target->death.tid;
		read_state(c->live, thread);
	}
	c->stop = *held; /* borrowed */
	struct pyi_error *err = copy(c);
	target->paused_ns = 0;
	/* That they stand is our doing. */
	for (size_t i = 0; i < target->n_threads; i++)
		if (target->threads[i].have_regs)
			target->threads[i].state = target->threads[i].in_syscall ? 'S' : 'R';
	return err ? err : settle_threads(c);
}

/* --- without stopping --- */

/* How often the thread was switched away: unchanged means that it did not run in between. */
static uint64_t switches(const struct pyi_live *live, pid_t tid)
{
	char name[32];
	struct pyi_proc_status status;
	snprintf(name, sizeof(name), "%d/status", (int)tid);
	return pyi_proc_status(live->task_dir, name, &status) ? status.switches : 0;
}

static bool still_there(const struct pyi_live *live, const struct pyi_thread *before)
{
	struct pyi_thread after = {.tid = before->tid};
	read_thread(live, &after);
	return after.have_pc_sp && after.regs.rip == before->regs.rip &&
	       after.regs.rsp == before->regs.rsp;
}

static struct pyi_error *capture_running(struct capture *c)
{
	struct pyi_target *target = c->target;
	pyi_autofree uint64_t *before = calloc(target->n_threads, sizeof(*before));
	struct pyi_error *err = NULL;
	if (!before)
		return &pyi_enomem;
	for (size_t i = 0; i < target->n_threads; i++) {
		before[i] = switches(c->live, target->threads[i].tid);
		read_thread(c->live, &target->threads[i]);
	}
	pyi_mem_refresh(target->mem);
	prefetch_stacks(c);
	walk(c);
	pyi_mem_freeze(target->mem);
	for (size_t i = 0; !err && i < target->n_threads; i++) {
		struct pyi_thread *thread = &target->threads[i];
		if (!thread->have_pc_sp) {
			err = set_why(thread, "it was running and was not stopped");
		} else if (!still_there(c->live, thread) ||
			   switches(c->live, thread->tid) != before[i]) {
			thread->have_pc_sp = false;
			err = set_why(thread, "it ran while it was read");
		}
	}
	target->paused_ns = 0;
	return err ? err : pyi_live_check(c->live);
}

static void warn_traced(struct pyi_target *target, pid_t tracer)
{
	char path[64], comm[64];
	snprintf(path, sizeof(path), "/proc/%d/comm", (int)tracer);
	if (pyi_proc_read_small(AT_FDCWD, path, comm, sizeof(comm)) <= 0)
		strcpy(comm, "?");
	comm[strcspn(comm, "\n")] = '\0';
	pyi_target_warn(target,
			"process %d is traced by %s (pid %d): it was read without stopping it",
			(int)target->pid, comm, (int)tracer);
}

static struct pyi_error *settle_order(struct pyi_target *target)
{
	trim_stacks(target);
	name_restarted(target);
	qsort(target->threads, target->n_threads, sizeof(*target->threads), pyi_thread_compare);
	return NULL;
}

struct pyi_error *pyi_target_capture(struct pyi_target *target,
				     const struct pyi_capture_options *options)
{
	struct capture c = {.target = target, .live = target->priv, .options = options};
	if (target->kind != PYI_TARGET_LIVE) { /* nothing moves any more */
		walk(&c);
		return NULL;
	}
	bool no_stop = options->no_stop;
	atomic_store(&c.live->overrun, false);
	struct pyi_error *err = options->held ? capture_held(&c) : list_threads(&c);
	if (err)
		return err;
	if (options->held)
		return settle_order(target);
	pyi_mem_mark(target->mem);
	prefetch_stacks(&c);
	walk(&c);
	if (!no_stop) {
		err = capture_stopped(&c);
		if (err && c.stop.tracer) {
			pyi_error_destroy(err);
			err = NULL;
			warn_traced(target, c.stop.tracer);
			no_stop = true;
		} else if (err && err->code == PYI_ERR_PERMISSION) {
			pyi_error_destroy(err);
			err = pyi_live_forbidden(target->pid);
		}
		pyi_stop_deinit(&c.stop);
	}
	if (!err && no_stop)
		err = capture_running(&c);
	if (err)
		return err;
	return settle_order(target);
}
