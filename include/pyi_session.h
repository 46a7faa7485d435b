/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * A tracing session: BPF programs in the kernel, probes on a target's sites, records on their way
 * here. All of it belongs to file descriptors of this process: whatever ends it takes the probes
 * away.
 *
 * Functions return 0 or -errno; pyi_session_why says in one line what failed.
 */
#ifndef PYI_SESSION_H
#define PYI_SESSION_H

#include "pyi_event.h"
#include "pyi_layout.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdio.h>

struct pyi_session;

struct pyi_session_site {
	uint64_t offset; /* in the file */
	struct pyi_site_code code;
};

struct pyi_session_options {
	struct pyi_trace_config config;
	const struct pyi_layout *layout;
	uint8_t site_kind; /* of one of the sites to come: one program is for them all */
	size_t ring_bytes; /* a power of two, whole pages; 0: 16 MiB */
	FILE *log;         /* where the verifier's reasons go, or NULL */
};

/* NULL, or why this build or this machine has no tracing. */
const char *pyi_session_missing(void);
/* Loads the programs. *ret is there also on failure unless memory is out: ask why, then close. */
int pyi_session_open(const struct pyi_session_options *options, struct pyi_session **ret);
const char *pyi_session_why(const struct pyi_session *session);
/* Tells the programs of a thread that runs already, by the target's number for it; before enable.
 */
int pyi_session_seed(struct pyi_session *session, uint32_t tid, const struct pyi_thread_seed *seed);
/* Puts probes on the sites of the file, for this process only. path may be below /proc/self/fd.
 * Nothing is sent before all are there and enable is called. */
int pyi_session_attach(struct pyi_session *session, const char *path,
		       const struct pyi_session_site *sites, size_t n);
void pyi_session_enable(struct pyi_session *session);
/* Hands over what the ring holds, at most max records; a record lives until fn comes back. fn
 * returns false to stop there. The count, or -errno. */
int pyi_session_drain(struct pyi_session *session, size_t max,
		      bool (*fn)(void *arg, const void *record, size_t size), void *arg);
/* Events of a code object are wanted, or not, from now on. Best effort. */
void pyi_session_judge(struct pyi_session *session, const struct pyi_code_record *code,
		       enum pyi_verdict verdict);
/* What the kernel has added up under a number of a code record; 0: all without a number. */
int pyi_session_stats(const struct pyi_session *session, uint32_t function,
		      struct pyi_function_stats *ret);
/* The sum over all CPUs. */
int pyi_session_counters(const struct pyi_session *session, struct pyi_trace_counters *ret);
/* What a probe without a program's work costs here, by one on ourselves; 0 when unknown. */
uint64_t pyi_session_measure_trap(struct pyi_session *session);
/* Whether the kernel takes all probes away at once, not one by one. */
bool pyi_session_is_multi(const struct pyi_session *session);
/* Nothing more is sent or added up: what is there is all. */
void pyi_session_disable(struct pyi_session *session);
/* No probe is left when this returns. */
void pyi_session_close(struct pyi_session *session);

#endif
