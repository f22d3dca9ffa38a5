/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * The per-CPU reader-writer semaphore under the checker: writers add one to two words,
 * readers compare them.
 *
 * What it shows: no reader sees half a section, no section is lost, nobody sleeps for
 * ever, and the counts add up to nothing.
 *
 * Built with -DN=threads -DWRITERS=n.
 */
#include <locking/percpu_rwsem.h>
#include <locking/port.h>

DEFINE_STATIC_PERCPU_RWSEM(sem);
static u32 a, b;

static void setup(void)
{
	sem = (struct percpu_rw_semaphore)
		__PERCPU_RWSEM_INITIALIZER(sem, __percpu_rwsem_rc_sem);
}

static void thread(unsigned int t)
{
	if (t < WRITERS) {
		percpu_down_write(&sem);
		PLAIN_WRITE(a, PLAIN_READ(a) + 1);
		PLAIN_WRITE(b, PLAIN_READ(b) + 1);
		percpu_up_write(&sem);
	} else {
		u32 first, second;

		percpu_down_read(&sem);
		first = PLAIN_READ(a);
		second = PLAIN_READ(b);
		percpu_up_read(&sem);
		mc_assert(first == second);
	}
}

static void final(void)
{
	unsigned int sum = 0;

	for (unsigned int t = 0; t < N; t++)
		sum += (unsigned int)mc_final(per_cpu_ptr(sem.read_count, t));
	mc_assert(sum == 0);
	mc_assert(mc_final(&a) == WRITERS && mc_final(&b) == WRITERS);
	mc_assert(mc_final(&sem.block.counter) == 0);
}

struct mc_client mc_client = {
	.name = "percpu_rwsem", .nr_threads = N, .setup = setup, .thread = thread, .final = final,
};
