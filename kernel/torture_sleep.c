/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Torture of locks that sleep: tasks only, on any CPU, and somebody who disturbs them.
 * Here reader-writer semaphores; torture_mutex.c has what one task holds at a time.
 *
 *	torture/N			the one who runs the torture, each millisecond
 *	plain, interruptible, killable,	a task, and one of
 *	or a trylock			  interrupt it
 *	now and then sleeps inside	  kill, as far as its waits go
 *					  FIFO, or back to normal
 *					  bound to one CPU, which moves it; or to none
 *
 *	busted_rwsem	writers share with readers: torture must catch it
 */
#include <base/string.h>
#include <kernel/kthread.h>
#include <kernel/sched.h>
#include <kernel/torture.h>

static DEFINE_PER_CPU(unsigned int, percpu_read_count);

void torture_init_sleeping(struct torture_lock *l)
{
	init_rwsem(&l->rwsem);
	l->rwsem_v4 = (struct rwsem_v4)RWSEM_V4_INIT(l->rwsem_v4);
	percpu_init_rwsem(&l->percpu_rwsem, &percpu_read_count);
	torture_init_mutexes(l);
}

void torture_disturb(struct task_struct *p, u32 r)
{
	struct sched_param param = { .sched_priority = 1 + (r >> 8) % 50 };

	switch (r % 6) {
	case 0:
		kthread_interrupt(p);
		break;
	case 1:
		kthread_kill(p);
		break;
	case 2:
		sched_setscheduler(p, SCHED_FIFO, &param);
		break;
	case 3:
		sched_set_normal(p, (int)(r >> 8) % 20);
		break;
	case 4:
		set_cpus_allowed_ptr(p, cpumask_of(cpumask_next_wrap((r >> 8) % nr_cpu_ids,
								     cpu_online_mask)));
		break;
	default:
		set_cpus_allowed_ptr(p, cpu_online_mask);
	}
}

enum torture_how torture_how(const struct torture_grip *g)
{
	return g->variant % 4 == 1 ? TORTURE_INTERRUPTIBLE + (g->variant >> 2) % 3 : TORTURE_PLAIN;
}

/* ---- rw_semaphore ---- */

static bool rwsem_acquire_grip(struct torture_grip *g)
{
	struct rw_semaphore *sem = &g->l->rwsem;

	switch (torture_how(g)) {
	case TORTURE_INTERRUPTIBLE:
		if (g->read)
			return !down_read_interruptible(sem);
		/* fall through */
	case TORTURE_KILLABLE:
		return g->read ? !down_read_killable(sem) : !down_write_killable(sem);
	case TORTURE_TRY:
		return g->read ? down_read_trylock(sem) : down_write_trylock(sem);
	default:
		if (g->read)
			down_read(sem);
		else
			down_write(sem);
		return true;
	}
}

static void rwsem_release_grip(struct torture_grip *g)
{
	if (!g->read && g->variant % 8 == 2) {
		downgrade_write(&g->l->rwsem);
		up_read(&g->l->rwsem);
	} else if (g->read) {
		up_read(&g->l->rwsem);
	} else {
		up_write(&g->l->rwsem);
	}
}

static bool rwsem_v4_acquire_grip(struct torture_grip *g)
{
	struct rwsem_v4 *sem = &g->l->rwsem_v4;

	if (torture_how(g) == TORTURE_TRY)
		return g->read ? rwsem_v4_down_read_trylock(sem) :
				 rwsem_v4_down_write_trylock(sem);
	if (g->read)
		rwsem_v4_down_read(sem);
	else
		rwsem_v4_down_write(sem);
	return true;
}

static void rwsem_v4_release_grip(struct torture_grip *g)
{
	if (!g->read && g->variant % 8 == 2) {
		rwsem_v4_downgrade_write(&g->l->rwsem_v4);
		rwsem_v4_up_read(&g->l->rwsem_v4);
	} else if (g->read) {
		rwsem_v4_up_read(&g->l->rwsem_v4);
	} else {
		rwsem_v4_up_write(&g->l->rwsem_v4);
	}
}

static bool percpu_acquire(struct torture_grip *g)
{
	if (g->read && torture_how(g) == TORTURE_TRY)
		return percpu_down_read_trylock(&g->l->percpu_rwsem);
	if (g->read)
		percpu_down_read(&g->l->percpu_rwsem);
	else
		percpu_down_write(&g->l->percpu_rwsem);
	return true;
}

static void percpu_release(struct torture_grip *g)
{
	if (g->read)
		percpu_up_read(&g->l->percpu_rwsem);
	else
		percpu_up_write(&g->l->percpu_rwsem);
}

/* Forgets to exclude. */
static bool busted_rwsem_acquire(struct torture_grip *g)
{
	down_read(&g->l->rwsem);
	return true;
}

static void busted_rwsem_release(struct torture_grip *g)
{
	up_read(&g->l->rwsem);
}

const struct torture_type torture_sleeping[] = {
	{ .name = "rwsem", .what = "rw_semaphore, three readers to a writer", .readers = true,
	  .sleeps = true, .acquire = rwsem_acquire_grip, .release = rwsem_release_grip },
	{ .name = "rwsem_v4", .what = "rw_semaphore as until Linux 5.0", .readers = true,
	  .sleeps = true, .acquire = rwsem_v4_acquire_grip, .release = rwsem_v4_release_grip },
	{ .name = "percpu_rwsem", .what = "percpu_rw_semaphore, three readers to a writer",
	  .readers = true, .sleeps = true, .acquire = percpu_acquire, .release = percpu_release },
};
const unsigned int torture_nr_sleeping = ARRAY_SIZE(torture_sleeping);

const struct torture_type torture_busted_rwsem = {
	.name = "busted_rwsem", .what = "broken on purpose: must be caught", .readers = true,
	.sleeps = true, .acquire = busted_rwsem_acquire, .release = busted_rwsem_release,
};
