/* SPDX-License-Identifier: BSD-2-Clause */
#include "target/elf_head.h"

#include "base/cleanup.h"

#include <stdio.h>
#include <string.h>

#define MAX_NOTE_BYTES 65536u

static uint64_t align_up(uint64_t value, uint64_t align)
{
	return (value + align - 1) & ~(align - 1);
}

/* Looks through the notes of one PT_NOTE. */
static bool find_build_id(const uint8_t *notes, size_t size, uint64_t align, char *ret)
{
	for (uint64_t at = 0; at <= size && size - at >= sizeof(Elf64_Nhdr);) {
		Elf64_Nhdr head;
		uint64_t desc;

		memcpy(&head, notes + at, sizeof(head));
		desc = align_up(at + sizeof(head) + head.n_namesz, align);
		if (desc > size || head.n_descsz > size - desc)
			return false;
		if (head.n_type == NT_GNU_BUILD_ID && head.n_namesz == sizeof(ELF_NOTE_GNU) &&
		    head.n_descsz <= 20 &&
		    !memcmp(notes + at + sizeof(head), ELF_NOTE_GNU, sizeof(ELF_NOTE_GNU))) {
			for (size_t i = 0; i < head.n_descsz; i++)
				snprintf(ret + 2 * i, 3, "%02x", notes[desc + i]);
			return true;
		}
		at = align_up(desc + head.n_descsz, align);
	}
	return false;
}

static void read_build_id(pyi_elf_head_read_fn *read, void *arg, struct pyi_elf_head *head)
{
	for (size_t i = 0; i < head->n_phdrs; i++) {
		const Elf64_Phdr *p = &head->phdrs[i];
		pyi_autofree uint8_t *notes = NULL;

		if (p->p_type != PT_NOTE || !p->p_filesz || p->p_filesz > MAX_NOTE_BYTES)
			continue;
		notes = malloc(p->p_filesz);
		if (notes && read(arg, p->p_offset, notes, p->p_filesz) &&
		    find_build_id(notes, p->p_filesz, p->p_align == 8 ? 8 : 4, head->build_id))
			return;
	}
}

bool pyi_elf_head_parse(pyi_elf_head_read_fn *read, void *arg, struct pyi_elf_head *ret)
{
	Elf64_Ehdr ehdr;

	*ret = (struct pyi_elf_head){.n_phdrs = 0};
	if (!read(arg, 0, &ehdr, sizeof(ehdr)) || memcmp(ehdr.e_ident, ELFMAG, SELFMAG) != 0 ||
	    ehdr.e_ident[EI_CLASS] != ELFCLASS64 || ehdr.e_ident[EI_DATA] != ELFDATA2LSB ||
	    ehdr.e_machine != EM_X86_64 || ehdr.e_phentsize != sizeof(Elf64_Phdr))
		return false;
	ret->n_phdrs = ehdr.e_phnum < PYI_ELF_HEAD_PHDRS ? ehdr.e_phnum : PYI_ELF_HEAD_PHDRS;
	if (!read(arg, ehdr.e_phoff, ret->phdrs, ret->n_phdrs * sizeof(Elf64_Phdr)))
		ret->n_phdrs = 0;
	read_build_id(read, arg, ret);
	return true;
}

static bool read_fd(void *arg, uint64_t offset, void *buf, size_t len)
{
	int fd = *(int *)arg;

	while (len) {
		ssize_t n = offset <= INT64_MAX ? pread(fd, buf, len, (off_t)offset) : -1;

		if (n <= 0)
			return false;
		buf = (char *)buf + n;
		offset += (uint64_t)n;
		len -= (size_t)n;
	}
	return true;
}

bool pyi_elf_head_parse_fd(int fd, struct pyi_elf_head *ret)
{
	return pyi_elf_head_parse(read_fd, &fd, ret);
}
