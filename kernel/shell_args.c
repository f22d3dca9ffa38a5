/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Arguments of commands: checked, with a word on what is accepted, and completed.
 *
 * Completion is asked with the line so far. Its last command is what counts, and a
 * command whose arguments are themselves a command (run-on, time) hands the rest on.
 */
#include <base/errno.h>
#include <base/string.h>
#include <kernel/cpumask.h>
#include <kernel/printk.h>
#include <kernel/readline.h>
#include <kernel/shell.h>
#include <kernel/tty.h>

/* ---- checks ------------------------------------------------------------------- */

bool shell_interrupted(void)
{
	return tty_interrupted();
}

bool shell_sleep(unsigned int ms)
{
	return tty_sleep(ms);
}

bool shell_too_many(int argc, char **argv, int max)
{
	if (argc <= max + 1)
		return false;
	if (max)
		shell_printf("%s: at most %d argument%s, '%s' is one too many\n", argv[0], max,
			     max > 1 ? "s" : "", argv[max + 1]);
	else
		shell_printf("%s: no argument is accepted, got '%s'\n", argv[0], argv[1]);
	return true;
}

void shell_refuse(char **argv, const char *word, const char *accepted)
{
	shell_printf("%s: '%s': accepted are %s\n", argv[0], word, accepted);
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
void shell_complete_line(struct completion_list *list)
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
