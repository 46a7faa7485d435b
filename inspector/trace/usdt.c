/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * USDT probes: notes of section .note.stapsdt, type 3 (systemtap's "User Space Probe
 * Implementation"): address of the site, of the section .stapsdt.base as it was linked, of the
 * semaphore; then the strings provider, name and arguments, such as "8@%rbx 8@%rax".
 */
#include "trace/sites.h"

#include <gelf.h>
#include <libelf.h>
#include <string.h>
#include <unistd.h>

enum { NOTE_STAPSDT = 3, MAX_ARGS = 4 };

struct wanted {
	const char *name;
	uint8_t kind;
	int8_t order[MAX_ARGS]; /* where an argument's register goes in the cookie; -1: nowhere */
	size_t n_args;
	bool found;
};

struct reader {
	Elf *elf;
	uint64_t base; /* address of .stapsdt.base; 0 when there is none */
	struct wanted *wanted;
	size_t n_wanted;
	struct pyi_sites *out;
};

static Elf_Scn *find_section(Elf *elf, const char *name, GElf_Shdr *header)
{
	size_t names;
	Elf_Scn *section = NULL;

	if (elf_getshdrstrndx(elf, &names) != 0)
		return NULL;
	while ((section = elf_nextscn(elf, section))) {
		const char *its = gelf_getshdr(section, header)
					  ? elf_strptr(elf, names, header->sh_name)
					  : NULL;

		if (its && strcmp(its, name) == 0)
			return section;
	}
	return NULL;
}

/* False when no part of the file is loaded there. */
static bool file_offset(Elf *elf, uint64_t addr, uint64_t *ret)
{
	size_t n = 0;
	GElf_Phdr phdr;

	elf_getphdrnum(elf, &n);
	for (size_t i = 0; i < n; i++) {
		if (!gelf_getphdr(elf, (int)i, &phdr) || phdr.p_type != PT_LOAD ||
		    !(phdr.p_flags & PF_X) || addr < phdr.p_vaddr ||
		    addr - phdr.p_vaddr >= phdr.p_filesz)
			continue;
		*ret = addr - phdr.p_vaddr + phdr.p_offset;
		return true;
	}
	return false;
}

static bool parse_registers(const char *text, const struct wanted *wanted,
			    struct pyi_site_code *code)
{
	for (size_t i = 0; i < wanted->n_args; i++) {
		size_t len;
		int number;

		if (strncmp(text, "8@%", 3) != 0)
			return false;
		text += 3;
		len = strcspn(text, " ");
		number = pyi_site_register(text, len);
		if (number < 0)
			return false;
		if (wanted->order[i] >= 0)
			code->reg[wanted->order[i]] = (uint8_t)number;
		text += len;
		text += strspn(text, " ");
	}
	return true;
}

/* The strings of a note, each ended inside it; NULL when it is none. */
static const char *next_string(const char **at, const char *end)
{
	const char *ret = *at;
	const char *nul = ret < end ? memchr(ret, '\0', (size_t)(end - ret)) : NULL;

	*at = nul ? nul + 1 : end;
	return nul ? ret : NULL;
}

static struct pyi_error *add_site(struct reader *r, struct wanted *wanted, uint64_t addr,
				  const char *args)
{
	struct pyi_session_site site = {.code = {.kind = wanted->kind}}, *kept;

	if (!parse_registers(args, wanted, &site.code))
		return pyi_error_create(PYI_ERR_BAD_DATA,
					"the arguments of probe %s are not in registers: %s",
					wanted->name, args);
	if (!file_offset(r->elf, addr, &site.offset))
		return pyi_error_create(PYI_ERR_BAD_DATA, "probe %s lies in no code", wanted->name);
	kept = pyi_vec_push(&r->out->list);
	if (!kept)
		return &pyi_enomem;
	*kept = site;
	wanted->found = true;
	return NULL;
}

static struct pyi_error *read_note(struct reader *r, const char *desc, size_t size)
{
	const char *at = desc + 24, *end = desc + size, *provider, *name, *args;
	uint64_t addr, base;

	if (size < 24)
		return NULL;
	memcpy(&addr, desc, 8);
	memcpy(&base, desc + 8, 8);
	provider = next_string(&at, end);
	name = next_string(&at, end);
	args = next_string(&at, end);
	if (!args || strcmp(provider, "minipy") != 0)
		return NULL;
	if (r->base && base)
		addr += r->base - base; /* the file was prelinked since */
	for (size_t i = 0; i < r->n_wanted; i++)
		if (strcmp(name, r->wanted[i].name) == 0)
			return add_site(r, &r->wanted[i], addr, args);
	return NULL;
}

static struct pyi_error *read_notes(struct reader *r)
{
	GElf_Shdr header;
	Elf_Scn *section = find_section(r->elf, ".stapsdt.base", &header);
	struct pyi_error *err = NULL;
	size_t at = 0, name, desc;
	Elf_Data *data;
	GElf_Nhdr note;

	if (section)
		r->base = header.sh_addr;
	section = find_section(r->elf, ".note.stapsdt", &header);
	data = section ? elf_getdata(section, NULL) : NULL;
	while (data && !err && (at = gelf_getnote(data, at, &note, &name, &desc)))
		if (note.n_type == NOTE_STAPSDT)
			err = read_note(r, (const char *)data->d_buf + desc, note.n_descsz);
	return err;
}

static struct pyi_error *check_bytes(const struct pyi_image *image, const struct pyi_sites *sites)
{
	struct pyi_image_info info;
	uint8_t byte;

	pyi_image_info(image, &info);
	pyi_vec_for_each (site, &sites->list)
		if (pread(info.fd, &byte, 1, (off_t)site->offset) != 1 || byte != 0x90)
			return pyi_error_create(PYI_ERR_BAD_DATA,
						"%s: a probe site is no one-byte nop", info.path);
	return NULL;
}

struct pyi_error *pyi_sites_usdt(const struct pyi_image *image, struct pyi_sites *ret)
{
	struct wanted wanted[] = {
		/* frame, code, depth; frame, code, depth, kind */
		{"frame__push", PYI_SITE_PUSH, {0, 1, -1}, 3, false},
		{"frame__pop", PYI_SITE_POP, {0, 1, -1, 2}, 4, false},
	};
	struct reader r = {
		.elf = pyi_image_open_elf(image), .wanted = wanted, .n_wanted = 2, .out = ret};
	struct pyi_error *err = NULL;

	if (r.elf)
		err = read_notes(&r);
	elf_end(r.elf);
	for (size_t i = 0; !err && i < r.n_wanted; i++)
		if (!wanted[i].found)
			err = pyi_error_create(PYI_ERR_NOT_PYTHON, "this minipy has no probe %s",
					       wanted[i].name);
	return err ? err : check_bytes(image, ret);
}
