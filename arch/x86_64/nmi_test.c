/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * NMIs within NMIs, and around faults: what only this port's entry code can get
 * wrong. What other ports have too is in kernel/nmi_test.c.
 *
 * The handler stays registered for good and acts only while a test on its CPU has
 * set nmi_script, and only when the script has asked: the watchdog's NMIs come as well.
 */
#include <kernel/arch.h>
#include <kernel/ipi.h>
#include <kernel/irq.h>
#include <kernel/percpu.h>
#include <kernel/sched.h>
#include <kernel/selftest.h>
#include <locking/atomic.h>
#include <asm/cpu.h>
#include <asm/desc.h>
#include <asm/thread.h>
#include <asm/trap.h>

#define BAD_ADDRESS	0x1000

/* Per CPU, written by the test that runs there and by its NMIs. */
struct nmi_script {
	bool active;
	bool asked;			/* an NMI of the script is on its way */
	bool fault;			/* fault before and after the inner NMI: ends the block */
	unsigned int to_send;		/* NMIs to send to this CPU from inside */
	unsigned int runs, depth, deepest, faults;
};
static DEFINE_PER_CPU(struct nmi_script, nmi_script);

static int scripted_nmi(struct pt_regs *regs)
{
	struct nmi_script *s = this_cpu_ptr(&nmi_script);
	unsigned long val;

	if (!s->active || !s->asked)
		return 0;
	s->asked = false;
	s->runs++;
	s->depth++;
	s->deepest = max(s->deepest, s->depth);
	if (s->fault)
		s->faults += arch_probe_read((void *)BAD_ADDRESS, &val) != 0;
	if (s->to_send) {
		s->to_send--;
		s->asked = true;
		barrier();
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
	*s = (struct nmi_script){
		.active = true, .asked = true, .fault = fault, .to_send = inner,
	};
	barrier();
	send_nmi(smp_processor_id());
	while (READ_ONCE(s->runs) < inner + 1)
		cpu_relax();
	s->active = false;
	result = *s;
	migrate_enable();
	return result;
}

SELFTEST(nmi, nmi_in_an_nmi_waits_for_its_end)
{
	struct nmi_script s = run_script(1, false);

	EXPECT_EQ(s.runs, 2);
	EXPECT_EQ(s.deepest, 1);
}

/* The fault's iret lets the inner NMI in at once, on top of the frame of the outer. */
SELFTEST(nmi, nmi_in_an_nmi_after_a_fault_is_neither_lost_nor_nested)
{
	struct nmi_script s = run_script(1, true);

	EXPECT_EQ(s.runs, 2);
	EXPECT_EQ(s.deepest, 1);
	EXPECT_EQ(s.faults, 4);
}

SELFTEST(nmi, nmis_in_nmis_go_on_as_long_as_they_are_sent)
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

SELFTEST(nmi, nmi_on_the_way_out_of_an_nmi_takes_its_frame_over)
{
	struct nmi_script *s;
	unsigned long flags;

	run_script(0, false);
	local_irq_save(flags);
	s = this_cpu_ptr(&nmi_script);
	s->runs = 0;
	s->active = s->asked = true;
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

SELFTEST(nmi, nmi_keeps_the_address_of_the_last_page_fault)
{
	unsigned long cr2 = 0;

	set_cr2_and_run(&cr2);
	EXPECT_EQ(cr2, BAD_ADDRESS * 2);
}
