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
 * A case is named suite.case and chosen by glob (selftest=sched.*). It runs in
 * its own kthread, pinned nowhere, preemptible, interrupts on, under a timeout
 * that is scaled for slow hosts. With .contexts it runs once in each named
 * context, by the context driver (<kernel/context.h>), as suite.case.softirq ...
 * EXPECT() reports the first failure and goes on; a case that must stop returns.
 */
#ifndef KERNEL_SELFTEST_H
#define KERNEL_SELFTEST_H

#include <base/compiler.h>
#include <base/types.h>

struct selftest {
	const char *suite;
	const char *name;
	void (*fn)(struct selftest *t);
	unsigned int min_cpus;		/* skipped, by name, with fewer online */
	unsigned int contexts;		/* CTX_BIT() set; 0 is task only */
	unsigned int timeout_ms;	/* 0 is the default; before scaling */
	/* written by the runner and the EXPECTs, under the runner */
	unsigned int failures;
	const char *skip_reason;
};

#define SELFTEST(suite_, name_, ...)					\
	static void CONCATENATE(selftest_##suite_##_, name_)(struct selftest *t); \
	static struct selftest CONCATENATE(selftest_desc_##suite_##_, name_) \
	__used __section(".selftests") __aligned(8) = {			\
		.suite = #suite_, .name = #name_,			\
		.fn = CONCATENATE(selftest_##suite_##_, name_), ##__VA_ARGS__ \
	};								\
	static void CONCATENATE(selftest_##suite_##_, name_)(struct selftest *t __maybe_unused)

/* Any context. Prints "# suite.case: file:line: message" once the case is counted failed. */
__printf(4, 5)
void selftest_fail(struct selftest *t, const char *file, int line, const char *fmt, ...);

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
			selftest_fail(t, __FILE__, __LINE__,		\
				"%s is %lld, expected %s = %lld", #a, _a, #b, _b); \
		_a == _b;						\
	})

#define SELFTEST_SKIP(why)						\
	do {								\
		t->skip_reason = (why);					\
		return;							\
	} while (0)

/**
 * selftest_run() - run every case that a glob names, report KTAP
 * @glob: comma-separated globs over "suite.case"; NULL or "*" is all
 * Context: Task.
 * Return: number of failed cases; -ENOENT when @glob names no case.
 */
int selftest_run(const char *glob);

/* Milliseconds that a generous test deadline of @ms becomes on this machine. */
unsigned int selftest_scale_ms(unsigned int ms);

#endif
