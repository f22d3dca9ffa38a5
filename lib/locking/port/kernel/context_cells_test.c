/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * context.def, executed: each cell's primitive is called in that context. The shell's
 * `contexts` prints the table.
 */
#include <base/errno.h>
#include <base/string.h>
#include <kernel/context.h>
#include <kernel/preempt.h>
#include <kernel/printk.h>
#include <kernel/shell.h>
#include <locking/rwlock.h>
#include <locking/testing.h>
#include "context_cells.h"

enum cell { OK, SLEEP, BAD, ENDS, UNSEEN };
static const char *const cell_names[] = { "yes", "may sleep", "no", "no", "no (unseen)" };

static const struct row {
	const char *name;
	bool (*fn)(void);
	enum cell cells[NR_CONTEXTS];
} rows[] = {
#define CONTEXT_RT(primitive, ...)
#define CONTEXT(primitive, ...)	{ #primitive, cell_##primitive, { __VA_ARGS__ } },
#include "../../context.def"
#undef CONTEXT
#undef CONTEXT_RT
}, rt_rows[] = {
#define CONTEXT(primitive, ...)
#define CONTEXT_RT(primitive, ...) { #primitive, cell_##primitive, { __VA_ARGS__ } },
#include "../../context.def"
#undef CONTEXT
#undef CONTEXT_RT
};

/* What holds for @row in this kernel. */
static const struct row *row_here(const struct row *row)
{
	for (size_t i = 0; IS_ENABLED(CONFIG_PREEMPT_RT) && i < ARRAY_SIZE(rt_rows); i++)
		if (rt_rows[i].fn == row->fn)
			return &rt_rows[i];
	return row;
}

/* Is what @row forbids looked for? What sleeps always looks where it is. */
static bool is_reported(const struct row *row)
{
	return IS_ENABLED(CONFIG_DEBUG_LOCKS) || row_here(row) != row;
}

struct visit {
	const struct row *row;
	bool forbidden;
	bool worked;
	unsigned int reports;
};

/* What is allowed is not expected to report: that would be a panic. */
static void visit_cell(void *arg)
{
	struct visit *v = arg;

	if (v->forbidden)
		port_expect_reports(true);
	v->worked = v->row->fn();
	if (!v->forbidden)
		return;
	v->reports = port_reports();
	port_expect_reports(false);
}

static void expect_as_told(struct selftest *t, const struct visit *v, const char *where)
{
	if (!v->worked || (v->reports != 0) != v->forbidden)
		selftest_fail(t, __FILE__, __LINE__, "%s in %s: %s in the table; %s, %s",
			      v->row->name, where, cell_names[v->forbidden ? BAD : OK],
			      v->worked ? "it worked" : "it failed",
			      v->reports ? "reported" : "not reported");
}

SELFTEST(context, cells_do_what_the_table_says)
{
	for (size_t i = 0; i < ARRAY_SIZE(rows); i++) {
		for (enum context ctx = CTX_TASK; ctx < test_contexts(); ctx++) {
			enum cell cell = row_here(&rows[i])->cells[ctx];
			struct visit v = { .row = &rows[i], .forbidden = cell == BAD };

			/* A wait that nothing reports is not tried: it works till it hangs. */
			if (cell == UNSEEN || cell == ENDS || (cell == BAD && !is_reported(v.row)))
				continue;
			if (EXPECT(test_in_context(ctx, visit_cell, &v)))
				expect_as_told(t, &v, context_names[ctx]);
		}
	}
}

static noinline void visit_with_preemption_off(struct visit *v)
{
	preempt_disable();
	visit_cell(v);
	preempt_enable();
}

SELFTEST(context, what_may_sleep_is_reported_with_the_site_that_made_it_atomic)
{
	for (size_t i = 0; i < ARRAY_SIZE(rows); i++) {
		const enum cell *cells = row_here(&rows[i])->cells;
		struct visit v = { .row = &rows[i], .forbidden = true };

		if (cells[CTX_TASK] != SLEEP || cells[CTX_SOFTIRQ] == ENDS || !is_reported(v.row))
			continue;
		visit_with_preemption_off(&v);
		expect_as_told(t, &v, "a task with preemption off");
		if (IS_ENABLED(CONFIG_DEBUG_PREEMPT) &&
		    !EXPECT(strstr(port_report_text(), "since visit_with_preemption_off")))
			selftest_note(t, "%s: %s", v.row->name, port_report_text());
	}
}

/* ---- inside a spinlock_t of a real-time kernel ---- */

static DEFINE_SPINLOCK(outer_spinlock);
static DEFINE_RWLOCK(outer_rwlock);

static noinline void visit_in_spinlock(struct visit *v)
{
	spin_lock(&outer_spinlock);
	visit_cell(v);
	spin_unlock(&outer_spinlock);
}

static noinline void visit_in_rwlock(struct visit *v)
{
	read_lock(&outer_rwlock);
	visit_cell(v);
	read_unlock(&outer_rwlock);
}

static noinline void visit_with_softirqs_off(struct visit *v)
{
	port_bh_disable();
	visit_cell(v);
	port_bh_enable();
}

static const struct {
	void (*visit)(struct visit *v);
	const char *where, *site;
} inside[] = {
	{ visit_in_spinlock, "a spinlock_t", "taken at visit_in_spinlock" },
	{ visit_in_rwlock, "an rwlock_t", "taken at visit_in_rwlock" },
	{ visit_with_softirqs_off, "a task with softirqs off", "inside spinlock" },
};

/* What has a line of its own there may be nested; of the rest, what does not sleep. */
SELFTEST(context, inside_a_spinlock_t_only_what_spins_elsewhere_may_sleep)
{
	if (!IS_ENABLED(CONFIG_PREEMPT_RT))
		SELFTEST_SKIP("elsewhere preemption is off there");
	for (size_t i = 0; i < ARRAY_SIZE(rows) * ARRAY_SIZE(inside); i++) {
		const struct row *row = &rows[i / ARRAY_SIZE(inside)];
		unsigned int in = i % ARRAY_SIZE(inside);
		struct visit v = { .row = row };

		if (row_here(row)->cells[CTX_TASK] > SLEEP)
			continue;
		v.forbidden = row_here(row) == row && row->cells[CTX_TASK] == SLEEP;
		if (v.forbidden && (row->cells[CTX_SOFTIRQ] == ENDS || !is_reported(row)))
			continue;
		inside[in].visit(&v);
		expect_as_told(t, &v, inside[in].where);
		if (v.forbidden && !EXPECT(strstr(port_report_text(), inside[in].site)))
			selftest_note(t, "%s: %s", row->name, port_report_text());
	}
}

/* ---- the shell's ---- */

static void print_table(void)
{
	con_printf("%-28s %-12s %-12s %-12s %-12s\n", "", "task", "softirq", "hardirq", "nmi");
	for (size_t i = 0; i < ARRAY_SIZE(rows); i++) {
		con_printf("%-28s", rows[i].name);
		for (int ctx = 0; ctx < NR_CONTEXTS; ctx++)
			con_printf(" %-12s", cell_names[row_here(&rows[i])->cells[ctx]]);
		con_printf("\n");
	}
}

static void call_cell(void *row)
{
	((const struct row *)row)->fn();
}

/* Nothing is expected here: a report ends the machine. */
static noinline int call_in(const struct row *row, const char *where)
{
	if (!strcmp(where, "atomic")) {
		preempt_disable();
		call_cell((void *)row);
		preempt_enable();
		return 0;
	}
	for (enum context ctx = CTX_TASK; ctx < test_contexts(); ctx++)
		if (!strcmp(where, context_names[ctx]))
			return test_in_context(ctx, call_cell, (void *)row) ? 0 : -EIO;
	con_printf("contexts: CONTEXT is one of task atomic softirq hardirq nmi\n");
	return -EINVAL;
}

static int cmd_contexts(int argc, char **argv)
{
	if (argc == 1) {
		print_table();
		return 0;
	}
	for (size_t i = 0; argc == 3 && i < ARRAY_SIZE(rows); i++)
		if (!strcmp(argv[1], rows[i].name))
			return call_in(&rows[i], argv[2]);
	con_printf("contexts: PRIMITIVE is a name of the table, which contexts prints\n");
	return -EINVAL;
}
SHELL_COMMAND(contexts, "contexts [PRIMITIVE CONTEXT]", "what may be called where",
	      cmd_contexts);
