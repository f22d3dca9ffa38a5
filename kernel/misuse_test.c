/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Misuse that must be caught: each case breaks a rule of the kernel's interfaces
 * and must end the machine with a report that names the rule.
 *
 * The suite is hidden: only a glob that spells it chooses a case, and
 * tests/qemu/panics.table boots them one by one, with the text to look for. A
 * case that comes back has failed: nobody noticed.
 */
#include <base/errno.h>
#include <kernel/context.h>
#include <kernel/cpumask.h>
#include <kernel/irqflags.h>
#include <kernel/kthread.h>
#include <kernel/mm.h>
#include <kernel/percpu.h>
#include <kernel/preempt.h>
#include <kernel/sched.h>
#include <kernel/selftest.h>
#include <kernel/timer.h>
#include <kernel/wait.h>

#define MISUSE(name, ...)	SELFTEST(misuse, name, .hidden = true, ##__VA_ARGS__)

#define EXPECT_NOT_REACHED()	selftest_fail(t, __FILE__, __LINE__, "nobody noticed")

/* ---- memory ---------------------------------------------------------------------- */

MISUSE(kfree_twice)
{
	void *p = kmalloc(40, GFP_KERNEL);

	kfree(p);
	kfree(p);
	EXPECT_NOT_REACHED();
}

MISUSE(kfree_of_what_kmalloc_did_not_return)
{
	static char not_heap[64];

	kfree(not_heap);
	EXPECT_NOT_REACHED();
}

MISUSE(kfree_of_the_middle)
{
	char *p = kmalloc(128, GFP_KERNEL);

	kfree(p + 8);
	EXPECT_NOT_REACHED();
}

MISUSE(pages_freed_twice)
{
	struct page *page = alloc_pages(GFP_KERNEL, 0);

	__free_pages(page, 0);
	__free_pages(page, 0);
	EXPECT_NOT_REACHED();
}

MISUSE(pages_freed_with_another_order)
{
	struct page *page = alloc_pages(GFP_KERNEL, 2);

	__free_pages(page, 1);
	EXPECT_NOT_REACHED();
}

MISUSE(cache_destroyed_in_use)
{
	struct kmem_cache *cache = kmem_cache_create("misused", 48, 0, 0, NULL);

	kmem_cache_alloc(cache, GFP_KERNEL);
	kmem_cache_destroy(cache);
	EXPECT_NOT_REACHED();
}

MISUSE(percpu_freed_twice)
{
	int *p = alloc_percpu(int);

	free_percpu(p);
	free_percpu(p);
	EXPECT_NOT_REACHED();
}

MISUSE(vfree_twice)
{
	void *p = vmalloc(10000);

	vfree(p);
	vfree(p);
	EXPECT_NOT_REACHED();
}

MISUSE(object_freed_to_another_cache)
{
	struct kmem_cache *apples = kmem_cache_create("apples", 48, 0, 0, NULL);
	struct kmem_cache *pears = kmem_cache_create("pears", 48, 0, 0, NULL);

	kmem_cache_free(pears, kmem_cache_alloc(apples, GFP_KERNEL));
	EXPECT_NOT_REACHED();
}

MISUSE(stack_freed_that_was_not_allocated)
{
	char here[64];

	stack_free(here);
	EXPECT_NOT_REACHED();
}

/* The rest of this group is noticed by CONFIG_DEBUG_MM only. */
MISUSE(kfree_twice_and_others_between)
{
	void *p = kmalloc(40, GFP_KERNEL), *q = kmalloc(40, GFP_KERNEL);

	kfree(p);
	kfree(q);
	kfree(p);
	EXPECT_NOT_REACHED();
}

MISUSE(object_written_after_free)
{
	struct kmem_cache *cache = kmem_cache_create("misused", 48, 0, 0, NULL);
	char *p;

	preempt_disable();
	p = kmem_cache_alloc(cache, GFP_KERNEL);
	kmem_cache_free(cache, p);
	*(volatile char *)(p + 20) = 1;
	kmem_cache_alloc(cache, GFP_KERNEL);
	EXPECT_NOT_REACHED();
}

MISUSE(object_written_behind_its_end)
{
	struct kmem_cache *cache = kmem_cache_create("misused", 45, 0, 0, NULL);
	char *p = kmem_cache_alloc(cache, GFP_KERNEL);

	*(volatile char *)(p + 45) = 1;
	kmem_cache_free(cache, p);
	EXPECT_NOT_REACHED();
}

/* A block that merges with a neighbour loses its pattern: so keep the neighbour in use. */
MISUSE(page_written_after_free)
{
	char *p = (char *)__get_free_pages(GFP_KERNEL, 3);
	char *neighbour = (char *)__get_free_pages(GFP_KERNEL, 3);

	EXPECT(neighbour);
	free_pages((unsigned long)p, 3);
	*(volatile char *)(p + 5000) = 1;
	for (unsigned int i = 0; i < 1000 && __get_free_pages(GFP_KERNEL, 3); i++)
		;
	EXPECT_NOT_REACHED();
}

/* ---- sleeping where one must not ---------------------------------------------------- */

MISUSE(sleeps_with_preemption_off)
{
	preempt_disable();
	msleep(1);
	EXPECT_NOT_REACHED();
}

MISUSE(sleeps_with_interrupts_off)
{
	local_irq_disable();
	msleep(1);
	EXPECT_NOT_REACHED();
}

MISUSE(schedules_with_preemption_off)
{
	preempt_disable();
	schedule();
	EXPECT_NOT_REACHED();
}

MISUSE(schedules_with_interrupts_off)
{
	local_irq_disable();
	schedule();
	EXPECT_NOT_REACHED();
}

static void sleep_here(void *unused)
{
	msleep(1);
}

static void in_context(struct selftest *t, enum context ctx, void (*fn)(void *), void *arg)
{
	EXPECT_EQ(run_in_context(ctx, (get_cpu(), put_cpu(), raw_smp_processor_id()), fn, arg), 0);
	EXPECT_NOT_REACHED();
}

MISUSE(sleeps_in_softirq)
{
	in_context(t, CTX_SOFTIRQ, sleep_here, NULL);
}

MISUSE(sleeps_in_hardirq)
{
	in_context(t, CTX_HARDIRQ, sleep_here, NULL);
}

MISUSE(sleeps_in_nmi, .needs_nmi = true)
{
	in_context(t, CTX_NMI, sleep_here, NULL);
}

/* ---- waking, threads ------------------------------------------------------------------ */

static void wake_task(void *task)
{
	wake_up_process(task);
}

MISUSE(wakes_a_task_in_nmi, .needs_nmi = true)
{
	in_context(t, CTX_NMI, wake_task, current);
}

static void wake_queue(void *wq_head)
{
	wake_up((struct wait_queue_head *)wq_head);
}

MISUSE(wakes_a_queue_in_nmi, .needs_nmi = true)
{
	static DECLARE_WAIT_QUEUE_HEAD(head);

	in_context(t, CTX_NMI, wake_queue, &head);
}

static int return_with_preemption_off(void *unused)
{
	preempt_disable();
	return 0;
}

MISUSE(thread_ends_with_preemption_off)
{
	struct task_struct *p = kthread_create(return_with_preemption_off, NULL, "unbalanced");

	get_task_struct(p);
	wake_up_process(p);
	/* Told to stop before it began it would end without. */
	while (READ_ONCE(p->on_rq))
		schedule_timeout_uninterruptible(1);
	kthread_stop_put(p);
	EXPECT_NOT_REACHED();
}

MISUSE(binds_a_thread_that_has_run)
{
	kthread_bind(current, 0);
	EXPECT_NOT_REACHED();
}
