/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * libunwind as a library of DWARF rules only: it sees the target through the accessors below and
 * never touches a process. Where a pc has no unwind entry (JIT code, a jump to nowhere) the frame
 * pointer or the word at sp is tried here, not by libunwind's own guesses.
 */
#include "native/unwind.h"

#include "base/cleanup.h"

#include <libunwind-x86_64.h>
#include <libunwind.h>
#include <stddef.h>
#include <stdlib.h>
#include <string.h>
#include <ucontext.h>

/* Exported by libunwind-x86_64.so but in no header; perf uses it the same way (Linux
 * tools/perf/util/unwind-libunwind-local.c). Searches the binary table of di for ip. */
extern int _Ux86_64_dwarf_search_unwind_table(unw_addr_space_t as, unw_word_t ip,
					      unw_dyn_info_t *di, unw_proc_info_t *pi,
					      int need_unwind_info, void *arg);

#define CACHE_ENTRIES 1024
#define START_SLOTS   4096u /* a power of two */

/* .eh_frame_hdr as linkers write it (LSB 5.0, "Exception Frames"). */
struct eh_frame_hdr {
	uint8_t version, ptr_enc, count_enc, table_enc;
	int32_t eh_frame;
	uint32_t count;
};

struct start_slot {
	uint64_t pc, start;
	bool used;
};

struct pyi_unwinder {
	struct pyi_target *target;
	unw_addr_space_t as;
	struct user_regs_struct regs; /* what the cursor starts with; changes with every restart */
	uint64_t bad_address;         /* of the last failed read, or 0 */
	struct pyi_image *image;      /* found last */
	struct pyi_image_info info;   /* of image */
	struct start_slot starts[START_SLOTS];
};

/* --- accessors --- */

static struct pyi_image *find_image(struct pyi_unwinder *uw, uint64_t pc)
{
	if (uw->image && pc >= uw->info.lo && pc < uw->info.hi)
		return uw->image;
	uw->image = pyi_target_find_image(uw->target, pc);
	if (uw->image)
		pyi_image_info(uw->image, &uw->info);
	return uw->image;
}

/* The image whose unwind table covers pc, and what to add to pc to look it up there: a lone piece
 * of a file (libffi's trampolines) is described by the table of the whole. */
static const struct pyi_image *find_table(struct pyi_unwinder *uw, uint64_t pc, uint64_t *shift)
{
	struct pyi_image_info whole;
	*shift = 0;
	if (!find_image(uw, pc) || !uw->info.whole)
		return uw->image;
	pyi_image_info(uw->info.whole, &whole);
	*shift = whole.bias - uw->info.bias;
	return uw->info.whole;
}

static struct start_slot *start_slot(struct pyi_unwinder *uw, uint64_t pc)
{
	return &uw->starts[(pc * UINT64_C(0x9e3779b97f4a7c15) >> 40) & (START_SLOTS - 1)];
}

static int find_proc_info(unw_addr_space_t as, unw_word_t ip, unw_proc_info_t *pi,
			  int need_unwind_info, void *arg)
{
	struct pyi_unwinder *uw = arg;
	struct eh_frame_hdr hdr;
	uint64_t shift, lo, size;
	const struct pyi_image *image = find_table(uw, ip, &shift);
	/* "Stop" rather than "no info": the latter makes libunwind guess by itself. */
	if (!image || !pyi_image_eh_frame_hdr(image, &lo, &size) || size < sizeof(hdr) ||
	    pyi_mem_read_some(uw->target->mem, lo, &hdr, sizeof(hdr)) != sizeof(hdr))
		return -UNW_ESTOPUNWIND;
	/* udata4 count, datarel|sdata4 table, and any 4-byte encoding of the pointer between. */
	if (hdr.version != 1 || hdr.count_enc != 0x03 || hdr.table_enc != 0x3b ||
	    ((hdr.ptr_enc & 7) != 3))
		return -UNW_ESTOPUNWIND;
	uint64_t table_bytes = (uint64_t)hdr.count * 8;
	if (table_bytes > size - sizeof(hdr))
		table_bytes = (size - sizeof(hdr)) & ~(uint64_t)7;
	unw_dyn_info_t di = {
		.format = UNW_INFO_FORMAT_REMOTE_TABLE,
		.start_ip = uw->info.lo + shift,
		.end_ip = uw->info.hi + shift,
		.u.rti = {.segbase = lo,
			  .table_data = lo + sizeof(hdr),
			  .table_len = table_bytes / sizeof(unw_word_t)},
	};
	int ret =
		_Ux86_64_dwarf_search_unwind_table(as, ip + shift, &di, pi, need_unwind_info, arg);
	if (ret == 0) {
		pi->start_ip -= shift;
		pi->end_ip -= shift;
		*start_slot(uw, ip) =
			(struct start_slot){.pc = ip, .start = pi->start_ip, .used = true};
	}
	return ret == -UNW_ENOINFO ? -UNW_ESTOPUNWIND : ret;
}

static void put_unwind_info(unw_addr_space_t as, unw_proc_info_t *pi, void *arg)
{
	(void)as, (void)pi, (void)arg; /* libunwind frees what its own search allocated */
}

static int get_dyn_info_list_addr(unw_addr_space_t as, unw_word_t *ret, void *arg)
{
	(void)as, (void)ret, (void)arg;
	return -UNW_ENOINFO;
}

static int access_mem(unw_addr_space_t as, unw_word_t addr, unw_word_t *value, int write, void *arg)
{
	struct pyi_unwinder *uw = arg;
	(void)as;
	if (write)
		return -UNW_EINVAL;
	if (pyi_mem_read_some(uw->target->mem, addr, value, sizeof(*value)) == sizeof(*value))
		return 0;
	uw->bad_address = addr;
	return -UNW_EINVAL;
}

static int access_reg(unw_addr_space_t as, unw_regnum_t reg, unw_word_t *value, int write,
		      void *arg)
{
	struct pyi_unwinder *uw = arg;
	const struct user_regs_struct *r = &uw->regs;
	const unsigned long long values[] = {
		[UNW_X86_64_RAX] = r->rax, [UNW_X86_64_RDX] = r->rdx, [UNW_X86_64_RCX] = r->rcx,
		[UNW_X86_64_RBX] = r->rbx, [UNW_X86_64_RSI] = r->rsi, [UNW_X86_64_RDI] = r->rdi,
		[UNW_X86_64_RBP] = r->rbp, [UNW_X86_64_RSP] = r->rsp, [UNW_X86_64_R8] = r->r8,
		[UNW_X86_64_R9] = r->r9,   [UNW_X86_64_R10] = r->r10, [UNW_X86_64_R11] = r->r11,
		[UNW_X86_64_R12] = r->r12, [UNW_X86_64_R13] = r->r13, [UNW_X86_64_R14] = r->r14,
		[UNW_X86_64_R15] = r->r15, [UNW_X86_64_RIP] = r->rip,
	};
	(void)as;
	if (write || reg < 0 || (size_t)reg >= sizeof(values) / sizeof(*values))
		return -UNW_EBADREG;
	*value = values[reg];
	return 0;
}

static int access_fpreg(unw_addr_space_t as, unw_regnum_t reg, unw_fpreg_t *value, int write,
			void *arg)
{
	(void)as, (void)reg, (void)value, (void)write, (void)arg;
	return -UNW_EBADREG;
}

static int resume(unw_addr_space_t as, unw_cursor_t *cursor, void *arg)
{
	(void)as, (void)cursor, (void)arg;
	return -UNW_EINVAL;
}

static int get_proc_name(unw_addr_space_t as, unw_word_t addr, char *buf, size_t len,
			 unw_word_t *offset, void *arg)
{
	(void)as, (void)addr, (void)buf, (void)len, (void)offset, (void)arg;
	return -UNW_ENOINFO;
}

static unw_accessors_t accessors = {
	.find_proc_info = find_proc_info,
	.put_unwind_info = put_unwind_info,
	.get_dyn_info_list_addr = get_dyn_info_list_addr,
	.access_mem = access_mem,
	.access_reg = access_reg,
	.access_fpreg = access_fpreg,
	.resume = resume,
	.get_proc_name = get_proc_name,
};

struct pyi_error *pyi_unwinder_create(struct pyi_target *target, struct pyi_unwinder **ret)
{
	struct pyi_unwinder *uw = calloc(1, sizeof(*uw));
	if (!uw)
		return &pyi_enomem;
	uw->target = target;
	uw->as = unw_create_addr_space(&accessors, 0);
	if (!uw->as) {
		free(uw);
		return &pyi_enomem;
	}
	unw_set_caching_policy(uw->as, UNW_CACHE_GLOBAL);
	unw_set_cache_size(uw->as, CACHE_ENTRIES, 0);
	*ret = uw;
	return NULL;
}

void pyi_unwinder_destroy(struct pyi_unwinder *uw)
{
	if (!uw)
		return;
	unw_destroy_addr_space(uw->as);
	free(uw);
}

void pyi_native_stack_deinit(struct pyi_native_stack *stack)
{
	pyi_vec_deinit(&stack->frames);
}

/* --- the walk --- */

enum step { STEP_ON, STEP_RESTART, STEP_END };

struct walk {
	struct pyi_unwinder *uw;
	struct pyi_native_stack *stack;
	unw_cursor_t cursor;
	uint64_t pc, sp; /* of the frame at hand; pc as it will be shown */
	bool exact_pc;
};

/* Where the function of the frame at hand begins. libunwind has mostly asked find_proc_info for its
 * entry when it made the step to the caller; parsing it again is what costs. */
static uint64_t function_start(struct walk *w)
{
	uint64_t pc = w->exact_pc ? w->pc : w->pc - 1;
	struct start_slot *slot = start_slot(w->uw, pc);
	unw_proc_info_t pi;
	if (slot->used && slot->pc == pc)
		return slot->start;
	if (find_proc_info(w->uw->as, pc, &pi, 0, w->uw))
		*slot = (struct start_slot){.pc = pc, .used = true};
	return slot->start;
}

/* The trampoline that returns from a handler: rt_sigreturn, system call 15, by "mov $15, %rax"
 * (glibc, sysdeps/unix/sysv/linux/x86_64/libc_sigaction.c) or "mov $15, %eax". libunwind's own
 * answer is for its guesses only. It is entered by a return to its first byte, and its unwind
 * entry, where it has one, begins there or a byte before (glibc): other code is not looked at. */
static bool is_signal_trampoline(struct walk *w, uint64_t start)
{
	static const uint8_t by_rax[] = {0x48, 0xc7, 0xc0, 0x0f, 0, 0, 0, 0x0f, 0x05};
	static const uint8_t by_eax[] = {0xb8, 0x0f, 0, 0, 0, 0x0f, 0x05};
	uint8_t code[sizeof(by_rax)];
	if (start && w->pc - start > 1)
		return false;
	size_t got = pyi_mem_read_some(w->uw->target->mem, w->pc, code, sizeof(code));
	return (got == sizeof(by_rax) && !memcmp(code, by_rax, sizeof(by_rax))) ||
	       (got >= sizeof(by_eax) && !memcmp(code, by_eax, sizeof(by_eax)));
}

static bool push_frame(struct walk *w)
{
	struct pyi_native_frame *frame = pyi_vec_push(&w->stack->frames);
	if (!frame)
		return false;
	*frame = (struct pyi_native_frame){.pc = w->pc, .sp = w->sp, .exact_pc = w->exact_pc};
	return true;
}

static struct pyi_native_frame *top_frame(struct walk *w)
{
	return &w->stack->frames.data[w->stack->frames.len - 1];
}

static enum step end(struct walk *w, enum pyi_end why, uint64_t addr)
{
	w->stack->end = why;
	w->stack->end_address = addr;
	return STEP_END;
}

static bool executable(const struct pyi_target *target, uint64_t pc)
{
	const struct pyi_map *map = pyi_maps_find(&target->maps, pc);
	return map && (map->perm & PYI_PERM_X);
}

/* Goes on with a caller that was found without libunwind: regs are its own, as far as they are
 * known. A return address may be the first byte behind its function, so libunwind gets the byte
 * before. */
static enum step restart(struct walk *w, const struct user_regs_struct *regs, bool exact_pc)
{
	top_frame(w)->cfa = regs->rsp;
	w->pc = regs->rip;
	w->sp = regs->rsp;
	w->exact_pc = exact_pc;
	w->uw->regs = *regs;
	w->uw->regs.rip -= !exact_pc;
	return STEP_RESTART;
}

/* 0 when it is not known. */
static uint64_t cursor_reg(struct walk *w, unw_regnum_t reg)
{
	unw_word_t value;
	return unw_get_reg(&w->cursor, reg, &value) ? 0 : value;
}

/* A call of a null or wild pointer: the return address is still at sp. */
static enum step step_over_bad_pc(struct walk *w)
{
	uint64_t ret;
	if (pyi_mem_read_some(w->uw->target->mem, w->sp, &ret, sizeof(ret)) != sizeof(ret))
		return end(w, PYI_END_UNREADABLE, w->sp);
	if (!executable(w->uw->target, ret))
		return end(w, PYI_END_TRUNCATED, w->pc);
	/* Nothing else has changed since the call. */
	struct user_regs_struct regs = {.rip = ret,
					.rsp = w->sp + sizeof(ret),
					.rbp = cursor_reg(w, UNW_X86_64_RBP),
					.rbx = cursor_reg(w, UNW_X86_64_RBX),
					.r12 = cursor_reg(w, UNW_X86_64_R12),
					.r13 = cursor_reg(w, UNW_X86_64_R13),
					.r14 = cursor_reg(w, UNW_X86_64_R14),
					.r15 = cursor_reg(w, UNW_X86_64_R15)};
	return restart(w, &regs, false);
}

/* By the frame pointer, if it can be one: on the same stack, above sp, with a return address. */
static enum step step_by_frame_pointer(struct walk *w)
{
	uint64_t fp = cursor_reg(w, UNW_X86_64_RBP);
	uint64_t pair[2]; /* the caller's frame pointer, the return address */
	const struct pyi_map *map = pyi_maps_find(&w->uw->target->maps, w->sp);
	if (fp % 8 || fp < w->sp || !map || fp >= map->hi || map->hi - fp < sizeof(pair))
		return end(w, PYI_END_TRUNCATED, w->pc);
	if (pyi_mem_read_some(w->uw->target->mem, fp, pair, sizeof(pair)) != sizeof(pair))
		return end(w, PYI_END_UNREADABLE, fp);
	if (!pair[1])
		return end(w, PYI_END_COMPLETE, 0);
	if (!executable(w->uw->target, pair[1]))
		return end(w, PYI_END_TRUNCATED, w->pc);
	struct user_regs_struct regs = {.rip = pair[1], .rsp = fp + sizeof(pair), .rbp = pair[0]};
	return restart(w, &regs, false);
}

/* To where the signal came: sp points to the ucontext that the kernel saved (Linux
 * arch/x86/include/asm/sigframe.h, struct rt_sigframe). libunwind 1.8 steps over a null pc there,
 * 1.6 does not: the frame that called nothing would be shown by one and not by the other. */
static enum step step_over_signal(struct walk *w)
{
	ucontext_t saved;
	size_t need = offsetof(ucontext_t, uc_mcontext.fpregs);
	if (pyi_mem_read_some(w->uw->target->mem, w->sp, &saved, need) != need)
		return end(w, PYI_END_UNREADABLE, w->sp);
	const greg_t *g = saved.uc_mcontext.gregs;
	struct user_regs_struct regs = {
		.rax = (uint64_t)g[REG_RAX],
		.rdx = (uint64_t)g[REG_RDX],
		.rcx = (uint64_t)g[REG_RCX],
		.rbx = (uint64_t)g[REG_RBX],
		.rsi = (uint64_t)g[REG_RSI],
		.rdi = (uint64_t)g[REG_RDI],
		.rbp = (uint64_t)g[REG_RBP],
		.rsp = (uint64_t)g[REG_RSP],
		.r8 = (uint64_t)g[REG_R8],
		.r9 = (uint64_t)g[REG_R9],
		.r10 = (uint64_t)g[REG_R10],
		.r11 = (uint64_t)g[REG_R11],
		.r12 = (uint64_t)g[REG_R12],
		.r13 = (uint64_t)g[REG_R13],
		.r14 = (uint64_t)g[REG_R14],
		.r15 = (uint64_t)g[REG_R15],
		.rip = (uint64_t)g[REG_RIP],
	};
	if (regs.rip == w->pc && regs.rsp == w->sp)
		return end(w, PYI_END_CYCLE, w->sp);
	return restart(w, &regs, true);
}

/* The lookup of the frame at hand failed, or a read that its rules asked for. */
static enum step step_without_rules(struct walk *w, int error)
{
	/* The module has rules, but they are in a file that is not at hand: no guess is as good. */
	if (find_image(w->uw, w->pc) && w->uw->info.status && !w->uw->info.has_file)
		return end(w, PYI_END_TRUNCATED, w->pc);
	if (error != -UNW_ESTOPUNWIND)
		return end(w, w->uw->bad_address ? PYI_END_UNREADABLE : PYI_END_TRUNCATED,
			   w->uw->bad_address ? w->uw->bad_address : w->pc);
	return step_by_frame_pointer(w);
}

/* To the caller of the frame at hand. */
static enum step step(struct walk *w)
{
	uint64_t old_sp = w->sp;
	w->uw->bad_address = 0;
	if (w->exact_pc && !executable(w->uw->target, w->pc))
		return step_over_bad_pc(w);
	int ret = unw_step(&w->cursor);
	top_frame(w)->start = function_start(w);
	top_frame(w)->signal = is_signal_trampoline(w, top_frame(w)->start);
	if (top_frame(w)->signal)
		return step_over_signal(w);
	if (ret < 0)
		return step_without_rules(w, ret);
	uint64_t pc = cursor_reg(w, UNW_X86_64_RIP), sp = cursor_reg(w, UNW_X86_64_RSP);
	if (ret == 0 || !pc)
		return end(w, PYI_END_COMPLETE, 0);
	top_frame(w)->cfa = sp;
	/* Stacks grow down, so callers lie higher; only a signal may have changed stacks. */
	if (sp <= old_sp)
		return end(w, PYI_END_CYCLE, sp);
	w->pc = pc;
	w->sp = sp;
	w->exact_pc = false;
	return STEP_ON;
}

/* Frames until the cursor must be set up anew, or the end. */
static enum step run(struct walk *w, size_t max, struct pyi_error **err)
{
	if (unw_init_remote(&w->cursor, w->uw->as, w->uw))
		return end(w, PYI_END_INCONSISTENT, w->pc);
	for (;;) {
		if (w->stack->frames.len == max)
			return end(w, PYI_END_LIMIT, 0);
		if (!push_frame(w)) {
			*err = &pyi_enomem;
			return STEP_END;
		}
		enum step next = step(w);
		if (next != STEP_ON)
			return next;
	}
}

struct pyi_error *pyi_unwind(struct pyi_unwinder *uw, const struct pyi_thread *thread, size_t max,
			     struct pyi_native_stack *ret)
{
	struct pyi_native_stack stack = {.end = PYI_END_RUNNING};
	struct pyi_error *err = NULL;
	if (thread->have_regs || thread->have_pc_sp) {
		uw->regs = thread->regs;
		struct walk w = {.uw = uw,
				 .stack = &stack,
				 .pc = thread->regs.rip,
				 .sp = thread->regs.rsp,
				 .exact_pc = true};
		while (run(&w, max, &err) == STEP_RESTART)
			;
	}
	if (err)
		pyi_native_stack_deinit(&stack);
	else
		*ret = stack;
	return err;
}
