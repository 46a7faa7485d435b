/* SPDX-License-Identifier: BSD-2-Clause */
#include "cmd/operand.h"

#include "cmd/command.h"
#include "target/core_target.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#define MAX_WORD 32u /* longer ones are no misspelt commands */

bool pyi_operand_is_file(const char *text)
{
	return text[strspn(text, "0123456789")] != '\0';
}

struct pyi_error *pyi_operand_pid(const char *text, pid_t *ret)
{
	char *end;
	long pid;

	errno = 0;
	pid = strtol(text, &end, 10);
	if (*text < '0' || *text > '9' || *end || errno || pid <= 0 || pid > INT32_MAX)
		return pyi_error_create(PYI_ERR_NOT_FOUND, "process %s: no such process", text);
	*ret = (pid_t)pid;
	return NULL;
}

static size_t least(size_t a, size_t b)
{
	return a < b ? a : b;
}

/* Letters to be added, left out, changed or swapped with their neighbour (optimal string
 * alignment). */
static size_t distance(const char *a, const char *b)
{
	size_t rows[3][MAX_WORD + 1], n = strlen(b);

	for (size_t k = 0; k <= n; k++)
		rows[0][k] = k;
	for (size_t i = 1; a[i - 1]; i++) {
		size_t *row = rows[i % 3], *above = rows[(i + 2) % 3], *two = rows[(i + 1) % 3];

		row[0] = i;
		for (size_t k = 1; k <= n; k++) {
			row[k] = least(above[k - 1] + (a[i - 1] != b[k - 1]),
				       least(above[k], row[k - 1]) + 1);
			if (i > 1 && k > 1 && a[i - 1] == b[k - 2] && a[i - 2] == b[k - 1])
				row[k] = least(row[k], two[k - 2] + 1);
		}
	}
	return rows[strlen(a) % 3][n];
}

const char *pyi_operand_nearest(const char *word, const char *const *words)
{
	const char *best = NULL;
	size_t most = 2;

	if (strlen(word) > MAX_WORD)
		return NULL;
	for (; *words; words++) {
		size_t apart = distance(word, *words);

		if (apart > most || apart >= strlen(*words) || (best && apart == most))
			continue;
		most = apart;
		best = *words;
	}
	return best;
}

struct pyi_error *pyi_operand_check_file(const char *path)
{
	struct pyi_error *err;
	const char *nearest;

	if (access(path, F_OK) == 0 || errno != ENOENT)
		return NULL;
	if (strchr(path, '/'))
		return pyi_error_create(PYI_ERR_NOT_FOUND, "%s: no such file", path);
	err = pyi_error_create(PYI_ERR_NOT_FOUND, "%s: no such command, file or process", path);
	nearest = pyi_operand_nearest(path, pyi_command_names());
	return nearest ? pyi_error_hint(err, "pyinspect %s?", nearest) : err;
}

struct pyi_error *pyi_operand_open(const char *text, struct pyi_target **ret)
{
	struct pyi_error *err;
	pid_t pid;

	if (pyi_operand_is_file(text)) {
		err = pyi_operand_check_file(text);
		return err ? err : pyi_core_target_open(text, NULL, ret);
	}
	err = pyi_operand_pid(text, &pid);
	return err ? err : pyi_error_wrap(pyi_target_open_live(pid, ret), "process %s", text);
}
