/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * What can be asked of an image: symbols, sections, notes, ranges, unwind entries.
 *
 * Sections and symbols go through libelf, opened when first asked for, with ELF_C_READ: it then
 * reads by pread and never maps. An image is logically constant: only that handle appears later.
 */
#include "base/cleanup.h"
#include "target/image_private.h"

#include <gelf.h>
#include <stdlib.h>
#include <string.h>

#define MAX_SYMBOLS (1u << 22)

void pyi_image_info(const struct pyi_image *image, struct pyi_image_info *ret)
{
	const char *slash = strrchr(image->path, '/');
	*ret = (struct pyi_image_info){.path = image->path,
				       .name = slash ? slash + 1 : image->path,
				       .lo = image->lo,
				       .hi = image->hi,
				       .bias = image->bias,
				       .deleted = image->deleted,
				       .has_file = image->fd >= 0 || image->had_file,
				       .status = image->status,
				       .is_exe = image->is_exe,
				       .fd = image->fd,
				       .whole = image->whole};
	memcpy(ret->build_id, image->build_id, sizeof(ret->build_id));
}

struct Elf *pyi_image_open_elf(const struct pyi_image *image)
{
	elf_version(EV_CURRENT);
	Elf *elf = NULL;
	if (image->vdso)
		elf = elf_memory(image->vdso, image->file_size);
	else if (image->fd >= 0)
		elf = elf_begin(image->fd, ELF_C_READ, NULL);
	if (elf && elf_kind(elf) != ELF_K_ELF) {
		elf_end(elf);
		elf = NULL;
	}
	return elf;
}

static Elf *image_elf(const struct pyi_image *image)
{
	if (!image->elf)
		((struct pyi_image *)image)->elf = pyi_image_open_elf(image);
	return image->elf;
}

uint64_t pyi_image_load_addr(const struct pyi_image *image)
{
	for (size_t i = 0; i < image->phdrs.len; i++) {
		if (image->phdrs.data[i].p_type == PT_LOAD)
			return image->bias + PAGE_DOWN(image->phdrs.data[i].p_vaddr);
	}
	return image->lo;
}

static bool symbol_matches(const Elf64_Sym *sym, const char *strings, size_t strings_size,
			   const char *name, size_t name_size)
{
	return sym->st_shndx != SHN_UNDEF && ELF64_ST_TYPE(sym->st_info) != STT_TLS &&
	       sym->st_name < strings_size && name_size <= strings_size - sym->st_name &&
	       !memcmp(strings + sym->st_name, name, name_size);
}

static bool find_in_table(Elf *elf, Elf64_Word type, const char *name, Elf64_Sym *ret)
{
	size_t name_size = strlen(name) + 1;
	for (Elf_Scn *scn = NULL; (scn = elf_nextscn(elf, scn));) {
		GElf_Shdr shdr;
		if (!gelf_getshdr(scn, &shdr) || shdr.sh_type != type)
			continue;
		Elf_Scn *strings_scn = elf_getscn(elf, shdr.sh_link);
		Elf_Data *data = elf_getdata(scn, NULL);
		Elf_Data *strings = strings_scn ? elf_getdata(strings_scn, NULL) : NULL;
		if (!data || !data->d_buf || data->d_type != ELF_T_SYM || !strings ||
		    !strings->d_buf)
			continue;
		const Elf64_Sym *syms = data->d_buf;
		for (size_t i = 0; i < data->d_size / sizeof(*syms); i++) {
			if (!symbol_matches(&syms[i], strings->d_buf, strings->d_size, name,
					    name_size))
				continue;
			*ret = syms[i];
			return true;
		}
	}
	return false;
}

/* ld.so adds the bias to these entries in place, but not in a read-only .dynamic. */
static uint64_t dynamic_addr(const struct pyi_image *image, uint64_t value)
{
	return value >= image->lo && value < image->hi ? value : image->bias + value;
}

/* .dynsym by PT_DYNAMIC in the target's memory, for a file that cannot be opened. The count of
 * symbols is not recorded: linkers put .dynstr behind .dynsym, and names are compared in full. */
static bool find_in_memory(const struct pyi_image *image, const char *name, Elf64_Sym *ret)
{
	uint64_t symtab = 0, strtab = 0, strsz = 0;
	for (size_t i = 0; i < image->phdrs.len; i++) {
		const Elf64_Phdr *p = &image->phdrs.data[i];
		Elf64_Dyn dyn[128];
		if (p->p_type != PT_DYNAMIC)
			continue;
		size_t size = p->p_memsz < sizeof(dyn) ? p->p_memsz : sizeof(dyn);
		size_t got = pyi_mem_read_some(image->mem, image->bias + p->p_vaddr, dyn, size);
		for (size_t k = 0; k < got / sizeof(*dyn) && dyn[k].d_tag != DT_NULL; k++) {
			if (dyn[k].d_tag == DT_SYMTAB)
				symtab = dynamic_addr(image, dyn[k].d_un.d_ptr);
			else if (dyn[k].d_tag == DT_STRTAB)
				strtab = dynamic_addr(image, dyn[k].d_un.d_ptr);
			else if (dyn[k].d_tag == DT_STRSZ)
				strsz = dyn[k].d_un.d_val;
		}
	}
	if (!symtab || strtab <= symtab || strsz > MAX_SYMBOLS * 64ull ||
	    (strtab - symtab) / sizeof(Elf64_Sym) > MAX_SYMBOLS)
		return false;
	size_t n = (strtab - symtab) / sizeof(Elf64_Sym);
	pyi_autofree char *strings = malloc(strsz);
	pyi_autofree Elf64_Sym *syms = malloc(n * sizeof(*syms));
	if (!strings || !syms)
		return false;
	strsz = pyi_mem_read_some(image->mem, strtab, strings, strsz);
	n = pyi_mem_read_some(image->mem, symtab, syms, n * sizeof(*syms)) / sizeof(*syms);
	for (size_t i = 0; i < n; i++) {
		if (symbol_matches(&syms[i], strings, strsz, name, strlen(name) + 1)) {
			*ret = syms[i];
			return true;
		}
	}
	return false;
}

bool pyi_image_find_symbol(const struct pyi_image *image, const char *name,
			   struct pyi_image_symbol *ret)
{
	Elf64_Sym sym;
	bool found;
	if (!*name) /* section symbols have no names */
		return false;
	if (pyi_image_recall(image, "symbols", name, &found, &ret->addr, &ret->size))
		return found;
	Elf *elf = image_elf(image);
	found = elf ? find_in_table(elf, SHT_DYNSYM, name, &sym) ||
				find_in_table(elf, SHT_SYMTAB, name, &sym)
		    : find_in_memory(image, name, &sym);
	if (found)
		*ret = (struct pyi_image_symbol){image->bias + sym.st_value, sym.st_size};
	pyi_image_remember(image, "symbols", name, found ? ret->addr : 0, found ? ret->size : 0,
			   found);
	return found;
}

static bool find_section(const struct pyi_image *image, const char *name, uint64_t *lo,
			 uint64_t *size)
{
	Elf *elf = image_elf(image);
	size_t names;
	if (!elf || elf_getshdrstrndx(elf, &names))
		return false;
	for (Elf_Scn *scn = NULL; (scn = elf_nextscn(elf, scn));) {
		GElf_Shdr shdr;
		const char *its =
			gelf_getshdr(scn, &shdr) ? elf_strptr(elf, names, shdr.sh_name) : NULL;
		if (!its || strcmp(its, name) != 0 || !(shdr.sh_flags & SHF_ALLOC))
			continue;
		*lo = image->bias + shdr.sh_addr;
		*size = shdr.sh_size;
		return true;
	}
	return false;
}

bool pyi_image_find_section(const struct pyi_image *image, const char *name, uint64_t *lo,
			    uint64_t *size)
{
	bool found;
	if (pyi_image_recall(image, "sections", name, &found, lo, size))
		return found;
	found = find_section(image, name, lo, size);
	pyi_image_remember(image, "sections", name, found ? *lo : 0, found ? *size : 0, found);
	return found;
}

bool pyi_image_find_note(const struct pyi_image *image, const char *name, uint32_t type,
			 const void **desc, size_t *desc_size, uint64_t *desc_addr)
{
	size_t name_size = strlen(name) + 1;
	for (size_t i = 0; i < image->notes.len; i++) {
		const struct notes *notes = &image->notes.data[i];
		for (uint64_t at = 0; notes->size - at >= sizeof(Elf64_Nhdr);) {
			Elf64_Nhdr head;
			memcpy(&head, notes->data + at, sizeof(head));
			uint64_t name_at = at + sizeof(head);
			uint64_t mask = notes->align - 1;
			uint64_t desc_at = (name_at + head.n_namesz + mask) & ~mask;
			if (desc_at > notes->size || head.n_descsz > notes->size - desc_at)
				break;
			if (head.n_type == type && head.n_namesz == name_size &&
			    !memcmp(notes->data + name_at, name, name_size)) {
				*desc = notes->data + desc_at;
				*desc_size = head.n_descsz;
				*desc_addr = notes->addr + desc_at;
				return true;
			}
			at = (desc_at + head.n_descsz + mask) & ~mask;
			if (at > notes->size)
				break;
		}
	}
	return false;
}

size_t pyi_image_writable_ranges(const struct pyi_image *image, uint64_t (*ranges)[2], size_t max)
{
	size_t n = 0;
	/* Without headers: what is mapped so, and what follows the last one, which may be .bss. */
	for (size_t i = 0; !image->phdrs.len && i < image->pieces.len && n < max; i++) {
		const struct piece *p = &image->pieces.data[i];
		if (!(p->perm & PYI_PERM_W))
			continue;
		ranges[n][0] = p->lo;
		ranges[n++][1] = i + 1 == image->pieces.len ? image->hi : p->hi;
	}
	for (size_t i = 0; i < image->phdrs.len && n < max; i++) {
		const Elf64_Phdr *p = &image->phdrs.data[i];
		uint64_t lo = image->bias + p->p_vaddr, hi = lo + p->p_memsz;
		if (p->p_type != PT_LOAD || !(p->p_flags & PF_W) || hi <= lo)
			continue;
		ranges[n][0] = lo;
		ranges[n++][1] = hi;
	}
	return n;
}

bool pyi_image_eh_frame_hdr(const struct pyi_image *image, uint64_t *lo, uint64_t *size)
{
	for (size_t i = 0; i < image->phdrs.len; i++) {
		const Elf64_Phdr *p = &image->phdrs.data[i];
		uint64_t at = image->bias + p->p_vaddr;
		if (p->p_type != PT_GNU_EH_FRAME || at < image->lo || at >= image->hi ||
		    p->p_memsz > image->hi - at)
			continue;
		*lo = at;
		*size = p->p_memsz;
		return true;
	}
	return false;
}

/* Only where the program header itself is read-only: RELRO pages are mapped read-only too, but
 * hold relocated pointers that the file does not. */
size_t pyi_image_readonly_ranges(const struct pyi_image *image, uint64_t (*ranges)[3], size_t max)
{
	size_t n = 0;
	for (size_t k = 0; image->fd >= 0 && k < image->pieces.len; k++) {
		const struct piece *piece = &image->pieces.data[k];
		if (piece->perm & PYI_PERM_W)
			continue;
		for (size_t i = 0; i < image->phdrs.len && n < max; i++) {
			const Elf64_Phdr *p = &image->phdrs.data[i];
			uint64_t lo = PAGE_DOWN(image->bias + p->p_vaddr);
			uint64_t hi = PAGE_UP(image->bias + p->p_vaddr + p->p_filesz);
			if (p->p_type != PT_LOAD || (p->p_flags & PF_W) ||
			    image->bias + p->p_vaddr - p->p_offset != piece->lo - piece->offset)
				continue;
			lo = lo > piece->lo ? lo : piece->lo;
			hi = hi < piece->hi ? hi : piece->hi;
			if (lo >= hi)
				continue;
			ranges[n][0] = lo;
			ranges[n][1] = hi;
			ranges[n++][2] = piece->offset + (lo - piece->lo);
		}
	}
	return n;
}

/* The binary search table behind .eh_frame_hdr: pairs of int32 relative to the header (LSB 5.0,
 * "Exception Frames"; DW_EH_PE_datarel | DW_EH_PE_sdata4 is what linkers write). */
bool pyi_image_unwind_start(const struct pyi_image *image, uint64_t addr, uint64_t *start)
{
	struct {
		uint8_t version, ptr_enc, count_enc, table_enc;
		int32_t eh_frame;
		uint32_t count;
	} head;
	uint64_t hdr, size;
	if (!pyi_image_eh_frame_hdr(image, &hdr, &size) || size < sizeof(head) ||
	    pyi_mem_read_some(image->mem, hdr, &head, sizeof(head)) < sizeof(head) ||
	    head.version != 1 || head.table_enc != 0x3b || head.count_enc != 0x03)
		return false;
	size_t lo = 0, hi = head.count;
	if (hi > (size - sizeof(head)) / 8)
		hi = (size - sizeof(head)) / 8;
	int32_t loc = 0;
	while (lo < hi) { /* the first entry behind addr */
		size_t mid = lo + (hi - lo) / 2;
		if (pyi_mem_read_some(image->mem, hdr + sizeof(head) + mid * 8, &loc, 4) < 4)
			return false;
		if (hdr + (uint64_t)(int64_t)loc <= addr)
			lo = mid + 1;
		else
			hi = mid;
	}
	if (!lo || pyi_mem_read_some(image->mem, hdr + sizeof(head) + (lo - 1) * 8, &loc, 4) < 4)
		return false;
	*start = hdr + (uint64_t)(int64_t)loc;
	return true;
}
