/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * rt_mutex: the chain walk. A task became more urgent, or less; so does the owner of
 * the lock that it waits for, and the owner of the lock that one waits for, ...
 *
 *	H waits for A, held by M, waits for B, held by L, runs or sleeps for something else
 *
 *	round 1: task M, lock B		L is lent what M was lent; round 2: L waits for
 *	nothing: the end
 *
 * One round, thirteen steps, each a function to set a breakpoint on (rt_chain_1_...),
 * and told to rt_chain_tracer: the shell's `steps on` writes them to the log. In `make gdb`,
 * ls-steps stops at them, and ls-chain shows the chain: docs/preempt-rt.md. What is held:
 *
 *	step				task->	lock->	next owner's
 *					pi_lock	wait_lock pi_lock
 *	 1 lock the task		 x
 *	 2 what does it wait with?	 x
 *	 3 is there anything to do?	 x
 *	 4 which lock is that?		 x
 *	 5 trylock it, or again from 1	 x	 x
 *	 6 back at the start: a cycle	 x	 x
 *	 7 requeue the waiter		 x	 x
 *	 8 let go of the task			 x
 *	 9 has the lock an owner?		 x
 *	10 lock the owner, the next task	 x	 x
 *	11 requeue in its pi_waiters, adjust	 x	 x
 *	12 what does that one wait for?		 x	 x
 *	13 drop both
 *
 * At most two locks at a time, none between rounds: a chain of a hundred tasks keeps
 * no interrupt out for longer than one of two. But then anything may have changed
 * between rounds; step 3 compares, and when in doubt ends: whoever changed it walks
 * from there. What keeps memory alive: the task by a reference; its waiter and the
 * lock by pi_lock, since it cannot stop to wait without taking that.
 *
 * Step 5 is a trylock because the order is wait_lock before pi_lock, and the walk
 * comes the other way.
 *
 * requeue off: the end of lending is reached, but deadlock detection looks on to the
 * end of the chain. Not past a ww_mutex that is waited for with a context: circles among
 * those are opened again by one that backs off.
 *
 * Limits: max_lock_depth rounds; more is answered as a cycle.
 * Linux:   rt_mutex_adjust_prio_chain(), kernel/locking/rtmutex.c
 * Differs: a function a step; works with interrupts off, too, from sched_setscheduler().
 */
#include <locking/lockevent.h>
#include <locking/rt_mutex_waiter.h>

int max_lock_depth = 1024;
rt_chain_tracer_t *rt_chain_tracer;

struct rt_chain {
	/* where the walk is */
	struct task_struct *task;		/* with a reference */
	struct rt_mutex_waiter *waiter;		/* what task waits with */
	struct rt_mutex_base *lock;		/* what task waits for */
	struct rt_mutex_base *next_lock;	/* what it should wait for, or we end */
	struct rt_mutex_waiter *top_waiter;	/* whose urgency we bring; NULL: we take away */
	struct rt_mutex_waiter *old_top;	/* of lock, before step 7 */
	unsigned long flags;
	bool requeue, detect;
	/* where it began */
	struct rt_mutex_base *orig_lock;
	struct rt_mutex_waiter *orig_waiter;
	struct task_struct *top_task;
};

static void __trace_step(struct rt_chain *c, unsigned int step, const char *name)
{
	rt_chain_tracer_t *tracer = data_race(rt_chain_tracer);

	if (unlikely(tracer))
		tracer(step, name, c->task, c->lock);
}
#define trace_step(c, step)	__trace_step(c, step, __func__)

static noinline void rt_chain_1_lock_task(struct rt_chain *c)
{
	raw_spin_lock_irqsave(&c->task->pi_lock, c->flags);
	trace_step(c, 1);
}

static noinline void rt_chain_2_get_waiter(struct rt_chain *c)
{
	c->waiter = c->task->pi_blocked_on;
	trace_step(c, 2);
}

/* Is the chain as the last round left it, and has the task something to pass on? */
static noinline bool rt_chain_3_goes_on(struct rt_chain *c)
{
	trace_step(c, 3);
	/* It does not wait any more, or for something else; or what we wait for is free. */
	if (!c->waiter || c->waiter->lock != c->next_lock)
		return false;
	if (c->orig_waiter && !rt_mutex_owner(c->orig_lock))
		return false;

	if (c->top_waiter && !task_top_pi_waiter(c->task))
		return false;
	if (c->waiter->ww)
		c->detect = false;

	/* More urgent, but others have lent it more; or as urgent here as it is queued. */
	if ((c->top_waiter && c->top_waiter != task_top_pi_waiter(c->task)) ||
	    c->waiter->tree.prio == rt_waiter_prio(c->task))
		c->requeue = false;
	return c->requeue || c->detect;
}

static noinline void rt_chain_4_get_lock(struct rt_chain *c)
{
	c->lock = c->waiter->lock;
	trace_step(c, 4);
}

static noinline bool rt_chain_5_trylock(struct rt_chain *c)
{
	trace_step(c, 5);
	if (raw_spin_trylock(&c->lock->wait_lock))
		return true;
	lockevent_inc(rtmutex_chain_retry);
	raw_spin_unlock_irqrestore(&c->task->pi_lock, c->flags);
	cpu_relax();
	return false;
}

static noinline bool rt_chain_6_is_cycle(struct rt_chain *c)
{
	trace_step(c, 6);
	return c->lock == c->orig_lock || rt_mutex_owner(c->lock) == c->top_task;
}

static noinline void rt_chain_7_requeue(struct rt_chain *c)
{
	trace_step(c, 7);
	c->old_top = rt_mutex_top_waiter(c->lock);
	if (!c->requeue)
		return;
	lockevent_inc(rtmutex_requeue);
	rt_mutex_dequeue(c->lock, c->waiter);
	rt_mutex_enqueue(c->lock, c->waiter);
}

/* It cannot go on without wait_lock, so its waiter stays. Interrupts stay off. */
static noinline void rt_chain_8_drop_task(struct rt_chain *c)
{
	trace_step(c, 8);
	raw_spin_unlock(&c->task->pi_lock);
	put_task_struct(c->task);
	c->task = NULL;
}

/* A free lock ends the chain; a new top waiter must be told that it is free. */
static noinline bool rt_chain_9_has_owner(struct rt_chain *c)
{
	struct rt_mutex_waiter *top;

	trace_step(c, 9);
	if (rt_mutex_owner(c->lock))
		return true;
	top = rt_mutex_top_waiter(c->lock);
	if (top != c->old_top)
		wake_up_state(top->task, top->wake_state);
	raw_spin_unlock_irqrestore(&c->lock->wait_lock, c->flags);
	return false;
}

static noinline void rt_chain_10_lock_owner(struct rt_chain *c)
{
	c->task = rt_mutex_owner(c->lock);
	get_task_struct(c->task);
	raw_spin_lock(&c->task->pi_lock);
	trace_step(c, 10);
}

/* The waiter became the top one, or was it: the owner is lent by another now. */
static noinline void rt_chain_11_requeue_pi(struct rt_chain *c)
{
	struct rt_mutex_waiter *top = rt_mutex_top_waiter(c->lock);

	trace_step(c, 11);
	if (!c->requeue || (c->waiter != top && c->waiter != c->old_top))
		return;
	rt_mutex_dequeue_pi(c->task, c->old_top);
	rt_mutex_enqueue_pi(c->task, top);
	rt_mutex_adjust_prio(c->task);
	c->waiter = top;
}

static noinline void rt_chain_12_look_ahead(struct rt_chain *c)
{
	c->next_lock = task_blocked_on_lock(c->task);
	c->top_waiter = rt_mutex_top_waiter(c->lock);
	trace_step(c, 12);
}

static noinline void rt_chain_13_unlock(struct rt_chain *c)
{
	trace_step(c, 13);
	raw_spin_unlock(&c->task->pi_lock);
	raw_spin_unlock_irqrestore(&c->lock->wait_lock, c->flags);
	c->lock = NULL;
}

/* Another round, from the owner on? Its waiter must matter to it, or we look for cycles. */
static bool another_round(struct rt_chain *c)
{
	return c->next_lock && (c->detect || c->waiter == c->top_waiter);
}

enum round { NEXT, END, CYCLE, RETRY };

/* NEXT and END leave c->task with its reference, or NULL. No locks are held afterwards. */
static enum round walk_round(struct rt_chain *c)
{
	rt_chain_1_lock_task(c);
	rt_chain_2_get_waiter(c);
	if (!rt_chain_3_goes_on(c)) {
		raw_spin_unlock_irqrestore(&c->task->pi_lock, c->flags);
		return END;
	}
	rt_chain_4_get_lock(c);
	if (!rt_chain_5_trylock(c))
		return RETRY;
	if (rt_chain_6_is_cycle(c)) {
		raw_spin_unlock(&c->lock->wait_lock);
		raw_spin_unlock_irqrestore(&c->task->pi_lock, c->flags);
		return CYCLE;
	}
	rt_chain_7_requeue(c);
	rt_chain_8_drop_task(c);
	if (!rt_chain_9_has_owner(c))
		return END;
	rt_chain_10_lock_owner(c);
	rt_chain_11_requeue_pi(c);
	rt_chain_12_look_ahead(c);
	rt_chain_13_unlock(c);
	return another_round(c) ? NEXT : END;
}

int rt_mutex_adjust_prio_chain(struct task_struct *task, enum rtmutex_chainwalk chwalk,
			       struct rt_mutex_base *orig_lock, struct rt_mutex_base *next_lock,
			       struct rt_mutex_waiter *orig_waiter, struct task_struct *top_task)
{
	struct rt_chain c = {
		.task = task, .next_lock = next_lock, .top_waiter = orig_waiter, .requeue = true,
		.detect = chwalk == RT_MUTEX_FULL_CHAINWALK ||
			  (IS_ENABLED(CONFIG_DEBUG_LOCKS) && orig_waiter),
		.orig_lock = orig_lock, .orig_waiter = orig_waiter, .top_task = top_task,
	};
	enum round round = NEXT;
	int depth = 0;
	bool requeue;

	lockevent_inc(rtmutex_chain);
	while (round == NEXT || round == RETRY) {
		if (round == NEXT && ++depth > READ_ONCE(max_lock_depth)) {
			if (orig_waiter)
				port_warn("rt_mutex: task %d %s waits behind more than %d locks",
					  task_pid_nr(top_task), port_task_name(top_task),
					  depth - 1);
			round = CYCLE;
			break;
		}
		requeue = c.requeue;
		round = walk_round(&c);
		if (round == RETRY)
			c.requeue = requeue;
	}
	if (c.task)
		put_task_struct(c.task);
	return round == CYCLE && !(orig_waiter && orig_waiter->ww) ? -EDEADLK : 0;
}

void rt_mutex_adjust_pi(struct task_struct *task)
{
	struct rt_mutex_base *next_lock = NULL;
	unsigned long flags;

	raw_spin_lock_irqsave(&task->pi_lock, flags);
	if (task->pi_blocked_on && task->pi_blocked_on->tree.prio != rt_waiter_prio(task)) {
		next_lock = task->pi_blocked_on->lock;
		get_task_struct(task);
	}
	raw_spin_unlock_irqrestore(&task->pi_lock, flags);

	if (next_lock)
		rt_mutex_adjust_prio_chain(task, RT_MUTEX_MIN_CHAINWALK, NULL, next_lock, NULL,
					   task);
}
