/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * The entry code beside NMIs: the exception stacks; and what kernel/trap_test.c asks for.
 */
#include <kernel/arch.h>
#include <kernel/arch_test.h>
#include <kernel/ipi.h>
#include <kernel/mm.h>
#include <kernel/percpu.h>
#include <kernel/sched.h>
#include <kernel/selftest.h>
#include <asm/desc.h>
#include <asm/page.h>
#include <asm/thread.h>
#include <asm/trap.h>

/* ---- idle ----------------------------------------------------------------------- */

/* iret to the hlt of arch_cpu_idle(): a pending interrupt comes before it. */
void arch_test_late_halt(void)
{
	__asm__ __volatile__(
		"leaq 1f(%%rip), %%rax\n\t"
		"pushq %%rax\n\t"
		"movq %%rsp, %%rdx\n\t"
		"pushq %[ds]\n\t"
		"pushq %%rdx\n\t"
		"pushfq\n\t"
		"orq %[enable], (%%rsp)\n\t"
		"pushq %[cs]\n\t"
		"pushq $idle_halt\n\t"
		"iretq\n"
		"1:"
		: : [ds] "i"(KERNEL_DS), [cs] "i"(KERNEL_CS), [enable] "i"(X86_EFLAGS_IF)
		: "rax", "rdx", "memory", "cc");
}

/* ---- stacks --------------------------------------------------------------------- */

static unsigned int bad_stacks;

static void check_stacks(void *unused)
{
	const struct ist_stacks *s = this_cpu_ptr(&ist_stacks);
	void *const stacks[] = { s->nmi, s->df, s->mce, current->stack };

	for (unsigned int i = 0; i < ARRAY_SIZE(stacks); i++) {
		unsigned long va = (unsigned long)stacks[i];

		if (!page_prot(va) || !page_prot(va + THREAD_SIZE - 1) || page_prot(va - 1))
			__atomic_fetch_add(&bad_stacks, 1, __ATOMIC_RELAXED);
		for (unsigned int j = 0; j < i; j++)
			if (va - (unsigned long)stacks[j] + THREAD_SIZE - 1 < 2 * THREAD_SIZE - 1)
				__atomic_fetch_add(&bad_stacks, 1, __ATOMIC_RELAXED);
	}
}

SELFTEST(trap, exception_stacks_of_every_cpu_are_apart_and_guarded)
{
	bad_stacks = 0;
	on_each_cpu(check_stacks, NULL, true);
	EXPECT_EQ(bad_stacks, 0);
}

/* ---- registers -------------------------------------------------------------------- */

/* A known value in each register but ax and sp. */
#define SET_KNOWN							\
	"movq $2, %%rbx; movq $3, %%rcx; movq $4, %%rdx\n\t"		\
	"movq $5, %%rsi; movq $6, %%rdi; movq $7, %%rbp; movq $8, %%r8\n\t"	\
	"movq $9, %%r9; movq $10, %%r10; movq $11, %%r11; movq $12, %%r12\n\t"	\
	"movq $13, %%r13; movq $14, %%r14; movq $15, %%r15\n\t"
/* What is left of them, or-ed into ax. */
#define OR_WRONG							\
	"subq $2, %%rbx; subq $3, %%rcx; subq $4, %%rdx\n\t"		\
	"subq $5, %%rsi; subq $6, %%rdi; subq $7, %%rbp; subq $8, %%r8\n\t"	\
	"subq $9, %%r9; subq $10, %%r10; subq $11, %%r11; subq $12, %%r12\n\t"	\
	"subq $13, %%r13; subq $14, %%r14; subq $15, %%r15\n\t"		\
	"orq %%rbx, %%rax; orq %%rcx, %%rax; orq %%rdx, %%rax; orq %%rsi, %%rax\n\t"	\
	"orq %%rdi, %%rax; orq %%rbp, %%rax; orq %%r8, %%rax; orq %%r9, %%rax\n\t"	\
	"orq %%r10, %%rax; orq %%r11, %%rax; orq %%r12, %%rax; orq %%r13, %%rax\n\t"	\
	"orq %%r14, %%rax; orq %%r15, %%rax\n\t"
#define ALL_BUT_AX "rbx", "rcx", "rdx", "rsi", "rdi", "r8", "r9", "r10", "r11", "r12", "r13",	\
	"r14", "r15", "memory", "cc"

unsigned long arch_test_fault_known(void)
{
	unsigned long wrong;

	__asm__ __volatile__(
		"pushq %%rbp\n\t"
		"movq $1, %%rax\n\t"
		SET_KNOWN
		"1:\tmovq %%rax, 0x1000\n"
		"2:\tsubq $1, %%rax\n\t"
		OR_WRONG
		"popq %%rbp\n\t"
		".pushsection .ex_table, \"a\"\n\t"
		".balign 8\n\t"
		".quad 1b, 2b\n\t"
		".popsection"
		: "=a"(wrong) : : ALL_BUT_AX);
	return wrong;
}

unsigned long arch_test_wait_known(const unsigned long *over)
{
	unsigned long ax = (unsigned long)over;

	__asm__ __volatile__(
		"pushq %%rbp\n\t"
		"pushq %%rax\n\t"
		SET_KNOWN
		"1:\tcmpq $0, (%%rax)\n\t"
		"je 1b\n\t"
		"subq (%%rsp), %%rax\n\t"
		OR_WRONG
		"addq $8, %%rsp\n\t"
		"popq %%rbp"
		: "+a"(ax) : : ALL_BUT_AX);
	return ax;
}

void arch_test_change_registers(void)
{
	__asm__ __volatile__(
		"movq $99, %%rbx; movq $99, %%rcx; movq $99, %%rdx; movq $99, %%rsi\n\t"
		"movq $99, %%rdi; movq $99, %%r8; movq $99, %%r9; movq $99, %%r10\n\t"
		"movq $99, %%r11; movq $99, %%r12; movq $99, %%r13; movq $99, %%r14\n\t"
		"movq $99, %%r15"
		: : : ALL_BUT_AX);
}
