/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * The entry code: the exception stacks; and what kernel/trap_test.c asks for.
 */
#include <kernel/arch.h>
#include <kernel/arch_test.h>
#include <kernel/cpumask.h>
#include <kernel/ipi.h>
#include <kernel/mm.h>
#include <kernel/percpu.h>
#include <kernel/sched.h>
#include <kernel/selftest.h>
#include <locking/atomic.h>
#include <asm/page.h>
#include <asm/thread.h>
#include <asm/trap.h>

/* ---- idle ----------------------------------------------------------------------- */

void arch_test_late_halt(void)
{
	arch_cpu_idle();
}

/* ---- stacks --------------------------------------------------------------------- */

static atomic_t bad_stacks;

static void check_stacks(void *unused)
{
	unsigned long task = (unsigned long)current->stack;
	unsigned long overflow = (unsigned long)this_cpu_read(overflow_stack);
	const unsigned long stacks[] = { task, overflow };

	for (unsigned int i = 0; i < ARRAY_SIZE(stacks); i++) {
		unsigned long va = stacks[i];

		if (!page_prot(va) || !page_prot(va + THREAD_SIZE - 1) || page_prot(va - 1))
			atomic_inc(&bad_stacks);
		if (va % (2 * THREAD_SIZE) != THREAD_SIZE)
			atomic_inc(&bad_stacks);
	}
	if (task == overflow)
		atomic_inc(&bad_stacks);
}

SELFTEST(trap, exception_stacks_of_every_cpu_are_apart_and_guarded)
{
	unsigned int cpu, other;

	atomic_set(&bad_stacks, 0);
	on_each_cpu(check_stacks, NULL, true);
	EXPECT_EQ(atomic_read(&bad_stacks), 0);
	for_each_online_cpu(cpu)
		for_each_online_cpu(other)
			EXPECT(cpu == other ||
			       per_cpu(overflow_stack, cpu) != per_cpu(overflow_stack, other));
}

/* ---- registers -------------------------------------------------------------------- */

/* A known value in each register from x2 on but sp: its number. */
#define SET_KNOWN							\
	".irp	r, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15, 16, 17, 18, 19, 20, 21, "	\
	"22, 23, 24, 25, 26, 27, 28, 29, 30\n\t"			\
	"mov	x\\r, #\\r\n\t"						\
	".endr\n\t"
/* What is left of them, or-ed into x0. */
#define OR_WRONG							\
	".irp	r, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15, 16, 17, 18, 19, 20, 21, "	\
	"22, 23, 24, 25, 26, 27, 28, 29, 30\n\t"			\
	"sub	x\\r, x\\r, #\\r\n\t"					\
	"orr	x0, x0, x\\r\n\t"					\
	".endr\n\t"
#define ALL_BUT_X0_X1 "x2", "x3", "x4", "x5", "x6", "x7", "x8", "x9", "x10", "x11", "x12",	\
	"x13", "x14", "x15", "x16", "x17", "x18", "x19", "x20", "x21", "x22", "x23", "x24",	\
	"x25", "x26", "x27", "x28", "cc", "memory"

/* And Z set. */
unsigned long arch_test_fault_known(void)
{
	register unsigned long x0 __asm__("x0");

	__asm__ __volatile__(
		"stp	x29, x30, [sp, #-16]!\n\t"
		"mov	x0, #0x1000\n\t"
		"mov	x1, #1\n\t"
		SET_KNOWN
		"cmp	xzr, xzr\n"
		"1:	str	xzr, [x0]\n"
		"2:	sub	x0, x0, #0x1000\n\t"
		"sub	x1, x1, #1\n\t"
		"orr	x0, x0, x1\n\t"
		OR_WRONG
		"cset	x1, ne\n\t"
		"orr	x0, x0, x1\n\t"
		"ldp	x29, x30, [sp], #16\n\t"
		".pushsection .ex_table, \"a\"\n\t"
		".balign 8\n\t"
		".quad 1b, 2b\n\t"
		".popsection"
		: "=r"(x0) : : "x1", ALL_BUT_X0_X1);
	return x0;
}

unsigned long arch_test_wait_known(const unsigned long *over)
{
	register unsigned long x0 __asm__("x0") = (unsigned long)over;

	__asm__ __volatile__(
		"stp	x29, x30, [sp, #-16]!\n\t"
		"str	x0, [sp, #-16]!\n\t"
		SET_KNOWN
		"1:	ldr	x1, [x0]\n\t"
		"cbz	x1, 1b\n\t"
		"ldr	x1, [sp], #16\n\t"
		"sub	x0, x0, x1\n\t"
		OR_WRONG
		"ldp	x29, x30, [sp], #16"
		: "+r"(x0) : : "x1", ALL_BUT_X0_X1);
	return x0;
}

void arch_test_change_registers(void)
{
	__asm__ __volatile__(
		".irp	r, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15, 16, 17, 18, 19, 20, 21, "
		"22, 23, 24, 25, 26, 27, 28\n\t"
		"mov	x\\r, #99\n\t"
		".endr"
		: : : ALL_BUT_X0_X1);
}
