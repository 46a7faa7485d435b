/*
 * A program with Pythons of its own, without their headers: embed LIBRARY HOME [LIBRARY HOME]...
 *
 * The first runs a program in which the second is called, which calls the third, and so on; the
 * last one waits in pause(). Each says its own frames first: a line "FRAMES n [...]" of output.
 * As a library in LD_PRELOAD it does the same in a thread, by the words of EMBED.
 */
#include <dlfcn.h>
#include <pthread.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#define MAX 8

/* struct PyMethodDef: the same in every version. */
struct method {
	const char *name;
	void *(*call)(void *self, void *args);
	int flags;
	const char *doc;
};

struct python {
	const char *library, *home;
	void *handle;
};

static struct python pythons[MAX];
static int n_pythons, running;
/* A thread asks for the lock of this one, which the main thread has; -1: none does. */
static int wanted = -1;

void enter_python(int number);

static const char program[] =
	"import sys\n"
	"def frames(frame):\n"
	"    chain = []\n"
	"    while frame:\n"
	"        chain.append((frame.f_code.co_name, frame.f_lineno + (not chain)))\n"
	"        frame = frame.f_back\n"
	"    return chain\n"
	"def inner(depth):\n"
	"    here = depth * 2\n"
	"    say(repr(frames(sys._getframe())))\n"
	"    call_next()\n"
	"def outer(number):\n"
	"    inner(number + 20)\n"
	"outer(NUMBER)\n";

static void *function(int number, const char *name)
{
	void *found = dlsym(pythons[number].handle, name);

	if (!found) {
		fprintf(stderr, "%s has no %s\n", pythons[number].library, name);
		exit(1);
	}
	return found;
}

static void *none(int number)
{
	void *(*build)(const char *format, ...) = function(number, "Py_BuildValue");

	return build("");
}

static void *say(void *self, void *args)
{
	int (*parse)(void *args, const char *format, ...) = function(running, "PyArg_ParseTuple");
	const char *text;

	(void)self;
	if (!parse(args, "s", &text))
		return NULL;
	printf("FRAMES %d %s\n", running, text);
	return none(running);
}

static void *want_lock(void *unused)
{
	int (*ensure)(void) = function(wanted, "PyGILState_Ensure");

	ensure();
	return unused;
}

static void wait_for_ever(void)
{
	pthread_t thread;

	if (wanted >= 0)
		pthread_create(&thread, NULL, want_lock, NULL);
	printf("READY\n");
	fflush(stdout);
	for (;;)
		pause();
}

static void *call_next(void *self, void *args)
{
	int caller = running;

	(void)self;
	(void)args;
	if (++running == n_pythons)
		wait_for_ever();
	enter_python(running);
	running = caller;
	return none(caller);
}

static void add_function(int number, struct method *method)
{
	void *(*make)(struct method * method, void *self, void *module) =
		function(number, "PyCFunction_NewEx");
	void *(*module)(const char *name) = function(number, "PyImport_AddModule");
	int (*set)(void *object, const char *name, void *value) =
		function(number, "PyObject_SetAttrString");

	set(module("__main__"), method->name, make(method, NULL, NULL));
}

/* Its home as it wants it: the functions for this differ, the environment does not. */
static void start(int number)
{
	void (*initialize)(int signals);
	int *no_site;

	setenv("PYTHONHOME", pythons[number].home, 1);
	no_site = dlsym(pythons[number].handle, "Py_NoSiteFlag");
	if (no_site)
		*no_site = 1;
	initialize = function(number, "Py_InitializeEx");
	initialize(0);
}

void enter_python(int number)
{
	static struct method methods[MAX][2];
	char text[sizeof(program) + 16], *at;
	int (*run)(const char *text);

	start(number);
	methods[number][0] = (struct method){"say", say, 1, NULL};
	methods[number][1] = (struct method){"call_next", call_next, 1, NULL};
	add_function(number, &methods[number][0]);
	add_function(number, &methods[number][1]);
	strcpy(text, program);
	at = strstr(text, "NUMBER");
	sprintf(at, "%d)\n", number);
	run = function(number, "PyRun_SimpleString");
	run(text);
}

/* Each library keeps its names to itself. "=" in front: in a namespace of its own, with a C library
 * of its own. */
static void load(int number)
{
	struct python *python = &pythons[number];
	bool apart = *python->library == '=';

	python->library += apart;
	python->handle = apart ? dlmopen(LM_ID_NEWLM, python->library, RTLD_NOW)
			       : dlopen(python->library, RTLD_NOW | RTLD_DEEPBIND);
	if (!python->handle) {
		fprintf(stderr, "%s\n", dlerror());
		exit(1);
	}
}

static void *run_words(void *words)
{
	char **word = words;

	if (*word && strncmp(*word, "-w", 2) == 0)
		wanted = atoi(*word++ + 2);
	for (; word[0] && word[1] && n_pythons < MAX; word += 2) {
		pythons[n_pythons] = (struct python){.library = word[0], .home = word[1]};
		load(n_pythons++);
	}
	if (n_pythons)
		enter_python(0);
	return NULL;
}

#ifdef PRELOADED
__attribute__((constructor)) static void begin(void)
{
	static char *words[2 * MAX + 1];
	pthread_t thread;
	char *text = getenv("EMBED"), *rest = NULL;

	unsetenv("LD_PRELOAD");
	text = strtok_r(text ? strdup(text) : NULL, " ", &rest);
	for (int i = 0; text && i < 2 * MAX; text = strtok_r(NULL, " ", &rest))
		words[i++] = text;
	pthread_create(&thread, NULL, run_words, words);
}
#else
int main(int argc, char **argv)
{
	(void)argc;
	run_words(argv + 1);
	return 1;
}
#endif
