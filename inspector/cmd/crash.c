/* SPDX-License-Identifier: BSD-2-Clause */
/* Names of files are made of numbers only: nothing that a process can choose is in them. */
#include "cmd/crash.h"

#include "base/cleanup.h"
#include "report/collect.h"
#include "report/render.h"
#include "target/snapshot.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <sys/stat.h>
#include <time.h>

#define VALUE_BYTES 1000u

struct pyi_error *pyi_crash_collect(const struct pyi_crash *crash, struct pyi_crash_report *ret)
{
	struct pyi_collect_options options = {.kernel = false,
					      .locals = true,
					      .max_value_bytes = VALUE_BYTES,
					      .held = crash->threads};
	struct pyi_crash_report made = {0};
	struct pyi_error *err = pyi_target_open_live(crash->pid, &made.target);

	if (!err) {
		made.target->death = crash->death;
		err = pyi_snapshot_create(made.target, false, &made.snapshot);
	}
	if (!err)
		err = pyi_collect(made.target, &options, &made.report);
	if (err)
		pyi_crash_report_deinit(&made);
	else
		*ret = made;
	return err;
}

void pyi_crash_report_deinit(struct pyi_crash_report *report)
{
	pyi_report_destroy(report->report);
	pyi_snapshot_destroy(report->snapshot);
	pyi_target_close(report->target);
	*report = (struct pyi_crash_report){0};
}

static struct pyi_error *write_text(const struct pyi_crash_report *report, FILE *out)
{
	return pyi_render_text.render(report->report, &(struct pyi_render_options){0}, out);
}

static struct pyi_error *write_json(const struct pyi_crash_report *report, FILE *out)
{
	return pyi_render_json.render(report->report, &(struct pyi_render_options){0}, out);
}

static struct pyi_error *write_core(const struct pyi_crash_report *report, FILE *out)
{
	return pyi_snapshot_write(report->snapshot, out);
}

static const struct kept {
	const char *suffix;
	struct pyi_error *(*write)(const struct pyi_crash_report *report, FILE *out);
} files[] = {{"core", write_core}, {"json", write_json}, {"txt", write_text}};

/* part is what it is called until it is whole. */
static struct pyi_error *write_file(const struct pyi_crash_report *report, const struct kept *file,
				    int dir, const char *part)
{
	int fd = openat(dir, part, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC | O_NOFOLLOW, 0600);
	FILE *out = fd >= 0 ? fdopen(fd, "w") : NULL;
	struct pyi_error *err;

	if (!out) {
		err = pyi_error_errno(errno, "%s", part);
		if (fd >= 0)
			close(fd);
		return err;
	}
	err = file->write(report, out);
	if (fflush(out) || ferror(out))
		err = err ? err : pyi_error_errno(errno ? errno : EIO, "%s", part);
	fclose(out);
	return err;
}

static struct pyi_error *keep_file(const struct pyi_crash_report *report, const struct kept *file,
				   int dir, const char *name)
{
	pyi_autofree char *whole = NULL, *part = NULL;
	struct pyi_error *err;

	if (asprintf(&whole, "%s.%s", name, file->suffix) < 0) {
		whole = NULL;
		return &pyi_enomem;
	}
	if (asprintf(&part, "%s" PYI_CRASH_PART, whole) < 0) {
		part = NULL;
		return &pyi_enomem;
	}
	err = write_file(report, file, dir, part);
	if (!err && renameat(dir, part, dir, whole) != 0)
		err = pyi_error_errno(errno, "%s", whole);
	if (err)
		unlinkat(dir, part, 0);
	return err;
}

struct pyi_error *pyi_crash_keep(const struct pyi_crash_report *report, int dir, char **ret)
{
	pyi_autofree char *name = NULL;
	struct pyi_error *err = NULL;
	time_t now = time(NULL);
	char when[32] = "";
	struct tm tm;

	if (gmtime_r(&now, &tm))
		strftime(when, sizeof(when), "%Y%m%dT%H%M%SZ", &tm);
	if (asprintf(&name, "%s-%d", when, (int)report->report->pid) < 0) {
		name = NULL;
		return &pyi_enomem;
	}
	for (size_t i = 0; i < sizeof(files) / sizeof(files[0]) && !err; i++)
		err = keep_file(report, &files[i], dir, name);
	if (!err)
		*ret = pyi_steal(name);
	return err;
}
