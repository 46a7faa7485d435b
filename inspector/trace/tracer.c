/* SPDX-License-Identifier: BSD-2-Clause */
#include "trace/tracer.h"
#include "python/frames.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

/* The first pid namespace (Linux include/linux/proc_ns.h, PROC_PID_INIT_INO). */
#define INIT_PID_NS 0xEFFFFFFCu

struct pyi_tracer {
	struct pyi_session *session;
	struct pyi_functions *functions;
	struct pyi_calltree *tree;
	struct pyi_tracer_options options;
	PYI_VEC(struct pyi_function *)
	numbered; /* by the kernel's number less one; NULL: unknown */
	size_t n_sites;
	uint64_t shown; /* events that were wanted */
	/* of one drain */
	struct pyi_view *view;
	uint64_t left;
	struct pyi_error *err;
};

static void set_namespaces(struct pyi_trace_config *config, pid_t pid)
{
	struct stat own, its;
	char path[48];

	snprintf(path, sizeof(path), "/proc/%d/ns/pid", (int)pid);
	if (stat("/proc/self/ns/pid", &own) != 0)
		return;
	if (own.st_ino != INIT_PID_NS) {
		config->ns_dev = own.st_dev;
		config->ns_ino = own.st_ino;
	}
	if (stat(path, &its) == 0 && its.st_ino != own.st_ino) {
		config->target_ns_dev = its.st_dev;
		config->target_ns_ino = its.st_ino;
	}
}

static struct pyi_error *session_error(const struct pyi_session *session, int err)
{
	struct pyi_error *ret;

	if (!session)
		return &pyi_enomem;
	ret = pyi_error_create(err == -EPERM || err == -EACCES ? PYI_ERR_PERMISSION : PYI_ERR_IO,
			       "%s", pyi_session_why(session));
	if (err == -EPERM || err == -EACCES)
		ret = pyi_error_hint(
			ret,
			"tracing needs CAP_BPF, CAP_PERFMON and CAP_SYS_PTRACE, " PYI_HINT_SUDO);
	return ret;
}

static struct pyi_error *attach(struct pyi_tracer *tracer, const struct pyi_sites *sites)
{
	struct pyi_image_info info;
	char path[32];
	int err;

	/* By our descriptor: right also when the file was replaced or is in another namespace. */
	pyi_image_info(sites->image, &info);
	snprintf(path, sizeof(path), "/proc/self/fd/%d", info.fd);
	err = pyi_session_attach(tracer->session, path, sites->list.data, sites->list.len);
	tracer->n_sites = sites->list.len;
	return err ? session_error(tracer->session, err) : NULL;
}

static uint32_t larger(uint32_t a, uint32_t b)
{
	return a > b ? a : b;
}

/* How much of a frame the programs read. */
static uint32_t frame_bytes(const struct pyi_layout *l)
{
	return larger(larger(l->frame_code, l->frame_back),
		      larger(l->frame_lasti, l->frame_owner)) +
	       8;
}

/* Best effort: a thread that is not seeded is known at its first call from C. */
static void seed(struct pyi_tracer *tracer, struct pyi_target *target, const struct pyi_runtime *rt)
{
	struct pyi_tstates tstates = {0};
	struct pyi_error *err;

	pyi_mem_refresh(target->mem);
	err = pyi_tstates_read(target, rt, &tstates);
	if (err) {
		pyi_error_destroy(err);
		return;
	}
	pyi_vec_for_each (ts, &tstates.states) {
		struct pyi_py_stack stack = {0};
		struct pyi_thread_seed now = {.tstate = ts->addr};

		err = pyi_py_frames_read(target, rt, ts, 1, &stack);
		if (!err && stack.frames.len)
			now.frame = stack.frames.data[0].addr;
		if (ts->native_tid > 0)
			pyi_session_seed(tracer->session, (uint32_t)ts->native_tid, &now);
		pyi_error_destroy(err);
		pyi_py_stack_deinit(&stack);
	}
	pyi_tstates_deinit(&tstates);
}

static struct pyi_error *start(struct pyi_tracer *tracer, struct pyi_target *target,
			       const struct pyi_runtime *rt,
			       const struct pyi_tracer_options *options,
			       const struct pyi_sites *sites)
{
	struct pyi_session_options session = {
		.config = {.tgid = (uint32_t)target->pid,
			   .tid = (uint32_t)options->tid,
			   .mode = options->mode,
			   .max_depth = options->max_depth,
			   .min_duration_ns = options->min_duration_ns,
			   .judged = options->filter.name || options->filter.file},
		.layout = &rt->layout,
		.site_kind = sites->list.len ? sites->list.data[0].code.kind : 0,
		.log = options->sites,
	};
	struct pyi_error *err = pyi_functions_create(rt, &options->filter, &tracer->functions);
	struct pyi_image_info info;
	int code;

	if (!err)
		err = pyi_calltree_create(tracer->functions, &tracer->tree);
	if (err)
		return err;
	/* The kernel may count what a filter by name leaves out at first. */
	if (!options->filter.name && !options->filter.file)
		session.config.max_events = options->max_events;
	session.config.frame_bytes = frame_bytes(&rt->layout);
	pyi_image_info(rt->image, &info);
	session.config.image_lo = info.lo;
	session.config.image_hi = info.hi;
	set_namespaces(&session.config, target->pid);
	code = pyi_session_open(&session, &tracer->session);
	if (code)
		return session_error(tracer->session, code);
	err = attach(tracer, sites);
	if (err)
		return err;
	if (rt->layout.how_frames != PYI_FRAMES_HEAP)
		seed(tracer, target, rt);
	pyi_session_enable(tracer->session);
	return NULL;
}

struct pyi_error *pyi_tracer_check(void)
{
	const char *missing = pyi_session_missing();

	return missing ? pyi_error_create(PYI_ERR_INTERNAL, "trace: %s", missing) : NULL;
}

struct pyi_error *pyi_tracer_open(struct pyi_target *target, const struct pyi_runtime *rt,
				  const struct pyi_tracer_options *options, struct pyi_tracer **ret)
{
	struct pyi_sites sites = {0};
	struct pyi_tracer *tracer;
	struct pyi_error *err;

	tracer = calloc(1, sizeof(*tracer));
	if (!tracer)
		return &pyi_enomem;
	tracer->options = *options;
	err = pyi_sites_find(target, rt, &sites);
	if (!err && options->sites)
		pyi_sites_print(&sites, options->sites);
	if (!err)
		err = start(tracer, target, rt, options, &sites);
	pyi_sites_deinit(&sites);
	if (err) {
		pyi_tracer_close(tracer);
		return err;
	}
	*ret = tracer;
	return NULL;
}

struct pyi_functions *pyi_tracer_functions(struct pyi_tracer *tracer)
{
	return tracer->functions;
}

double pyi_tracer_detach_seconds(const struct pyi_tracer *tracer)
{
	return pyi_session_is_multi(tracer->session) ? 0 : (double)tracer->n_sites * 0.2;
}

static bool on_frame(struct pyi_tracer *tracer, const struct pyi_frame_record *record)
{
	struct pyi_trace_event event;

	tracer->err = pyi_calltree_add(tracer->tree, record, &event);
	if (tracer->err)
		return false;
	if (!event.function->wanted)
		return true;
	tracer->shown++;
	if (tracer->view->ops->event)
		tracer->view->ops->event(tracer->view, &event);
	return --tracer->left > 0;
}

static struct pyi_error *on_code(struct pyi_tracer *tracer, const struct pyi_code_record *record)
{
	struct pyi_error *err = pyi_functions_add(tracer->functions, record);
	struct pyi_function *function;

	if (err)
		return err;
	function = pyi_functions_find(tracer->functions, record->code, record->ident);
	if (!function->wanted)
		pyi_session_judge(tracer->session, record, PYI_VERDICT_UNWANTED);
	if (!record->function || record->function >= PYI_FUNCTIONS)
		return NULL;
	while (tracer->numbered.len < record->function) {
		struct pyi_function **slot = pyi_vec_push(&tracer->numbered);

		if (!slot)
			return &pyi_enomem;
	}
	tracer->numbered.data[record->function - 1] = function;
	return NULL;
}

static bool on_record(void *arg, const void *record, size_t size)
{
	struct pyi_tracer *tracer = arg;
	uint32_t type = 0;

	if (size >= sizeof(type))
		memcpy(&type, record, sizeof(type));
	if (type == PYI_RECORD_FRAME && size >= sizeof(struct pyi_frame_record))
		return on_frame(tracer, record);
	if (type == PYI_RECORD_CODE && size >= sizeof(struct pyi_code_record))
		tracer->err = on_code(tracer, record);
	return tracer->err == NULL;
}

struct pyi_error *pyi_tracer_drain(struct pyi_tracer *tracer, struct pyi_view *view, uint64_t max,
				   uint64_t *n)
{
	struct pyi_error *err;
	int done = 0;

	tracer->view = view;
	tracer->left = max;
	if (max)
		done = pyi_session_drain(tracer->session, INT32_MAX, on_record, tracer);
	if (view->ops->idle)
		view->ops->idle(view);
	*n = max - tracer->left;
	err = tracer->err;
	tracer->err = NULL;
	if (!err && done < 0)
		err = pyi_error_errno(-done, "cannot read the ring buffer");
	return err;
}

void pyi_tracer_stop(struct pyi_tracer *tracer)
{
	pyi_session_disable(tracer->session);
}

/* Number 0 is what had no room for a name: the unknown function's. */
static int take_stats(struct pyi_tracer *tracer)
{
	struct pyi_function_stats stats;

	for (size_t i = 0; i <= tracer->numbered.len; i++) {
		struct pyi_function *function = i ? tracer->numbered.data[i - 1] : NULL;
		int err = pyi_session_stats(tracer->session, (uint32_t)i, &stats);

		if (err)
			return err;
		if (!function)
			function = pyi_functions_unknown(tracer->functions);
		pyi_function_add_stats(function, &stats);
	}
	return 0;
}

struct pyi_error *pyi_tracer_end(struct pyi_tracer *tracer, struct pyi_trace_end *ret)
{
	struct pyi_trace_counters counters;
	int err = pyi_session_counters(tracer->session, &counters);
	uint64_t trap = pyi_session_measure_trap(tracer->session);

	if (!err && tracer->options.mode != PYI_MODE_EVENTS)
		err = take_stats(tracer);
	if (err)
		return pyi_error_errno(-err, "cannot read the counters");
	if (tracer->options.mode != PYI_MODE_EVENTS)
		tracer->shown = counters.seen;
	*ret = (struct pyi_trace_end){
		.events = tracer->shown,
		.lost = counters.lost,
		.faults = counters.faults,
		.sites = tracer->n_sites,
	};
	/* The trap and the program, for as many hits as an entry or exit takes. */
	if (trap && counters.timed && counters.seen)
		ret->cost_ns =
			(trap + counters.timed_ns / counters.timed) * counters.hits / counters.seen;
	return NULL;
}

void pyi_tracer_losses(struct pyi_tracer *tracer, void (*fn)(void *arg, pid_t tid, uint64_t lost),
		       void *arg)
{
	pyi_calltree_losses(tracer->tree, fn, arg);
}

void pyi_tracer_close(struct pyi_tracer *tracer)
{
	if (!tracer)
		return;
	pyi_session_close(tracer->session);
	pyi_calltree_destroy(tracer->tree);
	pyi_functions_destroy(tracer->functions);
	pyi_vec_deinit(&tracer->numbered);
	free(tracer);
}
