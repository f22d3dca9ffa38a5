/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Error numbers, with Linux's values: functions return them negated.
 */
#ifndef BASE_ERRNO_H
#define BASE_ERRNO_H

#define EPERM		1
#define ENOENT		2
#define ESRCH		3
#define EINTR		4
#define EIO		5
#define E2BIG		7
#define EAGAIN		11
#define ENOMEM		12
#define EFAULT		14
#define EBUSY		16
#define EEXIST		17
#define ENODEV		19
#define EINVAL		22
#define ENOSPC		28
#define ERANGE		34
#define EDEADLK		35
#define ENAMETOOLONG	36
#define ENOSYS		38
#define ETIME		62
#define EOPNOTSUPP	95
#define EALREADY	114
#define ETIMEDOUT	110
#define ECANCELED	125
#define EOWNERDEAD	130

#define MAX_ERRNO	4095

#ifndef __ASSEMBLER__

#define IS_ERR_VALUE(x)	((unsigned long)(void *)(x) >= (unsigned long)-MAX_ERRNO)

static inline void *ERR_PTR(long error)
{
	return (void *)error;
}

static inline long PTR_ERR(const void *ptr)
{
	return (long)ptr;
}

static inline _Bool IS_ERR(const void *ptr)
{
	return IS_ERR_VALUE(ptr);
}

#endif

#endif
