/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * What the clients of wound/wait mutexes share.
 */
#ifndef WW_SCENE_H
#define WW_SCENE_H

#include <locking/ww_mutex.h>

/*
 * At a depth of its own on the stack: the wake_q there is a location, and begins empty
 * only once.
 */
static noinline void ww_unlock_deeper(struct ww_mutex *lock)
{
	char below[1024];

	__asm__ volatile("" : : "r"(below) : "memory");
	ww_mutex_unlock(lock);
	__asm__ volatile("" : : "r"(below) : "memory");
}

#endif
