/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * The counter form of the reader-writer semaphore under the checker, a scene: thread 0
 * holds it to write, thread 1, a reader, sleeps in line. When that has been let in,
 * its waiter's place on the stack is used for something else.
 *
 * What it shows: who wakes a reader does not touch its waiter once that is told.
 *
 * Built with -DN=2.
 */
#include <locking/../../sleep/rwsem_v4.c>

static struct rwsem_v4 sem;
static struct waiter reader;
static u32 data;

static void setup(void)
{
	sem = (struct rwsem_v4)RWSEM_V4_INIT(sem);
	sem.count.counter = RWSEM_V4_WRITE_BIAS + RWSEM_V4_WAITING_BIAS;
	reader = (struct waiter){ .task = &port_tasks[1], .reads = 1 };
	list_add_tail(&reader.list, &sem.wait_list);
	port_tasks[1].__state = TASK_UNINTERRUPTIBLE;
}

/* As rwsem_v4_down_read_failed() does it. */
static void wait_to_read(void)
{
	for (;;) {
		set_current_state(TASK_UNINTERRUPTIBLE);
		if (!smp_load_acquire(&reader.task))
			break;
		schedule();
	}
	__set_current_state(TASK_RUNNING);
	PLAIN_WRITE(reader.reads, 0);
	PLAIN_WRITE(reader.list.next, NULL);
}

static void thread(unsigned int t)
{
	if (t == 0) {
		PLAIN_WRITE(data, 1);
		rwsem_v4_up_write(&sem);
	} else {
		wait_to_read();
		mc_assert(PLAIN_READ(data) == 1);
		rwsem_v4_up_read(&sem);
	}
}

static void final(void)
{
	mc_assert(mc_final(&sem.count.counter) == 0);
}

struct mc_client mc_client = {
	.name = "rwsem_v4_scene", .nr_threads = N, .setup = setup, .thread = thread, .final = final,
};
