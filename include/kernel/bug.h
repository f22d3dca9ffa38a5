/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * When it breaks. There are no oopses: BUG(), a bad exception and panic() all
 * end the machine, after a report that names what was wrong, where, in which
 * context, and what every other CPU was doing.
 *
 *	something is wrong and		use
 *	going on is safe		WARN_ON(), WARN_ON_ONCE(), WARN()
 *	going on would do damage	BUG_ON(), panic("what and which")
 *
 * Linux: include/asm-generic/bug.h, kernel/panic.c
 * Differs: no trap instruction behind BUG(): a call, so that the report starts
 *          at the caller on every architecture. WARN_ON() is counted, and a
 *          selftest during which the count rises has failed.
 */
#ifndef KERNEL_BUG_H
#define KERNEL_BUG_H

#include <base/compiler.h>
#include <base/types.h>

struct pt_regs;
struct task_struct;

/**
 * panic() - report and end the machine
 * @fmt: what broke; names things
 * Context: Any. Of several CPUs that panic at once, one reports.
 */
__printf(1, 2) __noreturn __cold void panic(const char *fmt, ...);

/**
 * die() - the same for an exception, with the registers it found
 * @what: "page fault reading 0x0"
 * @regs: of the code that broke
 */
__noreturn __cold void die(const char *what, struct pt_regs *regs);

/* Context and backtrace of the caller. Context: any. */
void dump_stack(void);
/* State and backtrace of @task, which does not run and cannot be freed. */
void show_task(const struct task_struct *task);
/* Backtrace of what @regs interrupted. Context: any. */
void show_trace(const struct pt_regs *regs);
/* "CPU 3, task 12 foo, hardirq context, preempt_count 0x10000, interrupts off" into @buf. */
int describe_context(char *buf, size_t size);

__noreturn __cold void __bug(const char *file, int line, const char *what);
__printf(3, 4) __cold void __warn(const char *file, int line, const char *fmt, ...);

/* How many warnings there were. */
unsigned int warn_count(void);
/* True from the first panic on: who waits for a CPU that may be stopped gives up. */
bool panic_in_progress(void);

/* For tests: called in the middle of a panic's report. */
extern void (*panic_report_hook)(void);

#define BUG()	__bug(__FILE__, __LINE__, NULL)

#define BUG_ON(cond)							\
	do {								\
		if (unlikely(cond))					\
			__bug(__FILE__, __LINE__, #cond);		\
	} while (0)

#define WARN(cond, fmt, ...)						\
	({								\
		bool _warn = !!(cond);					\
		if (unlikely(_warn))					\
			__warn(__FILE__, __LINE__, fmt, ##__VA_ARGS__);	\
		unlikely(_warn);					\
	})

#define WARN_ON(cond)	WARN(cond, "%s", #cond)

#define WARN_ONCE(cond, fmt, ...)					\
	({								\
		static bool _warned;					\
		bool _warn_once = !!(cond);				\
		if (unlikely(_warn_once) &&				\
		    !__atomic_exchange_n(&_warned, true, __ATOMIC_RELAXED)) \
			__warn(__FILE__, __LINE__, fmt, ##__VA_ARGS__);	\
		unlikely(_warn_once);					\
	})

#define WARN_ON_ONCE(cond)	WARN_ONCE(cond, "%s", #cond)

#define BUILD_BUG_ON(cond)	_Static_assert(!(cond), #cond)

#endif
