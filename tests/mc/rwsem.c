/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * The reader-writer semaphore under the checker: writers add one to two words,
 * readers compare them; the scheduler is the check world's.
 *
 * What it shows: no reader sees half a section, no section is lost, nobody sleeps for
 * ever, and what is left behind is free, with no flag set.
 *
 *	WRITERS=n	the first n threads write, the others read
 *	SPIN		writers may spin; else each wants to reschedule
 *	DOWNGRADE	writers go on as readers
 *	KILL		thread 0 waits interruptibly, the last one interrupts it first
 *	TRY		the last one only tries
 *	RWSEM_WAIT_TIMEOUT=-1	every wait is long: hand-off at once
 *
 * Built with -DN=threads, these, and -DV4 for the counter form; -DCONFIG_PREEMPT_RT=1 for
 * that form, where the waiters' trees are no events.
 */
#include <locking/port.h>
#ifdef V4
#include <locking/rwsem_v4.h>
#define rw_semaphore		rwsem_v4
#define down_read(s)		rwsem_v4_down_read(s)
#define up_read(s)		rwsem_v4_up_read(s)
#define down_write(s)		rwsem_v4_down_write(s)
#define up_write(s)		rwsem_v4_up_write(s)
#define downgrade_write(s)	rwsem_v4_downgrade_write(s)
#define down_read_trylock(s)	rwsem_v4_down_read_trylock(s)
#define down_write_trylock(s)	rwsem_v4_down_write_trylock(s)
#define down_write_killable(s)	(rwsem_v4_down_write(s), 0)
#define down_read_interruptible(s) (rwsem_v4_down_read(s), 0)
#define sem_init		((struct rwsem_v4)RWSEM_V4_INIT(sem))
#else
#include <locking/rwsem.h>
#define sem_init		((struct rw_semaphore)__RWSEM_INITIALIZER(sem))
#endif

#if defined(CONFIG_PREEMPT_RT) && !defined(V4)
#define is_free()	((int)mc_final(&sem.rwbase.readers.counter) == RWBASE_READER_BIAS && \
			 !mc_final(&sem.rwbase.rtmutex.owner) && \
			 !rb_first_cached(&sem.rwbase.rtmutex.waiters))
#else
#define is_free()	(mc_final(&sem.count.counter) == 0)
#endif

static struct rw_semaphore sem;
static u32 a, b, wrote[N];

static void setup(void)
{
	sem = sem_init;
	for (unsigned int t = 0; t < N; t++)
		port_check_resched[t] = !IS_ENABLED(SPIN);
}

static void compare(void)
{
	u32 first = PLAIN_READ(a), second = PLAIN_READ(b);

	mc_assert(first == second);
}

static void write_words(unsigned int t)
{
	WRITE_ONCE(wrote[t], 0);
	if (IS_ENABLED(KILL) && t == 0) {
		if (down_write_killable(&sem))
			return;
	} else if (IS_ENABLED(TRY) && t == N - 1) {
		if (!down_write_trylock(&sem))
			return;
	} else {
		down_write(&sem);
	}
	PLAIN_WRITE(a, PLAIN_READ(a) + 1);
	PLAIN_WRITE(b, PLAIN_READ(b) + 1);
	WRITE_ONCE(wrote[t], 1);
	if (IS_ENABLED(DOWNGRADE)) {
		downgrade_write(&sem);
		compare();
		up_read(&sem);
	} else {
		up_write(&sem);
	}
}

static void read_words(unsigned int t)
{
	if (IS_ENABLED(KILL) && t == 0) {
		if (down_read_interruptible(&sem))
			return;
	} else if (IS_ENABLED(TRY) && t == N - 1) {
		if (!down_read_trylock(&sem))
			return;
	} else {
		down_read(&sem);
	}
	compare();
	up_read(&sem);
}

static void thread(unsigned int t)
{
	if (IS_ENABLED(KILL) && t == N - 1)
		kthread_kill(&port_tasks[0]);
	if (t < WRITERS)
		write_words(t);
	else
		read_words(t);
}

static void final(void)
{
	u32 sum = 0;

	for (unsigned int t = 0; t < WRITERS; t++)
		sum += (u32)mc_final(&wrote[t]);
	mc_assert(mc_final(&a) == sum && mc_final(&b) == sum);
	mc_assert(IS_ENABLED(KILL) || IS_ENABLED(TRY) || sum == WRITERS);
	mc_assert(is_free());
}

struct mc_client mc_client = {
	.name = IS_ENABLED(V4) ? "rwsem_v4" : IS_ENABLED(CONFIG_PREEMPT_RT) ? "rwsem_rt" : "rwsem",
	.nr_threads = N, .setup = setup, .thread = thread, .final = final,
};
