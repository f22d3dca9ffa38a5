/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Boot parameters: the command line sets variables.
 *
 *	selftest=sched.* quiet run="ps; cpus"
 *
 * A word ends at a space outside quotes; quotes of either kind are taken away
 * and may stand anywhere in a word. Each word is looked up in the table the
 * linker made of all BOOT_PARAM_*() lines; what is wrong with it is said on the
 * console and kept count of, and booting goes on: a machine that boots with one
 * setting missing is easier to mend than one that does not boot.
 *
 * Context: param_init() runs on the boot CPU before SMP; nothing is locked. The
 * variables are plain and stay as they were set.
 *
 * Linux:   kernel/params.c
 * Differs: no sysfs, no modules; near misses are suggested.
 */
#include <base/errno.h>
#include <base/string.h>
#include <boot/bootinfo.h>
#include <kernel/init.h>
#include <kernel/match.h>
#include <kernel/param.h>
#include <kernel/printk.h>

#define WORD_MAX	BOOT_CMDLINE	/* no word is cut */

/* ---- words ---------------------------------------------------------------- */

/* Copy the next word without its quotes. Return: where it ended, NULL at the end. */
static const char *next_word(const char *s, char *word, size_t size)
{
	size_t n = 0;
	char quote = 0;

	while (*s == ' ' || *s == '\t')
		s++;
	if (!*s)
		return NULL;
	for (; *s && (quote || (*s != ' ' && *s != '\t')); s++) {
		if (quote ? *s == quote : *s == '"' || *s == '\'') {
			quote = quote ? 0 : *s;
			continue;
		}
		if (n + 1 < size)
			word[n++] = *s;
	}
	if (quote)
		pr_warn("param: a %c is not closed; taken to the end of the line\n", quote);
	word[n] = '\0';
	return s;
}

static bool same_name(const char *a, const char *b)
{
	for (; *a && *b; a++, b++) {
		char ca = *a == '-' ? '_' : *a, cb = *b == '-' ? '_' : *b;

		if (ca != cb)
			return false;
	}
	return *a == *b;
}

/* ---- values --------------------------------------------------------------- */

static bool word_in(const char *s, const char *const *words)
{
	for (; *words; words++)
		if (!strcmp(s, *words))
			return true;
	return false;
}

static int set_bool(bool *var, const char *value)
{
	static const char *const on[] = { "on", "yes", "true", "1", NULL };
	static const char *const off[] = { "off", "no", "false", "0", NULL };

	if (!value || word_in(value, on))
		*var = true;
	else if (word_in(value, off))
		*var = false;
	else
		return -EINVAL;
	return 0;
}

static int set_int(const struct boot_param *p, const char *value)
{
	long v;

	if (!value || kstrtol(value, 0, &v) || v < p->min || v > p->max)
		return -EINVAL;
	*(int *)p->var = (int)v;
	return 0;
}

static int set_enum(const struct boot_param *p, const char *value)
{
	for (int i = 0; value && p->values[i]; i++) {
		if (!strcmp(value, p->values[i])) {
			*(int *)p->var = i;
			return 0;
		}
	}
	return -EINVAL;
}

static int set_string(const struct boot_param *p, const char *value)
{
	if (!value)
		value = p->bare;
	if (!value || strlen(value) >= p->size)
		return -EINVAL;
	memcpy(p->var, value, strlen(value) + 1);
	return 0;
}

static int set_value(const struct boot_param *p, const char *value)
{
	switch (p->type) {
	case PARAM_BOOL:
		return set_bool(p->var, value);
	case PARAM_INT:
		return set_int(p, value);
	case PARAM_ENUM:
		return set_enum(p, value);
	case PARAM_STRING:
		return set_string(p, value);
	}
	return -EINVAL;
}

void param_accepted(const struct boot_param *p, char *buf, size_t size)
{
	size_t n = 0;

	switch (p->type) {
	case PARAM_BOOL:
		snprintf(buf, size, "on|off");
		break;
	case PARAM_INT:
		snprintf(buf, size, "%ld..%ld", p->min, p->max);
		break;
	case PARAM_ENUM:
		buf[0] = '\0';
		for (int i = 0; p->values[i] && n < size; i++)
			n += scnprintf(buf + n, size - n, "%s%s", i ? "|" : "", p->values[i]);
		break;
	case PARAM_STRING:
		snprintf(buf, size, "TEXT, at most %zu characters", p->size - 1);
		break;
	}
}

void param_value(const struct boot_param *p, char *buf, size_t size)
{
	switch (p->type) {
	case PARAM_BOOL:
		snprintf(buf, size, "%s", *(bool *)p->var ? "on" : "off");
		break;
	case PARAM_INT:
		snprintf(buf, size, "%d", *(int *)p->var);
		break;
	case PARAM_ENUM:
		snprintf(buf, size, "%s", p->values[*(int *)p->var]);
		break;
	case PARAM_STRING:
		snprintf(buf, size, "%s", (char *)p->var);
		break;
	}
}

/* ---- reports -------------------------------------------------------------- */

static void report_unknown(const char *name, const struct boot_param *params, unsigned int nr)
{
	char near[128] = "";
	size_t n = 0;

	for (unsigned int i = 0; i < nr && n < sizeof(near); i++)
		if (name_is_near(name, params[i].name))
			n += scnprintf(near + n, sizeof(near) - n, "%s%s", n ? ", " : "",
				      params[i].name);
	if (n)
		pr_warn("param: unknown parameter '%s' ignored; did you mean: %s?\n", name, near);
	else
		pr_warn("param: unknown parameter '%s' ignored; the shell's 'params' lists all\n",
			name);
}

static void report_refused(const struct boot_param *p, const char *value)
{
	char accepted[160], now[160];

	param_accepted(p, accepted, sizeof(accepted));
	param_value(p, now, sizeof(now));
	if (value)
		pr_warn("param: %s='%.80s' refused: accepted are %s; it stays '%s'\n",
			p->name, value, accepted, now);
	else
		pr_warn("param: '%s' needs a value: accepted are %s; it stays '%s'\n",
			p->name, accepted, now);
}

/* ---- the table ------------------------------------------------------------ */

/* Was the parameter at @p named in the command line before @end? */
static bool named_before(const char *cmdline, const char *end, const struct boot_param *p)
{
	char word[WORD_MAX];
	const char *s = cmdline;

	while ((s = next_word(s, word, sizeof(word))) && s < end) {
		char *eq = strchr(word, '=');

		if (eq)
			*eq = '\0';
		if (same_name(word, p->name))
			return true;
	}
	return false;
}

unsigned int param_parse_table(const char *cmdline, const struct boot_param *params,
			       unsigned int nr)
{
	char word[WORD_MAX];
	const char *s = cmdline;
	unsigned int bad = 0;

	while ((s = next_word(s, word, sizeof(word)))) {
		char *value = strchr(word, '=');
		unsigned int i = 0;

		if (value)
			*value++ = '\0';
		while (i < nr && !same_name(word, params[i].name))
			i++;
		if (i == nr) {
			report_unknown(word, params, nr);
			bad++;
			continue;
		}
		if (named_before(cmdline, s, &params[i]))
			pr_notice("param: '%s' is given twice; the last one counts\n",
				  params[i].name);
		if (set_value(&params[i], value)) {
			report_refused(&params[i], value);
			bad++;
		}
	}
	return bad;
}

unsigned int param_parse(const char *cmdline)
{
	return param_parse_table(cmdline, __start_boot_params,
				 __stop_boot_params - __start_boot_params);
}

static bool help_wanted;
BOOT_PARAM_BOOL(help, help_wanted, "list the boot parameters");

void param_list(void (*print)(const char *fmt, ...))
{
	char accepted[160], value[160];
	const struct boot_param *p;

	for_each_boot_param(p) {
		param_accepted(p, accepted, sizeof(accepted));
		param_value(p, value, sizeof(value));
		print("%-18s %s\n%-18s %s; is '%s'\n", p->name, p->help, "", accepted, value);
	}
}

void param_init(void)
{
	if (boot_info.cmdline_cut)
		pr_warn("param: the command line is cut after %zu characters: '%s'\n",
			strlen(boot_info.cmdline),
			boot_info.cmdline + sizeof(boot_info.cmdline) - 1 - 40);
	param_parse(boot_info.cmdline);
	if (help_wanted)
		param_list(con_printf);
}
