/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Commands about the shell itself: help, params, echo, sleep, time.
 */
#include <base/errno.h>
#include <base/string.h>
#include <kernel/human.h>
#include <kernel/param.h>
#include <kernel/printk.h>
#include <kernel/readline.h>
#include <kernel/shell.h>
#include <kernel/timer.h>

#define HELP_NAME	11	/* columns of a name, and of the text behind it */
#define HELP_TEXT	28

static unsigned int count_commands(void)
{
	unsigned int n = 0;

	for (const struct shell_command *c = shell_next(NULL); c; c = shell_next(c))
		n++;
	return n;
}

static const struct shell_command *nth_command(unsigned int n)
{
	const struct shell_command *c = shell_next(NULL);

	while (c && n--)
		c = shell_next(c);
	return c;
}

/* Two columns, in order down the first and then the second: 80 x 24 holds them. */
static void help_all(void)
{
	unsigned int rows = (count_commands() + 1) / 2;

	for (unsigned int row = 0; row < rows; row++) {
		const struct shell_command *l = nth_command(row), *r = nth_command(row + rows);

		shell_printf("%-*s%-*.*s%s%-*s%.*s\n", HELP_NAME, l->name, HELP_TEXT, HELP_TEXT,
			     l->help, r ? " " : "", r ? HELP_NAME : 0, r ? r->name : "",
			     HELP_TEXT, r ? r->help : "");
	}
	shell_printf("'help CMD' says more. 'a; b' runs both; quotes keep spaces.\n");
}

static int cmd_help(int argc, char **argv)
{
	const struct shell_command *c;

	if (shell_too_many(argc, argv, 1))
		return -EINVAL;
	if (argc == 1) {
		help_all();
		return 0;
	}
	c = shell_find(argv[1]);
	if (!c) {
		shell_printf("help: no command is called '%s'; 'help' lists all\n", argv[1]);
		return -ENOENT;
	}
	shell_printf("%s: %s\nusage: %s\n", c->name, c->help, c->usage);
	if (c->details)
		shell_printf("%s", c->details);
	return 0;
}
SHELL_COMMAND(help, "help [CMD]", "this list, or more on CMD", cmd_help,
	      .complete = shell_complete_command);

static int cmd_params(int argc, char **argv)
{
	if (shell_too_many(argc, argv, 0))
		return -EINVAL;
	param_list(shell_printf);
	return 0;
}
SHELL_COMMAND(params, "params", "boot parameters and values", cmd_params,
	      .details = "Set them at the end of the kernel's line in the boot menu ('e' edits\n"
			 "it), or with make run ARGS=\"name=value ...\".\n");

static int cmd_echo(int argc, char **argv)
{
	for (int i = 1; i < argc; i++)
		shell_printf("%s%s", i > 1 ? " " : "", argv[i]);
	shell_printf("\n");
	return 0;
}
SHELL_COMMAND(echo, "echo [WORD]...", "print the words", cmd_echo);

static int cmd_sleep(int argc, char **argv)
{
	long s;

	if (shell_too_many(argc, argv, 1) || argc < 2 ||
	    !shell_parse_int(argv[1], "seconds", 0, 86400, &s))
		return -EINVAL;
	return shell_sleep((unsigned int)s * 1000) ? -EINTR : 0;
}
SHELL_COMMAND(sleep, "sleep SECONDS", "do nothing for a while", cmd_sleep);

static int cmd_time(int argc, char **argv)
{
	struct human h;
	u64 start;
	int ret;

	if (argc < 2)
		return -EINVAL;
	start = ktime_get_ns();
	ret = shell_run(argc - 1, argv + 1);
	shell_printf("%s\n", human_ns(&h, ktime_get_ns() - start));
	return ret == -EINVAL ? -EIO : ret;
}

static void complete_time(struct completion_list *list, int arg)
{
	shell_complete_after(list, 1);
}
SHELL_COMMAND(time, "time CMD...", "run CMD, say how long", cmd_time,
	      .complete = complete_time);
