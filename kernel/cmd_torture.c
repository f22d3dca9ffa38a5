/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * The torture command.
 */
#include <base/errno.h>
#include <base/string.h>
#include <kernel/printk.h>
#include <kernel/shell.h>
#include <kernel/torture.h>

#define SECONDS_MAX	86400
#define COUNT_MAX	1000000000L

static int torture_one(const struct torture_type *type, long seconds, long count)
{
	struct torture_result r = { };
	int err = torture_run(type, seconds, count, &r);

	con_printf("torture %-12s %s: task %lu, softirq %lu, hardirq %lu, nmi %lu acquisitions, "
		   "%lu refused, %lu errors, a CPU's task %lu to %lu, %lu ms\n", type->name,
		   err == -EIO ? "FAILED" : err == -ETIMEDOUT ? "TOO FEW" : err ? "not run" : "ok",
		   r.acquired[CTX_TASK], r.acquired[CTX_SOFTIRQ], r.acquired[CTX_HARDIRQ],
		   r.acquired[CTX_NMI], r.refused, r.errors, r.least, r.most,
		   (unsigned long)(r.ns / 1000000));
	return err;
}

static void print_types(const char *name)
{
	con_printf("torture: LOCK is all, busted, busted_rwsem, busted_mutex, busted_wakeup or one of");
	for (unsigned int i = 0; torture_nth(i); i++)
		con_printf(" %s", torture_nth(i)->name);
	con_printf("; not %s\n", name);
}

static int cmd_torture(int argc, char **argv)
{
	const struct torture_type *type;
	long seconds, count = 0;
	int err = 0;

	if (argc < 2 || shell_too_many(argc, argv, 3))
		return -EINVAL;
	type = torture_find(argv[1]);
	if (!type && strcmp(argv[1], "all")) {
		print_types(argv[1]);
		return -EINVAL;
	}
	if (argc == 2) {
		con_printf("torture: SECONDS is missing\n");
		return -EINVAL;
	}
	if (!shell_parse_int(argv[2], "SECONDS", 1, SECONDS_MAX, &seconds))
		return -EINVAL;
	if (argc == 4 && !shell_parse_int(argv[3], "COUNT", 1, COUNT_MAX, &count))
		return -EINVAL;
	if (!type) {
		for (unsigned int i = 0; torture_nth(i) && !err; i++)
			err = torture_one(torture_nth(i), seconds, count);
		return err;
	}
	return torture_one(type, seconds, count);
}
SHELL_COMMAND(torture, "torture LOCK|all|busted SECONDS [COUNT]",
	      "locks on all CPUs, contexts", cmd_torture);
