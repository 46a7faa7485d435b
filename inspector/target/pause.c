/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * The thread of a pause. It stops the target, works and lets go: handing the work to another thread
 * would make every pause longer by two wake-ups. Only the thread that traces can let go, so when
 * its time is over a timer's signal interrupts its work and the handler does it: what pyi_stop_end
 * calls are system calls only.
 */
#include "target/pause.h"

#include <errno.h>
#include <pthread.h>
#include <sched.h>
#include <stdlib.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <time.h>
#include <ucontext.h>
#include <unistd.h>

#define STACK_BYTES (16u << 20)
/* After an overrun, for threads that come out of uninterruptible sleep only then. */
#define AGAIN_NS 20000000

static __thread struct pyi_pause *current; /* the target is held by this thread */

static void hurry(void)
{
	struct sched_param param = {.sched_priority = 1};
	prctl(PR_SET_TIMERSLACK, 1); /* short sleeps are else 50 us too long */
	if (sched_setscheduler(0, SCHED_RR | SCHED_RESET_ON_FORK, &param))
		setpriority(PRIO_PROCESS, 0, -20);
}

/* The work may go on for ever. */
static void take_ease(void)
{
	struct sched_param param = {0};
	sched_setscheduler(0, SCHED_OTHER, &param);
	setpriority(PRIO_PROCESS, 0, 0);
}

/* Touches the part of our new stack that the pause will need, and lets malloc set up what it keeps
 * for a new thread. */
static __attribute__((noinline)) void warm_up(void)
{
	char room[64 << 10];
	explicit_bzero(room, sizeof(room));
	char *heap = malloc(sizeof(room));
	if (heap)
		explicit_bzero(heap, sizeof(room));
	free(heap);
}

static void time_is_over(int sig, siginfo_t *info, void *context)
{
	struct pyi_pause *pause = current;
	int saved = errno;
	(void)info;
	if (pause) {
		pyi_stop_end(pause->stop);
		atomic_store(pause->overrun, true);
		take_ease();
		/* Signals that end us need not wait for the work any more. */
		ucontext_t *interrupted = context;
		memcpy(&interrupted->uc_sigmask, &pause->mask, _NSIG / 8);
		sigdelset(&interrupted->uc_sigmask, sig);
	}
	errno = saved;
}

static void catch_signal(void)
{
	struct sigaction action = {.sa_sigaction = time_is_over,
				   .sa_flags = SA_SIGINFO | SA_RESTART};
	sigfillset(&action.sa_mask);
	sigaction(SIGRTMAX - PYI_PAUSE_SIGNAL, &action, NULL);
}

static struct pyi_error *set_timer(uint64_t ns, timer_t *ret)
{
	static pthread_once_t once = PTHREAD_ONCE_INIT;
	struct sigevent event = {.sigev_notify = SIGEV_THREAD_ID,
				 .sigev_signo = SIGRTMAX - PYI_PAUSE_SIGNAL};
	struct itimerspec when = {.it_value = {.tv_sec = (time_t)(ns / 1000000000u),
					       .tv_nsec = (long)(ns % 1000000000u)},
				  .it_interval = {.tv_nsec = AGAIN_NS}};
	event._sigev_un._tid = gettid(); /* timer_create(2); glibc 2.36 has no other name for it */
	pthread_once(&once, catch_signal);
	if (timer_create(CLOCK_MONOTONIC, &event, ret))
		return pyi_error_errno(errno, "cannot create a timer");
	timer_settime(*ret, 0, &when, NULL);
	return NULL;
}

static struct pyi_error *stop_and_work(struct pyi_pause *pause)
{
	sigset_t ours;
	struct pyi_error *err = pyi_stop_begin(pause->stop);
	if (err)
		return err;
	sigemptyset(&ours);
	sigaddset(&ours, SIGRTMAX - PYI_PAUSE_SIGNAL);
	if (!pause->stop->interrupted) {
		current = pause;
		pthread_sigmask(SIG_UNBLOCK, &ours, NULL);
		err = pause->work(pause->arg);
		pthread_sigmask(SIG_BLOCK, &ours, NULL);
		current = NULL;
	}
	if (!atomic_load(pause->overrun))
		pyi_stop_end(pause->stop);
	return err;
}

static void *trace(void *arg)
{
	struct pyi_pause *pause = arg;
	timer_t timer;
	warm_up();
	pause->err = set_timer(pause->max_ns, &timer);
	if (pause->err)
		return NULL;
	hurry();
	pause->err = stop_and_work(pause);
	timer_delete(timer);
	return NULL;
}

struct pyi_error *pyi_pause_run(struct pyi_pause *pause)
{
	sigset_t all;
	pthread_t thread;
	pthread_attr_t attr;
	sigfillset(&all);
	pthread_attr_init(&attr);
	pthread_attr_setstacksize(&attr, STACK_BYTES);
	pthread_sigmask(SIG_SETMASK, &all, &pause->mask);
	int failed = pthread_create(&thread, &attr, trace, pause);
	if (!failed)
		pthread_join(thread, NULL);
	pthread_attr_destroy(&attr);
	pthread_sigmask(SIG_SETMASK, &pause->mask, NULL);
	if (failed)
		return pyi_error_errno(failed, "cannot start a thread");
	if (!pause->err && pause->stop->interrupted)
		return pyi_error_create(PYI_ERR_IO, "interrupted by a signal");
	return pause->err;
}
