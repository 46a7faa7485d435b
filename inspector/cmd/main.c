/* SPDX-License-Identifier: BSD-2-Clause */
/* pyinspect: finds the command and lets it run. */
#include "cmd/command.h"
#include "cmd/output.h"
#include "base/print.h"

#include <stdlib.h>
#include <string.h>

static const struct pyi_command *const commands[] = {
	&pyi_cmd_dump,  &pyi_cmd_core, &pyi_cmd_maps,    &pyi_cmd_snapshot,
	&pyi_cmd_trace, &pyi_cmd_run,  &pyi_cmd_handler, NULL};

static char **typed; /* the command line */

static void print_word(const char *word)
{
	static const char plain[] = "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ"
				    "0123456789_@%+=:,./-";
	pyi_autostrbuf safe = PYI_STRBUF_INIT;

	pyi_print_escape(&safe, word, strlen(word));
	if (*word && !word[strspn(word, plain)])
		fprintf(stderr, " %s", word);
	else
		fprintf(stderr, " '%s'", safe.data ? safe.data : "");
}

/* Where root would be enough, with the command to type. */
static void print_hint(const char *hint)
{
	const size_t len = strlen(hint), end = strlen(PYI_HINT_SUDO);

	fprintf(stderr, "  %s", hint);
	if (typed && len >= end && strcmp(hint + len - end, PYI_HINT_SUDO) == 0) {
		fputs(": sudo", stderr);
		for (char **word = typed; *word; word++)
			print_word(*word);
	}
	putc('\n', stderr);
}

int pyi_complain(struct pyi_error *err)
{
	static const int codes[] = {
		[PYI_ERR_INTERNAL] = 5,  [PYI_ERR_NO_MEMORY] = 5,  [PYI_ERR_USAGE] = 2,
		[PYI_ERR_NOT_FOUND] = 3, [PYI_ERR_NOT_PYTHON] = 3, [PYI_ERR_PERMISSION] = 4,
		[PYI_ERR_FAULT] = 5,     [PYI_ERR_BAD_DATA] = 5,   [PYI_ERR_IO] = 5,
		[PYI_ERR_GONE] = 3,
	};
	int code = codes[err->code];

	fprintf(stderr, "pyinspect: %s\n", err->message);
	if (err->hint)
		print_hint(err->hint);
	else if (err->code == PYI_ERR_USAGE)
		fprintf(stderr, "  pyinspect --help says more\n");
	pyi_error_destroy(err);
	return code;
}

int pyi_complain_public(struct pyinspect_error *err)
{
	int code = (int)pyinspect_error_status(err);

	fprintf(stderr, "pyinspect: %s\n", pyinspect_error_message(err));
	if (pyinspect_error_hint(err))
		print_hint(pyinspect_error_hint(err));
	pyinspect_error_destroy(err);
	return code;
}

/* Words that later versions know: never taken for a file, so that scripts can tell. */
static const char *const reserved[] = {"tasks", "heap", "top", "record", NULL};

static bool is_reserved(const char *word)
{
	for (size_t i = 0; reserved[i]; i++)
		if (strcmp(reserved[i], word) == 0)
			return true;
	return false;
}

static const struct pyi_command *find_command(const char *name)
{
	for (size_t i = 0; commands[i]; i++)
		if (strcmp(commands[i]->name, name) == 0)
			return commands[i];
	return NULL;
}

const char *const *pyi_command_names(void)
{
	static const char *names[sizeof(commands) / sizeof(commands[0])];

	for (size_t i = 0; commands[i]; i++)
		names[i] = commands[i]->name;
	return names;
}

static void print_commands(void)
{
	printf("usage: pyinspect [options] PID|FILE...\n"
	       "       pyinspect COMMAND [options] ...\n"
	       "\n"
	       "Looks into running Python programs, and snapshots of them, from outside.\n"
	       "\n"
	       "commands:\n");
	for (size_t i = 0; commands[i]; i++)
		printf("  %-22s  %s\n", commands[i]->name, commands[i]->summary);
}

static void print_help(const struct pyi_command *command, bool named)
{
	if (named)
		printf("usage: pyinspect %s %s\n\n%s\n", command->name, command->usage,
		       command->summary);
	else
		print_commands();
	printf("\noptions:\n");
	pyi_options_help(stdout, command->options);
	printf("\nexamples:\n%s", command->examples);
	printf("\nexit code: 0 complete, 1 something is missing, 2 usage, 3 no such process or not "
	       "Python,\n4 permission, 5 internal fault\n");
}

int main(int argc, char **argv)
{
	const struct pyi_command *command = argc > 1 ? find_command(argv[1]) : NULL;
	bool named = command != NULL;
	struct pyi_settings settings;
	struct pyi_error *err;

	typed = malloc(((size_t)argc + 1) * sizeof(*typed)); /* parsing sorts argv */
	if (typed)
		memcpy(typed, argv, ((size_t)argc + 1) * sizeof(*typed));
	pyi_output_catch_signals();
	if (argc > 1 && !command && is_reserved(argv[1]))
		return pyi_complain(pyi_error_create(
			PYI_ERR_USAGE, "%s: this version has no such command", argv[1]));
	if (!command)
		command = &pyi_cmd_dump;
	err = pyi_options_parse(argc - 1 - named, argv + 1 + named, command->options, &settings);
	if (err)
		return pyi_complain(err);
	if (settings.help) {
		print_help(command, named);
		return 0;
	}
	if (settings.version) {
		printf("pyinspect %s\n", PYINSPECT_VERSION);
		return 0;
	}
	return command->run(&settings);
}
