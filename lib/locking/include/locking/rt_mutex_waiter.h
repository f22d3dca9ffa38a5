/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * The inside of rt_mutex: waiters, their two trees, the steps that the locks on
 * top share. Not for users of a lock; a futex uses the proxy calls at the end.
 *
 * struct rt_mutex_waiter, on the waiting task's stack, and who writes it:
 *
 *	tree		place in lock->waiters, urgency there	wait_lock
 *			and its urgency, while queued		also task->pi_lock
 *	pi_tree		place in owner->pi_waiters		owner->pi_lock
 *	task, lock	who waits for what			before it is queued
 *	wake_state	TASK_NORMAL, TASK_RTLOCK_WAIT		before it is queued
 *	ww		of a ww_mutex with a context; or NULL	before it is queued
 *
 *	   task H                lock A             task M               lock B    task L
 *	pi_blocked_on --> waiter ----> owner ---> M.pi_blocked_on --> waiter --> owner -> L
 *	                  |  |tree in A.waiters                       |  |tree in B.waiters
 *	                  |pi_tree in M.pi_waiters                    |pi_tree in L.pi_waiters
 *
 * Only the top waiter of a lock is in its owner's pi_waiters, and pi_waiters' first
 * lends the owner its priority.
 *
 * Lock order: lock->wait_lock, then task->pi_lock, then the run queue's; of two
 * tasks' pi_locks one at a time. The chain walk comes from the task and takes
 * wait_lock by trylock.
 *
 * Linux:   kernel/locking/rtmutex_common.h
 * Differs: no deadlines; adjusting the priority is part of taking the lock, too.
 */
#ifndef LOCKING_RT_MUTEX_WAITER_H
#define LOCKING_RT_MUTEX_WAITER_H

#include <locking/rt_mutex.h>
#include <locking/wake_q.h>

struct rt_waiter_node {
	struct rb_node entry;
	int prio;
};

struct rt_mutex_ww;

struct rt_mutex_waiter {
	struct rt_waiter_node tree;
	struct rt_waiter_node pi_tree;
	struct task_struct *task;
	struct rt_mutex_base *lock;
	unsigned int wake_state;
	const struct rt_mutex_ww *ww;
};

/*
 * A wait that may have to end for somebody else's: lib/locking/rt/ww_mutex_rt.c. Among
 * equals those that have one stand in front, the older before the younger; a circle
 * that one of them closes is not an error.
 */
struct rt_mutex_ww {
	unsigned long stamp;
	bool may_spin;
	/* About to sleep. wait_lock held. Return: 0 or -EDEADLK. */
	int (*check_kill)(struct rt_mutex_base *lock, struct rt_mutex_waiter *waiter);
};

/* MIN: end where nothing changes any more. FULL: to the end, to find any cycle. */
enum rtmutex_chainwalk { RT_MUTEX_MIN_CHAINWALK, RT_MUTEX_FULL_CHAINWALK };

/*
 * Whom to wake when wait_lock is dropped. One that waits for an rt_spinlock may be in
 * another wake_q already, for the sleep beneath: it has a place of its own.
 */
struct rt_wake_q_head {
	struct wake_q_head head;
	struct task_struct *rtlock_task;
};

#define DEFINE_RT_WAKE_Q(name) \
	struct rt_wake_q_head name = { .head = WAKE_Q_HEAD_INITIALIZER((name).head) }

static inline void rt_wake_q_init(struct rt_wake_q_head *wqh)
{
	wake_q_init(&wqh->head);
	wqh->rtlock_task = NULL;
}

static inline void rt_mutex_init_waiter(struct rt_mutex_waiter *waiter)
{
	*waiter = (struct rt_mutex_waiter){ .wake_state = TASK_NORMAL };
	RB_CLEAR_NODE(&waiter->tree.entry);
	RB_CLEAR_NODE(&waiter->pi_tree.entry);
}

/* ---- rt_mutex_tree.c: order and the two trees ---- */

/* How urgent @task is here: fair tasks are all alike. */
int rt_waiter_prio(struct task_struct *task);
/* wait_lock held. */
struct rt_mutex_waiter *rt_mutex_top_waiter(struct rt_mutex_base *lock);
void rt_mutex_enqueue(struct rt_mutex_base *lock, struct rt_mutex_waiter *waiter);
void rt_mutex_dequeue(struct rt_mutex_base *lock, struct rt_mutex_waiter *waiter);
/* task->pi_lock held; to enqueue, wait_lock too. */
struct rt_mutex_waiter *task_top_pi_waiter(struct task_struct *task);
void rt_mutex_enqueue_pi(struct task_struct *task, struct rt_mutex_waiter *waiter);
void rt_mutex_dequeue_pi(struct task_struct *task, struct rt_mutex_waiter *waiter);
/* @task's priority from pi_waiters. task->pi_lock held. */
void rt_mutex_adjust_prio(struct task_struct *task);
/* The lock that @task waits for. task->pi_lock held. */
struct rt_mutex_base *task_blocked_on_lock(struct task_struct *task);

/* ---- rt_mutex_slow.c, rt_mutex_block.c: wait_lock held, interrupts off, for all of them ---- */

/* Take a free lock for @task, if the rules allow. @waiter: its place; NULL: not queued. */
bool try_to_take_rt_mutex(struct rt_mutex_base *lock, struct task_struct *task,
			  struct rt_mutex_waiter *waiter);
/*
 * Queue @task, lend its priority along the chain. Drops wait_lock meanwhile.
 * Return: 0; -EDEADLK, queued unless the owner is @task itself.
 */
int task_blocks_on_rt_mutex(struct rt_mutex_base *lock, struct rt_mutex_waiter *waiter,
			    struct task_struct *task, enum rtmutex_chainwalk chwalk);
/* Take a queued waiter out again, and back what it lent. Drops wait_lock meanwhile. */
void remove_waiter(struct rt_mutex_base *lock, struct rt_mutex_waiter *waiter);
/* Bit 0 away if nobody waits: after try_to_take_rt_mutex(), which sets it to look. */
void fixup_rt_mutex_waiters(struct rt_mutex_base *lock);
/* Sleep, or spin on a running owner, until taken. Return: 0, -EINTR, -ETIMEDOUT, ww's. */
int rt_mutex_slowlock_block(struct rt_mutex_base *lock, unsigned int state,
			    const ktime_t *deadline, struct rt_mutex_waiter *waiter);
/*
 * All of the above for the caller. With TASK_RTLOCK_WAIT the state it had is put aside
 * for the time of the wait. @ww: or NULL. Return: 0, -EINTR, -ETIMEDOUT, -EDEADLK.
 */
int rt_mutex_slowlock_locked(struct rt_mutex_base *lock, unsigned int state,
			     const ktime_t *deadline, enum rtmutex_chainwalk chwalk,
			     const struct rt_mutex_ww *ww);
/*
 * The caller gives up its top waiter's priority and names it in @wqh; preemption is off
 * until rt_mutex_wake_up_q(). There is a waiter.
 */
void mark_wakeup_next_waiter(struct rt_wake_q_head *wqh, struct rt_mutex_base *lock);
void rt_mutex_wake_q_add_task(struct rt_wake_q_head *wqh, struct task_struct *task,
			      unsigned int wake_state);

/* What such a wait begins and ends with. wait_lock held, interrupts off. */
void rt_mutex_sleep_begin(unsigned int state);
void rt_mutex_sleep_end(unsigned int state);

/* After wait_lock: wake, then let the caller be preempted. */
void rt_mutex_wake_up_q(struct rt_wake_q_head *wqh);

/* ---- rt_mutex.c ---- */

/* The caller has no way to be told, and would wait for ever. */
__cold void rt_mutex_report_deadlock(struct rt_mutex_base *lock);
__cold void rt_mutex_report_interrupt(const void *lock);

/*
 * A trylock of a form of PREEMPT_RT: an interrupt would make the task beneath it the owner.
 * Softirqs are tasks there.
 */
static __always_inline void rt_mutex_check_trylock(const void *lock)
{
	if (unlikely(port_context() > CTX_SOFTIRQ))
		rt_mutex_report_interrupt(lock);
}

/* ---- rt_mutex_chain.c ---- */

/**
 * rt_mutex_adjust_prio_chain() - pass a change of priority on along the chain
 * @task: whose priority changed; a reference that the walk puts
 * @chwalk: how far
 * @orig_lock: what the caller waits for or left; NULL: nothing, its priority changed
 * @next_lock: what @task waited for when the caller looked
 * @orig_waiter: the caller's; NULL: less urgent, not more
 * @top_task: who began it
 * Context: Any but NMI; no wait_lock, no pi_lock.
 * Return: 0; -EDEADLK for a cycle, or a chain of more than max_lock_depth.
 */
int rt_mutex_adjust_prio_chain(struct task_struct *task, enum rtmutex_chainwalk chwalk,
			       struct rt_mutex_base *orig_lock, struct rt_mutex_base *next_lock,
			       struct rt_mutex_waiter *orig_waiter,
			       struct task_struct *top_task);

/* The priority of @task was changed: so may its place in what it waits for. */
void rt_mutex_adjust_pi(struct task_struct *task);

extern int max_lock_depth;

/*
 * Sees each step of each walk: 1 to 13, its function's name, and whom and what the walk is at,
 * either may be NULL. Called by several CPUs at once, in any order, with wait_lock and pi_lock
 * held. NULL: nobody looks.
 */
typedef void rt_chain_tracer_t(unsigned int step, const char *name, struct task_struct *task,
			       struct rt_mutex_base *lock);
extern rt_chain_tracer_t *rt_chain_tracer;

/* ---- rt_mutex_proxy.c: for a futex, one task acts for another ---- */

/* A new lock, held by @proxy_owner, that is not known to be a lock yet; and back. */
void rt_mutex_init_proxy_locked(struct rt_mutex_base *lock, struct task_struct *proxy_owner);
void rt_mutex_proxy_unlock(struct rt_mutex_base *lock);
/**
 * rt_mutex_start_proxy_lock() - take @lock for @task, or queue it
 * @waiter: initialised; @task's, it must sleep in rt_mutex_wait_proxy_lock() with it
 * Return: 1 taken; 0 queued; -EDEADLK neither.
 */
int rt_mutex_start_proxy_lock(struct rt_mutex_base *lock, struct rt_mutex_waiter *waiter,
			      struct task_struct *task);
/* The same with wait_lock held; -EDEADLK leaves it queued, for remove_waiter(). */
int __rt_mutex_start_proxy_lock(struct rt_mutex_base *lock, struct rt_mutex_waiter *waiter,
				struct task_struct *task);
/* Return: 0 with the lock; -EINTR, -ETIMEDOUT still queued: rt_mutex_cleanup_proxy_lock(). */
int rt_mutex_wait_proxy_lock(struct rt_mutex_base *lock, const ktime_t *deadline,
			     struct rt_mutex_waiter *waiter);
/* After a wait that failed. Return: true: not ours; false: it came after all, ours. */
bool rt_mutex_cleanup_proxy_lock(struct rt_mutex_base *lock, struct rt_mutex_waiter *waiter);
/* Never by the fast path: the futex word is the fast path. */
bool rt_mutex_futex_trylock(struct rt_mutex_base *lock);
bool __rt_mutex_futex_trylock(struct rt_mutex_base *lock);
void rt_mutex_futex_unlock(struct rt_mutex_base *lock);
/* wait_lock held. Return: true: rt_mutex_wake_up_q(@wqh) once it is dropped. */
bool __rt_mutex_futex_unlock(struct rt_mutex_base *lock, struct rt_wake_q_head *wqh);

#endif
