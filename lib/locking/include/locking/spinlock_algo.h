/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Which algorithm is behind raw_spinlock_t: Kconfig's choice, as algo_spin_*().
 *
 *	CONFIG_SPINLOCK_TAS CONFIG_SPINLOCK_TICKET CONFIG_SPINLOCK_QSPINLOCK
 *
 * Without any of them, as on the host, it is the queued one.
 */
#ifndef LOCKING_SPINLOCK_ALGO_H
#define LOCKING_SPINLOCK_ALGO_H

#if defined(CONFIG_SPINLOCK_TAS)
#include <locking/tas.h>
typedef struct tas_spinlock algo_spinlock_t;
#define ALGO_SPINLOCK_INIT	TAS_SPINLOCK_INIT
#define ALGO_SPIN(op)		tas_spin_##op
#elif defined(CONFIG_SPINLOCK_TICKET)
#include <locking/ticket.h>
typedef struct ticket_spinlock algo_spinlock_t;
#define ALGO_SPINLOCK_INIT	TICKET_SPINLOCK_INIT
#define ALGO_SPIN(op)		ticket_spin_##op
#else
#include <locking/qspinlock.h>
typedef struct qspinlock algo_spinlock_t;
#define ALGO_SPINLOCK_INIT	QSPINLOCK_INIT
#define ALGO_SPIN(op)		queued_spin_##op
#endif

#define algo_spin_lock(l)		ALGO_SPIN(lock)(l)
#define algo_spin_trylock(l)		ALGO_SPIN(trylock)(l)
#define algo_spin_unlock(l)		ALGO_SPIN(unlock)(l)
#define algo_spin_is_locked(l)		ALGO_SPIN(is_locked)(l)
#define algo_spin_is_contended(l)	ALGO_SPIN(is_contended)(l)

#endif
