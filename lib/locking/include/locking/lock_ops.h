/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * struct lock_ops: one spinlock algorithm as a table of functions, so that one
 * boot test, torture, bench and checker client serves them all.
 *
 *	LOCK_OPS(foo, struct foo_spinlock);
 *
 * at the end of foo.c, and SPINLOCK(foo, FIFO, "...") in locks.def, and foo is in all
 * of them. LOCK_OPS() needs foo_spin_lock(), foo_spin_trylock(), foo_spin_unlock()
 * and foo_spin_is_locked() on an all-zero-is-free lock word. Other shapes:
 * LOCK_OPS_NAMED() if the functions have another prefix, LOCK_OPS_NODE() if they
 * take a queue node, LOCK_OPS_NODE_NO_TRYLOCK() if there is no trylock.
 */
#ifndef LOCKING_LOCK_OPS_H
#define LOCKING_LOCK_OPS_H

#include <base/compiler.h>
#include <base/types.h>

/* Room for the lock of any algorithm, and for the queue node of any. */
#define LOCK_MAX_SIZE		64
#define LOCK_NODE_MAX_SIZE	64

union any_lock {
	char bytes[LOCK_MAX_SIZE];
	u64 align;
} ____cacheline_aligned;

union any_lock_node {
	char bytes[LOCK_NODE_MAX_SIZE];
	u64 align;
} ____cacheline_aligned;

/*
 * @node is the caller's: all-zero before its first use, then used again and
 * again, for one acquisition at a time, by one CPU in one context; it lives as
 * long as the lock. An algorithm without queue nodes ignores it.
 */
struct lock_ops {
	const char *name;
	size_t size;
	void (*lock)(void *lock, union any_lock_node *node);
	bool (*trylock)(void *lock, union any_lock_node *node);	/* or NULL */
	void (*unlock)(void *lock, union any_lock_node *node);
	bool (*is_locked)(void *lock);
};

/* The functions are fn##_spin_lock(args) and so on; trylock may be NULL. */
#define __LOCK_OPS_FN(algo, ret, op, call)				\
	static ret algo##_ops_##op(void *lock, union any_lock_node *node __maybe_unused) \
	{								\
		return call;						\
	}
#define __LOCK_OPS(algo, fn, type, trylock_)				\
	static_assert(sizeof(type) <= LOCK_MAX_SIZE, "raise LOCK_MAX_SIZE"); \
	static bool algo##_ops_is_locked(void *lock)			\
	{								\
		return fn##_spin_is_locked((type *)lock);		\
	}								\
	const struct lock_ops algo##_lock_ops = {			\
		.name = #algo, .size = sizeof(type),			\
		.lock = algo##_ops_lock, .trylock = trylock_,		\
		.unlock = algo##_ops_unlock, .is_locked = algo##_ops_is_locked, \
	}

#define LOCK_OPS_NAMED(algo, fn, type)					\
	__LOCK_OPS_FN(algo, void, lock, fn##_spin_lock((type *)lock))	\
	__LOCK_OPS_FN(algo, bool, trylock, fn##_spin_trylock((type *)lock)) \
	__LOCK_OPS_FN(algo, void, unlock, fn##_spin_unlock((type *)lock)) \
	__LOCK_OPS(algo, fn, type, algo##_ops_trylock)

#define LOCK_OPS(algo, type)	LOCK_OPS_NAMED(algo, algo, type)

/* The same for an algorithm whose functions take the node: foo_spin_lock(lock, node). */
#define __LOCK_OPS_NODE(algo, type, node_type)				\
	static_assert(sizeof(node_type) <= LOCK_NODE_MAX_SIZE, "raise LOCK_NODE_MAX_SIZE"); \
	__LOCK_OPS_FN(algo, void, lock, algo##_spin_lock((type *)lock, (node_type *)node)) \
	__LOCK_OPS_FN(algo, void, unlock, algo##_spin_unlock((type *)lock, (node_type *)node))

#define LOCK_OPS_NODE(algo, type, node_type)				\
	__LOCK_OPS_NODE(algo, type, node_type)				\
	__LOCK_OPS_FN(algo, bool, trylock, algo##_spin_trylock((type *)lock, (node_type *)node)) \
	__LOCK_OPS(algo, algo, type, algo##_ops_trylock)

#define LOCK_OPS_NODE_NO_TRYLOCK(algo, type, node_type)			\
	__LOCK_OPS_NODE(algo, type, node_type)				\
	__LOCK_OPS(algo, algo, type, NULL)

/* Every algorithm of locks.def, in its order, then NULL; and what else its line says. */
extern const struct lock_ops *const all_lock_ops[];
enum lock_order {
	LOCK_FIFO,		/* served in order of arrival */
	LOCK_ANY,		/* a waiter may be passed for ever */
	LOCK_STEAL,		/* may be passed, but not while the first in the queue spins */
};
struct lock_ops_info {
	enum lock_order order;
	const char *what;
};
extern const struct lock_ops_info all_lock_infos[];

#define SPINLOCK(algo, order, what)	extern const struct lock_ops algo##_lock_ops;
#include "../../locks.def"
#undef SPINLOCK

#endif
