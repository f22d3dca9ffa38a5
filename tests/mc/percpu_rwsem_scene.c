/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * The per-CPU reader-writer semaphore under the checker, a scene: thread 0 holds it to
 * write, thread 1 sleeps in line, to read or with WRITER to write. When that has been
 * given it, its entry's place on the stack is used for something else.
 *
 * What it shows: who gives it to a sleeper does not touch its entry once that is told.
 *
 * Built with -DN=2, perhaps -DWRITER.
 */
#include <locking/../../sleep/percpu_rwsem.c>

DEFINE_STATIC_PERCPU_RWSEM(sem);
static struct wait_queue_entry entry;
static u32 data;

static void setup(void)
{
	sem = (struct percpu_rw_semaphore)
		__PERCPU_RWSEM_INITIALIZER(sem, __percpu_rwsem_rc_sem);
	sem.block.counter = 1;
	sem.owner = &port_tasks[0];
	entry = (struct wait_queue_entry){
		.flags = WQ_FLAG_EXCLUSIVE, .private = &port_tasks[1],
		.func = IS_ENABLED(WRITER) ? wake_writer : wake_reader,
	};
	list_add_tail(&entry.entry, &sem.waiters.head);
	port_tasks[1].__state = TASK_UNINTERRUPTIBLE;
}

/* As wait_in_queue() does it. */
static void wait_for_it(void)
{
	for (;;) {
		set_current_state(TASK_UNINTERRUPTIBLE);
		if (!smp_load_acquire(&entry.private))
			break;
		schedule();
	}
	__set_current_state(TASK_RUNNING);
	PLAIN_WRITE(entry.flags, 0);
	PLAIN_WRITE(entry.func, NULL);
	PLAIN_WRITE(entry.entry.prev, NULL);
}

static void thread(unsigned int t)
{
	if (t == 0) {
		PLAIN_WRITE(data, 1);
		percpu_up_write(&sem);
		return;
	}
	wait_for_it();
	mc_assert(PLAIN_READ(data) == 1);
	if (IS_ENABLED(WRITER))
		percpu_up_write(&sem);
	else
		percpu_up_read(&sem);
}

static void final(void)
{
	unsigned int sum = 0;

	for (unsigned int t = 0; t < N; t++)
		sum += (unsigned int)mc_final(per_cpu_ptr(sem.read_count, t));
	mc_assert(sum == 0);
	mc_assert(mc_final(&sem.block.counter) == 0);
}

struct mc_client mc_client = {
	.name = "percpu_rwsem_scene", .nr_threads = N,
	.setup = setup, .thread = thread, .final = final,
};
