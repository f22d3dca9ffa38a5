/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Per-CPU reader-writer semaphore: waiting. The fast half and the contract are
 * <locking/percpu_rwsem.h>.
 *
 * Who must wait queues in ->waiters, exclusively and in order. Who wakes takes the
 * semaphore for the first in the list, then for the readers behind it, up to the next
 * writer: their func tries, and tells the task by private = NULL.
 *
 *	R queues, W2 queues		W1: percpu_up_write()
 *					block = 0
 *					wake: R's func: counts R in, private = NULL
 *					      W2's func: block = 1, private = NULL, stop
 *	R sees NULL: it is in		W2 sees NULL: block is its own, waits for R to leave
 *
 * Ordering:
 *   percpu_rwsem/A  block = 0 releases a writer's section to who finds it 0.
 *   percpu_rwsem/B  private = NULL hands that on to the task that sleeps.
 * Linux: kernel/locking/percpu-rwsem.c
 */
#include <locking/lockevent.h>
#include <locking/percpu_rwsem.h>
#include <locking/port.h>

static struct task_struct *percpu_rwsem_owner(const void *lock)
{
	const struct percpu_rw_semaphore *sem = lock;

	return READ_ONCE(sem->owner);
}

const struct lock_kind percpu_rwsem_kind = {
	.name = "percpu_rw_semaphore", .owner = percpu_rwsem_owner,
};

/* For the writer, which has it already and waits for them: they only leave a count. */
static const char *readers_are(const void *lock __maybe_unused)
{
	return "readers, and nobody knows which";
}

static const struct lock_kind percpu_rwsem_readers_kind = {
	.name = "percpu_rw_semaphore", .owner_is = readers_are,
};

void percpu_init_rwsem(struct percpu_rw_semaphore *sem, unsigned int *read_count)
{
	sem->read_count = read_count;
	atomic_set(&sem->block, 0);
	sem->owner = NULL;
	init_waitqueue_head(&sem->waiters);
	init_waitqueue_head(&sem->writer);
}

static bool down_write_trylock(struct percpu_rw_semaphore *sem)
{
	/* percpu_rwsem/A: pairs with percpu_up_write() */
	return !atomic_read(&sem->block) && !atomic_xchg_acquire(&sem->block, 1);
}

/* One that fails may have been counted for a moment, and the writer have seen that. */
static bool down_read_trylock_or_wake(struct percpu_rw_semaphore *sem)
{
	if (__percpu_down_read_trylock(sem))
		return true;
	wake_up(&sem->writer);
	return false;
}

/* ---- the queue ---- */

/* What the two funcs have in common. Return: it is its own now, and it is awake. */
static bool give(struct wait_queue_entry *entry, bool got)
{
	struct task_struct *task = entry->private;

	if (!got)
		return false;
	get_task_struct(task);
	list_del_init(&entry->entry);
	/* percpu_rwsem/B: pairs with wait_in_queue() */
	smp_store_release(&entry->private, NULL);
	wake_up_process(task);
	put_task_struct(task);
	return true;
}

/* Return: 0 to go on with the next, -1 to stop, as wait_queue_func_t. */
static int wake_reader(struct wait_queue_entry *entry, unsigned int mode __maybe_unused,
		       int flags __maybe_unused, void *sem)
{
	return give(entry, down_read_trylock_or_wake(sem)) ? 0 : -1;
}

static int wake_writer(struct wait_queue_entry *entry, unsigned int mode __maybe_unused,
		       int flags __maybe_unused, void *sem)
{
	give(entry, down_write_trylock(sem));
	return -1;
}

/* Return: when the semaphore is ours; of a writer, before the readers have left. */
static void wait_in_queue(struct percpu_rw_semaphore *sem, bool reader)
{
	struct wait_queue_entry entry;
	bool got;

	init_wait_entry(&entry, WQ_FLAG_EXCLUSIVE);
	entry.func = reader ? wake_reader : wake_writer;
	spin_lock_irq(&sem->waiters.lock);
	/* Whoever let go before this had nobody to give it to. */
	got = reader ? down_read_trylock_or_wake(sem) : down_write_trylock(sem);
	if (!got)
		list_add_tail(&entry.entry, &sem->waiters.head);
	spin_unlock_irq(&sem->waiters.lock);
	if (got)
		return;

	port_set_blocked_on(&percpu_rwsem_kind, sem);
	for (;;) {
		set_current_state(TASK_UNINTERRUPTIBLE);
		/* percpu_rwsem/B: pairs with give() */
		if (!smp_load_acquire(&entry.private))
			break;
		schedule();
	}
	__set_current_state(TASK_RUNNING);
	port_clear_blocked_on();
}

/* ---- readers ---- */

/* After a try that failed. */
void __percpu_down_read(struct percpu_rw_semaphore *sem)
{
	lockevent_inc(percpu_rwsem_read_slow);
	wake_up(&sem->writer);
	wait_in_queue(sem, true);
}

/* ---- writers ---- */

static unsigned int sum_of_readers(struct percpu_rw_semaphore *sem)
{
	unsigned int sum = 0;

	for (unsigned int cpu = 0; cpu < nr_cpu_ids; cpu++)
		sum += READ_ONCE(*per_cpu_ptr(sem->read_count, cpu));
	return sum;
}

bool percpu_is_read_locked(struct percpu_rw_semaphore *sem)
{
	return sum_of_readers(sem) && !atomic_read(&sem->block);
}

static void wait_for_readers(struct percpu_rw_semaphore *sem)
{
	struct wait_queue_entry wait;

	init_wait_entry(&wait, 0);
	for (;;) {
		prepare_to_wait(&sem->writer, &wait, TASK_UNINTERRUPTIBLE);
		if (!sum_of_readers(sem))
			break;
		port_set_blocked_on(&percpu_rwsem_readers_kind, sem);
		lockevent_inc(percpu_rwsem_write_wait);
		schedule();
	}
	finish_wait(&sem->writer, &wait);
}

void percpu_down_write(struct percpu_rw_semaphore *sem)
{
	might_sleep();
	rwsem_acquire(sem, 0, 0, _RET_IP_);
	if (!down_write_trylock(sem))
		wait_in_queue(sem, false);
	WRITE_ONCE(sem->owner, current);
	/* From here on a reader sees block, or its count is seen. */
	port_sync_cpus();
	wait_for_readers(sem);
	/* And what they did, though they left without a barrier. */
	port_sync_cpus();
}

void percpu_up_write(struct percpu_rw_semaphore *sem)
{
	rwsem_release(sem, _RET_IP_);
	WRITE_ONCE(sem->owner, NULL);
	/* percpu_rwsem/A: pairs with __percpu_down_read_trylock(), down_write_trylock() */
	atomic_set_release(&sem->block, 0);
	__wake_up(&sem->waiters, TASK_NORMAL, 1, sem);
}
