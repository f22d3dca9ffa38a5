/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Is the machine still whole after a selftest? And how slow is it?
 *
 * Every CPU is sent a call and must answer; what it interrupts there is looked
 * at too: an idle CPU has no business with softirqs or preemption off.
 *
 *	runner				each CPU, hardirq
 *	waiting = number of CPUs	answered = true
 *	send, one csd a CPU		what did we interrupt?
 *	swait_event_timeout(!waiting)	waiting-- falls to 0: swake_up_one()
 *
 * Limits: what a busy CPU holds cannot be told from what it may hold; the
 *	   scheduler reports a task that sleeps with preemption off.
 */
#include <base/string.h>
#include <locking/atomic.h>
#include <kernel/bug.h>
#include <kernel/cpumask.h>
#include <kernel/ipi.h>
#include <kernel/percpu.h>
#include <kernel/printk.h>
#include <kernel/sched.h>
#include <kernel/selftest.h>
#include <kernel/selftest_world.h>
#include <kernel/timer.h>
#include <locking/swait.h>

#define ANSWER_MS	5000	/* before scaling */

struct answer {
	call_single_data_t csd;
	bool answered;
	u32 softirqs_off;	/* in the idle task: softirq part of preempt_count */
};

static DEFINE_PER_CPU(struct answer, answers);
static atomic_t waiting;
static DECLARE_SWAIT_QUEUE_HEAD(waiting_wait);

static unsigned int slowdown = 1;

void world_look(struct world *w)
{
	w->online = num_online_cpus();
	w->warnings = warn_count();
}

/* On each CPU, hardirq. */
static void answer(void *unused)
{
	struct answer *a = this_cpu_ptr(&answers);

	/* A softirq may well be served on top of it, and this call on top of that. */
	a->softirqs_off = is_idle_task(current) && !in_serving_softirq() ? softirq_count() : 0;
	WRITE_ONCE(a->answered, true);
	/* world/A: pairs with ask_all() */
	if (atomic_dec_and_test(&waiting))
		swake_up_one(&waiting_wait);
}

/* Return: false if some CPU did not answer. */
static bool ask_all(void)
{
	unsigned int cpu;

	atomic_set(&waiting, num_online_cpus());
	for_each_online_cpu(cpu) {
		struct answer *a = per_cpu_ptr(&answers, cpu);

		a->answered = false;
		INIT_CSD(&a->csd, answer, NULL);
		smp_call_function_single_async(cpu, &a->csd);
	}
	/* world/A: pairs with answer() */
	return swait_event_timeout_exclusive(waiting_wait, !atomic_read_acquire(&waiting),
				msecs_to_jiffies(selftest_scale_ms(ANSWER_MS)));
}

void world_check(const struct world *before, struct selftest *t)
{
	unsigned int cpu, warnings = warn_count() - before->warnings;
	bool all = ask_all();

	for_each_online_cpu(cpu) {
		struct answer *a = per_cpu_ptr(&answers, cpu);

		if (!READ_ONCE(a->answered))
			panic("selftest %s.%s: CPU %u does not answer any more", t->suite,
			      t->name, cpu);
		if (a->softirqs_off)
			selftest_fail(t, __FILE__, __LINE__,
				"CPU %u is idle with softirqs off (count %#x)", cpu,
				a->softirqs_off);
	}
	if (!all)
		panic("selftest %s.%s: not all CPUs answered in time", t->suite, t->name);
	if (num_online_cpus() != before->online)
		panic("selftest %s.%s: %u CPUs online, %u before", t->suite, t->name,
		      num_online_cpus(), before->online);
	if (warnings != t->warnings)
		selftest_fail(t, __FILE__, __LINE__, "warnings: %u, expected %u", warnings,
			      t->warnings);
}

/* ---- how slow -------------------------------------------------------------------- */

#define SPINS		1000000U
#define SPINS_NS	4000000U	/* on an emulated CPU with a core to itself */
#define PATIENCE	4		/* with a host that is busy later: a deadline is for what hangs */

static u64 time_spins(void)
{
	u64 start = ktime_get_ns();

	for (unsigned int i = 0; i < SPINS; i++)
		barrier();
	return ktime_get_ns() - start;
}

void world_calibrate(void)
{
	u64 worst = 0;

	for (int i = 0; i < 3; i++)
		worst = max(worst, time_spins());
	slowdown = clamp((unsigned int)(worst / SPINS_NS), 1U, 20U);
}

unsigned int selftest_scale_ms(unsigned int ms)
{
	return ms * PATIENCE * slowdown * (1 + num_online_cpus() / 8);
}
