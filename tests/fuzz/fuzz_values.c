/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Any bytes as an object: the input is memory at an address, and what stands there is decoded as a
 * value, a code object, a frame's locals, an instance and a set of roots to prefetch.
 *
 * Addresses are what a fuzzer does not guess, so words that end in a mark become some: 0xf1 a
 * built-in type, 0xf2 a place in the input. The first byte chooses the Python version.
 */
#include "../unit/inspector/fake_objects.h"

#define INPUT_BASE 0x30000000ull

static const char *const type_names[] = {
	"NoneType",  "bool",     "int",    "float", "complex", "bytearray", "set",
	"frozenset", "function", "method", "code",  "cell",    "Error",     "module",
};
static const unsigned char versions[][2] = {{2, 7}, {3, 6}, {3, 11}, {3, 12}, {3, 13}, {3, 14}};

enum { NAMES = sizeof(type_names) / sizeof(type_names[0]), TYPES = NAMES + 8 };

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void add_types(struct heap *h, uint64_t types[TYPES])
{
	size_t n = 0;

	for (; n < NAMES; n++)
		types[n] = heap_type(h, type_names[n],
				     strcmp(type_names[n], "Error") ? PYI_TPFLAGS_INT
								    : PYI_TPFLAGS_EXCEPTION);
	types[n++] = h->type;
	types[n++] = h->str;
	types[n++] = h->bytes_type;
	types[n++] = h->tuple;
	types[n++] = h->list;
	types[n++] = h->dict;
	types[n++] = h->int_type;
	types[n++] = heap_type(h, "Worker", PYI_TPFLAGS_MANAGED_DICT | PYI_TPFLAGS_INLINE_VALUES);
}

static void decode(struct heap *h, uint64_t obj)
{
	const struct pyi_value_options options = {.max_bytes = 400, .max_depth = 10, .slot = obj};
	struct pyi_py_frame frame = {.addr = INPUT_BASE, .code = obj};
	const struct pyi_tstate ts = {.interp = obj, .thread_id = 1};
	struct pyi_code_cache *cache;
	struct pyi_locals locals;
	struct pyi_thread_names names = {0};
	struct pyi_value value;

	pyi_value_read(&h->target, &h->rt, obj, &options, &value);
	assert(value.type && value.repr && strlen(value.repr) <= 400);
	pyi_value_deinit(&value);
	if (!pyi_code_cache_create(&h->target, &h->rt, &cache)) {
		struct pyi_error *err = pyi_locals_read(&h->target, &h->rt, cache, &frame, &locals);

		if (!err)
			pyi_locals_deinit(&locals);
		pyi_error_destroy(err);
		pyi_code_cache_destroy(cache);
	}
	pyi_instance_get(&h->target, &h->rt, obj, "name");
	pyi_values_prefetch(&h->target, &h->rt, &obj, 1, 1000000);
	free(pyi_thread_name(&h->target, &h->rt, &names,
			     pyi_thread_table(&h->target, &h->rt, ts.interp), &ts));
	pyi_thread_names_deinit(&names);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	uint64_t types[TYPES];
	uint8_t *memory;
	struct heap *h;

	if (size < 17 || size > 65536)
		return 0;
	h = heap_create(versions[data[0] % 6][0], versions[data[0] % 6][1]);
	if (data[0] & 0x80 && h->rt.layout.python_minor == 11)
		h->rt.layout.how_int = PYI_INT_LIMBS;
	add_types(h, types);
	memory = malloc(size - 1);
	assert(memory);
	memcpy(memory, data + 1, size - 1);
	for (size_t i = 0; i + 8 <= size - 1; i += 8) {
		uint64_t word;

		memcpy(&word, memory + i, 8);
		if (word >> 56 == 0xf1)
			word = types[word % TYPES];
		else if (word >> 56 == 0xf2)
			word = INPUT_BASE + (word & 0xfff8);
		memcpy(memory + i, &word, 8);
	}
	pyi_error_destroy(pyi_mem_add_buffer(h->target.mem, INPUT_BASE, memory, size - 1));
	for (uint64_t obj = 0; obj < 64; obj += 32)
		decode(h, INPUT_BASE + obj);
	heap_destroy(h);
	free(memory);
	return 0;
}
