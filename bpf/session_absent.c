/* SPDX-License-Identifier: BSD-2-Clause */
/* The session of a build without clang, bpftool, libbpf or capstone: there is none. */
#include "pyi_session.h"

#include <errno.h>
#include <string.h>

const char *pyi_session_missing(void)
{
	return "pyinspect was built without BPF; install clang, bpftool, libbpf-dev and "
	       "libcapstone-dev, then make again";
}

int pyi_session_open(const struct pyi_session_options *options, struct pyi_session **ret)
{
	return -ENOSYS;
}

const char *pyi_session_why(const struct pyi_session *session)
{
	return pyi_session_missing();
}

int pyi_session_seed(struct pyi_session *session, uint32_t tid, const struct pyi_thread_seed *seed)
{
	return -ENOSYS;
}

int pyi_session_attach(struct pyi_session *session, const char *path,
		       const struct pyi_session_site *sites, size_t n)
{
	return -ENOSYS;
}

void pyi_session_enable(struct pyi_session *session)
{
}

int pyi_session_drain(struct pyi_session *session, size_t max,
		      bool (*fn)(void *arg, const void *record, size_t size), void *arg)
{
	return -ENOSYS;
}

void pyi_session_judge(struct pyi_session *session, const struct pyi_code_record *code,
		       enum pyi_verdict verdict)
{
}

int pyi_session_stats(const struct pyi_session *session, uint32_t function,
		      struct pyi_function_stats *ret)
{
	return -ENOSYS;
}

int pyi_session_counters(const struct pyi_session *session, struct pyi_trace_counters *ret)
{
	return -ENOSYS;
}

uint64_t pyi_session_measure_trap(struct pyi_session *session)
{
	return 0;
}

bool pyi_session_is_multi(const struct pyi_session *session)
{
	return false;
}

void pyi_session_disable(struct pyi_session *session)
{
}

void pyi_session_close(struct pyi_session *session)
{
}
