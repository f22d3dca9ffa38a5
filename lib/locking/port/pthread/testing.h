/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Tests in the pthread world: the same registry, in a section of the program.
 */
#ifndef PORT_PTHREAD_TESTING_H
#define PORT_PTHREAD_TESTING_H

#include <stdio.h>
#include <base/compiler.h>
#include <base/types.h>

struct selftest {
	const char *suite;
	const char *name;
	void (*fn)(struct selftest *t);
	unsigned int min_cpus;
	unsigned int contexts;
	unsigned int timeout_ms;
	unsigned int warnings;		/* announced for the kernel's sake; not counted here */
	unsigned int failures;
	const char *skip_reason;
};

#define SELFTEST(suite_, name_, ...)					\
	static void CONCATENATE(selftest_##suite_##_, name_)(struct selftest *t); \
	static struct selftest CONCATENATE(selftest_desc_##suite_##_, name_) \
	__used __section("selftests") __aligned(8) = {			\
		.suite = #suite_, .name = #name_,			\
		.fn = CONCATENATE(selftest_##suite_##_, name_), ##__VA_ARGS__ \
	};								\
	static void CONCATENATE(selftest_##suite_##_, name_)(struct selftest *t __maybe_unused)

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

#define test_print(fmt, ...)	printf("# " fmt "\n", ##__VA_ARGS__)

#endif
