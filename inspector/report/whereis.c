/* SPDX-License-Identifier: BSD-2-Clause */
#include "report/whereis.h"

#include "base/utf8.h"
#include "native/symbolize.h"
#include "native/unwind.h"
#include "report/evidence.h"

#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>

#define MAX_FRAMES  1000000u
#define KERNEL_HALF (UINT64_C(1) << 63) /* x86-64: addresses with the top bit are the kernel's */

void pyi_whereis_deinit(struct pyi_whereis *where)
{
	free(where->module);
	free(where->symbol);
	free(where->frame);
}

static struct pyi_error *dup_name(const char *from, char **to)
{
	if (!from)
		return NULL;
	*to = pyi_utf8_dup(from);
	return *to ? NULL : &pyi_enomem;
}

static struct pyi_error *find_symbol(struct pyi_target *target, struct pyi_symbolizer *symbolizer,
				     struct pyi_whereis *where)
{
	const struct pyi_image *image = pyi_target_find_image(target, where->addr);
	const struct pyi_native_name *names;
	struct pyi_image_info info;
	struct pyi_error *err;
	size_t n;

	if (!image || !where->range->module)
		return NULL;
	pyi_image_info(image, &info);
	where->module_offset = where->addr - info.lo;
	err = dup_name(info.name, &where->module);
	if (err || !(where->range->perm & PYI_PERM_X))
		return err;
	names = pyi_symbolize(symbolizer, where->addr, true, &n);
	where->symbol_offset = names[n - 1].offset;
	return dup_name(names[n - 1].function, &where->symbol);
}

/* "function", or where it has no name "0x7f... in module". */
static struct pyi_error *name_frame(const struct pyi_native_name *name, uint64_t pc, char **ret)
{
	if (name->function)
		return dup_name(name->function, ret);
	if (asprintf(ret, "0x%" PRIx64 " in %s", pc, name->module ? name->module : "no module") <
	    0) {
		*ret = NULL;
		return &pyi_enomem;
	}
	return NULL;
}

/* The frame of the thread's stack that holds the address. */
static struct pyi_error *find_frame(struct pyi_target *target, struct pyi_symbolizer *symbolizer,
				    struct pyi_whereis *where)
{
	const struct pyi_thread *thread = pyi_target_find_thread(target, where->range->tid);
	struct pyi_unwinder *unwinder = NULL;
	struct pyi_native_stack stack = {.end = PYI_END_COMPLETE};
	struct pyi_error *err;

	where->below_top = where->range->hi - where->addr;
	if (!thread || (!thread->have_regs && !thread->have_pc_sp))
		return NULL;
	where->in_use = where->addr >= thread->regs.rsp;
	err = where->in_use ? pyi_unwinder_create(target, &unwinder) : NULL;
	if (!err && unwinder)
		err = pyi_unwind(unwinder, thread, MAX_FRAMES, &stack);
	pyi_unwinder_destroy(unwinder);
	if (err)
		return err;
	pyi_vec_for_each (frame, &stack.frames) {
		const struct pyi_native_name *names;
		size_t n;

		if (where->addr < frame->sp || where->addr >= frame->cfa)
			continue;
		names = pyi_symbolize(symbolizer, frame->pc, frame->exact_pc, &n);
		err = name_frame(&names[n - 1], frame->pc, &where->frame);
		break;
	}
	pyi_native_stack_deinit(&stack);
	return err;
}

/* Large pools first: at a border of 16 KiB a small pool cannot pass for a large one. */
static void find_block(struct pyi_target *target, struct pyi_whereis *where)
{
	static const uint32_t sizes[] = {16384, 4096};

	for (size_t i = 0; i < 2; i++) {
		uint64_t lo = where->addr & ~(uint64_t)(sizes[i] - 1);
		uint8_t header[PYI_POOL_HEADER];
		struct pyi_pool pool;
		uint64_t at = where->addr - lo;

		if (at < PYI_POOL_HEADER ||
		    pyi_mem_read_some(target->mem, lo, header, sizeof(header)) < sizeof(header) ||
		    !pyi_pool_parse(header, lo, sizes[i], &pool))
			continue;
		at = (at - PYI_POOL_HEADER) / pool.block_size * pool.block_size;
		where->block_lo = lo + PYI_POOL_HEADER + at;
		where->block_size = pool.block_size;
		return;
	}
}

static void find_gap(const struct pyi_addrspace *space, struct pyi_whereis *where)
{
	where->free_hi = KERNEL_HALF;
	pyi_vec_for_each (range, &space->ranges) {
		if (range->lo > where->addr) {
			if (range->lo < where->free_hi)
				where->free_hi = range->lo;
			break;
		}
		where->free_lo = range->hi;
	}
}

struct pyi_error *pyi_whereis(struct pyi_target *target, const struct pyi_addrspace *space,
			      uint64_t addr, struct pyi_whereis *ret)
{
	struct pyi_whereis where = {.addr = addr, .range = pyi_addrspace_find(space, addr)};
	struct pyi_symbolizer *symbolizer = NULL;
	struct pyi_error *err = NULL;

	if (!where.range && addr >= KERNEL_HALF)
		where.kernel = true;
	else if (!where.range)
		find_gap(space, &where);
	else
		err = pyi_symbolizer_create(target, false, &symbolizer);
	if (!err && symbolizer) {
		err = find_symbol(target, symbolizer, &where);
		if (!err && (where.range->role == PYI_ROLE_STACK ||
			     where.range->role == PYI_ROLE_THREAD_STACK))
			err = find_frame(target, symbolizer, &where);
		if (where.range->role == PYI_ROLE_ARENA)
			find_block(target, &where);
	}
	pyi_symbolizer_destroy(symbolizer);
	if (err)
		pyi_whereis_deinit(&where);
	else
		*ret = where;
	return err;
}
