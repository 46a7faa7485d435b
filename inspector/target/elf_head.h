/* SPDX-License-Identifier: BSD-2-Clause */
/* The beginning of an ELF file: program headers and build id, from wherever its bytes are. */
#ifndef PYI_TARGET_ELF_HEAD_H
#define PYI_TARGET_ELF_HEAD_H

#include <elf.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#define PYI_ELF_HEAD_PHDRS 64u

struct pyi_elf_head {
	Elf64_Phdr phdrs[PYI_ELF_HEAD_PHDRS]; /* the first ones */
	size_t n_phdrs;
	char build_id[41]; /* hex, "" when there is none, or it cannot be read */
};

/* All of len bytes at that offset of the file, or false. */
typedef bool pyi_elf_head_read_fn(void *arg, uint64_t offset, void *buf, size_t len);

/* False when there is no x86-64 ELF header. */
bool pyi_elf_head_parse(pyi_elf_head_read_fn *read, void *arg, struct pyi_elf_head *ret);
/* The same of a file. */
bool pyi_elf_head_parse_fd(int fd, struct pyi_elf_head *ret);

#endif
