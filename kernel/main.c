/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Boot, in order. The table below is the order; boot/ jumps to kernel_main() on
 * the boot CPU, arch/ to secondary_main() on every other CPU.
 *
 *	boot CPU			other CPUs
 *	kernel_main()
 *	  BOOT and EACH steps
 *	  becomes idle/0
 *	init kthread
 *	  INIT steps
 *	    smp_init() starts all  ---> secondary_main()
 *	    waits for all		  EACH steps
 *	                           <---	  online; becomes idle/N
 *	  selftests, shell
 *
 * Linux:   init/main.c
 * Differs: no initcall sections: source order is boot order.
 */
#include <boot/bootinfo.h>
#include <kernel/arch.h>
#include <kernel/bug.h>
#include <kernel/cpumask.h>
#include <kernel/init.h>
#include <kernel/irqflags.h>
#include <kernel/kthread.h>
#include <kernel/param.h>
#include <kernel/printk.h>
#include <kernel/sched.h>

enum who {
	BOOT,	/* once, on the boot CPU: one thread, interrupts off, may not sleep */
	EACH,	/* on every CPU as it starts, the boot CPU first: interrupts off */
	INIT,	/* once, in the init kthread: may sleep */
};

static void banner(void);
static void probe_cpus(void);
static void final_page_tables(void);
static void softirq_boot_thread(void);

#define IRQ_WORK_BY	(IS_ENABLED(CONFIG_PREEMPT_RT) ? "irq_work/N on each CPU" : \
			 "irq_work, in interrupts: no threads")

static const struct init_step {
	enum who who;
	void (*fn)(void);
	const char *name, *then;
} init_steps[] = {
#define STEP(who, fn, then)	{ who, fn, #fn, then }
	/*   who   step			what works afterwards */
	STEP(BOOT, arch_early_init,	"printk() on the console; a fault is reported"),
	STEP(BOOT, param_init,		"boot parameters"),
	STEP(BOOT, banner,		"what this is, and how it was loaded"),
	STEP(BOOT, pv_lock_init,	"how contended spinlocks wait"),
	STEP(BOOT, symbols_init,	"names in backtraces"),
	STEP(BOOT, final_page_tables,	"W^X; all RAM at PAGE_OFFSET"),
	STEP(BOOT, probe_cpus,		"cpu_possible_mask"),
	STEP(BOOT, percpu_init,		"per-CPU data of every CPU"),
	STEP(BOOT, page_alloc_init,	"alloc_pages()"),
	STEP(EACH, arch_cpu_init,	"exceptions, NMIs; this CPU's interrupt controller"),
	STEP(BOOT, slab_init,		"kmalloc()"),
	STEP(BOOT, vmap_init,		"stacks with guard pages"),
	STEP(BOOT, arch_irq_init,	"interrupt lines"),
	STEP(BOOT, irq_init,		"request_irq()"),
	STEP(BOOT, panic_init,		"a panic stops the other CPUs"),
	STEP(BOOT, arch_timer_init,	"the clock"),
	STEP(BOOT, sched_init,		"run queues; kthread_create()"),
	STEP(EACH, sched_cpu_init,	"this CPU's idle task; wake_up_process()"),
	STEP(BOOT, softirq_init,	"softirqs, tasklets"),
	STEP(EACH, softirq_cpu_init,	"this CPU's tasklets"),
	STEP(BOOT, watchdog_early_init,	"a hang of the boot CPU is reported"),
	STEP(BOOT, timers_init,		"timers"),
	STEP(EACH, timers_cpu_init,	"this CPU's tick"),
	/* The boot CPU goes on as idle/0, with interrupts; the init kthread runs these. */
	STEP(INIT, softirq_boot_thread,	"ksoftirqd on the boot CPU"),
	STEP(INIT, smp_init,		"all CPUs"),
	STEP(INIT, watchdog_cpus_init,	"a hang of any CPU is reported"),
	STEP(INIT, stop_machine_init,	"stop_machine(), moving running tasks"),
	STEP(INIT, softirq_threads_init, "ksoftirqd on each CPU"),
	STEP(INIT, irq_work_rt_init,	IRQ_WORK_BY),
	STEP(INIT, workqueue_init,	"workqueues"),
	STEP(INIT, context_init,	"run_in_context()"),
	STEP(INIT, watchdog_init,	"hung tasks are reported"),
	STEP(INIT, tty_init,		"console input"),
#undef STEP
};

static void banner(void)
{
	pr_info("Lockstep on %s, %s; loaded by %s; preempt=%s\n", arch_name, arch_cpu_model(),
		boot_info.loader, preempt_mode_names[preempt_mode]);
}

static void probe_cpus(void)
{
	arch_smp_probe();
}

static void final_page_tables(void)
{
	arch_mmu_init(&boot_info);
}

/* In a real-time kernel what follows needs timers, which this thread serves. */
static void softirq_boot_thread(void)
{
	softirq_threads_init();
}

static bool boot_verbose = true;
BOOT_PARAM_BOOL(initverbose, boot_verbose, "print the init steps as they run");

static void announce(const struct init_step *step)
{
	static const char *const who_names[] = { "BOOT", "EACH CPU", "INIT" };

	if (boot_verbose && raw_smp_processor_id() == 0)
		pr_info("init: %-8s  %-20s  %s\n", who_names[step->who], step->name, step->then);
}

/* What came before the parameters is announced after them: they may want it quiet. */
static void run_step(const struct init_step *step)
{
	static unsigned int held;
	static bool params_read;

	step->fn();
	if (step->fn == param_init) {
		for (; init_steps + held < step; held++)
			announce(&init_steps[held]);
		params_read = true;
	}
	if (params_read)
		announce(step);
}

static int init_thread(void *unused)
{
	for (unsigned int i = 0; i < ARRAY_SIZE(init_steps); i++)
		if (init_steps[i].who == INIT)
			run_step(&init_steps[i]);
	boot_actions();		/* selftests, then the shell */
	return 0;
}

void kernel_main(void)
{
	struct task_struct *init;

	for (unsigned int i = 0; i < ARRAY_SIZE(init_steps); i++)
		if (init_steps[i].who != INIT)
			run_step(&init_steps[i]);

	init = kthread_run(init_thread, NULL, "init");
	if (IS_ERR(init))
		panic("no memory for the init kthread");
	local_irq_enable();
	cpu_idle_loop();
}

void secondary_main(void)
{
	arch_mmu_cpu_init();
	for (unsigned int i = 0; i < ARRAY_SIZE(init_steps); i++)
		if (init_steps[i].who == EACH)
			run_step(&init_steps[i]);
	smp_cpu_online();
	local_irq_enable();
	cpu_idle_loop();
}
