/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Wake-ups in a row under the checker: threads 0 and 1 sleep in a simple wait queue,
 * thread 2 wakes one of them, twice. Both must wake, also if the first has not left
 * the queue by itself when the second wake-up comes.
 *
 * Built with -DN=3.
 */
#include <locking/swait.h>

static struct swait_queue_head q;
static struct swait_queue entries[2];
static u32 data;

static void setup(void)
{
	q = (struct swait_queue_head)__SWAIT_QUEUE_HEAD_INITIALIZER(q);
	for (unsigned int t = 0; t < 2; t++) {
		entries[t].task = &port_tasks[t];
		list_add_tail(&entries[t].task_list, &q.task_list);
		port_tasks[t].__state = TASK_UNINTERRUPTIBLE;
	}
}

static void thread(unsigned int t)
{
	if (t == 2) {
		WRITE_ONCE(data, 1);
		swake_up_one(&q);
		swake_up_one(&q);
		return;
	}
	schedule();
	mc_assert(READ_ONCE(data) == 1);
	finish_swait(&q, &entries[t]);
	/* The entry is the sleeper's again. */
	PLAIN_WRITE(entries[t].task, NULL);
}

static void final(void)
{
	for (unsigned int t = 0; t < 2; t++)
		mc_assert(mc_final(&port_tasks[t].__state) == TASK_RUNNING);
	mc_assert((struct list_head *)mc_final(&q.task_list.next) == &q.task_list);
}

struct mc_client mc_client = {
	.name = "swait_row", .nr_threads = N, .setup = setup, .thread = thread, .final = final,
};
