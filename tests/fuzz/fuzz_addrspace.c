/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Whatever lies in the memory of a target: what is made of it covers every mapping exactly once.
 * The bytes are the start of anonymous memory and of a heap. The first one also says what kind of
 * pools there are, the second where a made-up thread state has its data stack, the third where the
 * stack pointer is.
 */
#include "../unit/inspector/fake_space.h"
#include "report/render_maps.h"

#include <stdio.h>

#define MEMORY 0x40000u

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static uint8_t memory[MEMORY], heap[MEMORY];

static void check_cover(const struct fake_space *f)
{
	size_t i = 0;

	for (size_t m = 0; m < f->target.maps.n; m++) {
		uint64_t at = f->target.maps.maps[m].lo;

		for (; at < f->target.maps.maps[m].hi; at = f->space.ranges.data[i++].hi)
			if (i == f->space.ranges.len || f->space.ranges.data[i].lo != at)
				abort();
		if (at != f->target.maps.maps[m].hi)
			abort();
	}
	if (i != f->space.ranges.len)
		abort();
}

static void survey(struct fake_space *f)
{
	const struct pyi_residency all = {.how = PYI_RESIDENCY_MAPPINGS};

	if (pyi_evidence_collect(&f->target, &all, f->survey.pool_size, &f->survey.evidence))
		abort();
	pyi_addrspace_find_tids(&f->survey);
	pyi_addrspace_claim_stacks_by_sp(&f->survey);
	pyi_addrspace_claim_malloc(&f->survey);
	if (pyi_addrspace_claim_arenas(&f->survey))
		abort();
	pyi_addrspace_claim_data_stacks(&f->survey);
	pyi_addrspace_claim_stacks(&f->survey);
	fake_space_apply(f);
	check_cover(f);
}

static void render(struct fake_space *f)
{
	const struct pyi_maps_options options = {.width = 80};
	struct pyi_addrspace space = f->space;
	FILE *out = fopen("/dev/null", "w");
	struct pyi_whereis where;

	space.runtime = (char *)"fuzz";
	if (!out || pyi_render_maps_json(&space, NULL, out) ||
	    pyi_render_maps_text(&space, NULL, &options, out) ||
	    pyi_whereis(&f->target, &space, 0x7f0004000105, &where))
		abort();
	pyi_whereis_deinit(&where);
	fclose(out);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct pyi_thread thread = {.tid = 1, .main = true, .have_pc_sp = true};
	struct fake_space f;
	struct pyi_tstate *ts;

	if (size < 3 || size > MEMORY)
		return 0;
	memset(memory, 0, sizeof(memory));
	memset(heap, 0, sizeof(heap));
	memcpy(memory, data, size);
	memcpy(heap, data, size);
	fake_space_init(&f, "600000-640000 rw-p 00000000 00:00 0 [heap]\n"
			    "7f0003fff000-7f0004000000 ---p 00000000 00:00 0\n"
			    "7f0004000000-7f0004020000 rw-p 00000000 00:00 0\n"
			    "7f0004020000-7f0004040000 rw-p 00000000 00:00 0\n"
			    "7f0004040000-7f0004060000 ---p 00000000 00:00 0\n");
	fake_space_put(&f, 0x600000, heap, sizeof(heap));
	fake_space_put(&f, 0x7f0004000000, memory, sizeof(memory));
	f.survey.pool_size = data[0] & 1 ? 4096 : 16384;
	f.survey.known = true;
	f.rt.layout.tstate_datastack_chunk = data[1];
	f.rt.layout.chunk_previous = 0;
	f.rt.layout.chunk_size = 8;
	ts = pyi_vec_push(&f.survey.tstates.states);
	if (!ts)
		abort();
	ts->addr = 0x600000;
	thread.regs.rsp = 0x7f0003fff000 + ((uint64_t)data[2] << 10);
	f.target.threads = &thread;
	f.target.n_threads = 1;
	survey(&f);
	render(&f);
	fake_space_deinit(&f);
	return 0;
}
