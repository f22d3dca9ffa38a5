/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * What a task holds of the locks that sleep, with CONFIG_DEBUG_LOCKS: for reports of a
 * task that ends with one, of memory that is freed with one in it, and of acquire
 * contexts that nest.
 *
 *	nr, locks	held, in the order they were taken	the task itself
 *	nr_ww, ww	its acquire contexts, by address	the task itself
 *
 * A mutex, a ww_mutex, an rt_mutex, a rw_semaphore held to write: what has one owner. A
 * reader may be another task's to up, a semaphore anybody's. Beyond HELD_LOCKS_MAX a lock
 * is not remembered, and so not reported; nor is one of another task in freed memory.
 *
 * Linux:   task->held_locks, debug_check_no_locks_held(), debug_check_no_locks_freed()
 * Differs: without a validator behind it
 */
#ifndef LOCKING_HELD_H
#define LOCKING_HELD_H

#include <base/compiler.h>
#include <base/types.h>

#define HELD_LOCKS_MAX	16
#define HELD_WW_MAX	4

struct held_lock {
	const void *lock;
	const char *kind, *name;
	unsigned long ip;		/* where it was taken */
	bool rtlock;			/* an rt_spinlock, an rt_rwlock */
};

struct held_locks {
	unsigned int nr, nr_ww;
	struct held_lock locks[HELD_LOCKS_MAX];
	struct {
		const void *ctx, *class;
	} ww[HELD_WW_MAX];
};

#ifdef CONFIG_DEBUG_LOCKS
void held_lock_add(const void *lock, const char *kind, const char *name, unsigned long ip);
void held_lock_remove(const void *lock);
/* The same of an rt_spinlock or an rt_rwlock; the latest of these, or NULL. */
void held_rtlock_add(const void *lock, const char *kind, unsigned long ip);
const struct held_lock *held_rtlock(void);
/* Reports a context that is in use, or another of its class. */
void held_ww_add(const void *ctx, const void *class, const char *class_name);
void held_ww_remove(const void *ctx);
/* The task ends. */
void debug_check_no_locks_held(void);
/* The memory goes. Context: Any but NMI. */
void debug_check_no_locks_freed(const void *from, size_t len);
#else
static inline void held_lock_add(const void *lock __maybe_unused, const char *kind __maybe_unused,
				 const char *name __maybe_unused,
				 unsigned long ip __maybe_unused) { }
static inline void held_lock_remove(const void *lock __maybe_unused) { }
static inline void held_rtlock_add(const void *lock __maybe_unused,
				   const char *kind __maybe_unused,
				   unsigned long ip __maybe_unused) { }
static inline const struct held_lock *held_rtlock(void) { return NULL; }
static inline void debug_check_no_locks_held(void) { }
static inline void debug_check_no_locks_freed(const void *from __maybe_unused,
					      size_t len __maybe_unused) { }
#endif

#endif
