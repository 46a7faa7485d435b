/* SPDX-License-Identifier: BSD-2-Clause */
#include "cmd/options.h"

#include <ctype.h>
#include <errno.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

static bool parse_count(const char *text, unsigned long long max, unsigned long long *ret)
{
	char *end;

	if (!text || *text < '0' || *text > '9')
		return false;
	errno = 0;
	*ret = strtoull(text, &end, 10);
	return !errno && !*end && *ret > 0 && *ret <= max;
}

static bool set_json(struct pyi_settings *s, const char *value)
{
	s->json = true;
	return true;
}

static bool set_locals(struct pyi_settings *s, const char *value)
{
	unsigned long long bytes;

	s->dump.locals = true;
	if (!value)
		return true;
	if (!parse_count(value, 1u << 30, &bytes))
		return false;
	s->dump.max_value_bytes = (size_t)bytes;
	s->locals_bytes_given = true;
	return true;
}

static bool set_native(struct pyi_settings *s, const char *value)
{
	static const char *const words[] = {"auto", "all", "lines", "none"};

	for (size_t i = 0; i < sizeof(words) / sizeof(words[0]); i++) {
		if (strcmp(value ? value : "all", words[i]) == 0) {
			s->dump.native = (enum pyinspect_native)i;
			return true;
		}
	}
	return false;
}

static bool set_no_kernel(struct pyi_settings *s, const char *value)
{
	s->dump.kernel = false;
	return true;
}

static bool set_thread(struct pyi_settings *s, const char *value)
{
	unsigned long long tid;

	if (!parse_count(value, 1u << 30, &tid))
		return false;
	s->dump.tid = (pid_t)tid;
	return true;
}

static bool set_traceback(struct pyi_settings *s, const char *value)
{
	s->dump.traceback = true;
	return true;
}

static bool set_limit(struct pyi_settings *s, const char *value)
{
	unsigned long long n;

	if (!parse_count(value, 1u << 30, &n))
		return false;
	s->dump.limit = (size_t)n;
	return true;
}

static bool set_no_stop(struct pyi_settings *s, const char *value)
{
	s->dump.no_stop = true;
	return true;
}

static bool set_subprocesses(struct pyi_settings *s, const char *value)
{
	s->subprocesses = true;
	return true;
}

static bool set_watch(struct pyi_settings *s, const char *value)
{
	char *end;

	s->watch_seconds = strtod(value, &end);
	return end != value && !*end && isfinite(s->watch_seconds) && s->watch_seconds >= 0.001 &&
	       s->watch_seconds <= 1e6;
}

static bool set_name(struct pyi_settings *s, const char *value)
{
	s->name = value;
	return *value != '\0';
}

/* Digits alone are decimal, as id() prints them; with 0x, or with letters, hexadecimal. */
static bool set_address(struct pyi_settings *s, const char *value)
{
	bool decimal = value[strspn(value, "0123456789")] == '\0';
	char *end;

	errno = 0;
	s->address = strtoull(value, &end, decimal ? 10 : 16);
	s->address_given = true;
	return isxdigit((unsigned char)*value) && !*end && !errno;
}

static bool set_all(struct pyi_settings *s, const char *value)
{
	s->all = true;
	return true;
}

static bool set_value_bytes(struct pyi_settings *s, const char *value)
{
	return value && set_locals(s, value);
}

static bool set_with_env(struct pyi_settings *s, const char *value)
{
	s->with_env = true;
	return true;
}

static bool set_exe(struct pyi_settings *s, const char *value)
{
	s->dump.exe = value;
	return *value != '\0';
}

static bool set_sysroot(struct pyi_settings *s, const char *value)
{
	s->dump.sysroot = value;
	return *value != '\0';
}

static bool set_lib_path(struct pyi_settings *s, const char *value)
{
	s->dump.lib_path = value;
	return *value != '\0';
}

static bool set_debuginfod(struct pyi_settings *s, const char *value)
{
	s->dump.debuginfod = true;
	return true;
}

static bool set_last(struct pyi_settings *s, const char *value)
{
	s->last = true;
	return true;
}

static bool set_flat(struct pyi_settings *s, const char *value)
{
	s->flat = true;
	return true;
}

static bool set_summary(struct pyi_settings *s, const char *value)
{
	s->summary = true;
	return true;
}

static bool set_histogram(struct pyi_settings *s, const char *value)
{
	s->histogram = true;
	return true;
}

static bool set_count(struct pyi_settings *s, const char *value)
{
	s->count = true;
	return true;
}

static bool set_probes_only(struct pyi_settings *s, const char *value)
{
	s->probes_only = true;
	return true;
}

static bool set_file(struct pyi_settings *s, const char *value)
{
	s->file = value;
	return *value != '\0';
}

static bool set_depth(struct pyi_settings *s, const char *value)
{
	unsigned long long n;

	if (!parse_count(value, 1u << 30, &n))
		return false;
	s->max_depth = (uint32_t)n;
	return true;
}

/* 10us, 1.5ms, 2s; a number alone is milliseconds. */
static bool set_min_duration(struct pyi_settings *s, const char *value)
{
	static const struct {
		const char *unit;
		double ns;
	} units[] = {{"ns", 1}, {"us", 1e3}, {"ms", 1e6}, {"s", 1e9}, {"", 1e6}};
	char *end;
	double n = strtod(value, &end);

	if (end == value || !isfinite(n) || n <= 0)
		return false;
	for (size_t i = 0; i < sizeof(units) / sizeof(units[0]); i++) {
		double ns = n * units[i].ns;

		if (strcmp(end, units[i].unit) != 0)
			continue;
		s->min_duration_ns = (uint64_t)ns;
		return ns >= 1 && ns <= 1e15;
	}
	return false;
}

static bool set_chrome(struct pyi_settings *s, const char *value)
{
	s->chrome = value;
	return *value != '\0';
}

static bool set_func(struct pyi_settings *s, const char *value)
{
	s->func = value;
	return *value != '\0';
}

static bool set_for(struct pyi_settings *s, const char *value)
{
	char *end;

	s->for_seconds = strtod(value, &end);
	return end != value && !*end && isfinite(s->for_seconds) && s->for_seconds >= 0.001 &&
	       s->for_seconds <= 1e6;
}

static bool set_max_events(struct pyi_settings *s, const char *value)
{
	unsigned long long n;

	if (!parse_count(value, 1ull << 60, &n))
		return false;
	s->max_events = n;
	return true;
}

static bool set_install(struct pyi_settings *s, const char *value)
{
	s->install = true;
	return true;
}

static bool set_remove(struct pyi_settings *s, const char *value)
{
	s->remove = true;
	return true;
}

static bool set_status(struct pyi_settings *s, const char *value)
{
	s->status = true;
	return true;
}

static bool set_limit_of(unsigned *to, const char *value)
{
	unsigned long long n;

	if (!parse_count(value, 1000000, &n) || n == 0)
		return false;
	*to = (unsigned)n;
	return true;
}

static bool set_keep(struct pyi_settings *s, const char *value)
{
	return set_limit_of(&s->crash_limits.number, value);
}

static bool set_keep_mb(struct pyi_settings *s, const char *value)
{
	return set_limit_of(&s->crash_limits.size_mb, value);
}

static bool set_rate(struct pyi_settings *s, const char *value)
{
	return set_limit_of(&s->crash_limits.a_minute, value);
}

static bool set_color(struct pyi_settings *s, const char *value)
{
	return pyi_color_parse(value, &s->color);
}

static bool set_output(struct pyi_settings *s, const char *value)
{
	s->output = value;
	return *value != '\0';
}

static bool set_verbose(struct pyi_settings *s, const char *value)
{
	s->verbose = true;
	return true;
}

static bool set_version(struct pyi_settings *s, const char *value)
{
	s->version = true;
	return true;
}

static bool set_help(struct pyi_settings *s, const char *value)
{
	s->help = true;
	return true;
}

const struct pyi_option pyi_options[] = {
	{"locals", 0, PYI_CMD_DUMP | PYI_CMD_CORE, "[=BYTES]",
	 "variables of every frame; a value longer than BYTES (1000, in JSON 100000) is cut",
	 set_locals, "a number of bytes"},
	{"locals", 0, PYI_CMD_SNAPSHOT, "BYTES",
	 "keep at most so much of a value (100000): what a later --locals can show",
	 set_value_bytes, "a number of bytes"},
	{"with-env", 0, PYI_CMD_SNAPSHOT, NULL,
	 "keep the environment's strings, which are left out otherwise", set_with_env, NULL},
	{"native", 0, PYI_CMD_DUMP | PYI_CMD_CORE, "[=auto|all|lines|none]",
	 "native frames: auto folds the interpreter's own (default), all shows every one, lines "
	 "adds source lines and inlined calls, none leaves them out",
	 set_native, "auto, all, lines or none"},
	{"no-kernel", 0, PYI_CMD_DUMP, NULL, "no kernel frames", set_no_kernel, NULL},
	{"thread", 0, PYI_CMD_DUMP | PYI_CMD_CORE | PYI_CMD_TRACE, "TID", "only this thread",
	 set_thread, "a thread id"},
	{"traceback", 0, PYI_CMD_DUMP | PYI_CMD_CORE, NULL, "latest call last, as Python prints it",
	 set_traceback, NULL},
	{"limit", 0, PYI_CMD_DUMP | PYI_CMD_CORE, "N",
	 "at most N frames of a thread, the kernel's not counted", set_limit, "a number of frames"},
	{"address", 0, PYI_CMD_MAPS, "ADDR",
	 "only what is at this address (0x... or, as id() prints it, decimal)", set_address,
	 "an address"},
	{"all", 0, PYI_CMD_MAPS, NULL, "every mapping on a line of its own", set_all, NULL},
	{"json", 0, PYI_CMD_MAPS, NULL, "JSON (schema pyinspect-maps/1)", set_json, NULL},
	{"no-stop", 0, PYI_CMD_MAPS, NULL,
	 "do not stop the process; how deep the stacks of running threads are stays unknown",
	 set_no_stop, NULL},
	{"json", 0, PYI_CMD_DUMP | PYI_CMD_CORE, NULL,
	 "JSON, one object a line (schema pyinspect/1)", set_json, NULL},
	{"no-stop", 0, PYI_CMD_DUMP, NULL,
	 "do not stop the process; threads that run are then shown without native frames",
	 set_no_stop, NULL},
	{"exe", 0, PYI_CMD_CORE, "FILE", "the program that died, if it is not where it was",
	 set_exe, "a file name"},
	{"sysroot", 0, PYI_CMD_CORE, "DIR",
	 "the files of the machine that it died on are below DIR (libraries, source text)",
	 set_sysroot, "a directory"},
	{"lib-path", 0, PYI_CMD_CORE, "DIR[:DIR...]", "look there first for its libraries",
	 set_lib_path, "directories"},
	{"debuginfod", 0, PYI_CMD_CORE, NULL,
	 "ask the servers in $DEBUGINFOD_URLS for files that are missing", set_debuginfod, NULL},
	{"last", 0, PYI_CMD_CORE, NULL, "the newest core that systemd-coredump or the handler kept",
	 set_last, NULL},
	{"flat", 0, PYI_CMD_TRACE, NULL, "one line an event, instead of the call tree", set_flat,
	 NULL},
	{"summary", 0, PYI_CMD_TRACE, NULL,
	 "only what each function's calls took in all; added up in the kernel", set_summary, NULL},
	{"histogram", 0, PYI_CMD_TRACE, NULL,
	 "how long the calls took, a bar for each power of two; counted in the kernel",
	 set_histogram, NULL},
	{"count", 0, PYI_CMD_TRACE, NULL, "only how often each function was entered: the cheapest",
	 set_count, NULL},
	{"probes-only", 0, PYI_CMD_TRACE, NULL,
	 "put the probes there and do nothing: what they cost the target by themselves",
	 set_probes_only, NULL},
	{"json", 0, PYI_CMD_TRACE, NULL,
	 "JSON, one object a line (schema pyinspect-trace/1); with --summary one object "
	 "(pyinspect-trace-summary/1)",
	 set_json, NULL},
	{"chrome", 0, PYI_CMD_TRACE, "FILE",
	 "write Chrome's trace format, which ui.perfetto.dev opens", set_chrome, "a file name"},
	{"func", 0, PYI_CMD_TRACE, "GLOB",
	 "only functions whose qualified name matches, such as 'Worker.*'", set_func, "a pattern"},
	{"file", 0, PYI_CMD_TRACE, "GLOB",
	 "only functions of files that match, such as 'app.py' or '/srv/*'", set_file, "a pattern"},
	{"depth", 0, PYI_CMD_TRACE, "N", "only frames at most N deep; 1 is the outermost",
	 set_depth, "a number of frames"},
	{"min-duration", 0, PYI_CMD_TRACE, "TIME",
	 "only calls that took so long: 200us, 5ms, 1s (a number alone: ms); each is shown when it "
	 "ends",
	 set_min_duration, "a time such as 200us"},
	{"for", 0, PYI_CMD_TRACE, "SECONDS", "end after so long", set_for, "a number of seconds"},
	{"max-events", 0, PYI_CMD_TRACE, "N", "end after so many events", set_max_events,
	 "a number of events"},
	{"subprocesses", 0, PYI_CMD_DUMP, NULL, "also the Python processes below it",
	 set_subprocesses, NULL},
	{"watch", 0, PYI_CMD_DUMP, "SECONDS", "again and again, until it ends", set_watch,
	 "a number of seconds"},
	{"name", 0, PYI_CMD_DUMP, "REGEX",
	 "instead of PID: every Python process whose command line matches", set_name,
	 "a regular expression"},
	{"install", 0, PYI_CMD_HANDLER, NULL, "have the kernel call this program", set_install,
	 NULL},
	{"status", 0, PYI_CMD_HANDLER, NULL, "say what is installed", set_status, NULL},
	{"remove", 0, PYI_CMD_HANDLER, NULL, "put back what was there before", set_remove, NULL},
	{"keep", 0, PYI_CMD_HANDLER, "N", "so many crashes (100); the oldest go first", set_keep,
	 "a number of crashes"},
	{"keep-mb", 0, PYI_CMD_HANDLER, "N", "at most so many MiB in all (1024)", set_keep_mb,
	 "a number of MiB"},
	{"rate", 0, PYI_CMD_HANDLER, "N", "at most so many new ones a minute (10)", set_rate,
	 "a number of crashes"},
	{"output", 'o', PYI_CMD_RUN | PYI_CMD_HANDLER, "DIR",
	 "keep report (text and JSON) and snapshot of every crash in DIR", set_output,
	 "a directory"},
	{"color", 0, PYI_CMD_ALL, "auto|always|never",
	 "colours; auto: on a terminal, unless NO_COLOR is set", set_color,
	 "auto, always or never"},
	{"output", 'o',
	 PYI_CMD_DUMP | PYI_CMD_CORE | PYI_CMD_MAPS | PYI_CMD_SNAPSHOT | PYI_CMD_TRACE, "FILE",
	 "write to FILE, which is replaced when all is done", set_output, "a file name"},
	{"verbose", 'v', PYI_CMD_ALL, NULL, "say more on standard error", set_verbose, NULL},
	{"version", 0, PYI_CMD_ALL, NULL, "print the version", set_version, NULL},
	{"help", 'h', PYI_CMD_ALL, NULL, "print this", set_help, NULL},
	{0},
};

void pyi_settings_init(struct pyi_settings *settings)
{
	*settings = (struct pyi_settings){.color = PYI_COLOR_AUTO,
					  .crash_limits = PYI_CRASH_LIMITS_DEFAULT};
	pyinspect_options_init(&settings->dump);
}

static bool optional_argument(const struct pyi_option *option)
{
	return option->argument && option->argument[0] == '[';
}

static const struct pyi_option *find(const char *name, size_t len, char letter, unsigned commands)
{
	for (const struct pyi_option *o = pyi_options; o->name; o++) {
		if (!(o->commands & (commands | PYI_CMD_ALL)))
			continue;
		if (letter ? o->letter == letter
			   : strlen(o->name) == len && strncmp(o->name, name, len) == 0)
			return o;
	}
	return NULL;
}

/* An argument of argv that begins with a dash, and what may follow it. */
struct cursor {
	int argc;
	char **argv;
	int at;
};

static struct pyi_error *apply(struct pyi_settings *settings, const struct pyi_option *option,
			       const char *value, struct cursor *cursor)
{
	if (value && !option->argument)
		return pyi_error_create(PYI_ERR_USAGE, "--%s: takes no argument", option->name);
	if (!value && option->argument && !optional_argument(option)) {
		if (cursor->at + 1 >= cursor->argc)
			return pyi_error_create(PYI_ERR_USAGE, "--%s: needs %s", option->name,
						option->expects);
		value = cursor->argv[++cursor->at];
	}
	if (!option->set(settings, value))
		return pyi_error_create(PYI_ERR_USAGE, "--%s: needs %s, not \"%s\"", option->name,
					option->expects, value);
	return NULL;
}

static struct pyi_error *parse_long(struct pyi_settings *settings, unsigned commands,
				    struct cursor *cursor)
{
	const char *name = cursor->argv[cursor->at] + 2;
	size_t len = strcspn(name, "=");
	const struct pyi_option *option = find(name, len, 0, commands);

	if (!option)
		return pyi_error_create(PYI_ERR_USAGE, "--%.*s: unknown option", (int)len, name);
	return apply(settings, option, name[len] ? name + len + 1 : NULL, cursor);
}

static struct pyi_error *parse_short(struct pyi_settings *settings, unsigned commands,
				     struct cursor *cursor)
{
	const char *letters = cursor->argv[cursor->at] + 1;

	for (; *letters; letters++) {
		const struct pyi_option *option = find(NULL, 0, *letters, commands);
		const char *rest = letters[1] ? letters + 1 : NULL;
		struct pyi_error *err;

		if (!option)
			return pyi_error_create(PYI_ERR_USAGE, "-%c: unknown option", *letters);
		err = apply(settings, option, option->argument ? rest : NULL, cursor);
		if (err || option->argument)
			return err;
	}
	return NULL;
}

struct pyi_error *pyi_options_parse(int argc, char **argv, unsigned commands,
				    struct pyi_settings *ret)
{
	struct pyi_settings settings;
	struct cursor cursor = {argc, argv, 0};
	int n = 0;

	pyi_settings_init(&settings);
	for (; cursor.at < argc; cursor.at++) {
		char *arg = argv[cursor.at];
		struct pyi_error *err = NULL;

		if (strcmp(arg, "--") == 0) {
			settings.dashes = true;
			settings.n_before_dashes = (size_t)n;
			while (++cursor.at < argc)
				argv[n++] = argv[cursor.at];
			break;
		}
		if (strncmp(arg, "--", 2) == 0)
			err = parse_long(&settings, commands, &cursor);
		else if (arg[0] == '-' && arg[1])
			err = parse_short(&settings, commands, &cursor);
		else
			argv[n++] = arg;
		if (err)
			return err;
	}
	if (n < argc)
		argv[n] = NULL;
	settings.operands = argv;
	settings.n_operands = (size_t)n;
	if (!settings.dashes)
		settings.n_before_dashes = settings.n_operands;
	*ret = settings;
	return NULL;
}

#define HELP_COLUMN 26
#define HELP_WIDTH  79

/* Words from HELP_COLUMN on, broken before HELP_WIDTH. */
static void print_wrapped(FILE *out, const char *text)
{
	size_t column = HELP_COLUMN;

	while (*text) {
		size_t word = strcspn(text, " ");

		if (column > HELP_COLUMN && column + 1 + word > HELP_WIDTH) {
			fprintf(out, "\n%*s", HELP_COLUMN, "");
			column = HELP_COLUMN;
		}
		if (column > HELP_COLUMN)
			putc(' ', out);
		column += (column > HELP_COLUMN) + word;
		fprintf(out, "%.*s", (int)word, text);
		text += word;
		text += strspn(text, " ");
	}
	putc('\n', out);
}

void pyi_options_help(FILE *out, unsigned commands)
{
	for (const struct pyi_option *o = pyi_options; o->name; o++) {
		char letter[5] = "", left[80];

		if (!(o->commands & (commands | PYI_CMD_ALL)))
			continue;
		if (o->letter)
			snprintf(letter, sizeof(letter), "-%c, ", o->letter);
		snprintf(left, sizeof(left), "  %s--%s%s%s", letter, o->name,
			 o->argument && !optional_argument(o) ? " " : "",
			 o->argument ? o->argument : "");
		fprintf(out, "%s", left);
		if (strlen(left) + 2 > HELP_COLUMN)
			fprintf(out, "\n%*s", HELP_COLUMN, "");
		else
			fprintf(out, "%*s", HELP_COLUMN - (int)strlen(left), "");
		print_wrapped(out, o->help);
	}
}
