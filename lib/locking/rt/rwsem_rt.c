/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Reader-writer semaphore with CONFIG_PREEMPT_RT, what is not inline. The contract is
 * <locking/rwsem.h>'s, what is different <locking/rwsem_rt.h>'s, the mechanism
 * rwbase_rt.c's.
 *
 * Linux: kernel/locking/rwsem.c, the part for CONFIG_PREEMPT_RT
 */
#include <locking/rt_mutex_waiter.h>
#include <locking/rwsem.h>

void __init_rwsem(struct rw_semaphore *sem, const char *name __maybe_unused)
{
	rwbase_init(&sem->rwbase);
#ifdef CONFIG_DEBUG_LOCKS
	sem->magic = sem;
	sem->name = name;
#endif
}

bool down_read_trylock(struct rw_semaphore *sem)
{
	rt_mutex_check_trylock(sem);
	if (!rwbase_read_trylock(&sem->rwbase))
		return false;
	rwsem_acquire_read(sem, 0, 1, _RET_IP_);
	return true;
}

bool down_write_trylock(struct rw_semaphore *sem)
{
	rt_mutex_check_trylock(sem);
	if (!rwbase_write_trylock(&sem->rwbase))
		return false;
	rwsem_acquire(sem, 0, 1, _RET_IP_);
	rwsem_debug(written, sem, _RET_IP_);
	return true;
}

void downgrade_write(struct rw_semaphore *sem)
{
	rwsem_debug(up_write, sem);
	rwbase_write_downgrade(&sem->rwbase);
}
