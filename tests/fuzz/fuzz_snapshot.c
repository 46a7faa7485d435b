/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Any bytes as a snapshot: opened, looked at, written out as text and JSON. Seeds are goldens,
 * unpacked. Mutations of a file this large would mostly hit what nobody reads, so that there is a
 * mutator of our own: headers and notes are hit as often as all pages together, and words are
 * replaced by other words of the file (pointers by pointers).
 */
#include "report/collect.h"
#include "report/render.h"
#include "target/snapshot.h"

#include <elf.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <unistd.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);
size_t LLVMFuzzerCustomMutator(uint8_t *data, size_t size, size_t max_size, unsigned seed);
size_t LLVMFuzzerMutate(uint8_t *data, size_t size, size_t max_size);

static ssize_t drop(void *cookie, const char *data, size_t len)
{
	return (ssize_t)len;
}

static void show(struct pyi_target *target, const struct pyi_collect_options *options)
{
	struct pyi_report *report;
	struct pyi_error *err = pyi_collect(target, options, &report);
	const struct pyi_render_options render = {.native = options->native};
	cookie_io_functions_t functions = {.write = drop};
	FILE *out = fopencookie(NULL, "w", functions);

	/* Whatever it says, a report can be written. */
	for (size_t i = 0; !err && out && pyi_renderers[i]; i++)
		if (pyi_renderers[i]->render(report, &render, out))
			abort();
	if (!err)
		pyi_report_destroy(report);
	pyi_error_destroy(err);
	if (out)
		fclose(out);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	const struct pyi_collect_options options = {
		.native = PYI_NATIVE_LINES, .kernel = true, .locals = true};
	struct pyi_target *target;
	struct pyi_error *err;
	int fd = memfd_create("snapshot", MFD_CLOEXEC);

	if (fd < 0 || write(fd, data, size) != (ssize_t)size)
		abort();
	err = pyi_snapshot_open_fd(fd, &target);
	if (!err) {
		show(target, &options);
		pyi_target_close(target);
	}
	pyi_error_destroy(err);
	return 0;
}

static size_t below(size_t n)
{
	return n ? (size_t)(((uint64_t)rand() << 31 | (uint64_t)rand()) % n) : 0;
}

/* Where the notes end. */
static size_t notes_end(const uint8_t *data, size_t size)
{
	Elf64_Phdr phdr;
	const size_t at = sizeof(Elf64_Ehdr) + sizeof(Elf64_Shdr);

	if (size < at + sizeof(phdr))
		return size;
	memcpy(&phdr, data + at, sizeof(phdr));
	return phdr.p_offset < size && phdr.p_filesz < size - phdr.p_offset
		       ? phdr.p_offset + phdr.p_filesz
		       : size;
}

static void change_word(uint8_t *data, size_t size, size_t at)
{
	static const uint64_t words[] = {0, 1, 8, UINT64_MAX, INT64_MAX, 1ull << 47, 4096, 1 << 30};

	at &= ~(size_t)7;
	if (size < 16 || at > size - 8)
		return;
	if (below(2))
		memcpy(data + at, &words[below(8)], 8);
	else
		memmove(data + at, data + (below(size - 8) & ~(size_t)7), 8);
}

size_t LLVMFuzzerCustomMutator(uint8_t *data, size_t size, size_t max_size, unsigned seed)
{
	size_t front, n;

	srand(seed);
	if (below(200) == 0)
		return LLVMFuzzerMutate(data, size, max_size);
	if (size > 1 && below(100) == 0)
		size = 1 + below(size - 1);
	front = notes_end(data, size);
	n = 1 + below(16);
	for (size_t i = 0; i < n && size; i++) {
		size_t at = below(2) ? below(front) : below(size);

		if (at < front && below(3))
			data[at] = (uint8_t)below(2) ? (uint8_t)below(256) : data[below(front)];
		else
			change_word(data, size, at);
	}
	return size;
}
