/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Tasks: made, listed, counted, freed.
 *
 *	tasks		all but the idle tasks, by pid		tasklist_lock
 *	usage		one for the task until it has left its CPU for the last
 *			time, one for each get_task_struct()
 *	reap_list	usage 0: stack and struct wait to be freed	reap_lock
 *
 *	task_create() -> runs -> task_exit(): off the list, DEAD, last switch
 *	  -> finish_switch() of the next task drops the task's own reference
 *	  -> usage 0 -> reaper kthread or next task_create() frees stack and struct
 *
 * Nobody can free the stack it runs on, and the next task's first steps are no
 * place to unmap memory: hence the reaper. Whoever makes a task frees what waits
 * first, so that threads cannot be made faster than they are freed, and stacks go
 * round through vmap_stack.c's cache instead of being mapped anew.
 *
 * Linux:   kernel/fork.c, kernel/exit.c
 * Differs: no processes, no wait(): a kthread's result goes to kthread_stop().
 */
#include "sched.h"
#include <base/string.h>
#include <kernel/arch.h>
#include <kernel/bug.h>
#include <kernel/ipi.h>
#include <kernel/kthread.h>
#include <kernel/mm.h>
#include <kernel/printk.h>

static DEFINE_RAW_SPINLOCK(tasklist_lock);
static LIST_HEAD(tasks);			/* tasklist_lock */
static int last_pid;				/* tasklist_lock */

static DEFINE_RAW_SPINLOCK(reap_lock);
static struct task_struct *reap_list;		/* reap_lock */
static struct task_struct *reaper;		/* written once */

static atomic_t tasks_allocated;
static struct kmem_cache *task_cache;

struct task_struct init_task = {
	.comm = "idle/0",
	.flags = PF_IDLE | PF_KTHREAD | PF_NO_SETAFFINITY,
	.stack = boot_stack,
	.usage = REFCOUNT_INIT(2),
	.on_cpu = 1,
	.prio = MAX_PRIO, .normal_prio = MAX_PRIO, .static_prio = DEFAULT_PRIO,
	.sched_class = &idle_class,
	.se.weight = 1,
	.cpus_mask = { { 1 } },
	.pi_lock = __RAW_SPIN_LOCK_UNLOCKED(init_task.pi_lock),
	.tasks = LIST_HEAD_INIT(init_task.tasks),
};

/* ---- freeing ------------------------------------------------------------------ */

static void task_free(struct task_struct *p)
{
	kthread_free(p->kthread);
	stack_free(p->stack);
	kmem_cache_free(task_cache, p);
	atomic_dec(&tasks_allocated);
}

/* Return: false if there was nothing to free. */
static bool reap(void)
{
	struct task_struct *p;
	unsigned long flags;

	raw_spin_lock_irqsave(&reap_lock, flags);
	p = reap_list;
	reap_list = NULL;
	raw_spin_unlock_irqrestore(&reap_lock, flags);
	if (!p)
		return false;
	while (p) {
		struct task_struct *next = p->reap_next;

		task_free(p);
		p = next;
	}
	return true;
}

/* ---- making ------------------------------------------------------------------- */

static struct task_struct *task_alloc(void)
{
	struct task_struct *p = kmem_cache_zalloc(task_cache, GFP_KERNEL);

	if (!p)
		return NULL;
	p->stack = stack_alloc();
	if (!p->stack) {
		kmem_cache_free(task_cache, p);
		return NULL;
	}
	refcount_set(&p->usage, 1);
	raw_spin_lock_init(&p->pi_lock);
	INIT_LIST_HEAD(&p->tasks);
	INIT_LIST_HEAD(&p->rt.run_list);
	p->pi_waiters = RB_ROOT_CACHED;
	p->start_time = local_clock();
	p->static_prio = p->normal_prio = p->prio = DEFAULT_PRIO;
	p->policy = SCHED_NORMAL;
	p->sched_class = &fair_class;
	cpumask_copy(&p->cpus_mask, cpu_possible_mask);
	p->cpu = raw_smp_processor_id();
	fair_task_init(p);
	arch_thread_init(p);
	atomic_inc(&tasks_allocated);
	return p;
}

struct task_struct *task_create(const char *comm)
{
	struct task_struct *p;
	unsigned long flags;

	if (preemptible())
		reap();
	p = task_alloc();
	if (!p)
		return NULL;
	strscpy(p->comm, comm, sizeof(p->comm));
	p->flags = PF_KTHREAD;
	p->__state = TASK_UNINTERRUPTIBLE | TASK_NOLOAD | TASK_NEW;

	raw_spin_lock_irqsave(&tasklist_lock, flags);
	p->pid = ++last_pid;
	list_add_tail(&p->tasks, &tasks);
	raw_spin_unlock_irqrestore(&tasklist_lock, flags);
	return p;
}

struct task_struct *idle_task_create(unsigned int cpu)
{
	struct task_struct *p = task_alloc();

	if (!p)
		return NULL;
	snprintf(p->comm, sizeof(p->comm), "idle/%u", cpu);
	p->flags = PF_IDLE | PF_KTHREAD | PF_NO_SETAFFINITY;
	p->prio = p->normal_prio = MAX_PRIO;
	p->sched_class = &idle_class;
	p->cpu = cpu;
	p->on_cpu = 1;
	cpumask_copy(&p->cpus_mask, cpumask_of(cpu));
	cpu_rq(cpu)->idle = p;
	return p;
}

unsigned long task_stack_high(const struct task_struct *p)
{
	return (unsigned long)p->stack + THREAD_SIZE;
}

/* ---- ending ------------------------------------------------------------------- */

void task_exit(void)
{
	struct task_struct *p = current;
	unsigned long flags;

	if (p->migration_disabled)
		panic("task %d %s ends with migration disabled", p->pid, p->comm);
	raw_spin_lock_irqsave(&tasklist_lock, flags);
	list_del_init(&p->tasks);
	raw_spin_unlock_irqrestore(&tasklist_lock, flags);

	preempt_disable();
	/* A waker that still believes in an earlier sleep must not undo this. */
	set_special_state(TASK_DEAD);
	__schedule(SM_SLEEP);
	BUG();
}

/* By an interrupt: the last reference may go where nothing may be woken, under rq->lock. */
static void wake_reaper(struct irq_work *work)
{
	wake_up_process(reaper);
}

static struct irq_work reaper_work = IRQ_WORK_INIT_HARD(wake_reaper);

void get_task_struct(struct task_struct *p)
{
	refcount_inc(&p->usage);
}

void put_task_struct(struct task_struct *p)
{
	unsigned long flags;

	if (!refcount_dec_and_test(&p->usage))
		return;
	BUG_ON(p->on_rq || p == current || is_idle_task(p));
	raw_spin_lock_irqsave(&reap_lock, flags);
	p->reap_next = reap_list;
	reap_list = p;
	raw_spin_unlock_irqrestore(&reap_lock, flags);
	irq_work_queue(&reaper_work);
}

static int reaper_thread(void *unused)
{
	for (;;) {
		set_current_state(TASK_IDLE);
		if (!READ_ONCE(reap_list))
			schedule();
		__set_current_state(TASK_RUNNING);
		reap();
	}
	return 0;
}

unsigned int nr_tasks(void)
{
	return atomic_read(&tasks_allocated);
}

/* ---- finding ------------------------------------------------------------------ */

struct task_struct *get_next_task(int pid)
{
	struct task_struct *p, *found = NULL;
	unsigned long flags;

	raw_spin_lock_irqsave(&tasklist_lock, flags);
	list_for_each_entry(p, &tasks, tasks) {
		if (p->pid >= pid) {
			get_task_struct(p);
			found = p;
			break;
		}
	}
	raw_spin_unlock_irqrestore(&tasklist_lock, flags);
	return found;
}

struct task_struct *next_task_put(struct task_struct *p)
{
	struct task_struct *next = get_next_task(p->pid + 1);

	put_task_struct(p);
	return next;
}

struct task_struct *find_get_task(int pid)
{
	struct task_struct *p = get_next_task(pid);

	if (p && p->pid != pid) {
		put_task_struct(p);
		p = NULL;
	}
	return p;
}

struct task_struct *find_get_task_struct(const struct task_struct *wanted)
{
	struct task_struct *p, *found = NULL;
	unsigned long flags;

	raw_spin_lock_irqsave(&tasklist_lock, flags);
	list_for_each_entry(p, &tasks, tasks) {
		if (p == wanted) {
			get_task_struct(p);
			found = p;
			break;
		}
	}
	raw_spin_unlock_irqrestore(&tasklist_lock, flags);
	return found;
}

char task_state_char(const struct task_struct *p)
{
	unsigned int state = task_state(p);

	if (state == TASK_RUNNING || state == TASK_WAKING)
		return 'R';
	if (state & TASK_DEAD)
		return 'X';
	if (state & TASK_PARKED)
		return 'P';
	if (state & TASK_INTERRUPTIBLE)
		return 'S';
	return state & TASK_NOLOAD ? 'I' : 'D';
}

void task_init(void)
{
	task_cache = KMEM_CACHE(task_struct, SLAB_HWCACHE_ALIGN | SLAB_PANIC);
	reaper = kthread_create(reaper_thread, NULL, "reaper");
	if (IS_ERR(reaper))
		panic("no memory for the reaper kthread");
}
