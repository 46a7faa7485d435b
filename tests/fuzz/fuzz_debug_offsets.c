/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * A target that lies in its _Py_DebugOffsets: what is let through must be safe to walk with, and
 * what is refused must leave the row as it was. First byte: the minor, and whether the table is the
 * rest of the input as it stands or a true table with changes. A change is {index, size, value}: it
 * goes to a word of the table, or, with the high bit of size set, to memory of a made-up process.
 */
#include "../unit/inspector/debug_words.h"
#include "../unit/inspector/fake_objects.h"
#include "python/debug_offsets.h"
#include "python/frames.h"

enum { HEAD = 24, FRAMES = 6, SHIM = 3, STATE_BYTES = 8192, FRAME_BYTES = 128 };

struct change {
	uint16_t index;
	uint8_t size;
	uint8_t value[8];
} __attribute__((packed));

static const struct {
	const uint64_t *words;
	size_t size;
} tables[] = {
	{words_3_13, sizeof(words_3_13)},
	{words_3_14, sizeof(words_3_14)},
	{words_3_15, sizeof(words_3_15)},
};

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

/* Frame i of six: a function with an argument, a local and a cell, called by the next; one shim. */
static uint64_t make_frame(struct heap *h, int i, uint64_t back)
{
	static const char *const names[] = {"self", "item", "free"};
	static const uint8_t kinds[] = {PYI_KIND_LOCAL, PYI_KIND_LOCAL, PYI_KIND_FREE};
	const struct pyi_layout *l = &h->rt.layout;
	uint64_t frame = heap_alloc(h, FRAME_BYTES), code;

	heap_u64(h, frame + l->frame_back, back);
	if (i == SHIM) {
		heap_u8(h, frame + l->frame_owner, (uint8_t)l->owner_shim);
		return frame;
	}
	code = heap_code(h, "work", 3, 1, names, kinds, 3);
	heap_u64(h, code + l->var_size, 50);
	heap_u64(h, frame + l->frame_code, code);
	heap_u64(h, frame + l->frame_lasti, code + l->code_code + 14);
	for (uint64_t k = 0; k < 3; k++)
		heap_u64(h, frame + l->frame_localsplus + k * 8, heap_str(h, "value"));
	return frame;
}

static struct heap *make_process(unsigned minor)
{
	struct heap *h = heap_create(3, minor);
	const struct pyi_layout *l = &h->rt.layout;
	uint64_t interp = heap_alloc(h, STATE_BYTES), frame = 0, ts = 0;

	h->rt.root = heap_alloc(h, STATE_BYTES);
	heap_u64(h, h->rt.root + l->runtime_interp_head, interp);
	for (int i = FRAMES - 1; i >= 0; i--)
		frame = make_frame(h, i, frame);
	for (int i = 0; i < 2; i++) {
		uint64_t next = ts;

		ts = heap_alloc(h, STATE_BYTES);
		heap_u64(h, ts + l->tstate_next, next);
		heap_u64(h, ts + l->tstate_interp, interp);
		heap_u64(h, ts + l->tstate_native_id, 100);
		heap_u64(h, ts + l->tstate_frame, frame);
	}
	heap_u64(h, interp + l->interp_tstate_head, ts);
	return h;
}

static void apply_change(struct heap *h, uint8_t *table, size_t words, const struct change *change)
{
	const size_t bytes = 1u << (change->size & 3);
	const size_t at = change->size & 0x80 ? (size_t)change->index * 8 % (HEAP_SIZE - 8)
					      : HEAD + change->index % words * 8;

	memcpy(change->size & 0x80 ? h->bytes + at : table + at, change->value, bytes);
}

/* The number of bytes in table. */
static size_t make_table(struct heap *h, const uint8_t *data, size_t size, uint8_t *table)
{
	const unsigned which = data[0] % 3;
	struct change change;

	if (data[0] & 0x80) {
		size = size - 1 < PYI_DEBUG_OFFSETS_MAX ? size - 1 : PYI_DEBUG_OFFSETS_MAX;
		memcpy(table, data + 1, size);
		return size;
	}
	memcpy(table, "xdebugpy", 8);
	memcpy(table + HEAD, tables[which].words, tables[which].size);
	for (size_t at = 1; size - at >= sizeof(change); at += sizeof(change)) {
		memcpy(&change, data + at, sizeof(change));
		apply_change(h, table, tables[which].size / 8, &change);
	}
	return HEAD + tables[which].size;
}

static void show_frame(struct heap *h, struct pyi_code_cache *cache,
		       const struct pyi_py_frame *frame)
{
	const struct pyi_value_options options = {.max_bytes = 400};
	const struct pyi_code *code;
	struct pyi_locals locals;
	struct pyi_value value;
	struct pyi_error *err = pyi_code_get(cache, frame->code, &code);

	if (!err &&
	    pyi_linetable_lookup((enum pyi_how_lines)h->rt.layout.how_lines, code->linetable,
				 code->linetable_len, code->firstlineno, frame->lasti_units)
			    .line < 0)
		abort();
	if (!err)
		err = pyi_locals_read(&h->target, &h->rt, cache, frame, &locals);
	if (!err) {
		pyi_vec_for_each (local, &locals.locals) {
			pyi_value_read(&h->target, &h->rt, local->obj, &options, &value);
			pyi_value_deinit(&value);
		}
		pyi_locals_deinit(&locals);
	}
	pyi_error_destroy(err);
}

static void walk(struct heap *h)
{
	struct pyi_tstates tstates;
	struct pyi_code_cache *cache;
	struct pyi_thread_names names = {0};
	struct pyi_py_stack stack;

	if (pyi_code_cache_create(&h->target, &h->rt, &cache) ||
	    pyi_tstates_read(&h->target, &h->rt, &tstates))
		abort();
	for (size_t i = 0; i < tstates.states.len && i < 4; i++) {
		if (pyi_py_frames_read(&h->target, &h->rt, &tstates.states.data[i], 200, &stack))
			abort();
		pyi_vec_for_each (frame, &stack.frames)
			show_frame(h, cache, frame);
		pyi_py_stack_deinit(&stack);
		free(pyi_thread_name(
			&h->target, &h->rt, &names,
			pyi_thread_table(&h->target, &h->rt, tstates.states.data[i].interp),
			&tstates.states.data[i]));
	}
	pyi_thread_names_deinit(&names);
	pyi_tstates_deinit(&tstates);
	pyi_code_cache_destroy(cache);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	uint8_t *table;
	size_t len;
	uint32_t version;
	bool free_threaded;
	struct heap *h;
	struct pyi_layout row;
	struct pyi_error *err;

	if (size < 1)
		return 0;
	h = make_process(13 + data[0] % 3);
	table = calloc(1, PYI_DEBUG_OFFSETS_MAX);
	assert(table);
	len = make_table(h, data, size, table);
	row = h->rt.layout;
	pyi_debug_offsets_present(table, len, &version, &free_threaded);
	err = pyi_debug_offsets_merge(table, len, &h->rt.layout);
	if (err && memcmp(&row, &h->rt.layout, sizeof(row)) != 0)
		abort();
	if (!err)
		walk(h);
	pyi_error_destroy(err);
	free(table);
	heap_destroy(h);
	return 0;
}
