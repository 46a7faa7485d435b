/* SPDX-License-Identifier: BSD-2-Clause */
/* Asks what there is to be asked, has everybody make claims, and adds up. */
#include "report/addrspace.h"

#include "base/format.h"
#include "base/utf8.h"
#include "python/version.h"
#include "report/addrspace_private.h"

#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define SMALL_POOL 4096u /* up to 3.9 */
#define LARGE_POOL 16384u

const char *pyi_role_name(enum pyi_role role)
{
	static const char *const names[PYI_ROLE_COUNT] = {
		[PYI_ROLE_KERNEL] = "kernel",
		[PYI_ROLE_STACK] = "stack",
		[PYI_ROLE_THREAD_STACK] = "thread stack",
		[PYI_ROLE_GUARD] = "guard",
		[PYI_ROLE_DATA_STACK] = "Python data stack",
		[PYI_ROLE_ARENA] = "Python arena",
		[PYI_ROLE_HEAP] = "C heap",
		[PYI_ROLE_JIT] = "JIT code",
		[PYI_ROLE_INTERP_TEXT] = "interpreter text",
		[PYI_ROLE_INTERP_RODATA] = "interpreter rodata",
		[PYI_ROLE_INTERP_DATA] = "interpreter data",
		[PYI_ROLE_INTERP_BSS] = "interpreter bss",
		[PYI_ROLE_EXTENSION] = "extension module",
		[PYI_ROLE_LIB_TEXT] = "library text",
		[PYI_ROLE_LIB_RODATA] = "library rodata",
		[PYI_ROLE_LIB_DATA] = "library data",
		[PYI_ROLE_LIB_BSS] = "library bss",
		[PYI_ROLE_FILE] = "mapped file",
		[PYI_ROLE_VDSO] = "vdso",
		[PYI_ROLE_VVAR] = "vvar",
		[PYI_ROLE_VSYSCALL] = "vsyscall",
		[PYI_ROLE_RESERVED] = "reserved",
		[PYI_ROLE_ANONYMOUS] = "anonymous",
	};

	return names[role];
}

void pyi_addrspace_destroy(struct pyi_addrspace *space)
{
	if (!space)
		return;
	pyi_vec_for_each (range, &space->ranges) {
		free(range->path);
		free(range->detail);
		free(range->module);
	}
	pyi_vec_for_each (warning, &space->warnings)
		free(*warning);
	for (size_t i = 0; i < space->n_cmdline; i++)
		free(space->cmdline[i]);
	pyi_vec_deinit(&space->ranges);
	pyi_vec_deinit(&space->warnings);
	free(space->cmdline);
	free(space->runtime);
	free(space);
}

const struct pyi_range *pyi_addrspace_find(const struct pyi_addrspace *space, uint64_t addr)
{
	size_t lo = 0, hi = space->ranges.len;

	while (lo < hi) {
		size_t mid = lo + (hi - lo) / 2;

		if (space->ranges.data[mid].hi <= addr)
			lo = mid + 1;
		else
			hi = mid;
	}
	return lo < space->ranges.len && space->ranges.data[lo].lo <= addr ? &space->ranges.data[lo]
									   : NULL;
}

/* ---- Python ---- */

static void warn(struct pyi_addrspace *space, const char *fmt, ...)
	__attribute__((format(printf, 2, 3)));
static void warn(struct pyi_addrspace *space, const char *fmt, ...)
{
	char **slot = pyi_vec_push(&space->warnings);
	va_list ap;

	if (!slot)
		return;
	va_start(ap, fmt);
	*slot = pyi_vformat(fmt, ap);
	va_end(ap);
	if (!*slot)
		space->warnings.len--;
}

/* A CPython whose layout is not known; only image and name are set. */
static bool find_unknown(struct pyi_target *target, struct pyi_runtime *rt,
			 struct pyi_version *version)
{
	for (size_t i = 0; i < target->n_images; i++) {
		struct pyi_image *image = target->images[i];
		struct pyi_image_symbol symbol;
		struct pyi_image_info info;

		pyi_image_info(image, &info);
		if ((!info.is_exe && !strstr(info.name, "python")) ||
		    !pyi_image_find_symbol(image, "PyEval_EvalCode", &symbol))
			continue;
		*rt = (struct pyi_runtime){.image = image, .name = "CPython"};
		if (pyi_version_of_image(target, image, version)) {
			strcat(rt->name, " ");
			pyi_version_format(version, rt->name + strlen(rt->name),
					   sizeof(rt->name) - strlen(rt->name));
		}
		return true;
	}
	return false;
}

static struct pyi_error *find_python(struct pyi_survey *survey, struct pyi_runtime *rt,
				     struct pyi_addrspace *space)
{
	struct pyi_version version = {.major = 3, .minor = UINT32_MAX};
	struct pyi_error *err = pyi_runtime_find(survey->target, rt);

	survey->known = !err;
	if (!err) {
		version.major = rt->layout.python_major;
		version.minor = rt->layout.python_minor;
	} else if (err->code != PYI_ERR_NOT_PYTHON || !find_unknown(survey->target, rt, &version)) {
		return err;
	} else {
		warn(space, "%s: threads have no names, data stacks are not told apart",
		     err->message);
		pyi_error_destroy(err);
	}
	if (!rt->minipy)
		survey->pool_size =
			version.major == 2 || version.minor < 10 ? SMALL_POOL : LARGE_POOL;
	space->runtime = pyi_utf8_dup(rt->name);
	return space->runtime ? NULL : &pyi_enomem;
}

/* ---- threads ---- */

static bool all_have_sp(const struct pyi_target *target)
{
	for (size_t i = 0; i < target->n_threads; i++) {
		const struct pyi_thread *thread = &target->threads[i];

		if (!thread->have_regs && !thread->have_pc_sp && !strchr("ZX", thread->state))
			return false;
	}
	return true;
}

/* Most processes sleep: then /proc tells all stack pointers. */
static struct pyi_error *find_threads(struct pyi_survey *survey,
				      const struct pyi_addrspace_options *options)
{
	struct pyi_capture_options capture = {.no_stop = true, .max_stack_bytes = PYI_PAGE_SIZE};
	struct pyi_error *err = pyi_target_capture(survey->target, &capture);

	if (err || options->no_stop || all_have_sp(survey->target))
		return err;
	capture.no_stop = false;
	return pyi_target_capture(survey->target, &capture);
}

static struct pyi_error *find_tstates(struct pyi_survey *survey)
{
	struct pyi_tstates *tstates = &survey->tstates;
	struct pyi_thread_names names = {0};
	struct pyi_error *err =
		survey->known ? pyi_tstates_read(survey->target, survey->rt, tstates) : NULL;

	if (err && err->code != PYI_ERR_NO_MEMORY) { /* it shut down meanwhile */
		pyi_error_destroy(err);
		err = NULL;
	}
	survey->names = calloc(tstates->states.len + 1, sizeof(*survey->names));
	survey->tids = calloc(tstates->states.len + 1, sizeof(*survey->tids));
	if (err || !survey->names || !survey->tids)
		return err ? err : &pyi_enomem;
	for (size_t i = 0; i < tstates->states.len; i++)
		survey->names[i] = pyi_thread_name(survey->target, survey->rt, &names,
						   pyi_thread_table(survey->target, survey->rt,
								    tstates->states.data[i].interp),
						   &tstates->states.data[i]);
	pyi_thread_names_deinit(&names);
	return NULL;
}

void pyi_addrspace_survey_deinit(struct pyi_survey *survey)
{
	for (size_t i = 0; survey->extensions && i < survey->target->n_images; i++)
		free(survey->extensions[i]);
	free(survey->extensions);
	for (size_t i = 0; survey->names && i < survey->tstates.states.len; i++)
		free(survey->names[i]);
	free(survey->names);
	free(survey->tids);
	pyi_tstates_deinit(&survey->tstates);
	pyi_residency_deinit(&survey->residency);
	pyi_evidence_deinit(&survey->evidence);
	pyi_vec_deinit(&survey->owned);
	pyi_claims_deinit(&survey->claims);
}

/* ---- all together ---- */

/* Below a thread that has the address space: a main thread that ended before the others has not. */
static struct pyi_error *read_residency(const struct pyi_target *target, struct pyi_residency *ret)
{
	char dir[64];
	pid_t tid = target->pid;

	if (target->kind != PYI_TARGET_LIVE)
		return pyi_residency_of_file(target, ret);
	for (size_t i = 0; i < target->n_threads; i++) {
		if (!strchr("ZX", target->threads[i].state)) {
			tid = target->threads[i].tid;
			break;
		}
	}
	snprintf(dir, sizeof(dir), "/proc/%d/task/%d", (int)target->pid, (int)tid);
	return pyi_residency_read(dir, &target->maps, ret);
}

/* The order is the order of strength. */
static struct pyi_error *make_claims(struct pyi_survey *survey)
{
	struct pyi_error *err;

	pyi_addrspace_claim_owned(survey);
	pyi_addrspace_claim_stacks_by_sp(survey);
	pyi_addrspace_claim_malloc(survey);
	err = pyi_addrspace_claim_arenas(survey);
	pyi_addrspace_claim_data_stacks(survey);
	pyi_addrspace_claim_stacks(survey);
	pyi_addrspace_claim_bss(survey);
	return err;
}

static void add_up(struct pyi_addrspace *space, const struct pyi_residency *residency)
{
	space->rss_known = residency->how != PYI_RESIDENCY_UNKNOWN;
	if (!space->rss_known)
		warn(space, "what is resident may not be read");
	pyi_vec_for_each (range, &space->ranges) {
		range->rss = pyi_residency_count(residency, range->lo, range->hi);
		space->roles[range->role].size += range->hi - range->lo;
		if (space->rss_known)
			space->roles[range->role].rss += range->rss;
	}
}

static struct pyi_error *describe_target(const struct pyi_target *target,
					 struct pyi_addrspace *space)
{
	space->pid = target->pid;
	space->kind = target->kind;
	space->paused_ns = target->paused_ns;
	space->n_threads = target->n_threads;
	space->cmdline = calloc(target->cmdline_n + 1, sizeof(*space->cmdline));
	if (!space->cmdline)
		return &pyi_enomem;
	for (; space->n_cmdline < target->cmdline_n; space->n_cmdline++) {
		space->cmdline[space->n_cmdline] = pyi_utf8_dup(target->cmdline[space->n_cmdline]);
		if (!space->cmdline[space->n_cmdline])
			return &pyi_enomem;
	}
	pyi_vec_for_each (line, &target->warnings)
		warn(space, "%s", *line);
	return NULL;
}

static struct pyi_error *survey_all(struct pyi_survey *survey, struct pyi_runtime *rt,
				    const struct pyi_addrspace_options *options,
				    struct pyi_addrspace *space)
{
	struct pyi_target *target = survey->target;
	struct pyi_error *err = find_python(survey, rt, space);

	if (!err)
		err = find_threads(survey, options);
	if (!err)
		err = find_tstates(survey);
	if (!err)
		err = read_residency(target, &survey->residency);
	if (!err)
		err = pyi_evidence_collect(target, &survey->residency, survey->pool_size,
					   &survey->evidence);
	if (!err) {
		pyi_addrspace_find_tids(survey);
		err = make_claims(survey);
	}
	if (!err)
		err = pyi_claims_apply(&survey->claims, &target->maps, pyi_addrspace_base, survey,
				       space);
	if (!err)
		err = describe_target(target, space);
	if (!err) {
		add_up(space, &survey->residency);
		if (survey->evidence.cut)
			warn(space, "too much memory: not all of it was looked into");
		space->incomplete = survey->evidence.cut || !space->rss_known;
	}
	return err;
}

struct pyi_error *pyi_addrspace_collect(struct pyi_target *target,
					const struct pyi_addrspace_options *options,
					struct pyi_addrspace **ret)
{
	struct pyi_addrspace *space = calloc(1, sizeof(*space));
	struct pyi_runtime rt;
	struct pyi_survey survey = {.target = target, .rt = &rt};
	struct pyi_error *err = space ? survey_all(&survey, &rt, options, space) : &pyi_enomem;

	pyi_addrspace_survey_deinit(&survey);
	if (err)
		pyi_addrspace_destroy(space);
	else
		*ret = space;
	return err;
}
