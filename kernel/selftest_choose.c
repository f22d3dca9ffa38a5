/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Which selftests a glob names: by suite, in each suite in source order.
 */
#include <base/errno.h>
#include <base/string.h>
#include <kernel/context.h>
#include <kernel/match.h>
#include <kernel/mm.h>
#include <kernel/printk.h>
#include <kernel/selftest.h>
#include <kernel/selftest_world.h>

static bool chosen_by(const struct selftest *t, const char *glob)
{
	char name[SELFTEST_NAME_MAX];

	snprintf(name, sizeof(name), "%s.%s", t->suite, t->name);
	return glob_list_match(glob, name, t->hidden ? t->suite : NULL);
}

/* Suite, file, line. */
static bool comes_before(const struct selftest *a, const struct selftest *b)
{
	int d = strcmp(a->suite, b->suite);

	if (!d)
		d = strcmp(a->file, b->file);
	return d ? d < 0 : a->line < b->line;
}

int selftest_choose(const char *glob, struct selftest ***chosen, unsigned int *nr)
{
	size_t total = __stop_selftests - __start_selftests;
	struct selftest **list, *t;
	unsigned int n = 0;

	list = kmalloc_array(total + 1, sizeof(*list), GFP_KERNEL);
	if (!list)
		return -ENOMEM;
	for_each_selftest(t) {
		unsigned int i = n;

		if (!chosen_by(t, glob))
			continue;
		for (; i && comes_before(t, list[i - 1]); i--)
			list[i] = list[i - 1];
		list[i] = t;
		n++;
	}
	*chosen = list;
	*nr = n;
	return 0;
}

static void list_case(const struct selftest *t)
{
	char line[SELFTEST_NAME_MAX + 64];
	int n = scnprintf(line, sizeof(line), "%s.%s", t->suite, t->name);

	for (enum context ctx = CTX_TASK; t->contexts && ctx < NR_CONTEXTS; ctx++)
		if (t->contexts & CTX_BIT(ctx))
			n += scnprintf(line + n, sizeof(line) - n, " %s", context_names[ctx]);
	if (t->min_cpus > 1)
		scnprintf(line + n, sizeof(line) - n, " (%u CPUs)", t->min_cpus);
	con_printf("%s\n", line);
}

unsigned int selftest_list(const char *glob)
{
	struct selftest **chosen;
	unsigned int nr;

	if (selftest_choose(glob ? glob : "*", &chosen, &nr))
		return 0;
	for (unsigned int i = 0; i < nr; i++)
		list_case(chosen[i]);
	kfree(chosen);
	return nr;
}
