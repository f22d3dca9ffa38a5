/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Repeatable pseudo-random numbers, the state being the caller's: for tests and
 * delays, not for secrets. xorshift64*: any state but 0 has period 2^64 - 1.
 *
 * Linux: include/linux/prandom.h
 */
#ifndef BASE_PRANDOM_H
#define BASE_PRANDOM_H

#include <base/types.h>

struct rnd_state {
	u64 s;
};

static inline void prandom_seed_state(struct rnd_state *state, u64 seed)
{
	state->s = seed ? seed : 1;
}

static inline u32 prandom_u32_state(struct rnd_state *state)
{
	state->s ^= state->s >> 12;
	state->s ^= state->s << 25;
	state->s ^= state->s >> 27;
	return (u32)((state->s * 0x2545f4914f6cdd1dULL) >> 32);
}

/* 0 .. @ceil - 1 */
static inline u32 prandom_u32_below(struct rnd_state *state, u32 ceil)
{
	return (u32)(((u64)prandom_u32_state(state) * ceil) >> 32);
}

#endif
