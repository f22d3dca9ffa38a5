/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * CONFIG_DEBUG_LOCKS: each spinlock knows its holder, and misuse is reported.
 * See lib/locking/debug/spinlock_debug.c. Without the option: nothing.
 */
#ifndef LOCKING_SPINLOCK_DEBUG_H
#define LOCKING_SPINLOCK_DEBUG_H

#include <locking/spinlock_types.h>

#ifdef CONFIG_DEBUG_LOCKS
/* Before the wait: is it a lock, and not ours already? */
void debug_spin_lock_before(raw_spinlock_t *lock);
/* Before softirqs are turned off. */
void debug_spin_lock_bh(raw_spinlock_t *lock);
/* Held now: note who, where. */
void debug_spin_lock_after(raw_spinlock_t *lock);
/* Before the release: is it held, and by us? */
void debug_spin_unlock(raw_spinlock_t *lock);
#else
static __always_inline void debug_spin_lock_before(raw_spinlock_t *lock __maybe_unused) { }
static __always_inline void debug_spin_lock_bh(raw_spinlock_t *lock __maybe_unused) { }
static __always_inline void debug_spin_lock_after(raw_spinlock_t *lock __maybe_unused) { }
static __always_inline void debug_spin_unlock(raw_spinlock_t *lock __maybe_unused) { }
#endif

#endif
