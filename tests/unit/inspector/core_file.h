/* SPDX-License-Identifier: BSD-2-Clause */
/* An ELF core made by hand, in a file without a name. */
#ifndef TESTS_CORE_FILE_H
#define TESTS_CORE_FILE_H

#include <assert.h>
#include <elf.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>
#include <sys/mman.h>
#include <unistd.h>

struct core_file {
	Elf64_Ehdr ehdr;
	Elf64_Shdr shdr;
	Elf64_Phdr phdrs[8];
	uint8_t notes[1024];
	uint8_t pages[4][4096];
};

static inline void core_file_init(struct core_file *file)
{
	memset(file, 0, sizeof(*file));
	file->ehdr = (Elf64_Ehdr){.e_ident = {ELFMAG0, ELFMAG1, ELFMAG2, ELFMAG3, ELFCLASS64,
					      ELFDATA2LSB, EV_CURRENT},
				  .e_type = ET_CORE,
				  .e_machine = EM_X86_64,
				  .e_phoff = offsetof(struct core_file, phdrs),
				  .e_shoff = offsetof(struct core_file, shdr),
				  .e_phentsize = sizeof(Elf64_Phdr),
				  .e_phnum = 1,
				  .e_shnum = 1};
	file->phdrs[0] =
		(Elf64_Phdr){.p_type = PT_NOTE, .p_offset = offsetof(struct core_file, notes)};
	for (int i = 0; i < 4; i++)
		memset(file->pages[i], 'a' + i, sizeof(file->pages[i]));
}

/* A segment whose bytes are the pages from `page` on. */
static inline Elf64_Phdr *core_file_load(struct core_file *file, uint64_t addr, int page,
					 uint64_t filesz, uint64_t memsz)
{
	Elf64_Phdr *phdr = &file->phdrs[file->ehdr.e_phnum++];

	*phdr = (Elf64_Phdr){.p_type = PT_LOAD,
			     .p_offset = offsetof(struct core_file, pages) + (uint64_t)page * 4096,
			     .p_vaddr = addr,
			     .p_filesz = filesz,
			     .p_memsz = memsz};
	return phdr;
}

static inline void core_file_note(struct core_file *file, const char *name, uint32_t type,
				  const void *desc, size_t size)
{
	Elf64_Nhdr head = {
		.n_namesz = (uint32_t)strlen(name) + 1, .n_descsz = (uint32_t)size, .n_type = type};
	uint8_t *at = file->notes + file->phdrs[0].p_filesz;

	memcpy(at, &head, sizeof(head));
	memcpy(at + sizeof(head), name, head.n_namesz);
	at += sizeof(head) + ((head.n_namesz + 3) & ~3u);
	memcpy(at, desc, size);
	file->phdrs[0].p_filesz = (uint64_t)(at - file->notes) + ((size + 3) & ~(size_t)3);
}

/* The first size bytes as an open file. */
static inline int core_file_open(const struct core_file *file, size_t size)
{
	int fd = memfd_create("core", MFD_CLOEXEC);
	ssize_t n = write(fd, file, size);

	assert(fd >= 0 && n == (ssize_t)size);
	return fd;
}

#endif
