/* SPDX-License-Identifier: BSD-2-Clause */
#include "cmd/crash_dir.h"

#include "base/cleanup.h"
#include "base/vec.h"
#include "cmd/crash.h"

#include <ctype.h>
#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <sys/statvfs.h>
#include <time.h>

#define LOCK         ".lock" /* holds the start of the current minute and what came in it */
#define LOCK_TRIES   200
#define LOCK_WAIT_NS 10000000              /* between tries: 2 s in all */
#define MIN_FREE     (UINT64_C(128) << 20) /* bytes of the disk that we leave to others */
#define UNFINISHED_S 600
#define STAMP        16 /* 20260102T030405Z */
#define MAX_ENTRIES  100000

struct entry {
	char name[64];
	uint64_t size;
	time_t time;
	bool part;
};

typedef PYI_VEC(struct entry) entries_t;

struct pyi_error *pyi_crash_dir_open(const char *path, int *ret)
{
	pyi_autofree char *copy = strdup(path);
	struct stat st;
	int fd;

	if (!copy)
		return &pyi_enomem;
	for (char *slash = copy; (slash = strchr(slash + 1, '/'));) {
		*slash = '\0';
		mkdir(copy, 0755); /* what fails shows below */
		*slash = '/';
	}
	if (mkdir(path, 0700) != 0 && errno != EEXIST)
		return pyi_error_errno(errno, "%s", path);
	fd = open(path, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	if (fd < 0 || fstat(fd, &st) != 0)
		return pyi_error_errno(errno, "%s", path);
	if (st.st_uid != geteuid() || st.st_mode & (S_IWGRP | S_IWOTH)) {
		close(fd);
		return pyi_error_create(PYI_ERR_PERMISSION,
					"%s: others may write there: not a place for crashes",
					path);
	}
	*ret = fd;
	return NULL;
}

/* -1 when others keep it for too long. */
static int lock(int dir)
{
	int fd = openat(dir, LOCK, O_RDWR | O_CREAT | O_CLOEXEC | O_NOFOLLOW, 0600);

	for (int i = 0; fd >= 0 && flock(fd, LOCK_EX | LOCK_NB) != 0; i++) {
		if (i == LOCK_TRIES) {
			close(fd);
			return -1;
		}
		nanosleep(&(struct timespec){.tv_nsec = LOCK_WAIT_NS}, NULL);
	}
	return fd;
}

static bool count_one(int fd, unsigned a_minute)
{
	long long now = (long long)time(NULL) / 60, minute = 0;
	unsigned n = 0;
	char text[64] = "";

	if (pread(fd, text, sizeof(text) - 1, 0) < 0 || sscanf(text, "%lld %u", &minute, &n) != 2 ||
	    minute != now)
		n = 0;
	if (n >= a_minute)
		return false;
	snprintf(text, sizeof(text), "%-20lld %-20u\n", now, n + 1);
	return pwrite(fd, text, strlen(text), 0) > 0;
}

struct pyi_error *pyi_crash_dir_admit(int dir, const struct pyi_crash_limits *limits)
{
	pyi_autoclose int fd = -1;
	struct statvfs disk;

	if (fstatvfs(dir, &disk) == 0 && (uint64_t)disk.f_bavail * disk.f_frsize < MIN_FREE)
		return pyi_error_create(PYI_ERR_PERMISSION, "the disk is nearly full");
	fd = lock(dir);
	if (fd < 0)
		return pyi_error_create(PYI_ERR_PERMISSION, "the directory is locked");
	if (!count_one(fd, limits->a_minute))
		return pyi_error_create(PYI_ERR_PERMISSION, "more than %u crashes in this minute",
					limits->a_minute);
	return NULL;
}

/* TIME-PID.txt, .json or .core, with or without .part. */
static bool is_ours(const char *name, bool *part)
{
	static const char *const suffixes[] = {"txt", "json", "core"};
	const char *at = name + STAMP;

	if (strlen(name) < STAMP + 2 || strspn(name, "0123456789TZ") != STAMP || *at != '-')
		return false;
	at++;
	if (!isdigit((unsigned char)*at))
		return false;
	at += strspn(at, "0123456789");
	if (*at++ != '.')
		return false;
	for (size_t i = 0; i < sizeof(suffixes) / sizeof(suffixes[0]); i++) {
		size_t len = strlen(suffixes[i]);

		*part = strcmp(at + (strncmp(at, suffixes[i], len) == 0 ? len : 0),
			       PYI_CRASH_PART) == 0;
		if (strncmp(at, suffixes[i], len) == 0 && (at[len] == '\0' || *part))
			return true;
	}
	return false;
}

static int compare(const void *a, const void *b)
{
	return strcmp(((const struct entry *)a)->name, ((const struct entry *)b)->name);
}

static void list(int dir, entries_t *entries)
{
	int fd = openat(dir, ".", O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	DIR *stream = fd >= 0 ? fdopendir(fd) : NULL;

	if (!stream) {
		if (fd >= 0)
			close(fd);
		return;
	}
	for (struct dirent *found; (found = readdir(stream)) && entries->len < MAX_ENTRIES;) {
		struct entry *entry;
		struct stat st;
		bool part;

		if (strlen(found->d_name) >= sizeof(entry->name) ||
		    !is_ours(found->d_name, &part) ||
		    fstatat(dir, found->d_name, &st, AT_SYMLINK_NOFOLLOW) != 0)
			continue;
		entry = pyi_vec_push(entries);
		if (!entry)
			break;
		strcpy(entry->name, found->d_name);
		entry->size = (uint64_t)st.st_blocks * 512;
		entry->time = st.st_mtime;
		entry->part = part;
	}
	closedir(stream);
	if (entries->len)
		qsort(entries->data, entries->len, sizeof(*entries->data), compare);
}

/* Entries of one crash stand together: its name is what is before the first dot. */
static size_t end_of_crash(const entries_t *entries, size_t at)
{
	size_t len = strcspn(entries->data[at].name, "."), end = at;

	while (end < entries->len &&
	       strncmp(entries->data[end].name, entries->data[at].name, len + 1) == 0)
		end++;
	return end;
}

static void remove_old(int dir, const struct pyi_crash_limits *limits, const entries_t *entries)
{
	uint64_t size = 0, most = (uint64_t)limits->size_mb << 20;
	size_t n = 0;

	for (size_t i = 0; i < entries->len; i = end_of_crash(entries, i))
		n++;
	pyi_vec_for_each (entry, entries)
		size += entry->size;
	for (size_t i = 0; i < entries->len && (n > limits->number || size > most); n--) {
		for (size_t end = end_of_crash(entries, i); i < end; i++) {
			size -= entries->data[i].size;
			unlinkat(dir, entries->data[i].name, 0);
		}
	}
}

void pyi_crash_dir_prune(int dir, const struct pyi_crash_limits *limits)
{
	entries_t entries = {0};
	time_t now = time(NULL);
	pyi_autoclose int fd = lock(dir);

	if (fd < 0)
		return;
	list(dir, &entries);
	pyi_vec_for_each (entry, &entries)
		if (entry->part && now - entry->time > UNFINISHED_S)
			unlinkat(dir, entry->name, 0);
	remove_old(dir, limits, &entries);
	pyi_vec_deinit(&entries);
}
