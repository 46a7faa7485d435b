/*
 * Handlers that do not return, to be preloaded into any Python: SIGUSR1 calls a null pointer,
 * SIGUSR2 fills the stack.
 */
#include <signal.h>
#include <string.h>

void fill_stack(const char *above);

static void (*volatile nobody)(void);

/* After the call, so that it is no tail call. */
static volatile int calls;

static void call_nobody(int number)
{
	(void)number;
	nobody();
	calls++;
}

void fill_stack(const char *above)
{
	volatile char mine[512];

	mine[0] = above[0];
	if (calls >= 0) /* always: the compiler must not see that */
		fill_stack((const char *)mine);
	calls += mine[0];
}

static void overflow(int number)
{
	(void)number;
	fill_stack("");
	calls++;
}

__attribute__((constructor)) static void install(void)
{
	struct sigaction action;

	memset(&action, 0, sizeof(action));
	action.sa_handler = call_nobody;
	sigaction(SIGUSR1, &action, NULL);
	action.sa_handler = overflow;
	sigaction(SIGUSR2, &action, NULL);
}
