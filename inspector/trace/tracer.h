/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * A trace of a target: sites found, probes put there, records made into events. Hands off the
 * target: nothing is written to it or stopped; the kernel takes the probes away when this process
 * ends, however it ends.
 */
#ifndef PYI_TRACE_TRACER_H
#define PYI_TRACE_TRACER_H

#include "trace/sites.h"
#include "trace/view.h"

struct pyi_tracer_options {
	pid_t tid; /* only this thread; 0: all */
	struct pyi_function_filter filter;
	enum pyi_trace_mode mode;
	uint32_t max_depth;       /* 0: any */
	uint64_t min_duration_ns; /* only of calls that took so long */
	uint64_t max_events;      /* 0: no end; in PYI_MODE_EVENTS */
	FILE *sites;              /* where to say which sites are probed, or NULL */
};

struct pyi_tracer;

/* NULL where this build on this kernel can trace, else an error that says what is missing. */
struct pyi_error *pyi_tracer_check(void) PYI_WARN_UNUSED;
/* What is traced runs already, or stands before its first bytecode. target is needed only for this
 * call; rt for as long as the tracer. */
struct pyi_error *pyi_tracer_open(struct pyi_target *target, const struct pyi_runtime *rt,
				  const struct pyi_tracer_options *options,
				  struct pyi_tracer **ret) PYI_WARN_UNUSED;
struct pyi_functions *pyi_tracer_functions(struct pyi_tracer *tracer);
/* About how long close will take, seconds: kernels before 6.6 take each probe away by itself. */
double pyi_tracer_detach_seconds(const struct pyi_tracer *tracer);
/* Shows what is there, at most max wanted events; *n is their number. */
struct pyi_error *pyi_tracer_drain(struct pyi_tracer *tracer, struct pyi_view *view, uint64_t max,
				   uint64_t *n) PYI_WARN_UNUSED;
/* Nothing more comes; what came until then can still be drained. */
void pyi_tracer_stop(struct pyi_tracer *tracer);
/* After stop. Events are those that were shown (not PYI_MODE_EVENTS: those that were seen), lost
 * ones those of all functions; measures the cost, and adds the kernel's sums to the functions. */
struct pyi_error *pyi_tracer_end(struct pyi_tracer *tracer,
				 struct pyi_trace_end *ret) PYI_WARN_UNUSED;
/* Calls fn for every thread that lost events. */
void pyi_tracer_losses(struct pyi_tracer *tracer, void (*fn)(void *arg, pid_t tid, uint64_t lost),
		       void *arg);
/* Takes the probes away. */
void pyi_tracer_close(struct pyi_tracer *tracer);

#endif
