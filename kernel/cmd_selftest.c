/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * The selftest command.
 */
#include <base/errno.h>
#include <base/string.h>
#include <kernel/printk.h>
#include <kernel/readline.h>
#include <kernel/selftest.h>
#include <kernel/shell.h>

static int run(const char *glob)
{
	int ret = selftest_run(glob, NULL);

	if (ret == -EBUSY)
		shell_printf("selftest: another run is under way\n");
	return ret;
}

static int cmd_selftest(int argc, char **argv)
{
	bool list = argc > 1 && !strcmp(argv[1], "-l");
	const char *glob = argc > 1 + list ? argv[1 + list] : "*";

	if (shell_too_many(argc, argv, 1 + list))
		return -EINVAL;
	/* All but some cases is "-GLOB"; all but a suite looks like an option. */
	if (glob[0] == '-' && !strchr(glob, '.') && !strchr(glob, '*')) {
		shell_refuse(argv, glob, "-l, suites, globs; '*,-SUITE' for all but a suite");
		return -EINVAL;
	}
	if (!list)
		return run(glob);
	if (selftest_list(glob))
		return 0;
	shell_printf("selftest: nothing is called '%s'\n", glob);
	return -ENOENT;
}

/* "sched." first, and when that is there its cases. */
static void offer_cases(struct completion_list *list)
{
	bool in_suite = memchr(list->prefix, '.', list->prefix_len);
	struct selftest *t;
	char name[SELFTEST_NAME_MAX];

	for_each_selftest(t) {
		snprintf(name, sizeof(name), "%s.*", t->suite);
		completion_offer(list, name);
		snprintf(name, sizeof(name), "%s.%s", t->suite, in_suite ? t->name : "");
		completion_offer(list, name);
	}
}

static void complete_selftest(struct completion_list *list, int arg)
{
	if (arg == 1)
		completion_offer(list, "-l");
	if (arg <= 2)
		offer_cases(list);
}
SHELL_COMMAND(selftest, "selftest [-l] [GLOB[,GLOB]...]", "run selftests; -l: list them",
	      cmd_selftest, .complete = complete_selftest,
	      .details = "GLOB is matched with suite.case: sched.*, *timer*, mm.slab_?; a\n"
			 "suite alone is all its cases: sched; -GLOB takes cases out again:\n"
			 "selftest *,-mm\n");
