/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * What a core says of its process: Linux fs/binfmt_elf.c (fill_note_info: NT_PRSTATUS of the thread
 * that died first, then the others; NT_PRPSINFO, NT_SIGINFO, NT_AUXV). All of it is untrusted.
 */
#include "target/core_target.h"

#include "base/cleanup.h"
#include "target/core.h"
#include "target/core_files.h"
#include "target/core_maps.h"
#include "target/snapshot.h"
#include "target/startup.h"

#include <elf.h>
#include <errno.h>
#include <fcntl.h>
#include <inttypes.h>
#include <stdio.h>
#include <string.h>
#include <sys/procfs.h>
#include <sys/stat.h>

#define MAX_THREADS 65536u

/* --- the process --- */

static void read_death(const struct pyi_core *core, struct pyi_target *target)
{
	struct pyi_death *death = &target->death;
	death->have_info =
		pyi_core_siginfo(core, &death->info) && death->info.si_signo == death->signal;
}

/* The path of the file that holds the program's headers. */
static struct pyi_error *find_exe(struct pyi_target *target)
{
	uint64_t phdr = pyi_target_auxv(target, AT_PHDR), entry = pyi_target_auxv(target, AT_ENTRY);
	const struct pyi_map *map = pyi_maps_find(&target->maps, phdr ? phdr : entry);
	target->exe = strdup(map && *map->path == '/' ? map->path : "");
	return target->exe ? NULL : &pyi_enomem;
}

/* --- threads --- */

/* Interrupted system calls leave one of these in rax: the others were killed in them. */
static bool was_interrupted(long long rax)
{
	return (rax >= -516 && rax <= -512) || rax == -4;
}

static void read_registers(const struct elf_prstatus *status, struct pyi_thread *to)
{
	memcpy(&to->regs, &status->pr_reg, sizeof(to->regs));
	to->have_regs = true;
	to->syscall_nr = (long)to->regs.orig_rax;
	to->in_syscall = to->syscall_nr >= 0 && was_interrupted((long long)to->regs.rax);
	const uint64_t args[6] = {to->regs.rdi, to->regs.rsi, to->regs.rdx,
				  to->regs.r10, to->regs.r8,  to->regs.r9};
	memcpy(to->syscall_args, args, sizeof(args));
}

static size_t count_threads(const struct pyi_core *core)
{
	const void *desc;
	size_t size, n = 0;
	uint64_t at = 0;
	while (n < MAX_THREADS && pyi_core_note(core, "CORE", NT_PRSTATUS, &at, &desc, &size))
		n++;
	return n;
}

/* The first one is the one that died, if one did. */
static struct pyi_error *read_threads(const struct pyi_core *core, struct pyi_target *target)
{
	size_t n = count_threads(core), size;
	const void *desc;
	uint64_t at = 0;
	if (!n)
		return pyi_error_create(PYI_ERR_NOT_PYTHON,
					"a core without the registers of any thread");
	if (n == MAX_THREADS)
		pyi_target_warn(target, "only the first %u threads are shown", MAX_THREADS);
	target->threads = calloc(n, sizeof(*target->threads));
	if (!target->threads)
		return &pyi_enomem;
	for (size_t i = 0; i < n; i++) {
		struct elf_prstatus status;
		struct pyi_thread *to = &target->threads[target->n_threads];
		if (!pyi_core_note(core, "CORE", NT_PRSTATUS, &at, &desc, &size))
			break;
		if (size != sizeof(status))
			continue;
		memcpy(&status, desc, sizeof(status));
		*to = (struct pyi_thread){.tid = status.pr_pid, .state = '?'};
		read_registers(&status, to);
		if (!target->n_threads && status.pr_cursig > 0) {
			target->death.signal = status.pr_cursig;
			target->death.tid = to->tid;
			to->crashed = true;
			to->in_syscall = false;
		}
		target->n_threads++;
	}
	return target->n_threads ? NULL
				 : pyi_error_create(PYI_ERR_NOT_PYTHON,
						    "a core whose registers cannot be read");
}

/* A pthread's stack ends below its struct pthread, to which fs_base points. */
static void place_stacks(struct pyi_target *target)
{
	for (size_t i = 0; i < target->n_threads; i++) {
		struct pyi_thread *thread = &target->threads[i];
		uint64_t sp = thread->regs.rsp, fs = thread->regs.fs_base;
		const struct pyi_map *map = pyi_maps_find(&target->maps, sp);
		if (!map || !(map->perm & PYI_PERM_R))
			continue;
		thread->stack_lo = sp;
		thread->stack_hi = !thread->main && fs > sp && fs < map->hi ? fs : map->hi;
	}
}

/* The process's id, and whose thread is the main one. */
static void read_ids(const struct pyi_core *core, struct pyi_target *target)
{
	struct elf_prpsinfo info;
	const void *desc;
	size_t size;
	bool have = pyi_core_note(core, "CORE", NT_PRPSINFO, NULL, &desc, &size) &&
		    size == sizeof(info);
	if (have)
		memcpy(&info, desc, sizeof(info));
	target->pid = have && info.pr_pid > 0 ? info.pr_pid : target->threads[0].tid;
	for (size_t i = 0; i < target->n_threads; i++) {
		struct pyi_thread *thread = &target->threads[i];
		thread->main = thread->tid == target->pid;
		if (thread->main && have)
			snprintf(thread->comm, sizeof(thread->comm), "%.*s",
				 (int)sizeof(info.pr_fname), info.pr_fname);
	}
	qsort(target->threads, target->n_threads, sizeof(*target->threads), pyi_thread_compare);
}

/* Without the memory of the first stack: what the kernel keeps of it, up to 80 bytes. */
static struct pyi_error *read_short_cmdline(const struct pyi_core *core, struct pyi_target *target)
{
	struct elf_prpsinfo info;
	const void *desc;
	size_t size;
	if (target->cmdline_n || !pyi_core_note(core, "CORE", NT_PRPSINFO, NULL, &desc, &size) ||
	    size != sizeof(info))
		return NULL;
	memcpy(&info, desc, sizeof(info));
	size = strnlen(info.pr_psargs, sizeof(info.pr_psargs));
	while (size && info.pr_psargs[size - 1] == ' ')
		size--;
	char **words = size ? calloc(2, sizeof(char *)) : NULL;
	if (words)
		words[0] = strndup(info.pr_psargs, size);
	if (size && (!words || !words[0])) {
		free(words);
		return &pyi_enomem;
	}
	if (words) {
		free(target->cmdline);
		target->cmdline = words;
		target->cmdline_n = 1;
	}
	return NULL;
}

/* --- all of it --- */

static struct pyi_error *make_images(struct pyi_core *core, const struct pyi_core_options *options,
				     struct pyi_target *target)
{
	struct pyi_core_files *files;
	struct pyi_error *err = pyi_core_files_create(options, core, target, &files);
	if (err)
		return err;
	err = pyi_images_create(&target->maps, target->mem, pyi_core_files_open, files,
				pyi_target_auxv(target, AT_PHDR), &target->images,
				&target->n_images);
	pyi_core_files_destroy(files);
	for (size_t i = 0; i < target->n_images && !err; i++) {
		struct pyi_image_info info;
		pyi_image_info(target->images[i], &info);
		if (info.has_file)
			err = pyi_core_add_over(core, info.lo, info.hi, target->mem);
	}
	if (!err)
		pyi_core_files_warn(target);
	return err;
}

static struct pyi_error *read_memory(struct pyi_core *core, struct pyi_target *target)
{
	uint64_t stack = pyi_target_auxv(target, AT_RANDOM);
	struct pyi_error *err =
		pyi_core_maps(core, pyi_target_auxv(target, AT_SYSINFO_EHDR), stack, &target->maps);
	if (!err)
		err = pyi_mem_create(&target->mem);
	if (!err)
		err = pyi_core_add_memory(core, &target->maps, target->mem);
	return err;
}

static struct pyi_error *read_all(struct pyi_core *core, const struct pyi_core_options *options,
				  struct pyi_target *target)
{
	struct pyi_error *err = pyi_core_auxv(core, &target->auxv, &target->auxv_size);
	if (!err)
		err = read_threads(core, target);
	if (!err)
		err = read_memory(core, target);
	if (err)
		return err;
	read_ids(core, target);
	read_death(core, target);
	place_stacks(target);
	err = pyi_startup_read(target);
	if (!err)
		err = read_short_cmdline(core, target);
	if (!err)
		err = find_exe(target);
	return err ? err : make_images(core, options, target);
}

static void warn_cut(struct pyi_target *target, const struct pyi_core *core)
{
	uint64_t have, want;
	pyi_core_extent(core, &have, &want);
	if (have < want)
		pyi_target_warn(target,
				"the file is cut off: %" PRIu64 " of %" PRIu64
				" bytes are there; what is behind cannot be shown",
				have, want);
}

static struct pyi_error *make_target(struct pyi_core *core, const struct pyi_core_options *options,
				     struct pyi_target **ret)
{
	struct pyi_target *target = calloc(1, sizeof(*target));
	if (!target) {
		pyi_core_close(core);
		return &pyi_enomem;
	}
	target->kind = PYI_TARGET_CORE;
	target->priv = core;
	target->time_s = pyi_core_time(core);
	warn_cut(target, core);
	struct pyi_error *err = NULL;
	if (options && options->sysroot) {
		target->root = strdup(options->sysroot);
		err = target->root ? NULL : &pyi_enomem;
	}
	if (!err)
		err = read_all(core, options, target);
	if (err)
		pyi_target_close(target);
	else
		*ret = target;
	return err;
}

struct pyi_error *pyi_core_target_open_fd(int fd, const struct pyi_core_options *options,
					  struct pyi_target **ret)
{
	static const struct pyi_core_options none;
	pyi_autofree char *damage = NULL;
	struct pyi_target *target = NULL;
	struct pyi_core *core;
	const void *desc;
	size_t size;
	struct pyi_error *err =
		pyi_unpack(fd, options ? &options->unpack : &none.unpack, &fd, &damage);
	if (err)
		return err;
	int again = fcntl(fd, F_DUPFD_CLOEXEC, 0);
	err = pyi_core_open(fd, &core);
	if (!err &&
	    pyi_core_note(core, PYI_SNAPSHOT_NAME, PYI_SNAPSHOT_FACTS, NULL, &desc, &size)) {
		pyi_core_close(core);
		return again < 0 ? pyi_error_errno(errno, "dup") : pyi_snapshot_open_fd(again, ret);
	}
	if (again >= 0)
		close(again);
	if (!err)
		err = make_target(core, options, &target);
	if (err)
		return err;
	if (damage)
		pyi_target_warn(target, "%s", damage);
	*ret = target;
	return NULL;
}

struct pyi_error *pyi_core_target_open(const char *path, const struct pyi_core_options *options,
				       struct pyi_target **ret)
{
	struct stat st;
	int fd = open(path, O_RDONLY | O_CLOEXEC | O_NONBLOCK | O_NOCTTY);
	if (fd < 0)
		return pyi_error_errno(errno, "%s", path);
	if (fstat(fd, &st) || !S_ISREG(st.st_mode)) {
		close(fd);
		return pyi_error_create(PYI_ERR_NOT_FOUND, "%s: not a regular file", path);
	}
	return pyi_error_wrap(pyi_core_target_open_fd(fd, options, ret), "%s", path);
}
