/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Misuse of mutexes and wound/wait mutexes: each way is reported, once. Those that
 * would not end are boots of their own: tests/qemu/locks.table.
 */
#include <kernel/sched.h>
#include <locking/testing.h>
#include <locking/ww_mutex.h>

static struct mutex mutex;
static struct mutex never_initialised;
static DEFINE_WW_CLASS(class);
static DEFINE_WW_CLASS(other_class);
static struct ww_mutex first, second;
static struct ww_acquire_ctx ctx;

static void double_unlock(void)
{
	mutex_lock(&mutex);
	mutex_unlock(&mutex);
	mutex_unlock(&mutex);
}

static void uninitialised(void)
{
	mutex_unlock(&never_initialised);
}

static void init_while_held(void)
{
	mutex_lock(&mutex);
	mutex_init(&mutex);
}

static void destroy_while_held(void)
{
	mutex_lock(&mutex);
	mutex_destroy(&mutex);
}

static void wrong_class(void)
{
	ww_acquire_init(&ctx, &other_class);
	(void)!ww_mutex_lock(&first, &ctx);
}

static void lock_after_done(void)
{
	ww_acquire_init(&ctx, &class);
	ww_acquire_done(&ctx);
	(void)!ww_mutex_lock(&first, &ctx);
}

static void second_done(void)
{
	ww_acquire_init(&ctx, &class);
	ww_acquire_done(&ctx);
	ww_acquire_done(&ctx);
}

static void fini_while_held(void)
{
	ww_acquire_init(&ctx, &class);
	(void)!ww_mutex_lock(&first, &ctx);
	ww_acquire_fini(&ctx);
}

static void second_fini(void)
{
	ww_acquire_init(&ctx, &class);
	ww_acquire_fini(&ctx);
	ww_acquire_fini(&ctx);
}

static void slow_without_refusal(void)
{
	ww_acquire_init(&ctx, &class);
	ww_mutex_lock_slow(&first, &ctx);
}

static void other_than_refused(void)
{
	ww_acquire_init(&ctx, &class);
#ifdef CONFIG_DEBUG_LOCKS
	ctx.contending = &second;
#endif
	(void)!ww_mutex_lock(&first, &ctx);
}

static void wrong_unlock_function(void)
{
	ww_acquire_init(&ctx, &class);
	(void)!ww_mutex_lock(&first, &ctx);
	mutex_unlock(&first.base);
	ww_acquire_init(&ctx, &class);
	(void)!ww_mutex_trylock(&first, &ctx);
}

static void nested_context(void)
{
	struct ww_acquire_ctx inner;

	ww_acquire_init(&ctx, &class);
	ww_acquire_init(&inner, &class);
	ww_acquire_fini(&inner);
}

static void second_init(void)
{
	ww_acquire_init(&ctx, &class);
	ww_acquire_init(&ctx, &class);
}

static void slow_while_held(void)
{
	ww_acquire_init(&ctx, &class);
	(void)!ww_mutex_lock(&first, &ctx);
#ifdef CONFIG_DEBUG_LOCKS
	ctx.contending = &second;
#endif
	ww_mutex_lock_slow(&second, &ctx);
}

static void trylock_with_done_context(void)
{
	ww_acquire_init(&ctx, &class);
	ww_acquire_done(&ctx);
	(void)!ww_mutex_trylock(&first, &ctx);
}

/* Held already: -EALREADY, which is not one more to unlock. */
static void already_taken_for_taken(void)
{
	ww_acquire_init(&ctx, &class);
	(void)!ww_mutex_lock(&first, &ctx);
	(void)!ww_mutex_lock(&first, &ctx);
	ww_mutex_unlock(&first);
	ww_mutex_unlock(&first);
}

static const struct {
	const char *name;
	void (*fn)(void);
} misuses[] = {
	{ "double unlock", double_unlock },
	{ "uninitialised", uninitialised },
	{ "initialised while held", init_while_held },
	{ "destroyed while held", destroy_while_held },
	{ "class mismatch", wrong_class },
	{ "lock after ww_acquire_done()", lock_after_done },
	{ "second ww_acquire_done()", second_done },
	{ "ww_acquire_fini() while held", fini_while_held },
	{ "second ww_acquire_fini()", second_fini },
	{ "slow lock without -EDEADLK", slow_without_refusal },
	{ "lock of another than the refused one", other_than_refused },
	{ "unlock by mutex_unlock()", wrong_unlock_function },
	{ "nested acquire context of one class", nested_context },
	{ "second ww_acquire_init()", second_init },
	{ "slow lock with others held", slow_while_held },
	{ "trylock after ww_acquire_done()", trylock_with_done_context },
	{ "-EALREADY taken for a lock", already_taken_for_taken },
};

/* What a misuse left behind does not reach the next: memory that is no lock yet. */
static void fresh(void)
{
#ifdef CONFIG_DEBUG_LOCKS
	memset(port_held_locks(), 0, sizeof(*port_held_locks()));
#endif
	memset(&mutex, 0, sizeof(mutex));
	memset(&first, 0, sizeof(first));
	memset(&second, 0, sizeof(second));
	mutex_init(&mutex);
	ww_mutex_init(&first, &class);
	ww_mutex_init(&second, &class);
}

SELFTEST(mutex, misuse_is_reported)
{
	if (!IS_ENABLED(CONFIG_DEBUG_LOCKS))
		SELFTEST_SKIP("only CONFIG=debug notices");
	for (size_t i = 0; i < ARRAY_SIZE(misuses); i++) {
		unsigned int reports;

		fresh();
		migrate_disable();
		port_expect_reports(true);
		misuses[i].fn();
		reports = port_reports();
		port_expect_reports(false);
		migrate_enable();
		fresh();
		if (!reports)
			selftest_fail(t, __FILE__, __LINE__, "%s: not reported", misuses[i].name);
	}
}
