/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * The threads of <locking/testing.h>: kthreads, each bound to an online CPU.
 */
#include <kernel/bug.h>
#include <kernel/cpumask.h>
#include <kernel/kthread.h>
#include <kernel/timer.h>
#include <locking/testing.h>

#define BUDGET_NS	(300 * 1000000ULL)

static u64 budget_end;

unsigned int test_cpus(unsigned int max)
{
	unsigned int n = num_online_cpus();

	return n < max ? n : max;
}

unsigned int test_contexts(void)
{
	return nr_contexts();
}

bool test_budget_over(void)
{
	return local_clock() > READ_ONCE(budget_end);
}

struct crew {
	void (*fn)(unsigned int index, void *arg);
	void *arg;
	unsigned int n;
	atomic_t ready;
	atomic_t done;
};

struct member {
	struct crew *crew;
	unsigned int index;
};

static int run_member(void *data)
{
	struct member *m = data;
	struct crew *crew = m->crew;

	/* Start together: else the first has finished before the last exists. */
	atomic_inc(&crew->ready);
	smp_cond_load_relaxed(&crew->ready.counter, VAL == (int)crew->n);
	crew->fn(m->index, crew->arg);
	(void)atomic_fetch_inc_release(&crew->done);
	return 0;
}

void test_on_cpus(unsigned int n, void (*fn)(unsigned int index, void *arg), void *arg)
{
	static struct member members[NR_CPUS];
	static struct task_struct *tasks[NR_CPUS];
	struct crew crew = { .fn = fn, .arg = arg, .n = n };
	unsigned int cpu, i = 0;

	WRITE_ONCE(budget_end, local_clock() + BUDGET_NS);
	for_each_online_cpu(cpu) {
		struct task_struct *p;

		if (i == n)
			break;
		members[i] = (struct member){ .crew = &crew, .index = i };
		p = kthread_create_on_cpu(run_member, &members[i], cpu, "locktest/%u");
		BUG_ON(IS_ERR(p));
		/* For members that kill or wake each other: till all are done. */
		get_task_struct(p);
		tasks[i] = p;
		wake_up_process(p);
		i++;
	}
	BUG_ON(i != n);
	while (atomic_read_acquire(&crew.done) != (int)n)
		msleep(1);
	while (i--)
		put_task_struct(tasks[i]);
}

void test_set_prio(struct task_struct *p, int prio)
{
	struct sched_param param = { .sched_priority = rt_prio(prio) ? 99 - prio : 0 };

	if (!rt_prio(prio))
		set_user_nice(p, PRIO_TO_NICE(prio));
	WARN_ON(sched_setscheduler(p, rt_prio(prio) ? SCHED_FIFO : SCHED_NORMAL, &param));
}

static struct task_struct *puppets[TEST_PUPPETS];

static int puppet_runs(void *unused)
{
	return 0;
}

struct task_struct *test_puppet(unsigned int i, int prio)
{
	if (!puppets[i]) {
		struct task_struct *p = kthread_create(puppet_runs, NULL, "puppet/%u", i);

		if (IS_ERR(p))
			return NULL;
		puppets[i] = p;
		get_task_struct(p);
	}
	test_set_prio(puppets[i], prio);
	return puppets[i];
}

void test_put_puppets(void)
{
	for (unsigned int i = 0; i < TEST_PUPPETS; i++) {
		if (puppets[i])
			kthread_stop_put(puppets[i]);
		puppets[i] = NULL;
	}
}

bool test_in_context(enum context ctx, void (*fn)(void *arg), void *arg)
{
	bool task = in_task(), ok;

	if (ctx == CTX_TASK && task) {
		fn(arg);
		return true;
	}
	/* Preemptible: a real-time kernel's softirqs come on top of nothing else. */
	if (task)
		migrate_disable();
	ok = run_in_context(ctx, smp_processor_id(), fn, arg) == 0;
	if (task)
		migrate_enable();
	return ok;
}

/* The real flag; the preempt_enable() that follows goes to the scheduler, which clears it. */
void test_want_resched(bool on)
{
	if (on)
		set_preempt_need_resched();
}
