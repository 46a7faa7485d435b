/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * pyinspect trace: the calls of one process as they happen.
 *
 * Waiting is one ppoll: on the target (a pidfd), on signals for us (a signalfd), and for a few
 * milliseconds, since the ring wakes nobody.
 */
#include "cmd/command.h"
#include "cmd/launch.h"
#include "cmd/output.h"
#include "trace/tracer.h"

#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <sys/signalfd.h>
#include <sys/syscall.h>
#include <time.h>
#include <unistd.h>

/* The ring holds 100 ms of the fastest target there is; an idle one is looked at less often. */
enum { BUSY_WAIT_MS = 3, IDLE_WAIT_MS = 20 };

struct trace {
	const struct pyi_settings *settings;
	pid_t pid;
	struct pyi_launch *launch; /* NULL: it ran already */
	struct pyi_target *target;
	struct pyi_runtime rt;
	struct pyi_tracer *tracer;
	struct pyi_output output;
	struct pyi_view view;
	struct pyi_trace_end end;
	int pid_fd, signal_fd;
	int signal; /* that ended it, or 0 */
	uint64_t deadline_ns, left;
	bool ended, gone; /* the target; the reader of our output */
};

static uint64_t now_ns(void)
{
	struct timespec ts;

	clock_gettime(CLOCK_MONOTONIC, &ts);
	return (uint64_t)ts.tv_sec * 1000000000 + (uint64_t)ts.tv_nsec;
}

static struct pyi_error *parse_operands(const struct pyi_settings *settings, pid_t *ret)
{
	const char *text = settings->n_operands ? settings->operands[0] : "";
	char *end;
	long pid;

	*ret = 0;
	if (settings->dashes && settings->n_before_dashes == 0 && settings->n_operands)
		return NULL;
	if (settings->dashes || settings->n_operands != 1)
		return pyi_error_create(PYI_ERR_USAGE, "trace: needs one PID, or -- and a command");
	errno = 0;
	pid = strtol(text, &end, 10);
	if (*text < '0' || *text > '9' || *end || errno || pid <= 0 || pid > INT32_MAX)
		return pyi_error_create(PYI_ERR_NOT_FOUND, "process %s: no such process", text);
	*ret = (pid_t)pid;
	return NULL;
}

/* From here on signals do not end us: they end the trace. */
static struct pyi_error *take_signals(struct trace *trace)
{
	sigset_t set;

	sigemptyset(&set);
	sigaddset(&set, SIGINT);
	sigaddset(&set, SIGTERM);
	sigprocmask(SIG_BLOCK, &set, NULL);
	trace->signal_fd = signalfd(-1, &set, SFD_CLOEXEC | SFD_NONBLOCK);
	return trace->signal_fd < 0 ? pyi_error_errno(errno, "signalfd") : NULL;
}

static const struct pyi_view_ops *choose_view(const struct pyi_settings *settings)
{
	if (settings->chrome)
		return &pyi_view_chrome;
	if (settings->probes_only)
		return &pyi_view_nothing;
	if (settings->count)
		return settings->json ? &pyi_view_summary_json : &pyi_view_count;
	if (settings->histogram)
		return settings->json ? &pyi_view_summary_json : &pyi_view_histogram;
	if (settings->summary)
		return settings->json ? &pyi_view_summary_json : &pyi_view_summary;
	if (settings->json)
		return &pyi_view_json;
	return settings->flat ? &pyi_view_flat : &pyi_view_tree;
}

static enum pyi_trace_mode choose_mode(const struct pyi_settings *settings)
{
	if (settings->chrome)
		return PYI_MODE_EVENTS;
	return settings->probes_only                      ? PYI_MODE_NOTHING
	       : settings->count                          ? PYI_MODE_COUNT
	       : settings->summary || settings->histogram ? PYI_MODE_SUMMARY
							  : PYI_MODE_EVENTS;
}

/* What cannot go together: the kernel's sums are of all calls. */
static struct pyi_error *check_settings(const struct pyi_settings *settings)
{
	if (choose_mode(settings) == PYI_MODE_EVENTS)
		return NULL;
	if (settings->min_duration_ns)
		return pyi_error_create(PYI_ERR_USAGE,
					"trace: --min-duration is for single calls, not for sums");
	if (settings->max_events)
		return pyi_error_create(PYI_ERR_USAGE,
					"trace: --max-events is for single calls, not for sums");
	return NULL;
}

/* A started command keeps standard output for itself. */
static struct pyi_error *open_output(struct trace *trace)
{
	const struct pyi_settings *settings = trace->settings;
	const char *path = settings->chrome ? settings->chrome : settings->output;
	struct pyi_error *err;

	if (settings->chrome && settings->output)
		return pyi_error_create(PYI_ERR_USAGE,
					"trace: --chrome writes to its FILE; -o has nothing left");
	err = pyi_output_init(&trace->output, path);
	if (!err && !path && trace->launch) {
		trace->output.fd = fcntl(STDERR_FILENO, F_DUPFD_CLOEXEC, 3);
		if (trace->output.fd < 0)
			err = pyi_error_errno(errno, "standard error");
	}
	return err;
}

static struct pyi_error *open_target(struct trace *trace)
{
	struct pyi_error *err = NULL;

	if (trace->settings->dashes) {
		err = pyi_launch_start(trace->settings->operands, &trace->launch);
		if (err)
			return err;
		trace->pid = pyi_launch_pid(trace->launch);
	}
	trace->pid_fd = (int)syscall(SYS_pidfd_open, trace->pid, 0);
	if (trace->pid_fd < 0 && errno == ESRCH)
		err = pyi_error_create(PYI_ERR_NOT_FOUND, "no such process");
	if (!err)
		err = pyi_target_open_live(trace->pid, &trace->target);
	if (!err)
		err = pyi_runtime_find(trace->target, &trace->rt);
	return err;
}

static struct pyi_error *start(struct trace *trace)
{
	const struct pyi_settings *settings = trace->settings;
	const struct pyi_tracer_options options = {
		.tid = settings->dump.tid,
		.filter = {settings->func, settings->file},
		.mode = choose_mode(settings),
		.max_depth = settings->max_depth,
		.min_duration_ns = settings->min_duration_ns,
		.max_events = settings->max_events,
		.sites = settings->verbose ? stderr : NULL,
	};
	struct pyi_error *err = check_settings(settings);

	if (!err)
		err = pyi_tracer_check();
	if (err)
		return err;
	err = open_target(trace);
	if (!err)
		err = pyi_tracer_open(trace->target, &trace->rt, &options, &trace->tracer);
	if (trace->pid)
		err = pyi_error_wrap(err, "process %d", (int)trace->pid);
	if (!err)
		err = open_output(trace);
	if (err)
		return err;
	if (pyi_tracer_detach_seconds(trace->tracer) > 0)
		fprintf(stderr,
			"pyinspect: this kernel takes probes away one by one: the end will take "
			"about %.1f s\n",
			pyi_tracer_detach_seconds(trace->tracer));
	pyi_output_keep(&trace->output);
	trace->view = (struct pyi_view){
		.ops = choose_view(settings),
		.out = trace->output.stream,
		.runtime = trace->rt.name,
		.pid = trace->pid,
		.functions = pyi_tracer_functions(trace->tracer),
	};
	trace->left = settings->max_events ? settings->max_events : UINT64_MAX;
	trace->deadline_ns = settings->for_seconds
				     ? now_ns() + (uint64_t)(settings->for_seconds * 1e9)
				     : UINT64_MAX;
	if (trace->view.ops->begin)
		trace->view.ops->begin(&trace->view);
	/* A view of sums is silent to the end. */
	if (settings->verbose || (!trace->view.ops->event && isatty(STDERR_FILENO)))
		fprintf(stderr, "tracing process %d (%s); Ctrl-C ends it\n", (int)trace->pid,
			trace->rt.name);
	if (trace->launch)
		pyi_launch_resume(trace->launch);
	return NULL;
}

static struct pyi_error *drain(struct trace *trace, bool *busy)
{
	uint64_t n = 0;
	struct pyi_error *err = pyi_tracer_drain(trace->tracer, &trace->view, trace->left, &n);

	if (trace->left != UINT64_MAX)
		trace->left -= n;
	*busy = n != 0;
	return err ? err : pyi_output_flush(&trace->output, &trace->gone);
}

static void wait_a_little(struct trace *trace, bool busy)
{
	struct pollfd fds[] = {{.fd = trace->pid_fd, .events = POLLIN},
			       {.fd = trace->signal_fd, .events = POLLIN}};
	struct signalfd_siginfo info;
	uint64_t now = now_ns(), left = trace->deadline_ns > now ? trace->deadline_ns - now : 0;
	int ms = busy ? BUSY_WAIT_MS : IDLE_WAIT_MS;

	if (left / 1000000 < (uint64_t)ms)
		ms = (int)(left / 1000000) + 1;
	poll(fds, 2, ms);
	if (fds[0].revents)
		trace->ended = true;
	if (read(trace->signal_fd, &info, sizeof(info)) == sizeof(info))
		trace->signal = (int)info.ssi_signo;
}

static struct pyi_error *follow(struct trace *trace)
{
	struct pyi_error *err = NULL;
	bool busy = true;

	while (!err && !trace->ended && !trace->signal && !trace->gone && trace->left &&
	       now_ns() < trace->deadline_ns) {
		wait_a_little(trace, busy);
		err = drain(trace, &busy);
	}
	pyi_tracer_stop(trace->tracer);
	while (!err && busy && trace->left && !trace->gone)
		err = drain(trace, &busy);
	return err;
}

static void say_loss(void *arg, pid_t tid, uint64_t lost)
{
	fprintf(stderr, "pyinspect: thread %d lost %llu events\n", (int)tid,
		(unsigned long long)lost);
}

static struct pyi_error *finish(struct trace *trace)
{
	struct pyi_trace_end *end = &trace->end;
	struct pyi_error *err = pyi_tracer_end(trace->tracer, end);

	if (!err && trace->view.ops->end && !trace->gone)
		trace->view.ops->end(&trace->view, end);
	if (!err)
		err = pyi_output_finish(&trace->output);
	if (err || trace->gone)
		return err;
	if (!trace->settings->json)
		fprintf(stderr, "%llu events, %llu lost, %zu sites, %llu ns an event\n",
			(unsigned long long)end->events, (unsigned long long)end->lost, end->sites,
			(unsigned long long)end->cost_ns);
	pyi_tracer_losses(trace->tracer, say_loss, NULL);
	return NULL;
}

static int exit_code(struct trace *trace)
{
	sigset_t set;

	/* While the command runs on, signals end us again. */
	sigemptyset(&set);
	sigprocmask(SIG_SETMASK, &set, NULL);
	if (trace->launch)
		return pyi_launch_wait(trace->launch);
	return trace->end.lost || trace->end.faults;
}

static int run(const struct pyi_settings *settings)
{
	struct trace trace = {
		.settings = settings, .output = {.fd = -1}, .pid_fd = -1, .signal_fd = -1};
	struct pyi_error *err = parse_operands(settings, &trace.pid);
	int code;

	if (!err)
		err = take_signals(&trace);
	if (!err)
		err = start(&trace);
	if (!err)
		err = follow(&trace);
	if (!err)
		err = finish(&trace);
	/* All has been said: some kernels take their time for this. */
	pyi_tracer_close(trace.tracer);
	code = err ? pyi_complain(err) : exit_code(&trace);
	pyi_output_deinit(&trace.output);
	pyi_target_close(trace.target);
	pyi_launch_destroy(trace.launch);
	if (trace.pid_fd >= 0)
		close(trace.pid_fd);
	if (trace.signal_fd >= 0)
		close(trace.signal_fd);
	return code;
}

const struct pyi_command pyi_cmd_trace = {
	.name = "trace",
	.usage = "[options] PID | -- COMMAND [ARGUMENT...]",
	.summary = "function calls as they happen (eBPF; needs root)",
	.examples =
		"  pyinspect trace 1234                             the call tree, until Ctrl-C\n"
		"  pyinspect trace --summary --for 5 1234           what took the time\n"
		"  pyinspect trace --flat --func 'Worker.*' 1234    only these functions\n"
		"  pyinspect trace --json -- python3 app.py         every call from the first on\n"
		"  pyinspect trace --chrome trace.json --for 2 1234 open it in ui.perfetto.dev\n",
	.options = PYI_CMD_TRACE,
	.run = run,
};
