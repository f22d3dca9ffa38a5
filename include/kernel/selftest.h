/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Selftests: one line registers a case, KTAP reports it.
 *
 *	SELFTEST(sched, wakeups_are_not_lost, .min_cpus = 2)
 *	{
 *		EXPECT(wake_up_process(p));
 *		EXPECT_EQ(woken, 1);
 *	}
 *
 * A case is named suite.case and chosen by glob (selftest=sched.*) or by its
 * suite (selftest=sched). It runs in
 * its own kthread, pinned nowhere, preemptible, interrupts on, under a timeout
 * that is scaled for slow hosts. With .contexts it runs once in each named
 * context, by the context driver (<kernel/context.h>), as suite.case.softirq ...
 * EXPECT() reports each failure and goes on; a case that must stop returns.
 *
 * After each case the runner checks the machine: preempt_count and interrupts
 * as they were, every CPU online and answering, no WARN() that was not
 * announced. A case that leaves it broken has failed, whatever it expected; a
 * case that hangs, or a CPU that no longer answers, is reported by name and ends
 * in a panic, since nothing that runs later could be trusted.
 */
#ifndef KERNEL_SELFTEST_H
#define KERNEL_SELFTEST_H

#include <base/compiler.h>
#include <base/types.h>

struct selftest {
	const char *suite;
	const char *name;
	const char *file;		/* a suite runs in the order of its source: */
	int line;			/* compilers emit data in an order of their own */
	void (*fn)(struct selftest *t);
	unsigned int min_cpus;		/* skipped, by name, with fewer online */
	unsigned int contexts;		/* CTX_BIT() set; 0 is task only */
	bool needs_nmi;			/* skipped, as CTX_NMI is, on a machine without */
	unsigned int timeout_ms;	/* 0 is the default, 10 s; before scaling */
	unsigned int warnings;		/* how many WARN()s it provokes; exactly these pass */
	bool hidden;			/* only a glob that spells the suite chooses it */
	/* written by the runner and the EXPECTs, under the runner */
	unsigned int failures;
	const char *skip_reason;
};

/* Of "suite.case.context", with its end: what is printed can be typed. */
#define SELFTEST_NAME_MAX	128

#define SELFTEST(suite_, name_, ...)					\
	_Static_assert(sizeof(#suite_ "." #name_ ".hardirq") <= SELFTEST_NAME_MAX, \
		       "the name of a selftest is too long");		\
	static void CONCATENATE(selftest_##suite_##_, name_)(struct selftest *t); \
	static struct selftest CONCATENATE(selftest_desc_##suite_##_, name_) \
	__used __section(".selftests") __aligned(8) = {			\
		.suite = #suite_, .name = #name_,			\
		.file = __FILE__, .line = __LINE__,			\
		.fn = CONCATENATE(selftest_##suite_##_, name_), ##__VA_ARGS__ \
	};								\
	static void CONCATENATE(selftest_##suite_##_, name_)(struct selftest *t __maybe_unused)

/* Count one failure of the running case and print it. Any context, any CPU. */
__printf(4, 5)
void selftest_fail(struct selftest *t, const char *file, int line, const char *fmt, ...);

/* "a is 1, expected b = 2" */
void selftest_fail_eq(struct selftest *t, const char *file, int line, const char *a_text,
		      long long a, const char *b_text, long long b);

/* Print a diagnostic line, "# suite.case: ...". Any context, any CPU. */
__printf(2, 3)
void selftest_note(struct selftest *t, const char *fmt, ...);

#define EXPECT(cond)							\
	({								\
		bool _ok = (cond);					\
		if (!_ok)						\
			selftest_fail(t, __FILE__, __LINE__, "%s", #cond); \
		_ok;							\
	})

#define EXPECT_EQ(a, b)							\
	({								\
		long long _a = (long long)(a), _b = (long long)(b);	\
		if (_a != _b)						\
			selftest_fail_eq(t, __FILE__, __LINE__, #a, _a, #b, _b); \
		_a == _b;						\
	})

#define EXPECT_STREQ(a, b)						\
	({								\
		const char *_a = (a), *_b = (b);			\
		bool _ok = !strcmp(_a, _b);				\
		if (!_ok)						\
			selftest_fail(t, __FILE__, __LINE__,		\
				"%s is \"%s\", expected \"%s\"", #a, _a, _b); \
		_ok;							\
	})

#define SELFTEST_SKIP(why)						\
	do {								\
		t->skip_reason = (why);					\
		return;							\
	} while (0)

struct selftest_result {
	unsigned int passed, failed, skipped;
};

/**
 * selftest_run() - run every case that a glob names, report KTAP
 * @glob: comma-separated globs over "suite.case" ("-glob" takes cases away);
 *	  NULL or "*" is all that are not hidden; "suite" is "suite.*"
 * @res: what came out of it; may be NULL
 * Context: Task.
 * Return: 0 when something ran and nothing failed; -EIO when a case failed or all
 *	   were skipped; -ENOENT when @glob names no case; -EBUSY when another run
 *	   is under way; -EINTR after Ctrl-C.
 */
int selftest_run(const char *glob, struct selftest_result *res);

/* Print the cases that @glob names. Return: how many. */
unsigned int selftest_list(const char *glob);

extern struct selftest __start_selftests[], __stop_selftests[];
#define for_each_selftest(t) \
	for ((t) = __start_selftests; (t) < __stop_selftests; (t)++)

/* Milliseconds that a generous test deadline of @ms becomes on this machine. */
unsigned int selftest_scale_ms(unsigned int ms);

#endif
