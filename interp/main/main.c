/* SPDX-License-Identifier: BSD-2-Clause */
/* The command line. */
#include "main/main.h"

#include "compiler/compiler.h"
#include "core/errors.h"
#include "lib/lib.h"
#include "lib/loader.h"
#include "main/stack.h"
#include "objects/abstract.h"
#include "objects/bool.h"
#include "objects/dict.h"
#include "objects/exceptions.h"
#include "objects/list.h"
#include "objects/module.h"
#include "objects/unicode.h"
#include "vm/call.h"

#include <errno.h>
#include <limits.h>
#include <signal.h>
#include <sys/stat.h>
#include <unistd.h>

#define EXIT_USAGE       2
#define EXIT_BROKEN_PIPE 120 /* stdout could not be flushed at the end, as in CPython */

static const char usage[] =
	"usage: minipy [-B] [-c CODE | -m MODULE | FILE | FOLDER | -] [ARGUMENT...]\n"
	"\n"
	"  FILE         run the program in FILE\n"
	"  FOLDER       run the program in FOLDER/__main__.py\n"
	"  -            run the program on standard input\n"
	"  -c CODE      run CODE\n"
	"  -m MODULE    run a module of sys.path, or a package's __main__\n"
	"  -m dis FILE  print the instructions that FILE is compiled to\n"
	"  -B           write no compiled modules to __pycache__\n"
	"  --version    print the version\n"
	"  -h, --help   print this\n"
	"\n"
	"Without arguments on a terminal: statements are read and run one by one.\n"
	"Environment: PYTHONPATH, PYTHONDONTWRITEBYTECODE, PYTHONHASHSEED, PYTHONMALLOC "
	"(pymalloc,\n"
	"malloc).\n";

struct options {
	const char *code, *file, *module, *dis; /* one of them, or none: standard input */
	int first;                              /* index of sys.argv[0] in argv */
	bool dont_write;                        /* compiled modules */
};

static int usage_error(const char *what, const char *argument)
{
	fprintf(stderr, "minipy: %s%s\n%s", what, argument, usage);
	return EXIT_USAGE;
}

/* -1: go on; else the exit status. */
static int parse_options(int argc, char **argv, struct options *o)
{
	const char *arg;

	o->first = 1;
	while (argc > o->first && strcmp(argv[o->first], "-B") == 0) {
		o->dont_write = true;
		o->first++;
	}
	arg = argc > o->first ? argv[o->first] : NULL;
	if (!arg || strcmp(arg, "-") == 0)
		return -1;
	if (strcmp(arg, "--version") == 0 || strcmp(arg, "-V") == 0)
		return puts(MINIPY_VERSION) < 0;
	if (strcmp(arg, "-h") == 0 || strcmp(arg, "--help") == 0)
		return fputs(usage, stdout) < 0;
	if (strncmp(arg, "-c", 2) == 0) {
		o->first += !arg[2];
		o->code = arg[2] ? arg + 2 : argv[o->first];
		return o->code ? -1 : usage_error("argument expected for the -c option", "");
	}
	if (strncmp(arg, "-m", 2) == 0) {
		o->first += !arg[2];
		o->module = arg[2] ? arg + 2 : argv[o->first];
		if (o->module && strcmp(o->module, "dis") == 0 && argc > o->first + 1)
			o->dis = argv[++o->first];
		return o->module ? -1 : usage_error("argument expected for the -m option", "");
	}
	if (arg[0] == '-')
		return usage_error("unknown option: ", arg);
	o->file = arg;
	return -1;
}

/* -- Running
 * ---------------------------------------------------------------------------------------------- */

/* __main__'s namespace, borrowed. */
static PyObject *main_globals(void)
{
	PyObject *module = PyImport_AddModule("__main__");
	PyObject *globals = module ? PyModule_GetDict(module) : NULL;
	PyObject *builtins = PyImport_AddModule("builtins");
	PyObject *name = PyUnicode_InternFromString("__main__");
	bool ok = globals && builtins && name &&
		  PyDict_SetItemString(globals, "__name__", name) == 0 &&
		  PyDict_SetItemString(globals, "__builtins__", builtins) == 0 &&
		  PyDict_SetItemString(globals, "__doc__", Py_None) == 0;

	Py_XDECREF(name);
	return ok ? globals : NULL;
}

static int run_text(const char *text, Py_ssize_t n, PyObject *filename, int flags,
		    PyObject *globals)
{
	PyObject *code, *result = NULL;

	code = (PyObject *)PyCompile_Source(text, n, filename, PY_MODE_EXEC, flags);
	if (code)
		result = PyEval_EvalCode(code, globals, globals);
	Py_XDECREF(code);
	if (!result)
		return main_report_error();
	Py_DECREF(result);
	return 0;
}

static PyObject *file_name(const char *path)
{
	return PyUnicode_DecodeFSDefault(path);
}

/* What FOLDER or FILE names is one file; false: a message was printed. */
static bool find_program(const char *path, char *program, size_t size)
{
	struct stat st;
	bool folder = stat(path, &st) == 0 && S_ISDIR(st.st_mode);
	int n = snprintf(program, size, folder ? "%s/__main__.py" : "%s", path);

	if (n >= 0 && (size_t)n < size && (!folder || access(program, R_OK) == 0))
		return true;
	fprintf(stderr, "minipy: can't find '__main__' module in '%s'\n", path);
	return false;
}

static int run_file(const char *path, PyObject *globals)
{
	char program[PATH_MAX];
	PyObject *filename;
	Py_ssize_t n;
	char *text;
	int status;

	if (!find_program(path, program, sizeof(program)))
		return 1;
	text = _PyFile_ReadAll(program, &n);
	if (!text) {
		PyErr_Clear();
		fprintf(stderr, "minipy: can't open file '%s': [Errno %d] %s\n", program, errno,
			strerror(errno));
		return EXIT_USAGE;
	}
	filename = file_name(program);
	status = filename && PyDict_SetItemString(globals, "__file__", filename) == 0
			 ? run_text(text, n, filename, 0, globals)
			 : main_report_error();
	Py_XDECREF(filename);
	PyMem_Free(text);
	return status;
}

/* sys.argv[0] is the module's file. */
static int name_program(PyObject *filename)
{
	PyObject *argv = PySys_GetObject("argv");

	return argv && PyList_Check(argv) && PyList_GET_SIZE(argv) > 0
		       ? PyList_SetItem(argv, 0, Py_NewRef(filename))
		       : 0;
}

static int run_module(const char *name, PyObject *globals)
{
	PyObject *package = NULL, *filename = NULL, *code = NULL, *result = NULL;
	char *path = PyImport_FindMain(name, &package);

	if (!path) {
		PyObject *exc = PyErr_GetRaisedException();

		/* As CPython says it: the traceback of nothing helps nobody. */
		if (exc && PyErr_GivenExceptionMatches(exc, PyExc_ImportError) &&
		    !((PyBaseExceptionObject *)exc)->traceback) {
			PyObject *text = PyObject_Str(exc);

			fprintf(stderr, "minipy: %s\n", text ? PyUnicode_AsUTF8(text) : name);
			Py_XDECREF(text);
			Py_DECREF(exc);
			return 1;
		}
		PyErr_SetRaisedException(exc);
		return main_report_error();
	}
	filename = file_name(path);
	if (filename && PyDict_SetItemString(globals, "__file__", filename) == 0 &&
	    PyDict_SetItemString(globals, "__package__", package) == 0 &&
	    name_program(filename) == 0)
		code = loader_code(path, filename);
	if (code)
		result = PyEval_EvalCode(code, globals, globals);
	Py_XDECREF(code);
	Py_XDECREF(filename);
	Py_XDECREF(package);
	PyMem_RawFree(path);
	if (!result)
		return main_report_error();
	Py_DECREF(result);
	return 0;
}

static int run_string(const char *text, Py_ssize_t n, const char *name, int flags,
		      PyObject *globals)
{
	PyObject *filename = PyUnicode_FromString(name);
	int status = filename ? run_text(text, n, filename, flags, globals) : main_report_error();

	Py_XDECREF(filename);
	return status;
}

static int run_code_option(const char *code, PyObject *globals)
{
	size_t n = strlen(code);
	char *text = malloc(n + 2);
	int status;

	if (!text)
		return 1;
	memcpy(text, code, n);
	memcpy(text + n, "\n", 2);
	status = run_string(text, (Py_ssize_t)n + 1, "<string>", PyCF_IGNORE_COOKIE, globals);
	free(text);
	return status;
}

static int run_stdin(PyObject *globals)
{
	size_t n = 0, room = 0;
	char *text = NULL;
	ssize_t got = 0;
	int status;

	if (isatty(STDIN_FILENO))
		return repl_run(globals);
	do {
		n += (size_t)got;
		if (room - n < 4096) {
			char *bigger = realloc(text, room = room ? 2 * room : 8192);

			if (!bigger) {
				free(text);
				PyErr_NoMemory();
				return main_report_error();
			}
			text = bigger;
		}
		got = read(STDIN_FILENO, text + n, room - n - 1);
	} while (got > 0 || (got < 0 && errno == EINTR && (got = 0) == 0));
	text[n] = '\0';
	status = run_string(text, (Py_ssize_t)n, "<stdin>", 0, globals);
	free(text);
	return status;
}

/* The folder of a script, or what is one itself, for sys.path[0]; malloc'ed. */
static char *folder_of(const char *path)
{
	char *real = realpath(path, NULL), *slash = real ? strrchr(real, '/') : NULL;
	struct stat st;

	if (slash && (stat(real, &st) < 0 || !S_ISDIR(st.st_mode)))
		slash[slash == real] = '\0';
	return real;
}

static int set_arguments(int argc, char **argv, const struct options *o)
{
	static char dash_c[] = "-c", dash_m[] = "-m", empty[] = "";
	char *first = o->code                ? dash_c
		      : o->module && !o->dis ? dash_m
		      : o->first < argc      ? argv[o->first]
					     : empty;
	int n = argc > o->first ? argc - o->first : 1;
	char **args = malloc((size_t)n * sizeof(*args));
	char *folder = o->file ? folder_of(o->file) : o->module ? realpath(".", NULL) : NULL;
	int status = -1;

	if (args) {
		args[0] = first;
		for (int i = 1; i < n; i++)
			args[i] = argv[o->first + i];
		status = PySys_SetArgv(n, args, folder ? folder : "");
	}
	free(folder);
	free(args);
	if (status == 0 && o->dont_write)
		status = PySys_SetObject("dont_write_bytecode", Py_True);
	return status;
}

static int run_all(int argc, char **argv, uintptr_t lowest)
{
	struct options o = {0};
	int status = parse_options(argc, argv, &o);
	PyObject *globals;

	if (status >= 0)
		return status;
	if (PyInterp_Init(lowest) < 0)
		return 1;
	_PyLayout_Publish();
	globals = main_globals();
	if (!globals || set_arguments(argc, argv, &o) < 0)
		status = main_report_error();
	else if (o.dis)
		status = dis_file(o.dis);
	else if (o.code)
		status = run_code_option(o.code, globals);
	else if (o.module)
		status = run_module(o.module, globals);
	else if (o.file)
		status = run_file(o.file, globals);
	else
		status = run_stdin(globals);
	if (PyInterp_Finish() < 0 && status == 0)
		status = EXIT_BROKEN_PIPE;
	return status;
}

int main(int argc, char **argv)
{
	int status;

	signal(SIGPIPE, SIG_IGN);
	status = stack_run(run_all, argc, argv);
	if (fflush(stdout) == EOF && status == 0)
		status = 1;
	/* Without destructors: daemon threads may still run. */
	_exit(status & 0xff);
}
