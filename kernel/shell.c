/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * The shell: a kthread that reads lines from the console and runs commands.
 *
 *	bytes		tty.c	 UART interrupt, ring, Ctrl-C while a command runs
 *	lines		readline.c	 editing, history, completion
 *	words		shell_parse.c	 quotes, ';', comments
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
#include <kernel/cpumask.h>
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

/* ---- what commands call ----------------------------------------------------- */

void shell_printf(const char *fmt, ...)
{
	va_list args;

	va_start(args, fmt);
	con_vprintf(fmt, args);
	va_end(args);
}

bool shell_interrupted(void)
{
	return tty_interrupted();
}

bool shell_sleep(unsigned int ms)
{
	return tty_sleep(ms);
}

bool shell_parse_int(const char *s, const char *what, long min, long max, long *out)
{
	long v;

	if (kstrtol(s, 0, &v) || v < min || v > max) {
		shell_printf("%s '%s': accepted are %ld..%ld\n", what, s, min, max);
		return false;
	}
	*out = v;
	return true;
}

bool shell_parse_cpu(const char *s, bool allow_all, int *out)
{
	char online[64];
	long v;

	if (allow_all && !strcmp(s, "all")) {
		*out = -1;
		return true;
	}
	if (!kstrtol(s, 0, &v) && v >= 0 && v < nr_cpu_ids && cpu_online(v)) {
		*out = (int)v;
		return true;
	}
	cpumask_print(online, sizeof(online), cpu_online_mask);
	shell_printf("CPU '%s': accepted are %s%s\n", s, online, allow_all ? ", all" : "");
	return false;
}

bool shell_parse_word(const char *s, const char *what, const char *const *words, int *out)
{
	for (int i = 0; words[i]; i++) {
		if (!strcmp(s, words[i])) {
			*out = i;
			return true;
		}
	}
	shell_printf("%s '%s': accepted are", what, s);
	for (int i = 0; words[i]; i++)
		shell_printf("%s %s", i ? "," : "", words[i]);
	shell_printf("\n");
	return false;
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

/* ---- completion --------------------------------------------------------------- */

static void complete_command(struct completion_list *list)
{
	const struct shell_command *c;

	for (c = shell_next(NULL); c; c = shell_next(c))
		completion_offer(list, c->name);
}

static size_t skip_word(const char *s, size_t len)
{
	size_t n = 0;

	while (n < len && s[n] == ' ')
		n++;
	while (n < len && s[n] != ' ')
		n++;
	return n;
}

/* Complete what follows the words in list->line, the first of which is a command. */
static void complete_words(struct completion_list *list)
{
	const struct shell_command *c;
	const char *s = list->line;
	char name[32];
	size_t n, at;
	int arg = -1;

	while (s < list->prefix && *s == ' ')
		s++;
	n = skip_word(s, list->prefix - s);
	if (!n) {
		complete_command(list);
		return;
	}
	if (n >= sizeof(name))
		return;
	memcpy(name, s, n);
	name[n] = '\0';
	c = shell_find(name);
	if (!c || !c->complete)
		return;
	/* Ends in a space, which counts as a word: the command itself is number 0. */
	for (at = 0; at < list->line_len; arg++)
		at += skip_word(list->line + at, list->line_len - at);
	c->complete(list, arg);
}

void shell_complete_after(struct completion_list *list, int words)
{
	while (words--) {
		size_t n = skip_word(list->line, list->line_len);

		list->line += n;
		list->line_len -= n;
	}
	complete_words(list);
}

/* The words before the cursor, from the last ';' on. */
static void complete_line(struct completion_list *list)
{
	size_t start = list->line_len;

	while (start && list->line[start - 1] != ';')
		start--;
	list->line += start;
	list->line_len -= start;
	complete_words(list);
}

void shell_complete_command(struct completion_list *list, int arg)
{
	if (arg == 1)
		complete_command(list);
}

void shell_complete_cpu(struct completion_list *list, int arg)
{
	unsigned int cpu;
	char number[8];

	if (arg != 1)
		return;
	for_each_online_cpu(cpu) {
		snprintf(number, sizeof(number), "%u", cpu);
		completion_offer(list, number);
	}
}

void shell_complete_cpu_or_all(struct completion_list *list, int arg)
{
	shell_complete_cpu(list, arg);
	if (arg == 1)
		completion_offer(list, "all");
}

/* ---- the kthread --------------------------------------------------------------- */

static struct readline shell_line = {
	.prompt = PROMPT,
	.output = console_write,
	.input_pending = tty_input_pending,
	.complete = complete_line,
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
			shell_printf("there is nothing to go back to: 'poweroff' ends the machine\n");
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
