/* SPDX-License-Identifier: BSD-2-Clause */
/* The posix module: system calls as os.py wants them. Results are plain values and tuples. */
#include "lib/lib.h"

#include "core/errors.h"
#include "objects/abstract.h"
#include "objects/bool.h"
#include "objects/bytes.h"
#include "objects/call.h"
#include "objects/dict.h"
#include "objects/float.h"
#include "objects/list.h"
#include "objects/long.h"
#include "objects/module.h"
#include "objects/tuple.h"
#include "objects/unicode.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <sched.h>
#include <signal.h>
#include <sys/random.h>
#include <sys/stat.h>
#include <sys/times.h>
#include <sys/utsname.h>
#include <sys/wait.h>
#include <unistd.h>

extern char **environ;

/* -- Arguments and results --------------------------------------------------------------------- */
#define MAX_ARGS 4

/*
 * What a function's arguments are, a letter each: p a path, i an int, I an int that may be left out
 * (0), l a long long, P a path or an open descriptor, O any object. Those in p are bytes that
 * release_args gives back.
 */
struct args {
	PyObject *raw[MAX_ARGS];    /* of paths */
	const char *path[MAX_ARGS]; /* NULL: a descriptor, in n */
	long long n[MAX_ARGS];
	PyObject *const *o;
	PyObject *shown; /* the first path, for errors */
};

static void release_args(struct args *a)
{
	for (int i = 0; i < MAX_ARGS; i++)
		Py_XDECREF(a->raw[i]);
}

static int read_path(struct args *a, int i)
{
	a->raw[i] = _PyFile_EncodePath(a->o[i]);
	if (!a->raw[i])
		return -1;
	a->path[i] = PyBytes_AS_STRING(a->raw[i]);
	if (!a->shown)
		a->shown = a->o[i];
	return 0;
}

static int read_number(struct args *a, int i, bool is_int)
{
	a->n[i] =
		is_int ? _PyLong_AsInt(a->o[i]) : PyNumber_AsSsize_t(a->o[i], PyExc_OverflowError);
	return a->n[i] == -1 && PyErr_Occurred() ? -1 : 0;
}

static int read_args(struct args *a, const char *fname, const char *letters, PyObject *const *args,
		     Py_ssize_t nargs)
{
	Py_ssize_t max = (Py_ssize_t)strlen(letters);
	Py_ssize_t min = (Py_ssize_t)strcspn(letters, "I");
	int status = 0;

	*a = (struct args){.o = args};
	if (!PyArg_CheckPositional(fname, nargs, min, max))
		return -1;
	for (int i = 0; status == 0 && i < nargs; i++) {
		char letter = letters[i];

		if (letter == 'p' || (letter == 'P' && !PyLong_Check(args[i])))
			status = read_path(a, i);
		else if (letter != 'O')
			status = read_number(a, i, letter != 'l');
	}
	if (status < 0)
		release_args(a);
	return status;
}

/* status < 0 is an error of errno, with the path that it is about. */
static PyObject *none_or_error(struct args *a, long status)
{
	PyObject *result = status >= 0 ? Py_NewRef(Py_None)
			   : a->shown
				   ? PyErr_SetFromErrnoWithFilenameObject(PyExc_OSError, a->shown)
				   : PyErr_SetFromErrno(PyExc_OSError);

	release_args(a);
	return result;
}

static PyObject *number_or_error(struct args *a, long long n)
{
	if (n < 0)
		return none_or_error(a, -1);
	release_args(a);
	return PyLong_FromLongLong(n);
}

/* Runs a system call without the GIL, again after EINTR; a signal handler's exception ends it. */
#define BLOCKING(result, call)                           \
	do {                                             \
		int error_;                              \
		Py_BEGIN_ALLOW_THREADS(result) = (call); \
		error_ = errno;                          \
		Py_END_ALLOW_THREADS errno = error_;     \
	} while ((result) < 0 && errno == EINTR && PyErr_CheckSignals() == 0)

#define FUNCTION(name) \
	static PyObject *posix_##name(PyObject *self, PyObject *const *args, Py_ssize_t nargs)
#define READ(name, letters)                                 \
	struct args a;                                      \
	if (read_args(&a, #name, letters, args, nargs) < 0) \
		return NULL;

/* A call that returns nothing but success. */
#define SIMPLE(name, letters, call)               \
	FUNCTION(name)                            \
	{                                         \
		READ(name, letters)               \
		long status;                      \
		BLOCKING(status, call);           \
		if (PyErr_Occurred()) {           \
			release_args(&a);         \
			return NULL;              \
		}                                 \
		return none_or_error(&a, status); \
	}
/* One that returns a number. */
#define NUMBER(name, letters, call)            \
	FUNCTION(name)                         \
	{                                      \
		READ(name, letters)            \
		long long n;                   \
		BLOCKING(n, call);             \
		if (PyErr_Occurred()) {        \
			release_args(&a);      \
			return NULL;           \
		}                              \
		return number_or_error(&a, n); \
	}

/* -- Files by descriptor ----------------------------------------------------------------------- */
NUMBER(open, "piI", open(a.path[0], (int)a.n[1] | O_CLOEXEC, nargs > 2 ? (mode_t)a.n[2] : 0777))
SIMPLE(close, "i", close((int)a.n[0]))
NUMBER(lseek, "ili", lseek((int)a.n[0], a.n[1], (int)a.n[2]))
SIMPLE(ftruncate, "il", ftruncate((int)a.n[0], a.n[1]))
SIMPLE(fsync, "i", fsync((int)a.n[0]))
NUMBER(dup, "i", fcntl((int)a.n[0], F_DUPFD_CLOEXEC, 0))
NUMBER(dup2, "ii", dup2((int)a.n[0], (int)a.n[1]))

FUNCTION(isatty)
{
	READ(isatty, "i")
	return PyBool_FromLong(isatty((int)a.n[0]));
}

FUNCTION(read)
{
	READ(read, "il")
	ssize_t got;

	if (a.n[1] < 0) {
		errno = EINVAL;
		return none_or_error(&a, -1);
	}
	PyObject *data = PyBytes_FromStringAndSize(NULL, a.n[1]);

	if (!data)
		return NULL;
	BLOCKING(got, read((int)a.n[0], PyBytes_AS_STRING(data), (size_t)a.n[1]));
	if (got < 0) {
		Py_DECREF(data);
		return PyErr_Occurred() ? NULL : none_or_error(&a, -1);
	}
	return _PyBytes_Resize(&data, got) < 0 ? NULL : data;
}

FUNCTION(write)
{
	READ(write, "iO")
	const char *view;
	Py_ssize_t n;
	ssize_t wrote;

	if (!_PyBytes_View(args[1], &view, &n))
		return PyErr_Format(PyExc_TypeError,
				    "a bytes-like object is required, not '%.200s'",
				    Py_TYPE(args[1])->tp_name);
	/* A bytearray may be resized while the GIL is away. */
	PyObject *data = PyBytes_CheckExact(args[1]) ? Py_NewRef(args[1])
						     : PyBytes_FromStringAndSize(view, n);

	if (!data)
		return NULL;
	BLOCKING(wrote, write((int)a.n[0], PyBytes_AS_STRING(data), (size_t)n));
	Py_DECREF(data);
	return PyErr_Occurred() ? NULL : number_or_error(&a, wrote);
}

FUNCTION(pipe)
{
	READ(pipe, "")
	int fds[2];

	if (pipe2(fds, O_CLOEXEC) < 0)
		return none_or_error(&a, -1);
	PyObject *parts[2] = {PyLong_FromLong(fds[0]), PyLong_FromLong(fds[1])};

	return _PyTuple_FromArraySteal(parts, 2);
}

/* -- Files by name ----------------------------------------------------------------------------- */
SIMPLE(unlink, "p", unlink(a.path[0]))
SIMPLE(rmdir, "p", rmdir(a.path[0]))
SIMPLE(rename, "pp", rename(a.path[0], a.path[1]))
SIMPLE(link, "pp", link(a.path[0], a.path[1]))
SIMPLE(symlink, "pp", symlink(a.path[0], a.path[1]))
SIMPLE(mkdir, "pI", mkdir(a.path[0], nargs > 1 ? (mode_t)a.n[1] : 0777))
SIMPLE(chmod, "Pi",
       a.path[0] ? chmod(a.path[0], (mode_t)a.n[1]) : fchmod((int)a.n[0], (mode_t)a.n[1]))
SIMPLE(chdir, "P", a.path[0] ? chdir(a.path[0]) : fchdir((int)a.n[0]))

FUNCTION(access)
{
	READ(access, "pi")
	bool can = access(a.path[0], (int)a.n[1]) == 0;

	release_args(&a);
	return PyBool_FromLong(can);
}

static PyObject *nanoseconds(struct timespec ts)
{
	return PyLong_FromLongLong((long long)ts.tv_sec * 1000000000 + ts.tv_nsec);
}

/* mode, ino, dev, nlink, uid, gid, size, three times in ns, blksize, blocks, rdev */
static PyObject *stat_tuple(const struct stat *st)
{
	PyObject *parts[] = {
		PyLong_FromLong(st->st_mode),
		PyLong_FromUnsignedLong(st->st_ino),
		PyLong_FromUnsignedLong(st->st_dev),
		PyLong_FromUnsignedLong(st->st_nlink),
		PyLong_FromLong(st->st_uid),
		PyLong_FromLong(st->st_gid),
		PyLong_FromLongLong(st->st_size),
		nanoseconds(st->st_atim),
		nanoseconds(st->st_mtim),
		nanoseconds(st->st_ctim),
		PyLong_FromLong(st->st_blksize),
		PyLong_FromLongLong(st->st_blocks),
		PyLong_FromUnsignedLong(st->st_rdev),
	};

	return _PyTuple_FromArraySteal(parts, sizeof(parts) / sizeof(*parts));
}

/* stat(path or descriptor, follow symbolic links) */
FUNCTION(stat)
{
	READ(stat, "PI")
	struct stat st;
	int status;
	bool follow = nargs < 2 || a.n[1];

	BLOCKING(status, !a.path[0] ? fstat((int)a.n[0], &st)
			 : follow   ? stat(a.path[0], &st)
				    : lstat(a.path[0], &st));
	if (PyErr_Occurred() || status < 0) {
		if (!PyErr_Occurred())
			return none_or_error(&a, -1);
		release_args(&a);
		return NULL;
	}
	release_args(&a);
	return stat_tuple(&st);
}

FUNCTION(readlink)
{
	READ(readlink, "p")
	char target[PATH_MAX];
	ssize_t n = readlink(a.path[0], target, sizeof(target));

	if (n < 0)
		return none_or_error(&a, -1);
	release_args(&a);
	return PyUnicode_DecodeFSDefaultAndSize(target, n);
}

FUNCTION(listdir)
{
	READ(listdir, "p")
	DIR *dir = opendir(a.path[0]);
	struct dirent *entry;

	if (!dir)
		return none_or_error(&a, -1);
	release_args(&a);
	PyObject *names = PyList_New(0);

	while (names && (entry = readdir(dir)) != NULL) {
		if (strcmp(entry->d_name, ".") == 0 || strcmp(entry->d_name, "..") == 0)
			continue;
		PyObject *name = PyUnicode_DecodeFSDefault(entry->d_name);

		if (!name || PyList_Append(names, name) < 0)
			Py_CLEAR(names);
		Py_XDECREF(name);
	}
	closedir(dir);
	return names;
}

FUNCTION(getcwd)
{
	READ(getcwd, "")
	char path[PATH_MAX];

	return getcwd(path, sizeof(path)) ? PyUnicode_DecodeFSDefault(path) : none_or_error(&a, -1);
}

/* utime(path, atime ns, mtime ns) */
FUNCTION(utime)
{
	READ(utime, "pll")
	struct timespec times[2];

	for (int i = 0; i < 2; i++) {
		times[i].tv_sec = a.n[i + 1] / 1000000000;
		times[i].tv_nsec = a.n[i + 1] % 1000000000;
		if (times[i].tv_nsec < 0) {
			times[i].tv_sec--;
			times[i].tv_nsec += 1000000000;
		}
	}
	return none_or_error(&a, utimensat(AT_FDCWD, a.path[0], times, 0));
}

/* -- Processes --------------------------------------------------------------------------------- */
NUMBER(getpid, "", getpid())
NUMBER(getppid, "", getppid())
NUMBER(getuid, "", (long long)getuid())
NUMBER(geteuid, "", (long long)geteuid())
NUMBER(getgid, "", (long long)getgid())
NUMBER(getegid, "", (long long)getegid())
NUMBER(umask, "i", (long long)umask((mode_t)a.n[0]))
SIMPLE(sched_yield, "", sched_yield())

FUNCTION(kill)
{
	READ(kill, "ii")
	if (kill((pid_t)a.n[0], (int)a.n[1]) < 0)
		return none_or_error(&a, -1);
	if (PyErr_CheckSignals() < 0)
		return NULL;
	Py_RETURN_NONE;
}

FUNCTION(_exit)
{
	READ(_exit, "i")
	_exit((int)a.n[0]);
}

FUNCTION(abort)
{
	abort();
}

FUNCTION(fork)
{
	READ(fork, "")
	pid_t pid = fork();

	if (pid == 0)
		_PyRuntime_AfterFork();
	return number_or_error(&a, pid);
}

FUNCTION(waitpid)
{
	READ(waitpid, "ii")
	int state = 0;
	pid_t pid;

	BLOCKING(pid, waitpid((pid_t)a.n[0], &state, (int)a.n[1]));
	if (PyErr_Occurred())
		return NULL;
	if (pid < 0)
		return none_or_error(&a, -1);
	PyObject *parts[2] = {PyLong_FromLong(pid), PyLong_FromLong(state)};

	return _PyTuple_FromArraySteal(parts, 2);
}

/* A NULL-ended array of C strings that live in list; PyMem_Free gives the array back. */
static char **string_array(PyObject *strings, PyObject *list)
{
	PyObject *fast = PySequence_Fast(strings, "expected a sequence of strings");
	Py_ssize_t n = fast ? PySequence_Fast_GET_SIZE(fast) : 0;
	char **array = fast ? PyMem_Calloc((size_t)n + 1, sizeof(*array)) : NULL;

	if (fast && !array)
		PyErr_NoMemory();
	for (Py_ssize_t i = 0; array && i < n; i++) {
		PyObject *raw = _PyFile_EncodePath(PySequence_Fast_GET_ITEM(fast, i));
		int status = raw ? PyList_Append(list, raw) : -1;

		if (status == 0) {
			array[i] = PyBytes_AS_STRING(raw);
		} else {
			PyMem_Free(array);
			array = NULL;
		}
		Py_XDECREF(raw);
	}
	Py_XDECREF(fast);
	return array;
}

/* execve(path, argv, ["NAME=value", ...]) */
FUNCTION(execve)
{
	READ(execve, "pOO")
	PyObject *held = PyList_New(0);
	char **argv = held ? string_array(args[1], held) : NULL;
	char **envp = argv ? string_array(args[2], held) : NULL;

	if (envp && !argv[0]) {
		PyErr_SetString(PyExc_ValueError, "execve() arg 2 must not be empty");
	} else if (envp) {
		execve(a.path[0], argv, envp);
		PyErr_SetFromErrno(PyExc_OSError);
	}
	PyMem_Free(argv);
	PyMem_Free(envp);
	Py_XDECREF(held);
	release_args(&a);
	return NULL;
}

FUNCTION(putenv)
{
	READ(putenv, "pp")
	return none_or_error(&a, setenv(a.path[0], a.path[1], 1));
}

FUNCTION(unsetenv)
{
	READ(unsetenv, "p")
	return none_or_error(&a, unsetenv(a.path[0]));
}

/* {name: value} of the environment as it was handed over. */
static PyObject *environment(void)
{
	PyObject *dict = PyDict_New();

	for (char **p = environ; dict && *p; p++) {
		const char *equals = strchr(*p, '=');

		if (!equals)
			continue;
		PyObject *name = PyUnicode_DecodeFSDefaultAndSize(*p, equals - *p);
		PyObject *value = PyUnicode_DecodeFSDefault(equals + 1);

		if (!name || !value || PyDict_SetItem(dict, name, value) < 0)
			Py_CLEAR(dict);
		Py_XDECREF(name);
		Py_XDECREF(value);
	}
	return dict;
}

/* -- The system -------------------------------------------------------------------------------- */
FUNCTION(uname)
{
	READ(uname, "")
	struct utsname u;

	if (uname(&u) < 0)
		return none_or_error(&a, -1);
	const char *const texts[] = {u.sysname, u.nodename, u.release, u.version, u.machine};
	PyObject *parts[5];

	for (int i = 0; i < 5; i++)
		parts[i] = PyUnicode_DecodeFSDefault(texts[i]);
	return _PyTuple_FromArraySteal(parts, 5);
}

FUNCTION(times)
{
	READ(times, "")
	struct tms t;
	clock_t elapsed = times(&t);
	double tick = (double)sysconf(_SC_CLK_TCK);
	const clock_t values[] = {t.tms_utime, t.tms_stime, t.tms_cutime, t.tms_cstime, elapsed};
	PyObject *parts[5];

	for (int i = 0; i < 5; i++)
		parts[i] = PyFloat_FromDouble((double)values[i] / tick);
	return _PyTuple_FromArraySteal(parts, 5);
}

FUNCTION(cpu_count)
{
	READ(cpu_count, "")
	long n = sysconf(_SC_NPROCESSORS_ONLN);

	if (n < 1)
		Py_RETURN_NONE;
	return PyLong_FromLong(n);
}

FUNCTION(urandom)
{
	READ(urandom, "l")
	if (a.n[0] < 0)
		return PyErr_Format(PyExc_ValueError, "negative argument not allowed");
	PyObject *data = PyBytes_FromStringAndSize(NULL, a.n[0]);

	for (long long done = 0; data && done < a.n[0];) {
		ssize_t got = getrandom(PyBytes_AS_STRING(data) + done, (size_t)(a.n[0] - done), 0);

		if (got < 0 && errno != EINTR) {
			Py_DECREF(data);
			return none_or_error(&a, -1);
		}
		done += got > 0 ? got : 0;
	}
	return data;
}

FUNCTION(strerror)
{
	READ(strerror, "i")
	return PyUnicode_FromString(strerror((int)a.n[0]));
}

#define ROW(name)                                                                     \
	{                                                                             \
#name, (PyCFunction)(void (*)(void))posix_##name, METH_FASTCALL, NULL \
	}

static PyMethodDef posix_methods[] = {
	ROW(open),      ROW(close),   ROW(lseek),    ROW(ftruncate),   ROW(fsync),   ROW(dup),
	ROW(dup2),      ROW(isatty),  ROW(read),     ROW(write),       ROW(pipe),    ROW(unlink),
	ROW(rmdir),     ROW(rename),  ROW(link),     ROW(symlink),     ROW(mkdir),   ROW(chmod),
	ROW(chdir),     ROW(access),  ROW(stat),     ROW(readlink),    ROW(listdir), ROW(getcwd),
	ROW(utime),     ROW(getpid),  ROW(getppid),  ROW(getuid),      ROW(geteuid), ROW(getgid),
	ROW(getegid),   ROW(umask),   ROW(kill),     ROW(_exit),       ROW(abort),   ROW(fork),
	ROW(waitpid),   ROW(execve),  ROW(putenv),   ROW(unsetenv),    ROW(uname),   ROW(times),
	ROW(cpu_count), ROW(urandom), ROW(strerror), ROW(sched_yield), {0},
};

static const PyIntConstant constants[] = {
#define VALUE(name)         \
	{                   \
#name, name \
	}
	VALUE(O_RDONLY),
	VALUE(O_WRONLY),
	VALUE(O_RDWR),
	VALUE(O_CREAT),
	VALUE(O_EXCL),
	VALUE(O_TRUNC),
	VALUE(O_APPEND),
	VALUE(O_CLOEXEC),
	VALUE(O_NONBLOCK),
	VALUE(O_DIRECTORY),
	VALUE(O_NOFOLLOW),
	VALUE(O_SYNC),
	VALUE(F_OK),
	VALUE(R_OK),
	VALUE(W_OK),
	VALUE(X_OK),
	VALUE(WNOHANG),
	VALUE(WUNTRACED),
#undef VALUE
	{0},
};

PyObject *_PyPosix_Init(void)
{
	PyObject *module = PyModule_New("posix");

	if (module && (PyModule_AddFunctions(module, posix_methods) < 0 ||
		       PyModule_AddIntConstants(module, constants) < 0 ||
		       PyModule_Add(module, "environ", environment()) < 0))
		Py_CLEAR(module);
	return module;
}
