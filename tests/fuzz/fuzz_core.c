/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * A damaged core, from its opening to the report as text and JSON, or to its map. The input is not
 * the core but what is done to one that is whole (base_cores.h), so that each change hits something
 * that has a meaning:
 *
 *	byte 0 which core, byte 1 how it is looked at (enum look), then twelve bytes a change:
 *	kind, how, two bytes where, four bytes where, four bytes what
 *
 * With FUZZ_DUMP=FILE the core is written there: for a debugger, and for pyinspect itself.
 */
#include "base_cores.h"
#include "heap_limit.h"

#include "report/collect.h"
#include "report/render.h"
#include "report/render_maps.h"
#include "target/core_target.h"

#include <fcntl.h>
#include <sys/mman.h>
#include <unistd.h>

enum look { NO_LOCALS = 1, WITH_LINES = 2, AS_EXE = 4, AS_MAPS = 8 };

int LLVMFuzzerInitialize(int *argc, char ***argv);
int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);
size_t LLVMFuzzerCustomMutator(uint8_t *data, size_t size, size_t max_size, unsigned seed);
size_t LLVMFuzzerMutate(uint8_t *data, size_t size, size_t max_size);

struct change {
	uint8_t kind, how;
	uint16_t index;
	uint32_t at;
	uint32_t what;
} __attribute__((packed));

/* The core that is being changed. */
struct core {
	const struct base_core *base;
	uint8_t *bytes; /* as many as the base has */
	size_t size;    /* of them, how many are in the file */
};

/* Weighing its corpus by entropy would take libFuzzer as long as the runs; options that are given
 * later hold. */
static void add_options(int *argc, char ***argv)
{
	static char *const options[] = {"-entropic=0", "-len_control=0", "-max_len=362"};
	const size_t n = sizeof(options) / sizeof(*options);
	char **all = base_need(calloc((size_t)*argc + n + 1, sizeof(*all)));

	all[0] = (*argv)[0];
	memcpy(all + 1, options, sizeof(options));
	memcpy(all + 1 + n, *argv + 1, (size_t)(*argc - 1) * sizeof(*all));
	*argc += (int)n;
	*argv = all;
}

int LLVMFuzzerInitialize(int *argc, char ***argv)
{
	add_options(argc, argv);
	load_bases("tests/fuzz/fuzz_core.bases/*.core.gz", false);
	load_bases("tests/golden/*.core.gz", true);
	return 0;
}

/* --- changes --- */

static uint64_t get_word(const struct core *core, size_t at)
{
	uint64_t word = 0;

	if (at + 8 <= core->base->size)
		memcpy(&word, core->bytes + at, 8);
	return word;
}

static void put_word(struct core *core, size_t at, uint64_t word, size_t size)
{
	if (at + size <= core->base->size)
		memcpy(core->bytes + at, &word, size);
}

/* Where the byte at that place of the file was in memory. */
static uint64_t address_of(const struct core *core, size_t at)
{
	for (size_t i = 0; i < core->base->n_phdrs; i++) {
		Elf64_Phdr p;

		memcpy(&p, core->base->bytes + core->base->phdrs_at + i * sizeof(p), sizeof(p));
		if (p.p_type == PT_LOAD && at >= p.p_offset && at - p.p_offset < p.p_filesz)
			return p.p_vaddr + (at - p.p_offset);
	}
	return 0;
}

static size_t word_place(const struct core *core, uint32_t n)
{
	return core->base->n_words ? core->base->words[n % core->base->n_words] : 0;
}

/* What stands there, made into something else. */
static uint64_t new_value(const struct core *core, const struct change *change, size_t at)
{
	static const uint64_t special[] = {0,
					   1,
					   8,
					   4096,
					   UINT32_MAX,
					   INT64_MAX,
					   INT64_MIN,
					   UINT64_MAX,
					   1ull << 47,
					   1ull << 30,
					   UINT64_MAX - 4095,
					   0x4141414141414141};
	const size_t other = word_place(core, change->what);

	switch (change->how % 8) {
	case 0: return special[change->what % (sizeof(special) / sizeof(*special))];
	case 1: return get_word(core, other);
	case 2: return address_of(core, other);
	case 3: return get_word(core, at) + (uint64_t)(int64_t)(int8_t)change->what;
	case 4: return get_word(core, at) + (uint64_t)(int64_t)(int32_t)change->what;
	case 5: return get_word(core, at) ^ 1ull << change->what % 64;
	case 6: return address_of(core, at) + (uint64_t)(int64_t)(int16_t)change->what;
	default: return change->what;
	}
}

static void change_memory(struct core *core, const struct change *change)
{
	const size_t at = word_place(core, change->at) + change->index % 16 / 8 * 4;

	put_word(core, at, new_value(core, change, at), change->how & 8 ? 4 : 8);
}

/* Words next to one that is there: what was zero, too. */
static void change_nearby(struct core *core, const struct change *change)
{
	const size_t at = word_place(core, change->at) + change->index % 256 * 8;

	if (at + 8 <= core->base->size)
		put_word(core, at, new_value(core, change, at), 8);
}

static void change_notes(struct core *core, const struct change *change)
{
	const size_t at = core->base->notes_at + change->at % core->base->notes_size;
	static const size_t sizes[] = {1, 2, 4, 8};

	put_word(core, at, new_value(core, change, at), sizes[change->how / 8 % 4]);
}

/* Its name's length, its size, its type; 3: it has the bytes of another. */
static void change_note(struct core *core, const struct change *change)
{
	const size_t at = core->base->notes[change->at % core->base->n_notes];
	const size_t other = core->base->notes[change->what % core->base->n_notes];

	if (change->index % 4 < 3)
		put_word(core, at + change->index % 4 * 4, new_value(core, change, at), 4);
	else if (at + 64 < core->base->size && other + 64 < core->base->size)
		memmove(core->bytes + at, core->bytes + other, 64);
}

static void change_header(struct core *core, const struct change *change)
{
	const size_t n = core->base->n_phdrs;
	const size_t field = change->index % (sizeof(Elf64_Phdr) / 4) * 4;
	const size_t at = core->base->phdrs_at + change->at % n * sizeof(Elf64_Phdr) + field;
	const size_t other = core->base->phdrs_at + change->what % n * sizeof(Elf64_Phdr) + field;
	const uint64_t value =
		change->how & 16 ? get_word(core, other) : new_value(core, change, at);

	put_word(core, at, value, change->how & 8 || field < 8 ? 4 : 8);
}

static void change_file(struct core *core, const struct change *change)
{
	if (change->index % 4)
		put_word(core, change->at % sizeof(Elf64_Ehdr), new_value(core, change, 0),
			 change->how & 8 ? 2 : 1);
	else
		core->size = change->at % (core->base->size + 1);
}

static void apply(struct core *core, const struct change *change)
{
	static void (*const kinds[])(struct core * core, const struct change *change) = {
		change_memory, change_memory, change_memory, change_nearby,
		change_notes,  change_note,   change_header, change_file};

	kinds[change->kind % 8](core, change);
}

/* --- looks --- */

static ssize_t drop(void *cookie, const char *data, size_t len)
{
	return (ssize_t)len;
}

static FILE *open_nowhere(void)
{
	return base_need(fopencookie(NULL, "w", (cookie_io_functions_t){.write = drop}));
}

/* Whatever it says, a report can be written. */
static void show_report(struct pyi_target *target, unsigned look)
{
	const struct pyi_collect_options options = {.native = look & WITH_LINES ? PYI_NATIVE_LINES
										: PYI_NATIVE_AUTO,
						    .locals = !(look & NO_LOCALS)};
	const struct pyi_render_options render = {.native = options.native};
	struct pyi_report *report;
	struct pyi_error *err = pyi_collect(target, &options, &report);
	FILE *out = open_nowhere();

	for (size_t i = 0; !err && pyi_renderers[i]; i++)
		if (pyi_renderers[i]->render(report, &render, out))
			abort();
	if (!err)
		pyi_report_destroy(report);
	pyi_error_destroy(err);
	fclose(out);
}

static void show_maps(struct pyi_target *target)
{
	const struct pyi_addrspace_options options = {.no_stop = false};
	const struct pyi_maps_options text = {.all = true, .width = 80};
	struct pyi_addrspace *space = NULL;
	struct pyi_error *err = pyi_addrspace_collect(target, &options, &space);
	FILE *out = open_nowhere();

	if (!err && (pyi_render_maps_json(space, NULL, out) ||
		     pyi_render_maps_text(space, NULL, &text, out)))
		abort();
	pyi_addrspace_destroy(space);
	pyi_error_destroy(err);
	fclose(out);
}

static void dump(const struct core *core)
{
	const char *path = getenv("FUZZ_DUMP");
	FILE *out = path ? fopen(path, "w") : NULL;

	if (out && fwrite(core->bytes, 1, core->size, out) != core->size)
		abort();
	if (out)
		fclose(out);
}

/* No file of this machine plays a part; AS_EXE: the core itself stands for the program's. */
static void look_at(const struct core *core, unsigned look)
{
	char exe[32];
	int fd = memfd_create("core", MFD_CLOEXEC);
	const struct pyi_core_options options = {.sysroot = "/nonexistent",
						 .exe = look & AS_EXE ? exe : NULL};
	struct pyi_target *target;
	struct pyi_error *err;

	snprintf(exe, sizeof(exe), "/proc/self/fd/%d", fd);
	if (fd < 0 || write(fd, core->bytes, core->size) != (ssize_t)core->size)
		abort();
	heap_limit_begin();
	err = pyi_core_target_open_fd(fd, &options, &target);
	if (!err) {
		if (look & AS_MAPS)
			show_maps(target);
		else
			show_report(target, look);
		pyi_target_close(target);
	}
	pyi_error_destroy(err);
	heap_limit_end();
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	static uint8_t bytes[MAX_BASE];
	const struct base_core *base;
	struct core core;

	if (size < 2)
		return 0;
	base = &base_cores[data[0] % n_base_cores];
	core = (struct core){base, bytes, base->size};
	memcpy(bytes, base->bytes, base->size);
	for (size_t at = 2; at + sizeof(struct change) <= size; at += sizeof(struct change)) {
		struct change change;

		memcpy(&change, data + at, sizeof(change));
		apply(&core, &change);
	}
	dump(&core);
	look_at(&core, data[1]);
	return 0;
}

/* --- new inputs --- */

#define FRONT 2

static void fill(uint8_t *to, size_t size, unsigned *seed)
{
	for (size_t i = 0; i < size; i++)
		to[i] = (uint8_t)(rand_r(seed) >> 8);
}

/* One change more, one less, one other; another core; or whatever libFuzzer thinks of. */
size_t LLVMFuzzerCustomMutator(uint8_t *data, size_t size, size_t max_size, unsigned seed)
{
	const size_t n = size > FRONT ? (size - FRONT) / sizeof(struct change) : 0;
	const unsigned dice = (unsigned)rand_r(&seed) % 16;
	uint8_t *at = data + FRONT + (n ? (size_t)rand_r(&seed) % n : 0) * sizeof(struct change);

	if (max_size < FRONT + sizeof(struct change))
		return LLVMFuzzerMutate(data, size, max_size);
	if (size < FRONT || dice == 0) {
		fill(data, FRONT, &seed);
		return size < FRONT ? FRONT : size;
	}
	if (n && dice == 1) {
		memmove(at, at + sizeof(struct change),
			(size_t)(data + size - at) - sizeof(struct change));
		return size - sizeof(struct change);
	}
	if (n && dice < 6) {
		LLVMFuzzerMutate(at, sizeof(struct change), sizeof(struct change));
		return size;
	}
	size = FRONT + n * sizeof(struct change);
	for (size_t i = 0; i < dice / 5 && size + sizeof(struct change) <= max_size; i++) {
		fill(data + size, sizeof(struct change), &seed);
		size += sizeof(struct change);
	}
	return size;
}
