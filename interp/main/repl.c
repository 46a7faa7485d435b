/* SPDX-License-Identifier: BSD-2-Clause */
/* The interactive loop. */
#include "main/main.h"

#include "compiler/compiler.h"
#include "core/errors.h"
#include "core/state.h"
#include "lib/lib.h"
#include "objects/unicode.h"
#include "vm/call.h"

#include <errno.h>
#include <signal.h>
#include <unistd.h>

#ifdef HAVE_LIBEDIT
#include <histedit.h>
#endif

enum input { INPUT_LINE, INPUT_END, INPUT_INTERRUPTED };

struct repl {
	PyObject *globals, *filename;
	const char *prompt;
	char *text; /* what was typed of the statement so far */
	size_t n, room;
#ifdef HAVE_LIBEDIT
	EditLine *editor;
	History *history;
#endif
};

static bool append(struct repl *r, const char *line, size_t n)
{
	if (r->n + n + 1 > r->room) {
		char *bigger = realloc(r->text, r->room = 2 * (r->n + n + 1));

		if (!bigger)
			return false;
		r->text = bigger;
	}
	memcpy(r->text + r->n, line, n);
	r->n += n;
	r->text[r->n] = '\0';
	return true;
}

/* -- Reading a line
 * ---------------------------------------------------------------------------------------- */

#ifdef HAVE_LIBEDIT
static char *prompt_of(EditLine *editor)
{
	struct repl *r;

	el_get(editor, EL_CLIENTDATA, &r);
	return (char *)r->prompt;
}

static void open_editor(struct repl *r)
{
	HistEvent event;

	r->history = history_init();
	r->editor = el_init("minipy", stdin, stdout, stderr);
	if (!r->editor || !r->history)
		return;
	history(r->history, &event, H_SETSIZE, 1000);
	history(r->history, &event, H_SETUNIQUE, 1);
	el_set(r->editor, EL_CLIENTDATA, r);
	el_set(r->editor, EL_PROMPT, prompt_of);
	el_set(r->editor, EL_EDITOR, "emacs");
	el_set(r->editor, EL_HIST, history, r->history);
	el_set(r->editor, EL_SIGNAL, 0);
	el_source(r->editor, NULL);
}

static void close_editor(struct repl *r)
{
	if (r->editor)
		el_end(r->editor);
	if (r->history)
		history_end(r->history);
}

static enum input edit_line(struct repl *r)
{
	HistEvent event;
	int n = 0;
	const char *line;

	errno = 0;
	line = el_gets(r->editor, &n);
	if (!line || n <= 0)
		return errno == EINTR || n < 0 ? INPUT_INTERRUPTED : INPUT_END;
	if (line[0] != '\n')
		history(r->history, &event, H_ENTER, line);
	return append(r, line, (size_t)n) ? INPUT_LINE : INPUT_END;
}
#endif

static enum input plain_line(struct repl *r)
{
	char c;
	ssize_t got;
	size_t before = r->n;

	fputs(r->prompt, stdout);
	fflush(stdout);
	do {
		got = read(STDIN_FILENO, &c, 1);
		if (got < 0)
			return errno == EINTR ? INPUT_INTERRUPTED : INPUT_END;
		if (got == 0)
			return r->n > before ? INPUT_LINE : INPUT_END;
		if (!append(r, &c, 1))
			return INPUT_END;
	} while (c != '\n');
	return INPUT_LINE;
}

static enum input read_line(struct repl *r)
{
	enum input input;

	Py_BEGIN_ALLOW_THREADS
#ifdef HAVE_LIBEDIT
		input = r->editor ? edit_line(r) : plain_line(r);
#else
		input = plain_line(r);
#endif
	Py_END_ALLOW_THREADS if (PyErr_CheckSignals() < 0)
	{
		PyErr_Clear();
		return INPUT_INTERRUPTED;
	}
	return input;
}

/* -- Statements
 * -----------------------------------------------------------------------------------------------
 */

static void remember_source(struct repl *r)
{
	PyObject *text = PyUnicode_DecodeUTF8(r->text, (Py_ssize_t)r->n, "replace");

	if (!text || _PySource_Remember(r->filename, text) < 0)
		PyErr_Clear();
	Py_XDECREF(text);
}

/* Runs a complete statement. True: the program wants to end, with *status. */
static bool run_statement(struct repl *r, PyObject *code, int *status)
{
	PyObject *result = code ? PyEval_EvalCode(code, r->globals, r->globals) : NULL;
	PyObject *out = PySys_GetObject("stdout");

	if (result) {
		Py_DECREF(result);
	} else if (PyErr_ExceptionMatches(PyExc_SystemExit)) {
		*status = _PyErr_SystemExitStatus();
		return true;
	} else {
		PyErr_Print();
	}
	if (out && !Py_IsNone(out) && _PyFile_Flush(out) < 0)
		PyErr_Clear();
	return false;
}

/* One statement: reads lines until it is complete. True: end, with *status. */
static bool read_statement(struct repl *r, int *status)
{
	r->n = 0;
	r->prompt = ">>> ";
	for (;;) {
		bool incomplete = false, end;
		enum input input = read_line(r);
		PyObject *code;

		if (input == INPUT_INTERRUPTED) {
			fputs("\nKeyboardInterrupt\n", stderr);
			return false;
		}
		if (input == INPUT_END && r->n == 0) {
			putchar('\n');
			fflush(stdout);
			return true;
		}
		code = (PyObject *)PyCompile_Interactive(r->text, (Py_ssize_t)r->n, r->filename, 0,
							 &incomplete);
		if (!code && incomplete && input == INPUT_LINE) {
			PyErr_Clear();
			r->prompt = "... ";
			continue;
		}
		if (!code && !PyErr_Occurred()) /* a block that the end of the input ends */
			code = (PyObject *)PyCompile_Source(r->text, (Py_ssize_t)r->n, r->filename,
							    PY_MODE_SINGLE, 0);
		remember_source(r);
		end = run_statement(r, code, status);
		Py_XDECREF(code);
		return end;
	}
}

/* Reads are interrupted by Ctrl-C, so that it clears the line. */
static void let_signals_interrupt(void)
{
	struct sigaction action;

	if (sigaction(SIGINT, NULL, &action) == 0) {
		action.sa_flags &= ~SA_RESTART;
		sigaction(SIGINT, &action, NULL);
	}
}

int repl_run(PyObject *globals)
{
	struct repl r = {.globals = globals, .filename = PyUnicode_FromString("<stdin>")};
	int status = 0;

	if (!r.filename)
		return main_report_error();
	puts(MINIPY_VERSION);
	let_signals_interrupt();
#ifdef HAVE_LIBEDIT
	if (isatty(STDIN_FILENO))
		open_editor(&r);
#endif
	while (!read_statement(&r, &status))
		;
#ifdef HAVE_LIBEDIT
	close_editor(&r);
#endif
	free(r.text);
	Py_DECREF(r.filename);
	return status;
}
