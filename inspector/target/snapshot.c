/* SPDX-License-Identifier: BSD-2-Clause */
/* Writes snapshots. */
#include "target/snapshot.h"

#include "base/cleanup.h"
#include "base/strbuf.h"
#include "target/environ.h"
#include "target/link_map.h"
#include "target/proc.h"

#include <elf.h>
#include <inttypes.h>
#include <string.h>
#include <sys/procfs.h>
#include <sys/sysmacros.h>

struct pyi_snapshot {
	struct pyi_target *target;
	bool with_env;
	char *strings; /* of the environment, size bytes; NULL with_env */
	size_t size;
	uint64_t lo, hi; /* where the kernel put them */
};

struct run { /* pages that follow each other, of one kind */
	uint64_t lo;
	size_t first, n; /* of pages */
	uint32_t flags;
};

struct writer {
	struct pyi_target *target;
	struct pyi_pages pages;
	PYI_VEC(struct run) runs;
	struct pyi_strbuf notes;
	bool failed; /* memory is out */
};

static void writer_deinit(struct writer *w)
{
	pyi_pages_deinit(&w->pages);
	pyi_vec_deinit(&w->runs);
	pyi_strbuf_deinit(&w->notes);
}

void pyi_snapshot_destroy(struct pyi_snapshot *snapshot)
{
	if (!snapshot)
		return;
	free(snapshot->strings);
	free(snapshot);
}

/* Now, since a process that has ended cannot be asked any more. */
static struct pyi_error *read_environment(struct pyi_snapshot *snapshot)
{
	char path[64], stat[2048];
	snprintf(path, sizeof(path), "/proc/%d/stat", (int)snapshot->target->pid);
	if (pyi_proc_read_small(AT_FDCWD, path, stat, sizeof(stat)) > 0)
		pyi_proc_parse_environ(stat, &snapshot->lo, &snapshot->hi);
	snprintf(path, sizeof(path), "/proc/%d/environ", (int)snapshot->target->pid);
	return pyi_proc_read(AT_FDCWD, path, &snapshot->strings, &snapshot->size);
}

struct pyi_error *pyi_snapshot_create(struct pyi_target *target, bool with_env,
				      struct pyi_snapshot **ret)
{
	struct pyi_snapshot *snapshot = calloc(1, sizeof(*snapshot));
	if (!snapshot)
		return &pyi_enomem;
	*snapshot = (struct pyi_snapshot){.target = target, .with_env = with_env};
	struct pyi_error *err = with_env ? NULL : read_environment(snapshot);
	if (!err && !target->notes)
		err = pyi_notes_create(NULL, &target->notes);
	if (err) {
		pyi_snapshot_destroy(snapshot);
		return err;
	}
	pyi_images_set_notes(target->images, target->n_images, target->notes);
	*ret = snapshot;
	return NULL;
}

/* --- pages --- */

static void add_page(void *arg, uint64_t addr, const void *data)
{
	struct writer *w = arg;
	pyi_pages_add(&w->pages, addr, data);
}

/* The vdso is kept outside of the cache. */
static void add_vdso(struct writer *w)
{
	for (size_t i = 0; i < w->target->n_images; i++) {
		struct pyi_image_info info;
		pyi_image_info(w->target->images[i], &info);
		if (strcmp(info.path, "[vdso]") != 0)
			continue;
		for (uint64_t addr = info.lo; addr < info.hi; addr += PYI_PAGE_SIZE) {
			uint8_t data[PYI_PAGE_SIZE];
			if (pyi_mem_read_some(w->target->mem, addr, data, sizeof(data)) ==
			    sizeof(data))
				add_page(w, addr, data);
		}
	}
}

static uint32_t load_flags(const struct pyi_map *map)
{
	uint32_t flags = 0;
	if (map && map->perm & PYI_PERM_R)
		flags |= PF_R;
	if (map && map->perm & PYI_PERM_W)
		flags |= PF_W;
	if (map && map->perm & PYI_PERM_X)
		flags |= PF_X;
	return flags;
}

static void make_runs(struct writer *w)
{
	struct run *run = NULL;
	for (size_t i = 0; i < w->pages.list.len; i++) {
		const struct pyi_saved_page *page = &w->pages.list.data[i];
		uint32_t flags = load_flags(pyi_maps_find(&w->target->maps, page->addr));
		if (run && page->addr == run->lo + run->n * PYI_PAGE_SIZE && flags == run->flags &&
		    page->held == w->pages.list.data[run->first].held) {
			run->n++;
			continue;
		}
		run = pyi_vec_push(&w->runs);
		if (!run) {
			w->failed = true;
			return;
		}
		*run = (struct run){.lo = page->addr, .first = i, .n = 1, .flags = flags};
	}
}

static void collect_pages(struct writer *w, const struct pyi_snapshot *snapshot)
{
	struct pyi_target *target = w->target;
	for (size_t i = 0; i < target->n_images; i++)
		pyi_image_save(target->images[i]);
	pyi_link_map_touch(target);
	pyi_mem_for_each_page(target->mem, add_page, w);
	add_vdso(w);
	pyi_pages_sort(&w->pages);
	if (!snapshot->with_env)
		pyi_environ_blank(snapshot->strings, snapshot->size, snapshot->lo, snapshot->hi,
				  &w->pages);
	w->failed |= w->pages.failed;
	make_runs(w);
}

/* --- notes --- */

static void add_note(struct writer *w, const char *name, uint32_t type, const void *desc,
		     size_t size)
{
	static const char zeros[4] = "";
	Elf64_Nhdr head = {
		.n_namesz = (uint32_t)strlen(name) + 1, .n_descsz = (uint32_t)size, .n_type = type};
	if (size > UINT32_MAX - 4) {
		w->failed = true;
		return;
	}
	pyi_strbuf_append(&w->notes, &head, sizeof(head));
	pyi_strbuf_append(&w->notes, name, head.n_namesz);
	pyi_strbuf_append(&w->notes, zeros, -head.n_namesz & 3u);
	pyi_strbuf_append(&w->notes, desc, size);
	pyi_strbuf_append(&w->notes, zeros, -(size_t)size & 3u);
}

static void add_threads(struct writer *w)
{
	for (size_t i = 0; i < w->target->n_threads; i++) {
		const struct pyi_thread *thread = &w->target->threads[i];
		struct elf_prstatus status = {.pr_pid = thread->tid};
		_Static_assert(sizeof(status.pr_reg) == sizeof(thread->regs), "same registers");
		memcpy(&status.pr_reg, &thread->regs, sizeof(thread->regs));
		if (thread->crashed)
			status.pr_cursig = (short)w->target->death.signal;
		add_note(w, "CORE", NT_PRSTATUS, &status, sizeof(status));
		if (i == 0 && w->target->death.have_info)
			add_note(w, "CORE", NT_SIGINFO, &w->target->death.info,
				 sizeof(w->target->death.info));
	}
}

static void add_psinfo(struct writer *w)
{
	const struct pyi_target *target = w->target;
	struct elf_prpsinfo info = {.pr_pid = target->pid, .pr_sname = 'S'};
	size_t at = 0;
	if (target->n_threads)
		memcpy(info.pr_fname, target->threads[0].comm, sizeof(info.pr_fname));
	for (size_t i = 0; i < target->cmdline_n && at + 1 < sizeof(info.pr_psargs); i++) {
		size_t room = sizeof(info.pr_psargs) - 1 - at, len = strlen(target->cmdline[i]);
		len = len < room ? len : room;
		memcpy(info.pr_psargs + at, target->cmdline[i], len);
		at += len;
		if (i + 1 < target->cmdline_n && at + 1 < sizeof(info.pr_psargs))
			info.pr_psargs[at++] = ' ';
	}
	add_note(w, "CORE", NT_PRPSINFO, &info, sizeof(info));
}

/* Linux fs/binfmt_elf.c, fill_files_note. */
static void add_files(struct writer *w)
{
	pyi_autostrbuf ranges = PYI_STRBUF_INIT, names = PYI_STRBUF_INIT;
	uint64_t head[2] = {0, PYI_PAGE_SIZE};
	for (size_t i = 0; i < w->target->maps.n; i++) {
		const struct pyi_map *map = &w->target->maps.maps[i];
		if (!map->inode || map->path[0] != '/')
			continue;
		uint64_t range[3] = {map->lo, map->hi, map->offset / PYI_PAGE_SIZE};
		pyi_strbuf_append(&ranges, range, sizeof(range));
		pyi_strbuf_puts(&names, map->path);
		pyi_strbuf_append(&names, map->deleted ? " (deleted)" : "",
				  map->deleted ? sizeof(" (deleted)") : 1);
		head[0]++;
	}
	pyi_autostrbuf note = PYI_STRBUF_INIT;
	pyi_strbuf_append(&note, head, sizeof(head));
	pyi_strbuf_append(&note, ranges.data, ranges.len);
	pyi_strbuf_append(&note, names.data, names.len);
	if (note.failed || ranges.failed || names.failed)
		w->failed = true;
	else
		add_note(w, "CORE", NT_FILE, note.data, note.len);
}

/* The map as the kernel writes it and maps.c reads it. */
static void add_map(struct writer *w)
{
	pyi_autostrbuf text = PYI_STRBUF_INIT;
	for (size_t i = 0; i < w->target->maps.n; i++) {
		const struct pyi_map *map = &w->target->maps.maps[i];
		pyi_strbuf_printf(
			&text, "%" PRIx64 "-%" PRIx64 " %c%c%c%c %" PRIx64 " %x:%x %" PRIu64,
			map->lo, map->hi, map->perm & PYI_PERM_R ? 'r' : '-',
			map->perm & PYI_PERM_W ? 'w' : '-', map->perm & PYI_PERM_X ? 'x' : '-',
			map->perm & PYI_PERM_SHARED ? 's' : 'p', map->offset, major(map->dev),
			minor(map->dev), map->inode);
		if (map->path[0])
			pyi_strbuf_putc(&text, ' ');
		for (const char *c = map->path; *c; c++) {
			if (*c == '\n')
				pyi_strbuf_puts(&text, "\\012");
			else
				pyi_strbuf_putc(&text, *c);
		}
		pyi_strbuf_puts(&text, map->deleted ? " (deleted)\n" : "\n");
	}
	if (text.failed)
		w->failed = true;
	else
		add_note(w, PYI_SNAPSHOT_NAME, PYI_SNAPSHOT_MAPS, text.data, text.len);
}

static json_t *thread_facts(const struct pyi_thread *thread)
{
	const char *regs = thread->have_regs ? "all" : thread->have_pc_sp ? "pc sp" : "none";
	const char state[2] = {thread->state, '\0'};
	json_t *call = json_null();
	if (thread->in_syscall) {
		call = json_pack("[I]", (json_int_t)thread->syscall_nr);
		for (size_t i = 0; i < 6; i++)
			json_array_append_new(call,
					      json_integer((json_int_t)thread->syscall_args[i]));
	}
	return json_pack("{si so so sb sb ss so so s[II]}", "tid", (int)thread->tid, "comm",
			 pyi_notes_text(thread->comm), "state", pyi_notes_text(state), "main",
			 thread->main, "crashed", thread->crashed, "regs", regs, "syscall", call,
			 "why", pyi_notes_text(thread->why), "stack", (json_int_t)thread->stack_lo,
			 (json_int_t)thread->stack_hi);
}

static json_t *target_facts(const struct pyi_target *target)
{
	json_t *cmdline = json_array();
	for (size_t i = 0; i < target->cmdline_n; i++)
		json_array_append_new(cmdline, pyi_notes_text(target->cmdline[i]));
	return json_pack("{si so so sI s{si si}}", "pid", (int)target->pid, "exe",
			 pyi_notes_text(target->exe), "cmdline", cmdline, "paused_ns",
			 (json_int_t)target->paused_ns, "death", "signal", target->death.signal,
			 "tid", (int)target->death.tid);
}

static void add_facts(struct writer *w)
{
	const struct pyi_target *target = w->target;
	json_t *threads = json_array(), *warnings = json_array();
	for (size_t i = 0; i < target->n_threads; i++)
		json_array_append_new(threads, thread_facts(&target->threads[i]));
	pyi_vec_for_each (line, &target->warnings)
		json_array_append_new(warnings, pyi_notes_text(*line));
	json_t *facts = json_pack("{si so so so sO}", "version", 1, "target", target_facts(target),
				  "threads", threads, "warnings", warnings, "notes",
				  pyi_notes_data(target->notes));
	pyi_autofree char *text = facts ? json_dumps(facts, JSON_COMPACT) : NULL;
	json_decref(facts);
	if (text)
		add_note(w, PYI_SNAPSHOT_NAME, PYI_SNAPSHOT_FACTS, text, strlen(text));
	else
		w->failed = true;
}

static void make_notes(struct writer *w)
{
	add_threads(w);
	add_psinfo(w);
	if (w->target->auxv_size)
		add_note(w, "CORE", NT_AUXV, w->target->auxv, w->target->auxv_size);
	add_files(w);
	add_facts(w);
	add_map(w);
	w->failed |= w->notes.failed;
}

/* --- the file --- */

static void put_headers(const struct writer *w, uint64_t notes_at, uint64_t pages_at, FILE *out)
{
	size_t n = 1 + w->runs.len;
	Elf64_Ehdr ehdr = {.e_ident = {ELFMAG0, ELFMAG1, ELFMAG2, ELFMAG3, ELFCLASS64, ELFDATA2LSB,
				       EV_CURRENT},
			   .e_type = ET_CORE,
			   .e_machine = EM_X86_64,
			   .e_version = EV_CURRENT,
			   .e_phoff = sizeof(Elf64_Ehdr) + sizeof(Elf64_Shdr),
			   .e_shoff = sizeof(Elf64_Ehdr),
			   .e_ehsize = sizeof(Elf64_Ehdr),
			   .e_phentsize = sizeof(Elf64_Phdr),
			   .e_phnum = n < PN_XNUM ? (uint16_t)n : PN_XNUM,
			   .e_shentsize = sizeof(Elf64_Shdr),
			   .e_shnum = 1};
	Elf64_Shdr shdr = {.sh_size = 1, .sh_info = (uint32_t)n};
	Elf64_Phdr note = {
		.p_type = PT_NOTE, .p_offset = notes_at, .p_filesz = w->notes.len, .p_align = 4};
	fwrite(&ehdr, sizeof(ehdr), 1, out);
	fwrite(&shdr, sizeof(shdr), 1, out);
	fwrite(&note, sizeof(note), 1, out);
	pyi_vec_for_each (run, &w->runs) {
		uint64_t size = (uint64_t)run->n * PYI_PAGE_SIZE;
		bool held = w->pages.list.data[run->first].held;
		Elf64_Phdr load = {.p_type = PT_LOAD,
				   .p_flags = run->flags,
				   .p_offset = pages_at,
				   .p_vaddr = run->lo,
				   .p_filesz = held ? size : 0,
				   .p_memsz = size,
				   .p_align = PYI_PAGE_SIZE};
		pages_at += load.p_filesz;
		fwrite(&load, sizeof(load), 1, out);
	}
}

static void put_file(const struct writer *w, FILE *out)
{
	static const uint8_t zeros[PYI_PAGE_SIZE];
	uint64_t notes_at =
		sizeof(Elf64_Ehdr) + sizeof(Elf64_Shdr) + (1 + w->runs.len) * sizeof(Elf64_Phdr);
	uint64_t notes_end = notes_at + w->notes.len;
	uint64_t padding = -notes_end & (PYI_PAGE_SIZE - 1);
	put_headers(w, notes_at, notes_end + padding, out);
	fwrite(w->notes.data, 1, w->notes.len, out);
	fwrite(zeros, 1, padding, out);
	pyi_vec_for_each (page, &w->pages.list) {
		if (page->held)
			fwrite(w->pages.bytes.data + page->at, 1, PYI_PAGE_SIZE, out);
	}
}

struct pyi_error *pyi_snapshot_write(struct pyi_snapshot *snapshot, FILE *out)
{
	struct writer w = {.target = snapshot->target};
	collect_pages(&w, snapshot);
	make_notes(&w);
	if (!w.failed)
		put_file(&w, out);
	struct pyi_error *err = w.failed ? &pyi_enomem : NULL;
	writer_deinit(&w);
	return err;
}
