/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * The shell: a kthread that reads lines from the console and runs commands.
 *
 *	bytes		tty.c	 UART interrupt, ring, Ctrl-C while a command runs
 *	lines		readline.c	 editing, history, completion
 *	words		shell_parse.c	 quotes, ';', comments
 *	arguments	shell_args.c	 checks and completion
 *	commands	here	 the table that the linker made of SHELL_COMMAND() lines
 *
 * Commands run in the shell's kthread, one at a time; what they do on other CPUs
 * they do through the interfaces that the rest of the kernel uses.
 *
 * A record that the log prints while the prompt is on the screen ends the
 * prompt's line; the shell sees that by console_interruptions() and draws it again.
 */
#include <base/errno.h>
#include <base/string.h>
#include <kernel/bug.h>
#include <kernel/kthread.h>
#include <kernel/match.h>
#include <kernel/mm.h>
#include <kernel/param.h>
#include <kernel/printk.h>
#include <kernel/readline.h>
#include <kernel/shell.h>
#include <kernel/shell_parse.h>
#include <kernel/tty.h>

#define PROMPT		"lockstep> "
#define REDRAW_MS	250

extern const struct shell_command __start_shell_commands[], __stop_shell_commands[];

#define for_each_command(c) \
	for ((c) = __start_shell_commands; (c) < __stop_shell_commands; (c)++)

void shell_printf(const char *fmt, ...)
{
	va_list args;

	va_start(args, fmt);
	con_vprintf(fmt, args);
	va_end(args);
}

/* ---- commands ---------------------------------------------------------------- */

const struct shell_command *shell_find(const char *name)
{
	const struct shell_command *c;

	for_each_command(c)
		if (!strcmp(c->name, name))
			return c;
	return NULL;
}

/* The next command by name after @prev (NULL: the first). */
const struct shell_command *shell_next(const struct shell_command *prev)
{
	const struct shell_command *c, *best = NULL;

	for_each_command(c)
		if ((!prev || strcmp(c->name, prev->name) > 0) &&
		    (!best || strcmp(c->name, best->name) < 0))
			best = c;
	return best;
}

static void report_unknown(const char *name)
{
	const struct shell_command *c;
	char near[128] = "";
	int n = 0;

	for (c = shell_next(NULL); c; c = shell_next(c))
		if (name_is_near(name, c->name))
			n += scnprintf(near + n, sizeof(near) - n, "%s%s", n ? ", " : "", c->name);
	if (n)
		shell_printf("%s: unknown command; did you mean: %s?\n", name, near);
	else
		shell_printf("%s: unknown command; 'help' lists all\n", name);
}

int shell_run(int argc, char **argv)
{
	const struct shell_command *c = shell_find(argv[0]);
	int ret;

	if (!c) {
		report_unknown(argv[0]);
		return -ENOENT;
	}
	ret = c->fn(argc, argv);
	if (ret == -EINVAL)
		shell_printf("usage: %s\n", c->usage);
	return ret;
}

static int run_line(const char *line, char *buf)
{
	char *argv[SHELL_MAX_ARGS + 1];
	const char *err = NULL;
	int argc, ret = 0;

	while ((argc = shell_next_command(&line, buf, argv, SHELL_MAX_ARGS, &err)) > 0) {
		ret = shell_run(argc, argv);
		if (tty_interrupted()) {
			shell_printf("^C\n");
			return -EINTR;
		}
	}
	if (argc < 0) {
		shell_printf("shell: %s\n", err);
		return argc;
	}
	return ret;
}

int shell_execute(const char *line)
{
	char *buf = kmalloc(strlen(line) + 1, GFP_KERNEL);
	int ret;

	if (!buf) {
		shell_printf("shell: no memory for the command\n");
		return -ENOMEM;
	}
	tty_command_begin();
	ret = run_line(line, buf);
	tty_command_end();
	kfree(buf);
	return ret;
}

/* ---- the kthread --------------------------------------------------------------- */

static struct readline shell_line = {
	.prompt = PROMPT,
	.output = console_write,
	.input_pending = tty_input_pending,
	.complete = shell_complete_line,
};

static enum readline_event read_line(struct readline *rl)
{
	unsigned int seen = console_interruptions();
	enum readline_event event;

	readline_start(rl);
	do {
		int c = tty_getc_timeout(REDRAW_MS);

		if (console_interruptions() != seen) {
			seen = console_interruptions();
			readline_show(rl);
		}
		event = c < 0 ? READLINE_MORE : readline_feed(rl, (char)c);
	} while (event == READLINE_MORE);
	return event;
}

static int shell_thread(void *unused)
{
	struct readline *rl = &shell_line;

	readline_init(rl);
	shell_printf("Type 'help' for the commands; Tab completes, Ctrl-C interrupts.\n");
	for (;;) {
		enum readline_event event = read_line(rl);

		if (event == READLINE_EOF)
			shell_printf("'poweroff' ends the machine\n");
		if (event != READLINE_LINE)
			continue;
		if (rl->dropped) {
			shell_printf("shell: line too long by %zu characters; not run\n",
				     rl->dropped);
			continue;
		}
		readline_history_add(rl, rl->buf);
		shell_execute(rl->buf);
	}
	return 0;
}

void shell_start(void)
{
	struct task_struct *p = kthread_run(shell_thread, NULL, "shell");

	if (IS_ERR(p))
		panic("shell: no thread for it (%ld)", PTR_ERR(p));
}
