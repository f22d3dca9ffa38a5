/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * What only this port can get wrong: NMIs inside NMIs, the exception stacks, the
 * registers that entry code saves.
 *
 * A test's NMI handler stays registered for good and acts only while a test on its
 * CPU has set nmi_script.
 */
#include <kernel/arch.h>
#include <kernel/context.h>
#include <kernel/cpumask.h>
#include <kernel/ipi.h>
#include <kernel/irq.h>
#include <kernel/percpu.h>
#include <kernel/sched.h>
#include <kernel/selftest.h>
#include <locking/atomic.h>
#include <asm/cpu.h>
#include <asm/desc.h>
#include <asm/page.h>
#include <asm/thread.h>
#include <asm/trap.h>

#define BAD_ADDRESS	0x1000

/* ---- NMIs --------------------------------------------------------------------- */

/* Per CPU, written by the test that runs there and by its NMIs. */
struct nmi_script {
	bool active;
	bool fault;			/* fault before and after the inner NMI: ends the block */
	unsigned int to_send;		/* NMIs to send to this CPU from inside */
	unsigned int runs, depth, deepest, faults;
};
static DEFINE_PER_CPU(struct nmi_script, nmi_script);

static int scripted_nmi(struct pt_regs *regs)
{
	struct nmi_script *s = this_cpu_ptr(&nmi_script);
	unsigned long val;

	if (!s->active)
		return 0;
	s->runs++;
	s->depth++;
	s->deepest = max(s->deepest, s->depth);
	if (s->fault)
		s->faults += arch_probe_read((void *)BAD_ADDRESS, &val) != 0;
	if (s->to_send) {
		s->to_send--;
		send_nmi(smp_processor_id());
		for (unsigned int i = 0; i < 100; i++)
			cpu_relax();
	}
	if (s->fault)
		s->faults += arch_probe_read((void *)BAD_ADDRESS, &val) != 0;
	s->depth--;
	return 1;
}

static struct nmi_handler scripted = { .fn = scripted_nmi, .name = "trap test" };

/* Send one NMI to this CPU, whose handler sends @inner more; wait until all ran. */
static struct nmi_script run_script(unsigned int inner, bool fault)
{
	static bool registered;
	struct nmi_script *s, result;

	if (!xchg(&registered, true))
		register_nmi_handler(&scripted);
	migrate_disable();
	s = this_cpu_ptr(&nmi_script);
	*s = (struct nmi_script){ .active = true, .fault = fault, .to_send = inner };
	barrier();
	send_nmi(smp_processor_id());
	while (READ_ONCE(s->runs) < inner + 1)
		cpu_relax();
	s->active = false;
	result = *s;
	migrate_enable();
	return result;
}

SELFTEST(trap, nmi_in_an_nmi_waits_for_its_end)
{
	struct nmi_script s = run_script(1, false);

	EXPECT_EQ(s.runs, 2);
	EXPECT_EQ(s.deepest, 1);
}

/* The fault's iret lets the inner NMI in at once, on top of the frame of the outer. */
SELFTEST(trap, nmi_in_an_nmi_after_a_fault_is_neither_lost_nor_nested)
{
	struct nmi_script s = run_script(1, true);

	EXPECT_EQ(s.runs, 2);
	EXPECT_EQ(s.deepest, 1);
	EXPECT_EQ(s.faults, 4);
}

SELFTEST(trap, nmis_in_nmis_go_on_as_long_as_they_are_sent)
{
	struct nmi_script s = run_script(200, true);

	EXPECT_EQ(s.runs, 201);
	EXPECT_EQ(s.deepest, 1);
	EXPECT_EQ(this_cpu_read(nmi_state), 0);
}

/*
 * What an NMI finds that comes at the iret of another one's exit, when a fault has
 * ended the block: the interrupted context's frame at the top of the NMI stack, its
 * own on the landing place with the iret's address in it. Made by hand, as no
 * timing hits it.
 */
static void arrive_at_the_exit(void)
{
	u64 *landing = this_cpu_ptr(&nmi_landing[0]) + NMI_LANDING;
	u64 *top = this_cpu_read(nmi_stack_top);

	__asm__ __volatile__(
		"pushq %%rbp\n\t"
		"movq %[ds], -8(%[top])\n\t"
		"movq %%rsp, -16(%[top])\n\t"
		"pushfq\n\t"
		"popq -24(%[top])\n\t"
		"movq %[cs], -32(%[top])\n\t"
		"leaq 1f(%%rip), %%rax\n\t"
		"movq %%rax, -40(%[top])\n\t"
		"movq %[landing], %%rsp\n\t"
		"pushq %[ds]\n\t"
		"pushq %[top]\n\t"
		"pushfq\n\t"
		"pushq %[cs]\n\t"
		"pushq %[iret]\n\t"
		"jmp nmi_entry\n"
		"1:\tpopq %%rbp"
		: : [ds] "i"(KERNEL_DS), [cs] "i"(KERNEL_CS), [top] "r"(top),
		    [landing] "r"(landing), [iret] "i"(nmi_iret) : "rax", "memory", "cc");
}

SELFTEST(trap, nmi_on_the_way_out_of_an_nmi_takes_its_frame_over)
{
	struct nmi_script *s;
	unsigned long flags;

	run_script(0, false);
	local_irq_save(flags);
	s = this_cpu_ptr(&nmi_script);
	s->active = true;
	s->runs = 0;
	barrier();
	arrive_at_the_exit();
	s->active = false;
	local_irq_restore(flags);
	EXPECT_EQ(s->runs, 1);
	EXPECT_EQ(this_cpu_read(nmi_state), 0);
}

static void set_cr2_and_run(void *cr2)
{
	unsigned long flags;

	local_irq_save(flags);
	write_cr2(BAD_ADDRESS * 2);
	run_script(0, true);
	*(unsigned long *)cr2 = read_cr2();
	local_irq_restore(flags);
}

SELFTEST(trap, nmi_keeps_the_address_of_the_last_page_fault)
{
	unsigned long cr2 = 0;

	set_cr2_and_run(&cr2);
	EXPECT_EQ(cr2, BAD_ADDRESS * 2);
}

/* NMIs from another CPU, at any point of a loop that faults, switches and sleeps. */
static bool storm_over;

static void storm(void *arg)
{
	unsigned int target = (unsigned long)arg;
	const struct nmi_script *s = per_cpu_ptr(&nmi_script, target);

	for (unsigned int i = 0; i < 200; i++) {
		unsigned int runs = READ_ONCE(s->runs);

		send_nmi(target);
		while (i % 4 && READ_ONCE(s->runs) == runs)
			cpu_relax();
	}
	smp_store_release(&storm_over, true);
}

SELFTEST(trap, nmis_from_another_cpu_break_nothing, .min_cpus = 2)
{
	unsigned int this, other, wrong = 0;
	struct nmi_script *s;
	unsigned long val;

	run_script(0, true);
	migrate_disable();
	this = smp_processor_id();
	other = cpumask_any_but(cpu_online_mask, this);
	s = this_cpu_ptr(&nmi_script);
	s->runs = s->deepest = 0;
	WRITE_ONCE(s->active, true);
	storm_over = false;
	smp_call_function_single(other, storm, (void *)(unsigned long)this, false);
	while (!smp_load_acquire(&storm_over)) {
		wrong += arch_probe_read((void *)BAD_ADDRESS, &val) == 0;
		wrong += arch_probe_read(&other, &val) != 0 || (unsigned int)val != other;
		cpu_relax();
		yield();
	}
	WRITE_ONCE(s->active, false);
	migrate_enable();
	EXPECT_EQ(wrong, 0);
	EXPECT(s->runs > 0);
	EXPECT_EQ(s->deepest, 1);
}

/* ---- idle ----------------------------------------------------------------------- */

static u64 irqs_here(void)
{
	u64 n = 0;

	for (unsigned int line = 0; line < NR_IRQS; line++)
		n += kstat_irqs_cpu(line, smp_processor_id());
	return n;
}

/* iret to the hlt of arch_cpu_idle(): a pending interrupt comes before it. */
static void return_to_idle_halt(void)
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

/* A tick may end the halt by chance, but not a hundred times. */
SELFTEST(trap, interrupt_just_before_the_halt_is_not_slept_through)
{
	unsigned int awake = 0;

	migrate_disable();
	for (unsigned int i = 0; i < 100 && !awake; i++) {
		unsigned long flags;
		u64 before;

		local_irq_save(flags);
		before = irqs_here();
		arch_send_ipi(smp_processor_id(), IRQ_IPI_RESCHEDULE);
		return_to_idle_halt();
		local_irq_disable();
		awake += irqs_here() == before + 1;
		local_irq_restore(flags);
	}
	migrate_enable();
	EXPECT(awake);
}

/* ---- stacks --------------------------------------------------------------------- */

static unsigned int bad_stacks;

static void check_stacks(void *unused)
{
	const struct ist_stacks *s = this_cpu_ptr(&ist_stacks);
	void *const stacks[] = { s->nmi, s->df, s->mce, current->stack };

	for (unsigned int i = 0; i < ARRAY_SIZE(stacks); i++) {
		unsigned long va = (unsigned long)stacks[i];

		if (!arch_prot(va) || !arch_prot(va + THREAD_SIZE - 1) || arch_prot(va - 1))
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

/* Fault with a known value in every register but sp and bp; 0 if all are still there. */
static unsigned long fault_with_known_registers(void)
{
	unsigned long wrong;

	__asm__ __volatile__(
		"pushq %%rbp\n\t"
		"movq $1, %%rax; movq $2, %%rbx; movq $3, %%rcx; movq $4, %%rdx\n\t"
		"movq $5, %%rsi; movq $6, %%rdi; movq $7, %%rbp; movq $8, %%r8\n\t"
		"movq $9, %%r9; movq $10, %%r10; movq $11, %%r11; movq $12, %%r12\n\t"
		"movq $13, %%r13; movq $14, %%r14; movq $15, %%r15\n"
		"1:\tmovq %%rax, 0x1000\n"
		"2:\tsubq $1, %%rax; subq $2, %%rbx; subq $3, %%rcx; subq $4, %%rdx\n\t"
		"subq $5, %%rsi; subq $6, %%rdi; subq $7, %%rbp; subq $8, %%r8\n\t"
		"subq $9, %%r9; subq $10, %%r10; subq $11, %%r11; subq $12, %%r12\n\t"
		"subq $13, %%r13; subq $14, %%r14; subq $15, %%r15\n\t"
		"orq %%rbx, %%rax; orq %%rcx, %%rax; orq %%rdx, %%rax; orq %%rsi, %%rax\n\t"
		"orq %%rdi, %%rax; orq %%rbp, %%rax; orq %%r8, %%rax; orq %%r9, %%rax\n\t"
		"orq %%r10, %%rax; orq %%r11, %%rax; orq %%r12, %%rax; orq %%r13, %%rax\n\t"
		"orq %%r14, %%rax; orq %%r15, %%rax\n\t"
		"popq %%rbp\n\t"
		".pushsection .ex_table, \"a\"\n\t"
		".balign 8\n\t"
		".quad 1b, 2b\n\t"
		".popsection"
		: "=a"(wrong)
		: : "rbx", "rcx", "rdx", "rsi", "rdi", "r8", "r9", "r10", "r11", "r12", "r13",
		    "r14", "r15", "memory", "cc");
	return wrong;
}

SELFTEST(trap, exception_keeps_every_register, .contexts = CTX_ALL)
{
	EXPECT_EQ(fault_with_known_registers(), 0);
}
