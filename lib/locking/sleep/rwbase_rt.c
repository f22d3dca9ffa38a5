/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * rwbase_rt, the mechanism. The contract is <locking/rwbase_rt.h>.
 *
 *	reader R			writer W				readers
 *	read_lock							BIAS + 1
 *					write_lock: takes rtmutex
 *					closes the door				1
 *					wait_lock: 1 reader, sleeps
 *	read_unlock: to 0							0
 *	  wait_lock, wakes rtmutex's owner
 *					wait_lock: 0, writes		WRITER_BIAS
 *	read_lock: waits for rtmutex,
 *	  lends W its priority
 *					write_unlock: opens the door	BIAS
 *					unlocks rtmutex
 *	has rtmutex: no writer; counts						BIAS + 1
 *	unlocks rtmutex
 *
 * Ordering: rwbase/A, the readers' word: the last reader to leave releases, the writer
 * that sees 0 acquires; the writer that opens the door releases, readers that come in
 * by it acquire. Readers that come in by wait_lock have that.
 * rwbase/B, no lost wake-up: the writer sets its state, then looks at readers, both
 * under wait_lock; the reader counts down, then takes wait_lock, and wakes if it is 0 still.
 *
 * Linux:   kernel/locking/rwbase_rt.c
 * Differs: the reader that finds others behind it does not wake: an owner that does not wait
 *	    may end any moment, and no RCU keeps its task.
 */
#include <locking/lockevent.h>
#include <locking/rt_mutex_waiter.h>
#include <locking/rwbase_rt.h>

/* ---- for reports: rtmutex's owner, or what that one waits for ---- */

static struct task_struct *rwbase_blocked_owner(const void *lock)
{
	return rt_mutex_owner(&((struct rwbase_rt *)lock)->rtmutex);
}

static const char *rwbase_owner_is(const void *lock)
{
	return rwbase_is_write_locked(lock) ? NULL : "a writer that waits for the readers";
}

static const char *rwbase_readers_are(const void *lock)
{
	return rwbase_is_contended(lock) ? "readers, and nobody knows which" : NULL;
}

const struct lock_kind rwbase_kind = {
	.name = "rw_semaphore", .owner = rwbase_blocked_owner, .owner_is = rwbase_owner_is,
};
const struct lock_kind rwbase_readers_kind = {
	.name = "rw_semaphore", .owner_is = rwbase_readers_are,
};
static const struct lock_kind rwlock_kind = {
	.name = "rwlock", .owner = rwbase_blocked_owner, .owner_is = rwbase_owner_is,
};
static const struct lock_kind rwlock_readers_kind = {
	.name = "rwlock", .owner_is = rwbase_readers_are,
};

/* wait_lock held, interrupts off. */
static int wait_for_rtmutex(struct rwbase_rt *rwb, unsigned int state)
{
	struct blocked_on outer;
	int ret;

	port_push_blocked_on(&outer, state & TASK_RTLOCK_WAIT ? &rwlock_kind : &rwbase_kind, rwb);
	ret = rt_mutex_slowlock_locked(&rwb->rtmutex, state, NULL, RT_MUTEX_MIN_CHAINWALK, NULL);
	port_pop_blocked_on(&outer);
	return ret;
}

static int take_rtmutex(struct rwbase_rt *rwb, unsigned int state)
{
	struct rt_mutex_base *rtm = &rwb->rtmutex;
	int ret;

	if (rt_mutex_try_fast(rtm))
		return 0;
	raw_spin_lock_irq(&rtm->wait_lock);
	ret = wait_for_rtmutex(rwb, state);
	raw_spin_unlock_irq(&rtm->wait_lock);
	return ret;
}

static void drop_rtmutex(struct rt_mutex_base *rtm)
{
	if (!rt_mutex_unlock_fast(rtm))
		rt_mutex_unlock_slow(rtm);
}

/* ---- readers ------------------------------------------------------------------------- */

bool rwbase_read_trylock(struct rwbase_rt *rwb)
{
	int r = atomic_read(&rwb->readers);

	while (r < 0) {
		/* rwbase/A: pairs with open_door() */
		if (likely(atomic_try_cmpxchg_acquire(&rwb->readers, &r, r + 1)))
			return true;
	}
	return false;
}

static noinline int read_lock_slow(struct rwbase_rt *rwb, unsigned int state)
{
	struct rt_mutex_base *rtm = &rwb->rtmutex;
	int ret;

	lockevent_inc(rwbase_read_slow);
	raw_spin_lock_irq(&rtm->wait_lock);
	/* The writer, if any, still waits: it becomes one only under wait_lock. */
	if (atomic_read(&rwb->readers) != RWBASE_WRITER_BIAS) {
		atomic_inc(&rwb->readers);
		raw_spin_unlock_irq(&rtm->wait_lock);
		return 0;
	}
	lockevent_inc(rwbase_read_wait);
	ret = wait_for_rtmutex(rwb, state);
	/* With rtmutex there is no writer. Count under wait_lock: the next one looks there. */
	if (!ret)
		atomic_inc(&rwb->readers);
	raw_spin_unlock_irq(&rtm->wait_lock);
	if (!ret)
		drop_rtmutex(rtm);
	return ret;
}

int rwbase_read_lock(struct rwbase_rt *rwb, unsigned int state)
{
	int ret;

	if (rwbase_read_trylock(rwb))
		return 0;
	ret = read_lock_slow(rwb, state);
	if (unlikely(ret == -EDEADLK))
		rt_mutex_report_deadlock(&rwb->rtmutex);
	return ret;
}

/* The last reader is out, the door is closed: a writer waits, or has given up. */
static noinline void wake_writer(struct rwbase_rt *rwb, unsigned int state)
{
	struct rt_mutex_base *rtm = &rwb->rtmutex;
	struct task_struct *writer;
	DEFINE_RT_WAKE_Q(wqh);
	unsigned long flags;

	raw_spin_lock_irqsave(&rtm->wait_lock, flags);
	/*
	 * Not 0 any more: a later reader will wake it, or it is done with waiting, and may be
	 * gone. 0: who closed the door needs wait_lock to go on, so it is still there.
	 */
	if (atomic_read(&rwb->readers)) {
		raw_spin_unlock_irqrestore(&rtm->wait_lock, flags);
		return;
	}
	preempt_disable();
	writer = rt_mutex_owner(rtm);
	if (writer)
		rt_mutex_wake_q_add_task(&wqh, writer, state);
	raw_spin_unlock_irqrestore(&rtm->wait_lock, flags);
	rt_mutex_wake_up_q(&wqh);
}

void rwbase_read_unlock(struct rwbase_rt *rwb, unsigned int state)
{
	/* rwbase/A: pairs with becomes_writer() */
	if (unlikely(atomic_fetch_sub_release(1, &rwb->readers) == 1))
		wake_writer(rwb, state);
}

/* ---- writers ------------------------------------------------------------------------- */

/* Readers in again, and the caller one of them, or not; then rtmutex. wait_lock held. */
static void open_door(struct rwbase_rt *rwb, int bias, unsigned long flags)
{
	struct rt_mutex_base *rtm = &rwb->rtmutex;

	/* rwbase/A: pairs with rwbase_read_trylock() */
	(void)atomic_fetch_add_release((int)((unsigned int)RWBASE_READER_BIAS - (unsigned int)bias),
				       &rwb->readers);
	raw_spin_unlock_irqrestore(&rtm->wait_lock, flags);
	drop_rtmutex(rtm);
}

/* wait_lock held: no reader comes in by the slow path; by the fast one none at all. */
static bool becomes_writer(struct rwbase_rt *rwb)
{
	/* rwbase/A: pairs with rwbase_read_unlock() */
	if (atomic_read_acquire(&rwb->readers))
		return false;
	atomic_set(&rwb->readers, RWBASE_WRITER_BIAS);
	return true;
}

static void close_door(struct rwbase_rt *rwb)
{
	atomic_sub(RWBASE_READER_BIAS, &rwb->readers);
}

/* The door is closed; wait_lock held. Return: 0; -EINTR. */
static int wait_for_readers(struct rwbase_rt *rwb, unsigned int state)
{
	struct rt_mutex_base *rtm = &rwb->rtmutex;
	struct blocked_on outer;
	int ret = 0;

	lockevent_inc(rwbase_write_wait);
	port_push_blocked_on(&outer, state & TASK_RTLOCK_WAIT ? &rwlock_readers_kind
							      : &rwbase_readers_kind, rwb);
	rt_mutex_sleep_begin(state);
	while (!becomes_writer(rwb)) {
		if (signal_pending_state(state, current)) {
			ret = -EINTR;
			break;
		}
		raw_spin_unlock_irq(&rtm->wait_lock);
		if (state & TASK_RTLOCK_WAIT)
			schedule_rtlock();
		else
			schedule();
		raw_spin_lock_irq(&rtm->wait_lock);
		set_current_state(state);
	}
	rt_mutex_sleep_end(state);
	port_pop_blocked_on(&outer);
	return ret;
}

int rwbase_write_lock(struct rwbase_rt *rwb, unsigned int state)
{
	struct rt_mutex_base *rtm = &rwb->rtmutex;
	int ret = take_rtmutex(rwb, state);
	unsigned long flags;

	if (unlikely(ret == -EDEADLK))
		rt_mutex_report_deadlock(rtm);
	if (ret)
		return ret;
	close_door(rwb);
	raw_spin_lock_irqsave(&rtm->wait_lock, flags);
	if (!becomes_writer(rwb) && wait_for_readers(rwb, state)) {
		open_door(rwb, 0, flags);
		return -EINTR;
	}
	raw_spin_unlock_irqrestore(&rtm->wait_lock, flags);
	return 0;
}

bool rwbase_write_trylock(struct rwbase_rt *rwb)
{
	struct rt_mutex_base *rtm = &rwb->rtmutex;
	unsigned long flags;

	if (!rt_mutex_try_fast(rtm) && !rt_mutex_trylock_slow(rtm))
		return false;
	close_door(rwb);
	raw_spin_lock_irqsave(&rtm->wait_lock, flags);
	if (becomes_writer(rwb)) {
		raw_spin_unlock_irqrestore(&rtm->wait_lock, flags);
		return true;
	}
	open_door(rwb, 0, flags);
	return false;
}

void rwbase_write_unlock(struct rwbase_rt *rwb)
{
	unsigned long flags;

	raw_spin_lock_irqsave(&rwb->rtmutex.wait_lock, flags);
	open_door(rwb, RWBASE_WRITER_BIAS, flags);
}

void rwbase_write_downgrade(struct rwbase_rt *rwb)
{
	unsigned long flags;

	raw_spin_lock_irqsave(&rwb->rtmutex.wait_lock, flags);
	/* Counted as a reader by the same addition. */
	open_door(rwb, RWBASE_WRITER_BIAS - 1, flags);
}
