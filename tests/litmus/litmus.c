/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Litmus tests: the explorer's models against the verdicts of the Linux kernel
 * memory model's own collection.
 *
 * Each test is a few short threads and one question, exists(): can it end like
 * this? The table at the end lists the answer for each model; lkmm is the
 * kernel model's, for reference. Where a model is stronger than the kernel's
 * (Z6.0 with locks, which Armv8 forbids) or the method cannot see an outcome
 * (load buffering: po and rf together are acyclic by construction), the columns
 * differ, and nowhere else.
 *
 * Linux: tools/memory-model/litmus-tests/
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "explore.h"

static uint32_t x, y, z, lock_s, lock_t;
static uint32_t *p;
static uint32_t v;

/* What thread T loaded, in order: r[T][0], r[T][1] ... */
static uint32_t r[4][4];

#define R(var)		((uint32_t)mc_load(&(var), 4, MC_RELAXED))
#define A(var)		((uint32_t)mc_load(&(var), 4, MC_ACQUIRE))
#define W(var, n)	mc_store(&(var), 4, n, MC_RELAXED)
#define L(var, n)	mc_store(&(var), 4, n, MC_RELEASE)
#define MB()		mc_fence(MC_MB)
#define RMB()		mc_fence(MC_RMB)
#define WMB()		mc_fence(MC_WMB)
#define HEAVY()		mc_heavy_barrier()
#define LIGHT()		mc_light_barrier()
#define END(var)	((uint32_t)mc_final(&(var)))

static void lock(uint32_t *l)
{
	if (mc_cmpxchg(l, 4, 0, 1, MC_ACQUIRE))
		mc_await_failed();
}

#define UNLOCK(l)	L(l, 0)

/* One test: THREADS(name, n, P0 body, P1 body ...) and EXISTS(name, condition). */
#define TEST(name, n, p0, p1, p2, p3, question)			\
	static void name##_threads(unsigned int t)			\
	{								\
		switch (t) {						\
		case 0: { p0; } break;					\
		case 1: { p1; } break;					\
		case 2: { p2; } break;					\
		case 3: { p3; } break;					\
		}							\
	}								\
	static bool name##_exists(void) { return question; }

TEST(CoRR, 2, W(x, 1), r[1][0] = R(x); r[1][1] = R(x), , ,
     r[1][0] == 1 && r[1][1] == 0)
TEST(CoRW, 2, r[0][0] = R(x); W(x, 1), W(x, 2), , , END(x) == 2 && r[0][0] == 2)
TEST(CoWR, 2, W(x, 1); r[0][0] = R(x), W(x, 2), , , END(x) == 1 && r[0][0] == 2)
TEST(CoWW, 1, W(x, 1); W(x, 2), , , , END(x) == 1)

#define IRIW(between)							\
	W(x, 1), r[1][0] = R(x); between; r[1][1] = R(y),		\
	W(y, 1), r[3][0] = R(y); between; r[3][1] = R(x),		\
	r[1][0] == 1 && r[1][1] == 0 && r[3][0] == 1 && r[3][1] == 0
#define TEST_X(...)	TEST(__VA_ARGS__)
TEST_X(IRIW_mb, 4, IRIW(MB()))
TEST_X(IRIW_po, 4, IRIW())

#define ISA2_SEEN	r[1][0] == 1 && r[2][0] == 1 && r[2][1] == 0
TEST(ISA2_locks, 3,
     lock(&lock_s); W(x, 1); W(y, 1); UNLOCK(lock_s),
     lock(&lock_s); r[1][0] = R(y); W(z, 1); UNLOCK(lock_s),
     r[2][0] = R(z); MB(); r[2][1] = R(x), , ISA2_SEEN)
TEST(ISA2_po, 3, W(x, 1); W(y, 1), r[1][0] = R(y); W(z, 1),
     r[2][0] = R(z); r[2][1] = R(x), , ISA2_SEEN)
TEST(ISA2_relacq, 3, W(x, 1); L(y, 1), r[1][0] = A(y); L(z, 1),
     r[2][0] = A(z); r[2][1] = R(x), , ISA2_SEEN)

#define LB_SEEN		r[0][0] == 1 && r[1][0] == 1
TEST(LB_mb_ctrl, 2, r[0][0] = R(x); mc_control_dependency(); if (r[0][0]) W(y, 1),
     r[1][0] = R(y); MB(); W(x, 1), , , LB_SEEN)
TEST(LB_acq_rel, 2, r[0][0] = R(x); L(y, 1), r[1][0] = A(y); W(x, 1), , , LB_SEEN)
TEST(LB_po, 2, r[0][0] = R(x); W(y, 1), r[1][0] = R(y); W(x, 1), , , LB_SEEN)
TEST(LB_locks, 2,
     lock(&lock_s); r[0][0] = R(x); UNLOCK(lock_s); lock(&lock_t); W(y, 1); UNLOCK(lock_t),
     r[1][0] = A(y); W(x, 1), , , LB_SEEN)

#define MP_SEEN		r[1][0] == 1 && r[1][1] == 0
TEST(MP_light_heavy, 2, W(x, 1); LIGHT(); W(y, 1), r[1][0] = R(y); HEAVY(); r[1][1] = R(x), , ,
     MP_SEEN)
TEST(MP_heavy_light, 2, W(x, 1); HEAVY(); W(y, 1), r[1][0] = R(y); LIGHT(); r[1][1] = R(x), , ,
     MP_SEEN)
TEST(MP_lights, 2, W(x, 1); LIGHT(); W(y, 1), r[1][0] = R(y); LIGHT(); r[1][1] = R(x), , , MP_SEEN)
TEST(MP_wmb_rmb, 2, W(x, 1); WMB(); W(y, 1), r[1][0] = R(y); RMB(); r[1][1] = R(x), , , MP_SEEN)
TEST(MP_deref, 2, W(x, 1); mc_store(&p, 8, (uint64_t)&x, MC_RELEASE),
     uint32_t *q = (uint32_t *)mc_load(&p, 8, MC_RELAXED);
	mc_address_dependency(q, 4); r[1][0] = q == &x; r[1][1] = R(*q), , , MP_SEEN)
#define IS_LOCKED_SEEN	r[1][0] == 1 && r[1][1] == 0 && r[1][2] == 1
TEST(MP_lockmb_silsil, 2, lock(&lock_s); MB(); W(x, 1); UNLOCK(lock_s),
     r[1][0] = A(x); r[1][1] = R(lock_s); r[1][2] = R(lock_s), , , IS_LOCKED_SEEN)
TEST(MP_lock_silsil, 2, lock(&lock_s); W(x, 1); UNLOCK(lock_s),
     r[1][0] = A(x); r[1][1] = R(lock_s); r[1][2] = R(lock_s), , , IS_LOCKED_SEEN)
TEST(MP_locks, 2, W(x, 1); lock(&lock_s); W(y, 1); UNLOCK(lock_s),
     lock(&lock_s); r[1][0] = R(y); UNLOCK(lock_s); r[1][1] = R(x), , , MP_SEEN)
TEST(MP_po, 2, W(x, 1); W(y, 1), r[1][0] = R(y); r[1][1] = R(x), , , MP_SEEN)
TEST(MP_rel_acq, 2, W(x, 1); L(y, 1), r[1][0] = A(y); r[1][1] = R(x), , , MP_SEEN)
TEST(MP_revlocks, 2, lock(&lock_s); W(x, 1); UNLOCK(lock_s); W(y, 1),
     r[1][0] = R(y); lock(&lock_s); r[1][1] = R(x); UNLOCK(lock_s), , , MP_SEEN)
TEST(MP_unlocklock, 2,
     lock(&lock_s); W(x, 1); UNLOCK(lock_s); lock(&lock_t); W(y, 1); UNLOCK(lock_t),
     r[1][0] = R(y); RMB(); r[1][1] = R(x), , , MP_SEEN)

#define R_SEEN		END(y) == 2 && r[1][0] == 0
TEST(R_light_heavy, 2, W(x, 1); LIGHT(); W(y, 1), W(y, 2); HEAVY(); r[1][0] = R(x), , , R_SEEN)
TEST(R_mb, 2, W(x, 1); MB(); W(y, 1), W(y, 2); MB(); r[1][0] = R(x), , , R_SEEN)
TEST(R_po, 2, W(x, 1); W(y, 1), W(y, 2); r[1][0] = R(x), , , R_SEEN)

#define S_SEEN		END(x) == 2 && r[1][0] == 1
TEST(S_wmb_acq, 2, W(x, 2); WMB(); W(y, 1), r[1][0] = A(y); W(x, 1), , , S_SEEN)
TEST(S_po, 2, W(x, 2); W(y, 1), r[1][0] = R(y); W(x, 1), , , S_SEEN)

#define SB_SEEN		r[0][0] == 0 && r[1][0] == 0
TEST(SB_mb, 2, W(x, 1); MB(); r[0][0] = R(y), W(y, 1); MB(); r[1][0] = R(x), , , SB_SEEN)
TEST(SB_po, 2, W(x, 1); r[0][0] = R(y), W(y, 1); r[1][0] = R(x), , , SB_SEEN)
/* With as many heavy barriers in a circle as light ones it cannot be; with fewer it can. */
TEST(SB_heavy_light, 2, W(x, 1); HEAVY(); r[0][0] = R(y), W(y, 1); LIGHT(); r[1][0] = R(x), , ,
     SB_SEEN)
TEST(SB_lights, 2, W(x, 1); LIGHT(); r[0][0] = R(y), W(y, 1); LIGHT(); r[1][0] = R(x), , , SB_SEEN)
TEST(SB_heavy_po, 2, W(x, 1); HEAVY(); r[0][0] = R(y), W(y, 1); r[1][0] = R(x), , , SB_SEEN)
TEST(SB_lights_heavy, 3, W(x, 1); LIGHT(); r[0][0] = R(y), W(y, 1); LIGHT(); r[1][0] = R(x),
     HEAVY(), , SB_SEEN)
#define SB3_SEEN	SB_SEEN && r[2][0] == 0
TEST(SB3_heavy, 3, W(x, 1); HEAVY(); r[0][0] = R(y), W(y, 1); LIGHT(); r[1][0] = R(z),
     W(z, 1); LIGHT(); r[2][0] = R(x), , SB3_SEEN)
TEST(SB3_heavies, 3, W(x, 1); HEAVY(); r[0][0] = R(y), W(y, 1); HEAVY(); r[1][0] = R(z),
     W(z, 1); LIGHT(); r[2][0] = R(x), , SB3_SEEN)
TEST(SB_rfi, 2, W(x, 1); r[0][1] = R(x); r[0][0] = R(y),
     W(y, 1); r[1][1] = R(y); r[1][0] = R(x), , , SB_SEEN)

#define WRC_SEEN	r[1][0] == 1 && r[2][0] == 1 && r[2][1] == 0
TEST(WRC_po, 3, W(x, 1), r[1][0] = R(x); W(y, 1), r[2][0] = R(y); r[2][1] = R(x), , WRC_SEEN)
TEST(WRC_rel_rmb, 3, W(x, 1), r[1][0] = R(x); L(y, 1),
     r[2][0] = R(y); RMB(); r[2][1] = R(x), , WRC_SEEN)

#define Z6_SEEN		r[1][0] == 1 && END(z) == 2 && r[2][0] == 0
TEST(Z6_lock_Lock, 3,
     lock(&lock_s); W(x, 1); W(y, 1); UNLOCK(lock_s),
     lock(&lock_s); MB(); r[1][0] = R(y); W(z, 1); UNLOCK(lock_s),
     W(z, 2); MB(); r[2][0] = R(x), , Z6_SEEN)
TEST(Z6_locks, 3,
     lock(&lock_s); W(x, 1); W(y, 1); UNLOCK(lock_s),
     lock(&lock_s); r[1][0] = R(y); W(z, 1); UNLOCK(lock_s),
     W(z, 2); MB(); r[2][0] = R(x), , Z6_SEEN)
TEST(Z6_relacq, 3, W(x, 1); L(y, 1), r[1][0] = A(y); L(z, 1),
     W(z, 2); MB(); r[2][0] = R(x), , Z6_SEEN)

/* S: the outcome can happen, N: never. Columns: lkmm, sc, tso, arm, llsc. */
static const struct litmus {
	const char *name;
	unsigned int nr_threads;
	void (*threads)(unsigned int t);
	bool (*exists)(void);
	const char *verdicts;
} tests[] = {
#define T(linux_name, n, id, verdicts) { linux_name, n, id##_threads, id##_exists, verdicts }
	T("CoRR+poonceonce+Once", 2, CoRR, "NNNNN"),
	T("CoRW+poonceonce+Once", 2, CoRW, "NNNNN"),
	T("CoWR+poonceonce+Once", 2, CoWR, "NNNNN"),
	T("CoWW+poonceonce", 1, CoWW, "NNNNN"),
	T("IRIW+fencembonceonces+OnceOnce", 4, IRIW_mb, "NNNNN"),
	T("IRIW+poonceonces+OnceOnce", 4, IRIW_po, "SNNSS"),
	T("ISA2+pooncelock+pooncelock+pombonce", 3, ISA2_locks, "NNNNN"),
	T("ISA2+poonceonces", 3, ISA2_po, "SNNSS"),
	T("ISA2+pooncerelease+poacquirerelease+poacquireonce", 3, ISA2_relacq, "NNNNN"),
	T("LB+fencembonceonce+ctrlonceonce", 2, LB_mb_ctrl, "NNNNN"),
	T("LB+poacquireonce+pooncerelease", 2, LB_acq_rel, "NNNNN"),
	T("LB+poonceonces", 2, LB_po, "SNNNN"),
	T("LB+unlocklockonceonce+poacquireonce", 2, LB_locks, "NNNNN"),
	T("MP+fencewmbonceonce+fencermbonceonce", 2, MP_wmb_rmb, "NNNNN"),
	T("MP+onceassign+derefonce", 2, MP_deref, "NNNNN"),
	T("MP+polockmbonce+poacquiresilsil", 2, MP_lockmb_silsil, "NNNNN"),
	T("MP+polockonce+poacquiresilsil", 2, MP_lock_silsil, "SNNSS"),
	T("MP+polocks", 2, MP_locks, "NNNNN"),
	T("MP+poonceonces", 2, MP_po, "SNNSS"),
	T("MP+pooncerelease+poacquireonce", 2, MP_rel_acq, "NNNNN"),
	T("MP+porevlocks", 2, MP_revlocks, "NNNNN"),
	T("MP+unlocklockonceonce+fencermbonceonce", 2, MP_unlocklock, "NNNNN"),
	T("R+fencembonceonces", 2, R_mb, "NNNNN"),
	T("R+poonceonces", 2, R_po, "SNSSS"),
	T("S+fencewmbonceonce+poacquireonce", 2, S_wmb_acq, "NNNNN"),
	T("S+poonceonces", 2, S_po, "SNNSS"),
	T("SB+fencembonceonces", 2, SB_mb, "NNNNN"),
	T("SB+poonceonces", 2, SB_po, "SNSSS"),
	T("SB+rfionceonce-poonceonces", 2, SB_rfi, "SNSSS"),
	T("WRC+poonceonces+Once", 3, WRC_po, "SNNSS"),
	T("WRC+pooncerelease+fencermbonceonce+Once", 3, WRC_rel_rmb, "NNNNN"),
	T("Z6.0+pooncelock+poonceLock+pombonce", 3, Z6_lock_Lock, "NNNNN"),
	T("Z6.0+pooncelock+pooncelock+pombonce", 3, Z6_locks, "SNNNN"),
	T("Z6.0+pooncerelease+poacquirerelease+fencembonceonce", 3, Z6_relacq, "SNNNN"),
	/* Not of that collection: barriers in pairs. */
	T("SB+heavy+light", 2, SB_heavy_light, "NNNNN"),
	T("SB+light+light", 2, SB_lights, "SNSSS"),
	T("SB+heavy+po", 2, SB_heavy_po, "SNSSS"),
	T("MP+light+heavy", 2, MP_light_heavy, "NNNNN"),
	T("MP+heavy+light", 2, MP_heavy_light, "NNNNN"),
	T("MP+light+light", 2, MP_lights, "SNNSS"),
	T("R+light+heavy", 2, R_light_heavy, "NNNNN"),
	T("SB+light+light+heavy", 3, SB_lights_heavy, "SNSSS"),
	T("3.SB+heavy+light+light", 3, SB3_heavy, "SNSSS"),
	T("3.SB+heavy+heavy+light", 3, SB3_heavies, "NNNNN"),
};

struct mc_client mc_client;
static const struct litmus *test;
static bool seen;

static void setup(void)
{
	p = &v;
	memset(r, 0, sizeof(r));
}

/* exists() may name a location that no thread reached: first let it be known. */
static void final(void)
{
	loc_of(&x, 4);
	loc_of(&y, 4);
	loc_of(&z, 4);
	seen |= test->exists();
}

static const char *verdict(char c)
{
	return c == 'S' ? "Sometimes" : "Never";
}

int main(void)
{
	unsigned int nr = sizeof(tests) / sizeof(tests[0]), wrong = 0;

	printf("%-52s %-10s %-10s %-10s %-10s %s\n", "", "lkmm", "sc", "tso", "arm", "llsc");
	for (test = tests; test < tests + nr; test++) {
		printf("%-52s %-10s", test->name, verdict(test->verdicts[0]));
		mc_client = (struct mc_client){ .name = test->name, .nr_threads = test->nr_threads,
			.setup = setup, .thread = test->threads, .final = final };
		for (unsigned int m = 0; m < NR_MODELS; m++) {
			char got;

			opt.model = m;
			opt.keep_going = true;
			seen = false;
			explore();
			got = seen ? 'S' : 'N';
			printf(" %-10s", verdict(got));
			if (got != test->verdicts[m + 1]) {
				printf("<- expected %s ", verdict(test->verdicts[m + 1]));
				wrong++;
			}
		}
		printf("\n");
	}
	printf("%u verdicts, %u wrong\n", nr * NR_MODELS, wrong);
	return wrong != 0;
}
