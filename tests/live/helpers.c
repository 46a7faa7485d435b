/*
 * What a target program cannot do in Python, loaded through ctypes: sleep uninterruptibly, and see
 * for how long it was stopped.
 */
#include <pthread.h>
#include <stdatomic.h>
#include <stdbool.h>
#include <stdint.h>
#include <sys/resource.h>
#include <sys/syscall.h>
#include <time.h>
#include <unistd.h>

void vfork_wait(unsigned int ms);
int observer_start(void);
uint64_t observer_take(void);
void observer_stop(void);

/* The caller's thread is in state D until the child is gone: vfork's parent waits uninterruptibly.
 */
void vfork_wait(unsigned int ms)
{
	struct timespec left = {.tv_sec = ms / 1000, .tv_nsec = (long)(ms % 1000) * 1000000};

	if (vfork() == 0) {
		while (nanosleep(&left, &left) != 0)
			;
		_exit(0);
	}
}

static pthread_t observer;
static atomic_bool observing;
static _Atomic uint64_t largest_gap_ns;

static uint64_t now_ns(void)
{
	struct timespec ts;

	clock_gettime(CLOCK_MONOTONIC, &ts);
	return (uint64_t)ts.tv_sec * 1000000000 + (uint64_t)ts.tv_nsec;
}

/* Spins: the largest time between two looks at the clock is the longest time this process did not
 * run. */
static void *observe(void *unused)
{
	uint64_t last = now_ns();

	/* On Linux a nice value is a thread's own; without the right to raise it the gaps are only
	 * noisier. */
	setpriority(PRIO_PROCESS, (id_t)syscall(SYS_gettid), -20);
	while (observing) {
		uint64_t now = now_ns();

		if (now - last > largest_gap_ns)
			largest_gap_ns = now - last;
		last = now;
	}
	return unused;
}

int observer_start(void)
{
	observing = true;
	return pthread_create(&observer, NULL, observe, NULL);
}

/* Nanoseconds of the largest gap since the last call. */
uint64_t observer_take(void)
{
	return atomic_exchange(&largest_gap_ns, 0);
}

void observer_stop(void)
{
	observing = false;
	pthread_join(observer, NULL);
}
