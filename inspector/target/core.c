/* SPDX-License-Identifier: BSD-2-Clause */
/* Reads ELF cores: System V ABI, "Program Header"; Linux fs/binfmt_elf.c, elf_core_dump. */
#include "target/core.h"

#include "base/cleanup.h"
#include "base/vec.h"

#include <elf.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

#define MAX_PHDRS      (1u << 20)
#define MAX_AUXV       65536u
#define MAX_NOTE_BYTES (UINT64_C(256) << 20)

struct segment {
	uint64_t lo, last; /* [lo, last], as the headers say */
	uint64_t offset;
	uint64_t size; /* bytes from lo on that the file really has */
	bool dumped;   /* the headers say that it has some */
	unsigned perm;
};

struct pyi_core {
	int fd;
	uint64_t file_size, wanted_size;
	int64_t time_s;                   /* modification time of the file */
	PYI_VEC(struct segment) segments; /* by address, not overlapping */
	uint8_t *notes;
	size_t notes_size;
	const struct pyi_maps *maps;
	bool files_apart; /* what files hold was left out: pages without bytes are no fault */
};

void pyi_core_close(struct pyi_core *core)
{
	if (!core)
		return;
	close(core->fd);
	pyi_vec_deinit(&core->segments);
	free(core->notes);
	free(core);
}

/* How many of the bytes are there. */
static size_t file_read(const struct pyi_core *core, uint64_t offset, void *buf, size_t len)
{
	size_t done = 0;
	while (done < len && offset <= INT64_MAX - len) {
		ssize_t n = pread(core->fd, (char *)buf + done, len - done, (off_t)(offset + done));
		if (n <= 0)
			break;
		done += (size_t)n;
	}
	return done;
}

/* --- headers --- */

static bool is_core(const Elf64_Ehdr *ehdr)
{
	return !memcmp(ehdr->e_ident, ELFMAG, SELFMAG) && ehdr->e_ident[EI_CLASS] == ELFCLASS64 &&
	       ehdr->e_ident[EI_DATA] == ELFDATA2LSB && ehdr->e_type == ET_CORE &&
	       ehdr->e_machine == EM_X86_64 && ehdr->e_phentsize == sizeof(Elf64_Phdr);
}

/* With a hint where it is one that was packed. */
static struct pyi_error *no_core(const Elf64_Ehdr *head)
{
	static const struct {
		const char *magic, *program;
	} packed[] = {{"\x1f\x8b", "gunzip"},
		      {"\x28\xb5\x2f\xfd", "unzstd"},
		      {"\x04\x22\x4d\x18", "unlz4"},
		      {"\xfd\x37\x7a\x58", "unxz"}};
	struct pyi_error *err =
		pyi_error_create(PYI_ERR_NOT_FOUND, "not a core file of an x86-64 process");
	for (size_t i = 0; i < sizeof(packed) / sizeof(*packed); i++) {
		if (!memcmp(head, packed[i].magic, strlen(packed[i].magic)))
			return pyi_error_hint(err, "it is compressed: %s comes first",
					      packed[i].program);
	}
	return err;
}

/* More program headers than a 16-bit number can count: the first section header has it. */
static uint64_t count_phdrs(const struct pyi_core *core, const Elf64_Ehdr *ehdr)
{
	Elf64_Shdr shdr;
	if (ehdr->e_phnum != PN_XNUM)
		return ehdr->e_phnum;
	return file_read(core, ehdr->e_shoff, &shdr, sizeof(shdr)) == sizeof(shdr) ? shdr.sh_info
										   : 0;
}

static void note_extent(struct pyi_core *core, uint64_t offset, uint64_t size)
{
	uint64_t end = size <= UINT64_MAX - offset ? offset + size : UINT64_MAX;
	if (end > core->wanted_size)
		core->wanted_size = end;
}

/* Bytes of [offset, offset + size) that the file has. */
static uint64_t clip(const struct pyi_core *core, uint64_t offset, uint64_t size)
{
	if (offset >= core->file_size)
		return 0;
	return size < core->file_size - offset ? size : core->file_size - offset;
}

static struct pyi_error *add_segment(struct pyi_core *core, const Elf64_Phdr *p)
{
	uint64_t memsz = p->p_memsz > p->p_filesz ? p->p_memsz : p->p_filesz;
	if (!memsz || memsz - 1 > UINT64_MAX - p->p_vaddr)
		return NULL;
	struct segment *segment = pyi_vec_push(&core->segments);
	if (!segment)
		return &pyi_enomem;
	*segment = (struct segment){.lo = p->p_vaddr,
				    .last = p->p_vaddr + (memsz - 1),
				    .offset = p->p_offset,
				    .size = clip(core, p->p_offset, p->p_filesz),
				    .dumped = p->p_filesz != 0,
				    .perm = (p->p_flags & PF_R ? PYI_PERM_R : 0) |
					    (p->p_flags & PF_W ? PYI_PERM_W : 0) |
					    (p->p_flags & PF_X ? PYI_PERM_X : 0)};
	return NULL;
}

/* The first PT_NOTE; others are not made by anybody. */
static struct pyi_error *read_notes(struct pyi_core *core, const Elf64_Phdr *p)
{
	uint64_t size = clip(core, p->p_offset, p->p_filesz);
	if (core->notes || !size)
		return NULL;
	if (size > MAX_NOTE_BYTES)
		return pyi_error_create(PYI_ERR_BAD_DATA, "its notes are too long");
	core->notes = malloc(size);
	if (!core->notes)
		return &pyi_enomem;
	core->notes_size = file_read(core, p->p_offset, core->notes, size);
	return NULL;
}

static int segment_compare(const void *a, const void *b)
{
	const struct segment *x = a, *y = b;
	return x->lo < y->lo ? -1 : x->lo > y->lo;
}

/* Where segments overlap the one that begins first has the bytes; the other's are not there. */
static void part_segments(struct pyi_core *core)
{
	size_t n = 0;
	if (core->segments.len > 1)
		qsort(core->segments.data, core->segments.len, sizeof(struct segment),
		      segment_compare);
	pyi_vec_for_each (segment, &core->segments) {
		const struct segment *before = n ? &core->segments.data[n - 1] : NULL;
		if (!before || before->last < segment->lo)
			core->segments.data[n++] = *segment;
	}
	core->segments.len = n;
}

static struct pyi_error *read_headers(struct pyi_core *core)
{
	Elf64_Ehdr ehdr = {0};
	if (file_read(core, 0, &ehdr, sizeof(ehdr)) != sizeof(ehdr) || !is_core(&ehdr))
		return no_core(&ehdr);
	uint64_t n = count_phdrs(core, &ehdr);
	if (n > MAX_PHDRS)
		return pyi_error_create(PYI_ERR_BAD_DATA, "its program headers are too many");
	note_extent(core, ehdr.e_phoff, n * sizeof(Elf64_Phdr));
	struct pyi_error *err = NULL;
	for (uint64_t i = 0; i < n && !err; i++) {
		Elf64_Phdr phdr;
		uint64_t at = ehdr.e_phoff + i * sizeof(phdr);
		if (at < ehdr.e_phoff || file_read(core, at, &phdr, sizeof(phdr)) != sizeof(phdr))
			break;
		if (phdr.p_type != PT_LOAD && phdr.p_type != PT_NOTE)
			continue;
		if (phdr.p_filesz)
			note_extent(core, phdr.p_offset, phdr.p_filesz);
		err = phdr.p_type == PT_LOAD ? add_segment(core, &phdr) : read_notes(core, &phdr);
	}
	part_segments(core);
	return err;
}

struct pyi_error *pyi_core_open(int fd, struct pyi_core **ret)
{
	struct stat st;
	struct pyi_core *core = calloc(1, sizeof(*core));
	if (!core) {
		close(fd);
		return &pyi_enomem;
	}
	core->fd = fd;
	if (!fstat(fd, &st) && st.st_size > 0) {
		core->file_size = (uint64_t)st.st_size;
		core->time_s = st.st_mtime;
	}
	struct pyi_error *err = read_headers(core);
	if (err)
		pyi_core_close(core);
	else
		*ret = core;
	return err;
}

void pyi_core_extent(const struct pyi_core *core, uint64_t *have, uint64_t *want)
{
	*have = core->file_size;
	*want = core->wanted_size;
}

void pyi_core_for_each_run(const struct pyi_core *core,
			   void (*fn)(void *arg, uint64_t lo, uint64_t hi), void *arg)
{
	pyi_vec_for_each (segment, &core->segments)
		if (segment->size && segment->size <= UINT64_MAX - segment->lo)
			fn(arg, segment->lo, segment->lo + segment->size);
}

bool pyi_core_segment(const struct pyi_core *core, size_t i, struct pyi_core_segment *ret)
{
	if (i >= core->segments.len)
		return false;
	const struct segment *s = &core->segments.data[i];
	*ret = (struct pyi_core_segment){.lo = s->lo, .last = s->last, .perm = s->perm};
	return true;
}

int64_t pyi_core_time(const struct pyi_core *core)
{
	return core->time_s;
}

/* Past the end for what makes no sense. */
static uint64_t padded(uint64_t at, uint32_t size)
{
	return at + (((uint64_t)size + 3) & ~UINT64_C(3));
}

bool pyi_core_note(const struct pyi_core *core, const char *name, uint32_t type, uint64_t *at,
		   const void **desc, size_t *size)
{
	size_t name_size = strlen(name) + 1;
	uint64_t pos = at ? *at : 0;
	while (pos <= core->notes_size && core->notes_size - pos >= sizeof(Elf64_Nhdr)) {
		Elf64_Nhdr head;
		memcpy(&head, core->notes + pos, sizeof(head));
		const uint8_t *its_name = core->notes + pos + sizeof(head);
		uint64_t desc_at = padded(pos + sizeof(head), head.n_namesz);
		if (desc_at > core->notes_size || head.n_descsz > core->notes_size - desc_at)
			break;
		pos = padded(desc_at, head.n_descsz);
		if (head.n_type != type || head.n_namesz != name_size ||
		    memcmp(its_name, name, name_size) != 0)
			continue;
		if (at)
			*at = pos;
		*desc = core->notes + desc_at;
		*size = head.n_descsz;
		return true;
	}
	return false;
}

struct pyi_error *pyi_core_auxv(const struct pyi_core *core, uint8_t **ret, size_t *size)
{
	const void *desc;
	size_t n;
	if (!pyi_core_note(core, "CORE", NT_AUXV, NULL, &desc, &n) || !n || n > MAX_AUXV)
		return NULL;
	*ret = malloc(n);
	if (!*ret)
		return &pyi_enomem;
	memcpy(*ret, desc, n);
	*size = n;
	return NULL;
}

bool pyi_core_siginfo(const struct pyi_core *core, siginfo_t *ret)
{
	const void *desc;
	size_t size;
	if (!pyi_core_note(core, "CORE", NT_SIGINFO, NULL, &desc, &size) || size < sizeof(*ret))
		return false;
	memcpy(ret, desc, sizeof(*ret));
	return true;
}

/* --- memory --- */

/* The first one that ends at addr or behind it. */
static size_t segment_index(const struct pyi_core *core, uint64_t addr)
{
	size_t lo = 0, hi = core->segments.len;
	while (lo < hi) {
		size_t mid = lo + (hi - lo) / 2;
		if (core->segments.data[mid].last < addr)
			lo = mid + 1;
		else
			hi = mid;
	}
	return lo;
}

static const struct segment *find_segment(const struct pyi_core *core, uint64_t addr)
{
	size_t i = segment_index(core, addr);
	return i < core->segments.len && core->segments.data[i].lo <= addr ? &core->segments.data[i]
									   : NULL;
}

static void core_readv(void *arg, struct pyi_mem_iov *iov, size_t n)
{
	const struct pyi_core *core = arg;
	for (size_t i = 0; i < n; i++) {
		iov[i].got = 0;
		while (iov[i].got < iov[i].len) {
			uint64_t addr = iov[i].addr + iov[i].got;
			size_t want = iov[i].len - iov[i].got;
			const struct segment *segment = find_segment(core, addr);
			if (!segment || addr - segment->lo >= segment->size)
				break;
			uint64_t left = segment->size - (addr - segment->lo);
			if (want > left)
				want = (size_t)left;
			size_t got = file_read(core, segment->offset + (addr - segment->lo),
					       (char *)iov[i].buf + iov[i].got, want);
			iov[i].got += got;
			if (got < want)
				break;
		}
	}
}

/* A snapshot has a PT_LOAD without bytes where a page could not be read when it was made. */
static const char *core_why(void *arg, uint64_t addr)
{
	const struct pyi_core *core = arg;
	const struct segment *segment = find_segment(core, addr);
	const struct pyi_map *map = core->maps ? pyi_maps_find(core->maps, addr) : NULL;
	if (segment && segment->dumped)
		return "behind the end of the file, which is cut off";
	if (!map && (core->maps || !segment))
		return "not mapped";
	if (map && !(map->perm & PYI_PERM_R))
		return "mapped without read permission";
	if (core->files_apart && map)
		return *map->path == '/' && !(map->perm & PYI_PERM_W)
			       ? "not in the core, and its file is not at hand"
			       : "not in the core";
	return segment ? "not readable" : "not in the file";
}

struct pyi_error *pyi_core_add_memory(struct pyi_core *core, const struct pyi_maps *maps,
				      struct pyi_mem *mem)
{
	struct pyi_mem_source src = {
		.readv = core_readv, .why = core_why, .arg = core, .cached = true};
	core->maps = maps;
	return pyi_mem_add(mem, 0, 0, &src);
}

struct pyi_error *pyi_core_add_over(struct pyi_core *core, uint64_t lo, uint64_t hi,
				    struct pyi_mem *mem)
{
	struct pyi_mem_source src = {
		.readv = core_readv, .why = core_why, .arg = core, .cached = true};
	struct pyi_error *err = NULL;
	core->files_apart = true;
	for (size_t i = segment_index(core, lo); i < core->segments.len && !err; i++) {
		const struct segment *segment = &core->segments.data[i];
		uint64_t from = segment->lo > lo ? segment->lo : lo;
		uint64_t to = segment->lo + (segment->size & ~(uint64_t)(PYI_PAGE_SIZE - 1));
		if (segment->lo >= hi)
			break;
		to = to < hi ? to : hi;
		if (from < to)
			err = pyi_mem_add(mem, from, to, &src);
	}
	return err;
}
