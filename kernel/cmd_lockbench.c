/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * The lockbench command: what locks cost. scripts/bench-locks runs it.
 */
#include <base/errno.h>
#include <base/string.h>
#include <kernel/cpumask.h>
#include <kernel/lockbench.h>
#include <kernel/printk.h>
#include <kernel/shell.h>

#define LOOPS_MAX	1000000
#define MS_MAX		100000

static int contest(const struct torture_type *type, struct lockbench_contest c)
{
	int err;

	c.type = type;
	err = lockbench_contest(&c);
	if (err) {
		con_printf("contest %s cpus %u: error %d%s\n", type->name, c.cpus, err,
			   err == -EIO ? ": two were inside at once" : "");
		return err;
	}
	con_printf("contest %s cpus %u loops %u: %lu acquisitions in %llu ns, a CPU %lu to %lu, "
		   "%lu handovers in %llu ns, worst %llu ns\n",
		   type->name, c.cpus, c.loops, c.acquired, (unsigned long long)c.ns, c.least,
		   c.most, c.handovers, (unsigned long long)c.handover_ns,
		   (unsigned long long)c.worst_ns);
	return 0;
}

static int no_such_type(const char *name)
{
	con_printf("lockbench: LOCK is all or one of");
	for (unsigned int i = 0; torture_nth(i); i++)
		con_printf(" %s", torture_nth(i)->name);
	con_printf("; not %s\n", name);
	return -EINVAL;
}

static int cmd_lockbench(int argc, char **argv)
{
	static const char *const modes[] = { "turns", NULL };
	const struct torture_type *type;
	struct lockbench_contest c = { };
	long cpus, loops, ms;
	int mode, err = 0;

	if (argc == 2 && !strcmp(argv[1], "pairs")) {
		lockbench_pairs();
		return 0;
	}
	if (argc < 5 || argc > 6 ||
	    !shell_parse_int(argv[2], "CPUS", 1, num_online_cpus(), &cpus) ||
	    !shell_parse_int(argv[3], "LOOPS", 0, LOOPS_MAX, &loops) ||
	    !shell_parse_int(argv[4], "MS", 1, MS_MAX, &ms) ||
	    (argc == 6 && !shell_parse_word(argv[5], "the last word", modes, &mode)))
		return -EINVAL;
	c = (struct lockbench_contest){ .cpus = cpus, .loops = loops, .ms = ms, .turns = argc == 6 };
	if (!strcmp(argv[1], "all")) {
		for (unsigned int i = 0; torture_nth(i) && !err; i++)
			err = contest(torture_nth(i), c);
		return err;
	}
	type = torture_find(argv[1]);
	return type ? contest(type, c) : no_such_type(argv[1]);
}
SHELL_COMMAND(lockbench, "lockbench pairs | lockbench LOCK|all CPUS LOOPS MS [turns]",
	      "what locks cost", cmd_lockbench,
	      .details = "pairs: nobody waits; else CPUS tasks take LOCK for MS milliseconds,\n"
			 "LOOPS in a section; turns: a loop gives each other CPU a turn (-icount)\n");
