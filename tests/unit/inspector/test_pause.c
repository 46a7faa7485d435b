/* SPDX-License-Identifier: BSD-2-Clause */
/* A pause ends when the work does, or when its time is over, whatever the work does. */
#include "target/pause.h"

#include "child.h"

#include <fcntl.h>
#include <setjmp.h>
#include <stdarg.h>
#include <cmocka.h>

struct job {
	struct child child;
	struct pyi_stop stop;
	struct pyi_pause pause;
	atomic_bool overrun;
	int calls;
	char state_seen; /* of the child, when the work began */
	bool forever;    /* works until the child runs */
	bool ran;        /* the child did run before the work ended */
	bool blocked;    /* SIGTERM, at the end of the work */
	struct pyi_error *result;
};

static struct pyi_error *work(void *arg)
{
	struct job *job = arg;
	sigset_t mask;
	job->calls++;
	job->state_seen = child_state(job->child.pid, job->child.pid);
	if (job->forever)
		child_write(&job->child, 'x');
	/* The timer interrupts child_read, which else gives up after two seconds. */
	for (time_t end = time(NULL) + 2; job->forever && !job->ran && time(NULL) <= end;)
		job->ran = child_read(&job->child) == 'x';
	pthread_sigmask(SIG_SETMASK, NULL, &mask);
	job->blocked = sigismember(&mask, SIGTERM);
	return job->result;
}

static void echo_body(int in, int out)
{
	child_say(out, 'r');
	child_echo(in, out);
}

static void job_start(struct job *job, uint64_t max_ns)
{
	char path[64];
	assert_true(child_start(&job->child, echo_body));
	assert_int_equal(child_read(&job->child), 'r');
	snprintf(path, sizeof(path), "/proc/%d/task", (int)job->child.pid);
	pyi_stop_init(&job->stop, job->child.pid, open(path, O_RDONLY | O_DIRECTORY | O_CLOEXEC));
	assert_null(pyi_stop_add(&job->stop, job->child.pid));
	job->pause = (struct pyi_pause){.stop = &job->stop,
					.work = work,
					.arg = job,
					.max_ns = max_ns,
					.overrun = &job->overrun};
}

static void job_end(struct job *job)
{
	assert_true(child_answers(&job->child));
	close(job->stop.task_dir);
	pyi_stop_deinit(&job->stop);
	child_end(&job->child);
}

static void test_in_time(void **state)
{
	(void)state;
	struct job job = {0};
	job_start(&job, UINT64_C(1000000000));
	assert_null(pyi_pause_run(&job.pause));
	assert_int_equal(job.calls, 1);
	assert_int_equal(job.state_seen, 't');
	assert_true(job.blocked);
	assert_false(job.overrun);
	assert_true(job.stop.begin_ns && job.stop.end_ns > job.stop.begin_ns);
	assert_true(job.stop.end_ns - job.stop.begin_ns < 1000000000u);
	job_end(&job);
}

/* The child can only answer in the middle of the work when it was let go there. */
static void test_overrun(void **state)
{
	(void)state;
	struct job job = {.forever = true};
	struct timespec begin, end;
	job_start(&job, 30000000);
	clock_gettime(CLOCK_MONOTONIC, &begin);
	assert_null(pyi_pause_run(&job.pause));
	clock_gettime(CLOCK_MONOTONIC, &end);
	assert_int_equal(job.state_seen, 't');
	assert_true(job.ran);
	assert_true(job.overrun);
	assert_false(job.blocked);
	assert_true(job.stop.end_ns - job.stop.begin_ns > 25000000);
	assert_true(job.stop.end_ns <= (uint64_t)end.tv_sec * 1000000000u + (uint64_t)end.tv_nsec);
	assert_true(end.tv_sec - begin.tv_sec < 2);
	job_end(&job);
}

static void test_error_of_the_work(void **state)
{
	(void)state;
	struct job job = {.result = pyi_error_create(PYI_ERR_GONE, "no more")};
	job_start(&job, UINT64_C(1000000000));
	struct pyi_error *err = pyi_pause_run(&job.pause);
	assert_ptr_equal(err, job.result);
	pyi_error_destroy(err);
	job_end(&job);
}

static volatile sig_atomic_t terminated;

static void on_term(int sig)
{
	(void)sig;
	terminated = 1;
}

/* A signal that waits already: nothing is worked on, and the child runs on. */
static void test_signal_waits(void **state)
{
	(void)state;
	struct job job = {0};
	sigset_t term, old;
	struct sigaction action = {.sa_handler = on_term};
	sigaction(SIGTERM, &action, NULL);
	sigemptyset(&term);
	sigaddset(&term, SIGTERM);
	job_start(&job, UINT64_C(1000000000));
	pthread_sigmask(SIG_BLOCK, &term, &old);
	kill(getpid(), SIGTERM);
	struct pyi_error *err = pyi_pause_run(&job.pause);
	assert_false(terminated);
	pthread_sigmask(SIG_SETMASK, &old, NULL);
	assert_true(terminated);
	assert_non_null(err);
	assert_int_equal(err->code, PYI_ERR_IO);
	assert_int_equal(job.calls, 0);
	pyi_error_destroy(err);
	job_end(&job);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_in_time),
		cmocka_unit_test(test_overrun),
		cmocka_unit_test(test_error_of_the_work),
		cmocka_unit_test(test_signal_waits),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
