/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Scoped locks: the unlock is the compiler's job.
 *
 *	guard(NAME)(&lock);			until the end of the enclosing block
 *	scoped_guard(NAME, &lock) { ... }	for the block that follows
 *
 * A guard is a struct on the stack whose cleanup function unlocks; return, break
 * and goto out of the block all run it.
 *
 * Linux: include/linux/cleanup.h
 */
#ifndef LOCKING_GUARD_H
#define LOCKING_GUARD_H

#include <base/compiler.h>

#define DEFINE_LOCK_GUARD(name, type, lock_fn, unlock_fn)		\
	struct guard_##name {						\
		type *lock;						\
	};								\
	static __always_inline struct guard_##name guard_##name##_lock(type *lock) \
	{								\
		struct guard_##name g = { .lock = lock };		\
									\
		lock_fn(lock);						\
		return g;						\
	}								\
	static __always_inline void guard_##name##_unlock(struct guard_##name *g) \
	{								\
		unlock_fn(g->lock);					\
	}

#define DEFINE_LOCK_GUARD_FLAGS(name, type, lock_fn, unlock_fn)		\
	struct guard_##name {						\
		type *lock;						\
		unsigned long flags;					\
	};								\
	static __always_inline struct guard_##name guard_##name##_lock(type *lock) \
	{								\
		struct guard_##name g = { .lock = lock };		\
									\
		lock_fn(lock, g.flags);					\
		return g;						\
	}								\
	static __always_inline void guard_##name##_unlock(struct guard_##name *g) \
	{								\
		unlock_fn(g->lock, g->flags);				\
	}

#define __guard_var(name, var) \
	struct guard_##name var __attribute__((__cleanup__(guard_##name##_unlock), __unused__)) = \
		guard_##name##_lock

#define guard(name)	__guard_var(name, CONCATENATE(__guard_, __COUNTER__))

#define scoped_guard(name, ...)						\
	for (__guard_var(name, __scope)(__VA_ARGS__), *__once = &__scope; \
	     __once; __once = NULL)

#endif
