/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Locks used wrongly, on request: what CONFIG=debug must report, and CONFIG=rt of a lock
 * that sleeps. The boots of
 * tests/qemu/misuse.table run each; without CONFIG_DEBUG_LOCKS some would hang.
 *
 *	in-raw, irqs-off	a lock that may sleep, where a task must not
 *	irq, softirq	a task holds the lock with that context on, and the handler takes
 *			it: what _irqsave and _bh are there to prevent
 */
#include <base/errno.h>
#include <base/string.h>
#include <kernel/context.h>
#include <kernel/ipi.h>
#include <kernel/kthread.h>
#include <kernel/mm.h>
#include <kernel/printk.h>
#include <kernel/shell.h>
#include <locking/completion.h>
#include <locking/mutex.h>
#include <locking/rt_mutex.h>
#include <locking/rwlock.h>
#include <locking/rwsem.h>
#include <locking/seqlock.h>
#include <locking/spinlock.h>
#include <locking/ww_mutex.h>

static DEFINE_SPINLOCK(victim);
static DEFINE_RWLOCK(rw_victim);
static DECLARE_RWSEM(rwsem_victim);
static spinlock_t never_initialised;

static void take_victim(void *arg)
{
	spin_lock(&victim);
	spin_unlock(&victim);
}

static void unlock_victim(void *arg)
{
	spin_unlock(&victim);
}

static void double_unlock(void)
{
	spin_lock(&victim);
	spin_unlock(&victim);
	spin_unlock(&victim);
}

static void other_cpu(void)
{
	unsigned int cpu;

	spin_lock(&victim);
	cpu = smp_processor_id() ? 0 : 1;
	smp_call_function_single(cpu, unlock_victim, NULL, true);
}

static void uninitialised(void)
{
	spin_lock(&never_initialised);
}

static void corrupted(void)
{
	spin_lock(&victim);
	memset(&victim, 0x5a, sizeof(victim));
	spin_unlock(&victim);
}

static void recursion(void)
{
	spin_lock(&victim);
	spin_lock(&victim);
}

static void taken_on_top(enum context ctx)
{
	spin_lock(&victim);
	run_in_context(ctx, smp_processor_id(), take_victim, NULL);
}

static void in_raw(void)
{
	static DEFINE_RAW_SPINLOCK(outer);

	raw_spin_lock(&outer);
	spin_lock(&victim);
}

static void irqs_off(void)
{
	local_irq_disable();
	spin_lock(&victim);
}

static void irq(void)
{
	taken_on_top(CTX_HARDIRQ);
}

static void softirq(void)
{
	taken_on_top(CTX_SOFTIRQ);
}

static void nmi(void)
{
	taken_on_top(CTX_NMI);
}

static void write_recursion(void)
{
	write_lock(&rw_victim);
	read_lock(&rw_victim);
}

static void read_unlock_free(void)
{
	read_unlock(&rw_victim);
}

static void seqcount_unlocked(void)
{
	static seqcount_spinlock_t s = SEQCNT_SPINLOCK_ZERO(s, &victim);

	write_seqcount_begin(&s);
}

static void seqcount_ww_unlocked(void)
{
	static DEFINE_WW_CLASS(class);
	static struct ww_mutex ww;
	static seqcount_ww_mutex_t s = SEQCNT_WW_MUTEX_ZERO(s, &ww);

	ww_mutex_init(&ww, &class);
	write_seqcount_begin(&s);
}

static DEFINE_MUTEX(mutex_victim);

static void mutex_recursion(void)
{
	mutex_lock(&mutex_victim);
	mutex_lock(&mutex_victim);
}

static void mutex_atomic(void)
{
	spin_lock(&victim);
	mutex_lock(&mutex_victim);
}

static void rwsem_recursion(void)
{
	down_write(&rwsem_victim);
	down_write(&rwsem_victim);
}

static void rwsem_upgrade(void)
{
	down_write(&rwsem_victim);
	down_read(&rwsem_victim);
}

static void rwsem_up_free(void)
{
	up_write(&rwsem_victim);
}

static void rwsem_up_read_free(void)
{
	up_read(&rwsem_victim);
}

static void rwsem_copied(void)
{
	struct rw_semaphore copy = rwsem_victim;

	down_read(&copy);
}

/* ---- a task ends with what it holds; memory goes with a lock in it ---- */

static DEFINE_RT_MUTEX(rt_victim);
static DEFINE_WW_CLASS(ww_class);
static struct ww_mutex ww_victim;
static DECLARE_COMPLETION(begun);

static int end_with_mutex(void *unused)
{
	mutex_lock(&mutex_victim);
	complete(&begun);
	return 0;
}

static int end_with_rwsem(void *unused)
{
	down_write(&rwsem_victim);
	complete(&begun);
	return 0;
}

static int end_with_rt_mutex(void *unused)
{
	rt_mutex_lock(&rt_victim);
	complete(&begun);
	return 0;
}

static int end_with_ww(void *unused)
{
	ww_mutex_init(&ww_victim, &ww_class);
	complete(&begun);
	return ww_mutex_lock(&ww_victim, NULL);
}

static int end_with_ctx(void *unused)
{
	struct ww_acquire_ctx ctx;

	ww_acquire_init(&ctx, &ww_class);
	complete(&begun);
	return 0;
}

/* Till it has ended: one that is told to stop before it has begun would take nothing. */
static void end(int (*fn)(void *))
{
	struct task_struct *p = kthread_create(fn, NULL, "ends");

	if (IS_ERR(p))
		return;
	get_task_struct(p);
	wake_up_process(p);
	wait_for_completion(&begun);
	kthread_stop(p);
	put_task_struct(p);
}

static void ends_mutex(void)
{
	end(end_with_mutex);
}

static void ends_rwsem(void)
{
	end(end_with_rwsem);
}

static void ends_rt_mutex(void)
{
	end(end_with_rt_mutex);
}

static void ends_ww(void)
{
	end(end_with_ww);
}

static void ends_ctx(void)
{
	end(end_with_ctx);
}

static void freed_mutex(void)
{
	struct mutex *m = kmalloc(sizeof(*m), GFP_KERNEL);

	mutex_init(m);
	mutex_lock(m);
	kfree(m);
}

static void freed_pages(void)
{
	char *pages = kmalloc(4 * PAGE_SIZE, GFP_KERNEL);
	struct rw_semaphore *sem = (void *)(pages + 3 * PAGE_SIZE);

	init_rwsem(sem);
	down_write(sem);
	kfree(pages);
}

static const struct misuse {
	const char *name;
	void (*fn)(void);
} misuses[] = {
	{ "double-unlock", double_unlock },
	{ "other-cpu", other_cpu },
	{ "uninitialised", uninitialised },
	{ "corrupted", corrupted },
	{ "recursion", recursion },
	{ "in-raw", in_raw },
	{ "irqs-off", irqs_off },
	{ "irq", irq },
	{ "softirq", softirq },
	{ "nmi", nmi },
	{ "write-recursion", write_recursion },
	{ "read-unlock", read_unlock_free },
	{ "seqcount", seqcount_unlocked },
	{ "seqcount_ww", seqcount_ww_unlocked },
	{ "mutex-recursion", mutex_recursion },
	{ "mutex-atomic", mutex_atomic },
	{ "rwsem-recursion", rwsem_recursion },
	{ "rwsem-upgrade", rwsem_upgrade },
	{ "rwsem-up", rwsem_up_free },
	{ "rwsem-up-read", rwsem_up_read_free },
	{ "rwsem-copied", rwsem_copied },
	{ "ends-mutex", ends_mutex },
	{ "ends-rwsem", ends_rwsem },
	{ "ends-rt_mutex", ends_rt_mutex },
	{ "ends-ww", ends_ww },
	{ "ends-ctx", ends_ctx },
	{ "freed-mutex", freed_mutex },
	{ "freed-pages", freed_pages },
};

static int cmd_misuse(int argc, char **argv)
{
	if (!IS_ENABLED(CONFIG_DEBUG_LOCKS) && !IS_ENABLED(CONFIG_PREEMPT_RT)) {
		con_printf("misuse: only with CONFIG=debug or CONFIG=rt, which notice\n");
		return -EINVAL;
	}
	for (size_t i = 0; argc == 2 && i < ARRAY_SIZE(misuses); i++) {
		if (!strcmp(argv[1], misuses[i].name)) {
			misuses[i].fn();
			con_printf("misuse %s: not noticed\n", argv[1]);
			return -EIO;
		}
	}
	con_printf("misuse: KIND is one of");
	for (size_t i = 0; i < ARRAY_SIZE(misuses); i++)
		con_printf(" %s", misuses[i].name);
	con_printf("\n");
	return -EINVAL;
}
SHELL_COMMAND(misuse, "misuse KIND", "use a lock wrongly", cmd_misuse);
