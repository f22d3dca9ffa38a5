/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Tests in the kernel world: <kernel/selftest.h> as it is.
 */
#ifndef PORT_KERNEL_TESTING_H
#define PORT_KERNEL_TESTING_H

#include <kernel/printk.h>
#include <kernel/selftest.h>

#define test_print(...)	pr_info(__VA_ARGS__)

#endif
