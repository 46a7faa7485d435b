/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * A snapshot as a target. Nothing in the file is trusted: what is missing or of another type in the
 * facts is taken as unknown.
 */
#include "base/cleanup.h"
#include "target/core.h"
#include "target/snapshot.h"

#include <elf.h>
#include <errno.h>
#include <fcntl.h>
#include <inttypes.h>
#include <string.h>
#include <sys/procfs.h>
#include <sys/stat.h>

#define MAX_MAPS    65530u /* what the kernel allows (vm.max_map_count) */
#define MAX_THREADS 65536u
#define MAX_FACTS   (64u << 20)

static struct pyi_error *damaged(const char *what)
{
	return pyi_error_create(PYI_ERR_NOT_PYTHON, "a damaged snapshot: %s", what);
}

/* The field as a string of its own; "" when it has none. */
static char *dup_field(const json_t *object, const char *key)
{
	const char *text = json_string_value(json_object_get(object, key));
	return strdup(text ? text : "");
}

static struct pyi_error *parse_facts(const struct pyi_core *core, json_t **ret)
{
	const void *text;
	size_t size;
	json_error_t error;
	if (!pyi_core_note(core, PYI_SNAPSHOT_NAME, PYI_SNAPSHOT_FACTS, NULL, &text, &size))
		return pyi_error_create(PYI_ERR_NOT_FOUND,
					"a core file, but not one that pyinspect snapshot made");
	if (size > MAX_FACTS)
		return damaged("its facts are too long");
	json_t *facts = json_loadb(text, size, 0, &error);
	if (!json_is_object(facts)) {
		json_decref(facts);
		return damaged("its facts are no JSON object");
	}
	if (json_integer_value(json_object_get(facts, "version")) != 1) {
		json_decref(facts);
		return damaged("its version is not known");
	}
	*ret = facts;
	return NULL;
}

static struct pyi_error *read_target(const json_t *facts, struct pyi_target *target)
{
	const json_t *from = json_object_get(facts, "target"), *words;
	words = json_object_get(from, "cmdline");
	json_int_t pid = json_integer_value(json_object_get(from, "pid"));
	target->pid = pid > 0 && pid <= INT32_MAX ? (pid_t)pid : 0;
	target->paused_ns = (uint64_t)json_integer_value(json_object_get(from, "paused_ns"));
	target->exe = dup_field(from, "exe");
	target->cmdline = calloc(json_array_size(words) + 1, sizeof(char *));
	if (!target->exe || !target->cmdline)
		return &pyi_enomem;
	for (size_t i = 0; i < json_array_size(words); i++) {
		const char *word = json_string_value(json_array_get(words, i));
		target->cmdline[i] = strdup(word ? word : "");
		if (!target->cmdline[i])
			return &pyi_enomem;
		target->cmdline_n++;
	}
	const json_t *warnings = json_object_get(facts, "warnings");
	for (size_t i = 0; i < json_array_size(warnings); i++) {
		const char *line = json_string_value(json_array_get(warnings, i));
		if (line)
			pyi_target_warn(target, "%s", line);
	}
	return NULL;
}

static void read_death(const struct pyi_core *core, const json_t *facts, struct pyi_target *target)
{
	const json_t *from = json_object_get(json_object_get(facts, "target"), "death");
	json_int_t number = json_integer_value(json_object_get(from, "signal"));
	json_int_t tid = json_integer_value(json_object_get(from, "tid"));
	struct pyi_death *death = &target->death;
	if (number <= 0 || number > 64)
		return;
	death->signal = (int)number;
	death->tid = tid > 0 && tid <= INT32_MAX ? (pid_t)tid : 0;
	death->have_info =
		pyi_core_siginfo(core, &death->info) && death->info.si_signo == death->signal;
}

static struct pyi_error *read_map(const struct pyi_core *core, struct pyi_target *target)
{
	const void *text;
	size_t size;
	if (!pyi_core_note(core, PYI_SNAPSHOT_NAME, PYI_SNAPSHOT_MAPS, NULL, &text, &size))
		return damaged("it has no memory map");
	struct pyi_error *err = pyi_maps_parse(text, size, &target->maps);
	if (err) {
		pyi_error_destroy(err);
		return damaged("its memory map is malformed");
	}
	return target->maps.n <= MAX_MAPS ? NULL : damaged("its memory map is too long");
}

/* --- threads --- */

static void read_syscall(const json_t *call, struct pyi_thread *thread)
{
	thread->in_syscall = json_is_array(call);
	thread->syscall_nr = (long)json_integer_value(json_array_get(call, 0));
	for (size_t i = 0; i < 6; i++)
		thread->syscall_args[i] = (uint64_t)json_integer_value(json_array_get(call, i + 1));
}

static struct pyi_error *read_thread(const json_t *from, const struct elf_prstatus *status,
				     struct pyi_thread *to)
{
	const char *comm = json_string_value(json_object_get(from, "comm"));
	const char *state = json_string_value(json_object_get(from, "state"));
	const char *regs = json_string_value(json_object_get(from, "regs"));
	const char *why = json_string_value(json_object_get(from, "why"));
	const json_t *stack = json_object_get(from, "stack");
	to->tid = status->pr_pid;
	to->main = json_is_true(json_object_get(from, "main"));
	to->crashed = json_is_true(json_object_get(from, "crashed"));
	to->state = state && *state > ' ' && *state < 0x7f ? *state : '?';
	snprintf(to->comm, sizeof(to->comm), "%s", comm ? comm : "");
	to->have_regs = regs && !strcmp(regs, "all");
	to->have_pc_sp = regs && !strcmp(regs, "pc sp");
	memcpy(&to->regs, &status->pr_reg, sizeof(to->regs));
	to->stack_lo = (uint64_t)json_integer_value(json_array_get(stack, 0));
	to->stack_hi = (uint64_t)json_integer_value(json_array_get(stack, 1));
	read_syscall(json_object_get(from, "syscall"), to);
	to->why = why ? strdup(why) : NULL;
	return why && !to->why ? &pyi_enomem : NULL;
}

/* The facts and the notes of threads are in the same order. */
static struct pyi_error *read_threads(const struct pyi_core *core, const json_t *facts,
				      struct pyi_target *target)
{
	const json_t *threads = json_object_get(facts, "threads");
	size_t n = json_array_size(threads);
	uint64_t at = 0;
	if (!n)
		return damaged("it has no threads");
	if (n > MAX_THREADS)
		return damaged("it has too many threads");
	target->threads = calloc(n, sizeof(*target->threads));
	if (!target->threads)
		return &pyi_enomem;
	for (size_t i = 0; i < n; i++) {
		struct elf_prstatus status;
		const void *desc;
		size_t size;
		if (!pyi_core_note(core, "CORE", NT_PRSTATUS, &at, &desc, &size) ||
		    size != sizeof(status))
			return damaged("registers of a thread are missing");
		memcpy(&status, desc, sizeof(status));
		struct pyi_error *err = read_thread(json_array_get(threads, i), &status,
						    &target->threads[target->n_threads]);
		if (err)
			return err;
		target->n_threads++;
	}
	return NULL;
}

/* --- all of it --- */

static struct pyi_error *make_images(struct pyi_target *target)
{
	struct pyi_error *err = pyi_images_create(&target->maps, target->mem, NULL, NULL,
						  pyi_target_auxv(target, AT_PHDR), &target->images,
						  &target->n_images);
	if (err)
		return err;
	pyi_images_set_notes(target->images, target->n_images, target->notes);
	pyi_images_restore(target->images, &target->n_images);
	return NULL;
}

static struct pyi_error *read_all(struct pyi_core *core, const json_t *facts,
				  struct pyi_target *target)
{
	struct pyi_error *err = read_target(facts, target);
	if (!err)
		err = pyi_notes_create(json_object_get(facts, "notes"), &target->notes);
	if (!err)
		err = read_map(core, target);
	if (!err)
		err = pyi_core_auxv(core, &target->auxv, &target->auxv_size);
	if (!err)
		read_death(core, facts, target);
	if (!err)
		err = read_threads(core, facts, target);
	if (!err)
		err = pyi_mem_create(&target->mem);
	if (!err)
		err = pyi_core_add_memory(core, &target->maps, target->mem);
	return err ? err : make_images(target);
}

static void warn_cut(struct pyi_target *target, const struct pyi_core *core)
{
	uint64_t have, want;
	pyi_core_extent(core, &have, &want);
	if (have < want)
		pyi_target_warn(target,
				"the file is cut off: %" PRIu64 " of %" PRIu64 " bytes are there",
				have, want);
}

struct pyi_error *pyi_snapshot_open_fd(int fd, struct pyi_target **ret)
{
	struct pyi_core *core;
	json_t *facts = NULL;
	struct pyi_error *err = pyi_core_open(fd, &core);
	if (err)
		return err;
	struct pyi_target *target = calloc(1, sizeof(*target));
	if (!target) {
		pyi_core_close(core);
		return &pyi_enomem;
	}
	target->kind = PYI_TARGET_SNAPSHOT;
	target->priv = core;
	err = parse_facts(core, &facts);
	if (!err)
		err = read_all(core, facts, target);
	json_decref(facts);
	if (err) {
		pyi_target_close(target);
		return err;
	}
	warn_cut(target, core);
	*ret = target;
	return NULL;
}

struct pyi_error *pyi_snapshot_open(const char *path, struct pyi_target **ret)
{
	struct stat st;
	int fd = open(path, O_RDONLY | O_CLOEXEC | O_NONBLOCK | O_NOCTTY);
	if (fd < 0)
		return pyi_error_errno(errno, "%s", path);
	if (fstat(fd, &st) || !S_ISREG(st.st_mode)) {
		close(fd);
		return pyi_error_create(PYI_ERR_NOT_FOUND, "%s: not a regular file", path);
	}
	return pyi_error_wrap(pyi_snapshot_open_fd(fd, ret), "%s", path);
}
