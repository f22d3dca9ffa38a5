/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Which algorithm is behind raw_spinlock_t: Kconfig's choice, as algo_spin_*().
 *
 *	CONFIG_SPINLOCK_TAS CONFIG_SPINLOCK_TICKET CONFIG_SPINLOCK_QSPINLOCK
 */
#ifndef LOCKING_SPINLOCK_ALGO_H
#define LOCKING_SPINLOCK_ALGO_H

#include <locking/ticket.h>

typedef struct ticket_spinlock algo_spinlock_t;
#define ALGO_SPINLOCK_INIT		TICKET_SPINLOCK_INIT
#define algo_spin_lock(l)		ticket_spin_lock(l)
#define algo_spin_trylock(l)		ticket_spin_trylock(l)
#define algo_spin_unlock(l)		ticket_spin_unlock(l)
#define algo_spin_is_locked(l)		ticket_spin_is_locked(l)
#define algo_spin_is_contended(l)	ticket_spin_is_contended(l)

#endif
