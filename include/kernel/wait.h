/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Wait queues are the lock library's: one source for the kernel, for pthreads and
 * for the checker.
 */
#ifndef KERNEL_WAIT_H
#define KERNEL_WAIT_H

#include <locking/wait.h>

#endif
