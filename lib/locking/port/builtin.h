/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Port entries 3-6 from the compiler's builtins, for the worlds that run on
 * real CPUs. The world defines port_full_rmw(op, args...) first: what makes a
 * builtin RMW fully ordered in Linux's sense.
 */
#ifndef PORT_BUILTIN_H
#define PORT_BUILTIN_H

#define PORT_RMW_relaxed(op, ...)	op(__VA_ARGS__, __ATOMIC_RELAXED)
#define PORT_RMW_acquire(op, ...)	op(__VA_ARGS__, __ATOMIC_ACQUIRE)
#define PORT_RMW_release(op, ...)	op(__VA_ARGS__, __ATOMIC_RELEASE)
#define PORT_RMW_full(op, ...)		port_full_rmw(op, __VA_ARGS__)
#define PORT_RMW(order, op, ...)	PORT_RMW_##order(op, __VA_ARGS__)

/* A cmpxchg that fails orders nothing. */
#define PORT_CAS(p, old, new, order) \
	__atomic_compare_exchange_n(p, old, new, false, order, __ATOMIC_RELAXED)

#define port_fetch_add(order, p, v)	PORT_RMW(order, __atomic_fetch_add, p, v)
#define port_fetch_or(order, p, v)	PORT_RMW(order, __atomic_fetch_or, p, v)
#define port_fetch_xor(order, p, v)	PORT_RMW(order, __atomic_fetch_xor, p, v)
#define port_fetch_andnot(order, p, v)	PORT_RMW(order, __atomic_fetch_and, p, ~(v))
#define port_xchg(order, p, v)		PORT_RMW(order, __atomic_exchange_n, p, v)
#define port_try_cmpxchg(order, p, old, new) PORT_RMW(order, PORT_CAS, p, old, new)

#endif
