/* SPDX-License-Identifier: BSD-2-Clause */
#include "cmd/processes.h"

#include "base/cleanup.h"
#include "target/proc.h"

#include <dirent.h>
#include <errno.h>
#include <regex.h>
#include <stdio.h>
#include <string.h>

void pyi_pids_deinit(struct pyi_pids *pids)
{
	pyi_vec_deinit(&pids->pids);
}

struct pyi_error *pyi_pids_add(struct pyi_pids *pids, pid_t pid)
{
	pid_t *item;

	pyi_vec_for_each (old, &pids->pids)
		if (*old == pid)
			return NULL;
	item = pyi_vec_push(&pids->pids);
	if (!item)
		return &pyi_enomem;
	*item = pid;
	return NULL;
}

static int compare_pids(const void *a, const void *b)
{
	pid_t x = *(const pid_t *)a, y = *(const pid_t *)b;

	return x < y ? -1 : x > y;
}

/* All processes, by pid. */
static struct pyi_error *list(struct pyi_pids *ret)
{
	struct pyi_pids all = {0};
	DIR *dir = opendir("/proc");
	struct dirent *entry;

	if (!dir)
		return pyi_error_errno(errno, "/proc");
	while ((entry = readdir(dir))) {
		pid_t *item;

		if (entry->d_name[0] < '1' || entry->d_name[0] > '9')
			continue;
		item = pyi_vec_push(&all.pids);
		if (!item) {
			closedir(dir);
			pyi_pids_deinit(&all);
			return &pyi_enomem;
		}
		*item = (pid_t)atoi(entry->d_name);
	}
	closedir(dir);
	if (all.pids.len)
		qsort(all.pids.data, all.pids.len, sizeof(*all.pids.data), compare_pids);
	*ret = all;
	return NULL;
}

static bool command_line_matches(pid_t pid, const regex_t *regex)
{
	pyi_autofree char *text = NULL;
	char path[40];
	size_t len;
	struct pyi_error *err;

	snprintf(path, sizeof(path), "/proc/%d/cmdline", (int)pid);
	err = pyi_proc_read(AT_FDCWD, path, &text, &len);
	if (err) {
		pyi_error_destroy(err);
		return false;
	}
	while (len && !text[len - 1])
		len--;
	for (size_t i = 0; i < len; i++)
		if (!text[i])
			text[i] = ' ';
	return len && regexec(regex, text, 0, NULL, 0) == 0;
}

struct pyi_error *pyi_pids_add_matching(struct pyi_pids *pids, const char *pattern)
{
	struct pyi_pids all = {0};
	regex_t regex;
	struct pyi_error *err;
	int code = regcomp(&regex, pattern, REG_EXTENDED | REG_NOSUB);

	if (code) {
		char why[128];

		regerror(code, &regex, why, sizeof(why));
		return pyi_error_create(PYI_ERR_USAGE, "--name %s: %s", pattern, why);
	}
	err = list(&all);
	pyi_vec_for_each (pid, &all.pids)
		if (!err && *pid != getpid() && command_line_matches(*pid, &regex))
			err = pyi_pids_add(pids, *pid);
	pyi_pids_deinit(&all);
	regfree(&regex);
	return err;
}

static pid_t parent_of(pid_t pid)
{
	struct pyi_proc_stat stat;
	char path[40];

	snprintf(path, sizeof(path), "/proc/%d/stat", (int)pid);
	return pyi_proc_stat(AT_FDCWD, path, &stat) ? stat.ppid : 0;
}

struct pyi_error *pyi_pids_add_descendants(struct pyi_pids *pids)
{
	struct pyi_pids all = {0};
	pid_t *parents = NULL;
	struct pyi_error *err = list(&all);

	if (!err) {
		parents = calloc(all.pids.len + 1, sizeof(*parents));
		if (!parents)
			err = &pyi_enomem;
	}
	for (size_t i = 0; !err && i < all.pids.len; i++)
		parents[i] = parent_of(all.pids.data[i]);
	/* What is added here is looked at in its turn. */
	for (size_t p = 0; !err && p < pids->pids.len; p++)
		for (size_t i = 0; !err && i < all.pids.len; i++)
			if (parents[i] == pids->pids.data[p] && all.pids.data[i] != getpid())
				err = pyi_pids_add(pids, all.pids.data[i]);
	free(parents);
	pyi_pids_deinit(&all);
	return err;
}
