/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * What validation lets through must be safe to walk with, over memory of any bytes. First byte: 0 =
 * a row of the table with some fields changed, else debug offsets of 3.(12 + byte).
 */
#include "python/debug_offsets.h"
#include "python/frames.h"
#include "python/runtime.h"

#include <stddef.h>
#include <stdlib.h>
#include <string.h>

#define BASE 0x10000ull

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

/* data: which row, how many changes, then {field, value} of two and four bytes each. */
static struct pyi_error *changed_row(const uint8_t *data, size_t size, struct pyi_layout *layout)
{
	const size_t head = offsetof(struct pyi_layout, python_major);
	const size_t n_fields = (sizeof(*layout) - head) / 4;
	size_t n = size > 2 ? data[1] % 16 : 0;

	*layout = *pyi_layout_for(3, size ? 7 + data[0] % 9 : 7, 255);
	for (size_t i = 0; i < n && 2 + (i + 1) * 6 <= size; i++) {
		uint16_t field;

		memcpy(&field, data + 2 + i * 6, sizeof(field));
		memcpy((char *)layout + head + field % n_fields * 4, data + 4 + i * 6, 4);
	}
	return pyi_layout_validate(layout);
}

static bool make_layout(const uint8_t *data, size_t size, struct pyi_layout *layout)
{
	struct pyi_error *err;

	if (data[0] % 4) {
		*layout = *pyi_layout_for(3, 12 + data[0] % 4, 255);
		err = pyi_debug_offsets_merge(data + 1, size - 1, layout);
	} else {
		err = changed_row(data + 1, size - 1, layout);
	}
	pyi_error_destroy(err);
	return !err;
}

static void walk(struct pyi_target *target, const struct pyi_runtime *rt)
{
	struct pyi_tstates tstates;
	struct pyi_py_stack stack = {0};
	const struct pyi_tstate made_up = {.addr = BASE, .interp = BASE};

	if (!pyi_tstates_read(target, rt, &tstates)) {
		for (size_t i = 0; i < tstates.states.len && i < 4; i++) {
			if (!pyi_py_frames_read(target, rt, &tstates.states.data[i], 1000, &stack))
				pyi_py_stack_deinit(&stack);
		}
		pyi_tstates_deinit(&tstates);
	}
	if (!pyi_py_frames_read(target, rt, &made_up, 1000, &stack))
		pyi_py_stack_deinit(&stack);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct pyi_runtime rt = {.root = BASE};
	struct pyi_target target = {0};

	if (size < 1 || !make_layout(data, size, &rt.layout))
		return 0;
	if (pyi_mem_create(&target.mem))
		return 0;
	if (!pyi_mem_add_buffer(target.mem, BASE, data, size))
		walk(&target, &rt);
	pyi_mem_destroy(target.mem);
	return 0;
}
