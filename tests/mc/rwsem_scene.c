/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * The reader-writer semaphore under the checker, in scenes. Thread 0 holds it to write,
 * and, but for the last scene, releases it.
 *
 *	SCENE=1		thread 1, a reader, queues; when it has been let in, its waiter's
 *			place on the stack is used for something else
 *	SCENE=2		thread 1, a reader, sleeps in line; thread 2, a writer, steals the
 *			semaphore if it can, between the release and the wake-up
 *	SCENE=3		the same, but thread 1 is promised it: 2 must not
 *	SCENE=4		thread 2, a writer, is in line in front of thread 1, and gives up
 *	SCENE=5		thread 1, a writer, waits interruptibly; 0 wakes it for nothing, and
 *			interrupts it
 *
 * What it shows: no reader sees half a section; who wakes a reader does not touch its
 * waiter once that is told; a stolen semaphore is not granted to a reader as well; who
 * gives up leaves it to those behind; an interrupt is noticed after any wake-up.
 *
 * Built with -DN=threads -DSCENE=n.
 */
#include <locking/../../sleep/rwsem.c>
#include <locking/../../sleep/rwsem_spin.c>

static struct rw_semaphore sem;
static struct rwsem_waiter waiter, leaver;
static u32 a, b, wrote[N];

static void setup(void)
{
	sem = (struct rw_semaphore)__RWSEM_INITIALIZER(sem);
	sem.count.counter = RWSEM_WRITER_LOCKED;
	sem.owner.counter = (long)&port_tasks[0];
	waiter = (struct rwsem_waiter){ .flags = WAITER_READS, .task = &port_tasks[1] };
	port_check_resched[1] = SCENE == 5;	/* it is not to spin */
	if (SCENE == 1 || SCENE == 5)
		return;
	sem.count.counter |= RWSEM_FLAG_WAITERS;
	if (SCENE == 4) {
		leaver = (struct rwsem_waiter){ .task = &port_tasks[2] };
		list_add_tail(&leaver.list, &sem.wait_list);
	}
	list_add_tail(&waiter.list, &sem.wait_list);
	port_tasks[1].__state = TASK_UNINTERRUPTIBLE;
	if (SCENE == 3) {
		sem.count.counter |= RWSEM_FLAG_HANDOFF;
		waiter.flags |= WAITER_HANDOFF;
	}
}

static void write_words(unsigned int t)
{
	PLAIN_WRITE(a, PLAIN_READ(a) + 1);
	PLAIN_WRITE(b, PLAIN_READ(b) + 1);
	WRITE_ONCE(wrote[t], 1);
	up_write(&sem);
}

static void read_words(void)
{
	u32 first = PLAIN_READ(a), second = PLAIN_READ(b);

	mc_assert(first == second);
	mc_assert(SCENE != 3 || first == 1);
}

static void wait_to_read(void)
{
	bool queued = true;

	/* As rwsem_down_read_slowpath() does it. */
	if (SCENE == 1) {
		atomic_long_add_return_acquire(RWSEM_READER_BIAS, &sem.count);
		queued = queue_reader(&sem, &waiter);
	}
	if (queued)
		mc_assert(!wait_for_grant(&sem, &waiter, TASK_UNINTERRUPTIBLE));
	PLAIN_WRITE(waiter.flags, 0);
	PLAIN_WRITE(waiter.list.next, NULL);
	read_words();
	up_read(&sem);
}

static void be_interrupted(unsigned int t)
{
	if (t == 1) {
		mc_assert(rwsem_down_write_slowpath(&sem, TASK_INTERRUPTIBLE) == -EINTR);
		return;
	}
	wake_up_process(&port_tasks[1]);
	kthread_interrupt(&port_tasks[1]);
}

static void thread(unsigned int t)
{
	if (SCENE == 5) {
		be_interrupted(t);
		return;
	}
	if (SCENE == 4 && t == 2) {
		raw_spin_lock_irq(&sem.wait_lock);
		rwsem_give_up(&sem, &leaver);
		return;
	}
	WRITE_ONCE(wrote[t], 0);
	if (t == 0)
		write_words(0);
	else if (t == 1)
		wait_to_read();
	else if (rwsem_try_steal_write(&sem))
		write_words(2);
}

static void final(void)
{
	u32 sum = 0;

	for (unsigned int t = 0; t < N; t++)
		sum += (u32)mc_final(&wrote[t]);
	mc_assert(mc_final(&a) == sum && mc_final(&b) == sum);
	mc_assert(mc_final(&sem.count.counter) == (SCENE == 5 ? RWSEM_WRITER_LOCKED : 0));
	mc_assert(mc_final(&port_tasks[1].__state) == TASK_RUNNING);
}

struct mc_client mc_client = {
	.name = "rwsem_scene", .nr_threads = N, .setup = setup, .thread = thread, .final = final,
};
