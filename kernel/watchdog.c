/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Lockup detectors: does each CPU still take interrupts, and still schedule?
 *
 *	watchdogs	per CPU: state and irq_work	that CPU, in NMI
 *	boot_samples	NMI ticks before boot was done	the boot CPU, in NMI
 *
 * A periodic NMI (arch_nmi_tick()) samples each CPU, because an NMI comes through
 * whatever the CPU does. There are WATCHDOG_SAMPLES in watchdog_thresh seconds. On a
 * machine without NMIs timers take the samples: kernel/watchdog_timer.c.
 *
 *	lockup	seen in each of the samples		how many	then
 *	hard	interrupts off, none taken since	5		panic
 *	soft	not idle, not through the scheduler	10		report, or panic
 *
 *	NMI tick			same CPU, hardirq
 *	  busy, no pass yet:
 *	  irq_work_queue()
 *	iret				the work asks for a reschedule
 *					irq_exit(): schedule(), a pass
 *	  the next tick sees it
 *
 * So the scheduler is asked before it is blamed: a task that has its CPU to itself
 * is not locked up, as long as it can be preempted. An idle CPU is not asked, takes
 * no ticks and need not: it cannot trip either detector.
 *
 * Time that the machine did not run must not count, be it that the host gave the
 * vCPU's core away, or that it sits in a debugger. Samples are counted, not seconds,
 * and a sample that comes late by a period starts the count anew. What is left: a
 * vCPU that runs for no more than its NMIs would be blamed; it has to be starved to
 * that degree for the whole of watchdog_thresh, which is longer by default the more
 * CPUs wait for the host's few.
 *
 * Until boot is done, more than boot_timeout seconds of ticks are a hang as well:
 * a step that waits for ever with interrupts on and a working scheduler.
 *
 * Cost: an NMI a CPU every watchdog_thresh / 5 seconds, a wake-up from halt included.
 *
 * Linux:   kernel/watchdog.c, watchdog_perf.c
 * Differs: no hrtimer and no watchdog thread: the NMI sees both lockups, and the
 *	    scheduler's own counter stands for the thread that would prove it alive.
 */
#include <locking/atomic.h>
#include <kernel/arch.h>
#include <kernel/bug.h>
#include <kernel/init.h>
#include <kernel/ipi.h>
#include <kernel/irq.h>
#include <kernel/param.h>
#include <kernel/percpu.h>
#include <kernel/printk.h>
#include <kernel/sched.h>
#include <kernel/timer.h>
#include <kernel/watchdog.h>
#include <asm/cpu.h>

#define DEFAULT_THRESH	10U

enum { HANG_NOT, HANG_EARLY, HANG_INIT };

static bool watchdog_on = true;
static int watchdog_thresh;
static bool softlockup_panic;
BOOT_PARAM_BOOL(watchdog, watchdog_on, "detect CPUs that lock up");
BOOT_PARAM_INT(watchdog_thresh, watchdog_thresh, 0, 120,
	       "seconds that make a hard lockup, twice as many a soft one; 0: 10 or more");
BOOT_PARAM_BOOL(softlockup_panic, softlockup_panic, "a soft lockup is a panic");
static int boot_timeout = 120;
BOOT_PARAM_INT(boot_timeout, boot_timeout, 1, 3600,
	       "seconds after which a boot that has not come to its last steps is a panic");
static int boot_hang;
BOOT_PARAM_ENUM(boot_hang, boot_hang, "hang on purpose while booting", "no", "early", "init");

struct watchdog {
	struct watchdog_state state;
	struct irq_work work;
	u64 due;			/* ns: when its next tick should come */
};

static DEFINE_PER_CPU(struct watchdog, watchdogs);
static unsigned int boot_samples;
static bool boot_done;

/* Eight CPUs share two cores of a host well; the more there are, the less each runs. */
static int default_thresh(void)
{
	return (int)clamp(DEFAULT_THRESH * num_possible_cpus() / 8, DEFAULT_THRESH, 16 * DEFAULT_THRESH);
}

u64 watchdog_period_ns(void)
{
	return watchdog_thresh * (u64)NSEC_PER_SEC / WATCHDOG_SAMPLES;
}

/* ---- the judgement --------------------------------------------------------------- */

static void start_anew(struct watchdog_state *state)
{
	state->irqs_off_samples = 0;
	state->no_pass_samples = 0;
	state->soft_reported = false;
}

static enum watchdog_verdict count_samples(struct watchdog_state *state,
					   const struct watchdog_view *view)
{
	bool stuck_irqs = !view->irqs_on && view->irqs == state->irqs;

	state->irqs_off_samples = stuck_irqs ? state->irqs_off_samples + 1 : 0;
	if (view->passes != state->passes) {
		state->no_pass_samples = 0;
		state->soft_reported = false;
	} else {
		state->no_pass_samples++;
	}
	if (state->irqs_off_samples >= WATCHDOG_SAMPLES)
		return WATCHDOG_HARD_LOCKUP;
	if (state->no_pass_samples < 2 * WATCHDOG_SAMPLES || state->soft_reported)
		return WATCHDOG_FINE;
	state->soft_reported = true;
	return WATCHDOG_SOFT_LOCKUP;
}

enum watchdog_verdict watchdog_judge(struct watchdog_state *state,
				     const struct watchdog_view *view, u64 period_ns)
{
	enum watchdog_verdict verdict = WATCHDOG_FINE;

	if (view->idle || view->now - state->last > 2 * period_ns)
		start_anew(state);
	else
		verdict = count_samples(state, view);
	state->last = view->now;
	state->irqs = view->irqs;
	state->passes = view->passes;
	return verdict;
}

/* ---- the NMI tick ------------------------------------------------------------------ */

static void ask_for_reschedule(struct irq_work *work)
{
	set_preempt_need_resched();
}

static u64 interrupts_taken(unsigned int cpu)
{
	unsigned int line;
	u64 sum = 0;

	for (line = 0; line < NR_IRQS; line++)
		sum += kstat_irqs_cpu(line, cpu);
	return sum;
}

static void report_hard(unsigned int cpu, struct pt_regs *regs)
{
	char what[96];

	snprintf(what, sizeof(what),
		 "hard lockup: CPU %u took no interrupt for %d s in task %d %s,", cpu,
		 watchdog_thresh, current->pid, current->comm);
	die(what, regs);
}

static void report_soft(unsigned int cpu, struct pt_regs *regs)
{
	char what[96];

	snprintf(what, sizeof(what),
		 "soft lockup: CPU %u did not schedule for %d s in task %d %s,", cpu,
		 2 * watchdog_thresh, current->pid, current->comm);
	if (softlockup_panic)
		die(what, regs);
	__warn(__FILE__, __LINE__, "%s at %pS", what, (void *)arch_regs_ip(regs));
	show_trace(regs);
}

/*
 * Is this NMI the tick? It does not say. It is, if it comes when one is due; the
 * clock that ticks and the clock that tells the time may drift apart, so what is
 * due follows what came.
 */
static bool tick_is_due(struct watchdog *w, u64 now)
{
	s64 late = (s64)(now - w->due);

	if (w->due && late < -(s64)(watchdog_period_ns() / 2))
		return false;
	if (!w->due || late > (s64)watchdog_period_ns())
		w->due = now + watchdog_period_ns();
	else
		w->due += watchdog_period_ns() + late / 4;
	return true;
}

static void check_boot(void)
{
	if (READ_ONCE(boot_done))
		return;
	if (++boot_samples * watchdog_period_ns() > boot_timeout * (u64)NSEC_PER_SEC)
		panic("boot hangs: it has taken more than %d s", boot_timeout);
}

void watchdog_sample(struct pt_regs *regs)
{
	unsigned int cpu = raw_smp_processor_id();
	struct watchdog *w = raw_cpu_ptr(&watchdogs);
	struct watchdog_view view = { .now = arch_clock_ns(), .irqs_on = arch_regs_irqs_on(regs) };

	view.irqs = interrupts_taken(cpu);
	view.passes = sched_passes(cpu);
	view.idle = is_idle_task(current) && view.irqs_on;
	switch (watchdog_judge(&w->state, &view, watchdog_period_ns())) {
	case WATCHDOG_HARD_LOCKUP:
		report_hard(cpu, regs);
		break;
	case WATCHDOG_SOFT_LOCKUP:
		report_soft(cpu, regs);
		break;
	case WATCHDOG_FINE:
		break;
	}
	if (!view.idle && w->state.no_pass_samples)
		irq_work_queue(&w->work);
	if (cpu == 0)
		check_boot();
}

static int watchdog_nmi(struct pt_regs *regs)
{
	if (!tick_is_due(raw_cpu_ptr(&watchdogs), arch_clock_ns()))
		return 0;
	if (!panic_in_progress())
		watchdog_sample(regs);
	return 1;
}

static struct nmi_handler watchdog_handler = { .fn = watchdog_nmi, .name = "watchdog tick" };

/* ---- start-up ----------------------------------------------------------------------- */

static void start_ticks(void)
{
	if (!arch_no_nmi() && !arch_nmi_tick(watchdog_period_ns()))
		pr_warn("watchdog: this machine has no periodic NMI: lockups go unnoticed");
}

void watchdog_early_init(void)
{
	unsigned int cpu;

	if (!watchdog_on)
		return;
	if (!watchdog_thresh)
		watchdog_thresh = default_thresh();
	for_each_possible_cpu(cpu)
		per_cpu(watchdogs, cpu).work =
			(struct irq_work)IRQ_WORK_INIT_HARD(ask_for_reschedule);
	register_nmi_handler(&watchdog_handler);
	start_ticks();
	while (boot_hang == HANG_EARLY)
		cpu_relax();
}

void watchdog_restart_tick(void)
{
	unsigned int cpu;

	if (!watchdog_on)
		return;
	if (!watchdog_thresh)
		watchdog_thresh = default_thresh();
	for_each_possible_cpu(cpu)
		WRITE_ONCE(per_cpu(watchdogs, cpu).due, 0);
	arch_nmi_tick(watchdog_period_ns());
}

/* The ticks begin anew, on all CPUs: a boot CPU's that is due may come early or late. */
void watchdog_cpus_init(void)
{
	if (!watchdog_on)
		return;
	if (arch_no_nmi()) {
		pr_info("watchdog: %s; %s\n", arch_no_nmi(), num_online_cpus() > 1 ?
			"each CPU watches the next" : "a hard lockup goes unnoticed");
		watchdog_timers_start();
		return;
	}
	WRITE_ONCE(per_cpu(watchdogs, 0).due, 0);
	start_ticks();
}

void watchdog_init(void)
{
	while (boot_hang == HANG_INIT)
		schedule_timeout_idle(HZ);
	WRITE_ONCE(boot_done, true);
	hung_task_init();
}
