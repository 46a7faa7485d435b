/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Whole cores to start from: the kernel's of a small minipy program (tests/fuzz/fuzz_core.bases),
 * and of every golden snapshot what a kernel's core would have of it: the notes that only snapshots
 * have are left out, and it has died by SIGSEGV.
 */
#ifndef TESTS_FUZZ_BASE_CORES_H
#define TESTS_FUZZ_BASE_CORES_H

#include <elf.h>
#include <glob.h>
#include <signal.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/procfs.h>
#include <zlib.h>

#define MAX_BASES 64
#define MAX_BASE  (4u << 20)

struct base_core {
	char *name;
	uint8_t *bytes;
	size_t size;
	size_t phdrs_at, n_phdrs;
	size_t notes_at, notes_size;
	uint32_t *words; /* where the words of memory stand that are not zero */
	size_t n_words;
	uint32_t *notes; /* where each note's head stands */
	size_t n_notes;
};

static struct base_core base_cores[MAX_BASES];
static size_t n_base_cores;

static void *base_need(void *ptr)
{
	if (!ptr)
		abort();
	return ptr;
}

/* --- a snapshot's file as a core's --- */

static size_t note_extent(const Elf64_Nhdr *head)
{
	return sizeof(*head) + ((head->n_namesz + 3) & ~3u) + ((head->n_descsz + 3) & ~3u);
}

static uint8_t *put_note(uint8_t *to, uint32_t type, const void *desc, size_t size)
{
	const Elf64_Nhdr head = {.n_namesz = 5, .n_descsz = (uint32_t)size, .n_type = type};

	memcpy(to, &head, sizeof(head));
	memcpy(to + sizeof(head), "CORE\0\0\0", 8);
	memcpy(to + sizeof(head) + 8, desc, size);
	return to + note_extent(&head);
}

/* The first thread's registers say what it died of. */
static size_t filter_notes(const uint8_t *from, size_t size, uint8_t *to)
{
	static const siginfo_t info = {.si_signo = SIGSEGV, .si_code = SEGV_MAPERR};
	uint8_t *const start = to;
	bool first = true;

	for (size_t at = 0; at + sizeof(Elf64_Nhdr) <= size;) {
		Elf64_Nhdr head;
		size_t extent;

		memcpy(&head, from + at, sizeof(head));
		extent = note_extent(&head);
		if (head.n_namesz != sizeof("pyinspect")) {
			memcpy(to, from + at, extent);
			if (head.n_type == NT_PRSTATUS && first) {
				struct elf_prstatus *status = (void *)(to + sizeof(head) + 8);

				status->pr_cursig = SIGSEGV;
				first = false;
			}
			to += extent;
		}
		at += extent;
	}
	return (size_t)(put_note(to, NT_SIGINFO, &info, sizeof(info)) - start);
}

/* The notes become shorter, and what is behind them moves down. */
static void snapshot_to_core(struct base_core *base)
{
	Elf64_Ehdr *ehdr = (void *)base->bytes;
	Elf64_Phdr *phdrs = (void *)(base->bytes + ehdr->e_phoff);
	const size_t old = phdrs[0].p_offset + phdrs[0].p_filesz;
	uint8_t *notes = base_need(malloc(phdrs[0].p_filesz + 512));
	const size_t size = filter_notes(base->bytes + phdrs[0].p_offset, phdrs[0].p_filesz, notes);
	const size_t pages = (old + 4095) & ~(size_t)4095;
	const size_t moved = (phdrs[0].p_offset + size + 4095) & ~(size_t)4095;

	if (moved > pages)
		abort();
	memcpy(base->bytes + phdrs[0].p_offset, notes, size);
	memset(base->bytes + phdrs[0].p_offset + size, 0, moved - phdrs[0].p_offset - size);
	memmove(base->bytes + moved, base->bytes + pages, base->size - pages);
	phdrs[0].p_filesz = size;
	for (size_t i = 1; i < ehdr->e_phnum; i++)
		phdrs[i].p_offset -= pages - moved;
	base->size -= pages - moved;
	free(notes);
}

/* --- what can be changed --- */

static void index_words(struct base_core *base)
{
	base->words = base_need(malloc(base->size / 2 + 4));
	for (size_t i = 0; i < base->n_phdrs; i++) {
		Elf64_Phdr p;

		memcpy(&p, base->bytes + base->phdrs_at + i * sizeof(p), sizeof(p));
		for (size_t at = p.p_offset;
		     p.p_type == PT_LOAD && at + 8 <= p.p_offset + p.p_filesz &&
		     at + 8 <= base->size;
		     at += 8)
			if (memcmp(base->bytes + at, "\0\0\0\0\0\0\0", 8) != 0)
				base->words[base->n_words++] = (uint32_t)at;
	}
}

static void index_notes(struct base_core *base)
{
	const size_t end = base->notes_at + base->notes_size;

	base->notes = base_need(malloc(base->notes_size / 3 + 4));
	for (size_t at = base->notes_at; at + sizeof(Elf64_Nhdr) <= end;) {
		Elf64_Nhdr head;

		memcpy(&head, base->bytes + at, sizeof(head));
		base->notes[base->n_notes++] = (uint32_t)at;
		at += note_extent(&head);
	}
}

static void index_base(struct base_core *base)
{
	const Elf64_Ehdr *ehdr = (void *)base->bytes;
	const Elf64_Phdr *phdrs = (void *)(base->bytes + ehdr->e_phoff);

	base->phdrs_at = ehdr->e_phoff;
	base->n_phdrs = ehdr->e_phnum;
	base->notes_at = phdrs[0].p_offset;
	base->notes_size = phdrs[0].p_filesz;
	index_words(base);
	index_notes(base);
}

static void load_base(const char *path, bool snapshot)
{
	struct base_core *base = &base_cores[n_base_cores];
	gzFile file = gzopen(path, "rb");
	int n;

	base->name = strdup(path);
	base->bytes = base_need(malloc(MAX_BASE));
	n = file ? gzread(file, base->bytes, MAX_BASE) : -1;
	if (n < (int)sizeof(Elf64_Ehdr) || n == MAX_BASE)
		abort();
	gzclose(file);
	base->size = (size_t)n;
	if (snapshot)
		snapshot_to_core(base);
	index_base(base);
	n_base_cores++;
}

/* Below the root of the tree: of every file that the pattern names, in order. */
static void load_bases(const char *pattern, bool snapshots)
{
	glob_t found;

	if (glob(pattern, 0, NULL, &found) != 0) {
		fprintf(stderr, "%s: no such files\n", pattern);
		exit(2);
	}
	for (size_t i = 0; i < found.gl_pathc && n_base_cores < MAX_BASES; i++)
		load_base(found.gl_pathv[i], snapshots);
	globfree(&found);
}

#endif
