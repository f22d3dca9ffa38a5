/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Wound/wait mutexes: take many of one class, in any order, without deadlock.
 *
 *	base	the mutex
 *	ctx	its owner's acquire context, or NULL		the owner
 *
 *	struct ww_acquire_ctx, on the stack of one task
 *	stamp, prio	its age: lower is older			ww_acquire_init()
 *	acquired	how many it holds			its task
 *	wounded		an older one wants what it holds	others, under a wait_lock
 *
 * Two contexts that want what the other has: the older one gets it.
 *
 *			the older waits for		the younger waits for
 *			one that the younger holds	one that the older holds
 *	wound-wait	wounds it: it must back off	waits
 *			when it next has to wait
 *	wait-die	waits				backs off at once
 *
 * Backing off is -EDEADLK: unlock all, ww_mutex_lock_slow() the one that was refused,
 * then the others again. The stamp stays, so a context gets older until it wins. One
 * that holds nothing never has to back off.
 *
 *	ww_acquire_init(&ctx, &class);
 *	retry: for each: ret = ww_mutex_lock(lock, &ctx);
 *		-EALREADY: is ours; -EDEADLK: unlock all, ww_mutex_lock_slow(), retry
 *	ww_acquire_done(&ctx);
 *	... ww_mutex_unlock() each ...
 *	ww_acquire_fini(&ctx);
 *
 * Linux:   include/linux/ww_mutex.h, Documentation/locking/ww-mutex-design.rst
 */
#ifndef LOCKING_WW_MUTEX_H
#define LOCKING_WW_MUTEX_H

#include <locking/mutex.h>

struct ww_class {
	atomic_long_t stamp;		/* the next context's */
	const char *name;
	bool is_wait_die;
};

struct ww_acquire_ctx {
	struct task_struct *task;	/* NULL: not in use */
	unsigned long stamp;
	int prio;			/* its task's own; counts with CONFIG_PREEMPT_RT */
	unsigned int acquired;
	int wounded;
	bool is_wait_die;
#ifdef CONFIG_DEBUG_LOCKS
	bool done;			/* ww_acquire_done() was called */
	struct ww_class *class;
	const void *contending;		/* the one that was refused */
#endif
};

struct ww_mutex {
	struct mutex base;
	struct ww_acquire_ctx *ctx;
#ifdef CONFIG_DEBUG_LOCKS
	struct ww_class *class;
#endif
};

#define __WW_CLASS_INITIALIZER(name_, is_wait_die_) \
	{ .stamp = ATOMIC_INIT(0), .name = #name_, .is_wait_die = is_wait_die_ }
#define DEFINE_WW_CLASS(name)	struct ww_class name = __WW_CLASS_INITIALIZER(name, false)
#define DEFINE_WD_CLASS(name)	struct ww_class name = __WW_CLASS_INITIALIZER(name, true)

void ww_mutex_init(struct ww_mutex *lock, struct ww_class *class);
void ww_mutex_destroy(struct ww_mutex *lock);

/* Begin: @ctx gets its age. It is used by the caller only, for mutexes of @class. */
void ww_acquire_init(struct ww_acquire_ctx *ctx, struct ww_class *class);
/* All that is wanted is held. Optional; misuse afterwards is reported. */
void ww_acquire_done(struct ww_acquire_ctx *ctx);
/* All is unlocked: @ctx may go. */
void ww_acquire_fini(struct ww_acquire_ctx *ctx);

/**
 * ww_mutex_lock() - acquire as part of @ctx
 * @ctx: the caller's; NULL for one mutex alone, which then never has to back off
 * Context: Task that may sleep; CONFIG_PREEMPT_RT: nor inside a spinlock_t.
 * Ordering: ACQUIRE.
 * Return: 0; -EALREADY if @ctx holds it; -EDEADLK if @ctx must back off;
 *	   _interruptible: also -EINTR.
 */
int __must_check ww_mutex_lock(struct ww_mutex *lock, struct ww_acquire_ctx *ctx);
int __must_check ww_mutex_lock_interruptible(struct ww_mutex *lock, struct ww_acquire_ctx *ctx);
/* After -EDEADLK for @lock, with all others unlocked: waits without backing off. */
void ww_mutex_lock_slow(struct ww_mutex *lock, struct ww_acquire_ctx *ctx);
int __must_check ww_mutex_lock_slow_interruptible(struct ww_mutex *lock,
						  struct ww_acquire_ctx *ctx);
/**
 * ww_mutex_trylock() - acquire as part of @ctx if that needs no wait
 * @ctx: the caller's, or NULL
 * Context: Task; preemption may be off.
 * Ordering: ACQUIRE on success.
 * Return: 1 if acquired, 0 if not.
 */
int __must_check ww_mutex_trylock(struct ww_mutex *lock, struct ww_acquire_ctx *ctx);

/**
 * ww_mutex_unlock() - release, with or without a context
 * @lock: held by the caller
 * Context: Task; preemption may be off.
 * Ordering: RELEASE.
 */
void ww_mutex_unlock(struct ww_mutex *lock);

static inline bool ww_mutex_is_locked(struct ww_mutex *lock)
{
	return mutex_is_locked(&lock->base);
}

#endif
