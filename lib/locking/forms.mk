# SPDX-License-Identifier: GPL-2.0-only
#
# Mutex, ww_mutex and rw_semaphore have two forms, one page or the other: those in rt/,
# with CONFIG_PREEMPT_RT, or these, without.

NOT_RT := $(addprefix lib/locking/sleep/,$(addsuffix .c,mutex mutex_word_test ww_mutex_queue rwsem \
	rwsem_spin rwsem_wake rwsem_scene_test))
