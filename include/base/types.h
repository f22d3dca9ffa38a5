/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * The integer names the whole tree uses, as Linux spells them.
 */
#ifndef BASE_TYPES_H
#define BASE_TYPES_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

typedef uint8_t u8;
typedef uint16_t u16;
typedef uint32_t u32;
typedef unsigned long long u64;	/* %llu on every architecture */
typedef int8_t s8;
typedef int16_t s16;
typedef int32_t s32;
typedef long long s64;

typedef u64 phys_addr_t;
typedef long ssize_t;
typedef s64 ktime_t;		/* nanoseconds since boot */

#endif
