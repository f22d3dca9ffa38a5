# SPDX-License-Identifier: GPL-2.0-only
#
# lib/locking on the host: the same sources, the pthread world; and its long tests.

HOST_CC ?= gcc
HOST_O ?= build/host
HOST_THREADS ?= 4
HOST_CFLAGS := -std=gnu11 -O2 -g -DPORT_PTHREAD -DCONFIG_SMP=1 \
	-Wall -Wextra -Wno-unused-parameter \
	-Wno-sign-compare -Wno-missing-field-initializers -Wundef -Werror -fno-strict-aliasing \
	-pthread -Ilib/locking/include -I$(HOST_O)/layers/base
HOST_SRC := $(wildcard $(addsuffix /*.c,\
	$(addprefix lib/locking/,spin rw sleep rcu debug port/pthread))) \
	$(filter-out lib/base/string.c,$(wildcard lib/base/*.c))
# The forms of CONFIG_PREEMPT_RT, and the tests that are about them.
HOST_RT_TESTS := $(addprefix %/,$(addsuffix _test.c,mutex ww_mutex semaphore rwsem condvar owned))
HOST_RT_SRC := $(filter-out $(NOT_RT),$(filter-out %_test.c,$(HOST_SRC)) \
	$(filter $(HOST_RT_TESTS),$(HOST_SRC))) $(wildcard lib/locking/rt/*.c)
HOST_HDR := $(wildcard lib/locking/include/locking/*.h lib/locking/port/*.h \
	lib/locking/port/pthread/*.h lib/locking/sleep/*.h \
	lib/locking/*.def include/base/*.h)

# $(1): name, $(2): compiler, $(3): flags, $(4): sources
define host_program
$(HOST_O)/$(1): $(4) $(HOST_HDR) lib/locking/host.mk
	@mkdir -p $$(@D)/layers/base && ln -sfn $(abspath include/base) $$(@D)/layers/base/base
	@printf '  %-7s %s\n' HOSTCC $$@
	@$(2) $(HOST_CFLAGS) $(3) -o $$@ $(4)
endef
# A waiter on the stack is off its list when the wait returns; gcc cannot see that.
HOST_GCC := gcc -Wno-dangling-pointer
$(eval $(call host_program,host-test-gcc,$(HOST_GCC),,$(HOST_SRC)))
$(eval $(call host_program,host-test-clang,clang,,$(HOST_SRC)))
$(eval $(call host_program,host-test-tsan-gcc,$(HOST_GCC),-fsanitize=thread -Wno-tsan,$(HOST_SRC)))
$(eval $(call host_program,host-test-tsan-clang,clang,-fsanitize=thread,$(HOST_SRC)))
HOST_RT := -DCONFIG_PREEMPT_RT=1
$(eval $(call host_program,host-test-rt-gcc,$(HOST_GCC),$(HOST_RT),$(HOST_RT_SRC)))
$(eval $(call host_program,host-test-rt-tsan-clang,clang,$(HOST_RT) -fsanitize=thread,\
	$(HOST_RT_SRC)))
HOST_TESTS := $(addprefix $(HOST_O)/host-test-,gcc clang tsan-gcc tsan-clang rt-gcc \
	rt-tsan-clang)

# For scripts/mutants.
.PHONY: host-rt-sources
host-rt-sources:
	@echo $(HOST_RT_SRC)

.PHONY: host-test
host-test: $(HOST_TESTS)	## the libraries' selftests on pthreads: gcc, clang, TSan
	@for t in $(HOST_TESTS); do \
		echo "# $$t"; timeout 300 $$t -c $(HOST_THREADS) > $$t.log 2>&1 && tail -1 $$t.log \
		|| { cat $$t.log; exit 1; }; \
	done

$(O)/tests/codegen/codegen.c.o: INC = $(INC_KERNEL)

# Nothing that tests: the locks, the world, the benchmark.
BENCH_SRC := $(filter-out %_test.c %/main.c,$(HOST_SRC)) tests/bench/host_bench.c
$(HOST_O)/host-bench: $(BENCH_SRC) $(HOST_HDR) lib/locking/host.mk
	@mkdir -p $(@D)/layers/base && ln -sfn $(abspath include/base) $(@D)/layers/base/base
	@printf '  %-7s %s\n' HOSTCC $@
	@$(HOST_GCC) $(HOST_CFLAGS) -Wno-unused-parameter -o $@ $(BENCH_SRC)

.PHONY: host-bench
host-bench:			## our locks against libc's and Concurrency Kit's
	$(DEPS) run bench
	@$(SUBMAKE) $(HOST_O)/host-bench
	@$(HOST_O)/host-bench

.PHONY: torture

# A number to reach (COUNT) needs hand-overs that cost no time slice of the host's: there the
# CPUs run in turn in one host thread, unless ACCEL says otherwise.
TORTURE_SECONDS ?= $(if $(COUNT),3600,5)
TORTURE_ACCEL := $(if $(and $(COUNT),$(filter file,$(origin ACCEL))),tcg-single,$(ACCEL))
BROKEN := scripts/run-qemu --cpus $(CPUS) --accel $(ACCEL) --timeout 60 --quiet
torture: $(KERNEL)		## each lock, all contexts: LOCK= TORTURE_SECONDS= COUNT=
	@scripts/run-qemu --cpus $(CPUS) --accel $(TORTURE_ACCEL) --timeout 14400 --quiet $(KERNEL) \
		'run="torture $(or $(LOCK),all) $(TORTURE_SECONDS) $(COUNT)"' exit=poweroff
	@$(BROKEN) --expect "torture busted       FAILED" $(KERNEL) 'run="torture busted 1"' exit=poweroff
	@$(BROKEN) --expect "torture busted_rwsem FAILED" $(KERNEL) 'run="torture busted_rwsem 2"' \
		exit=poweroff
	@$(BROKEN) --expect "torture busted_mutex FAILED" $(KERNEL) 'run="torture busted_mutex 1"' \
		exit=poweroff
	@$(BROKEN) --expect "which nobody holds" $(KERNEL) hung_task_timeout=3 hung_task_panic \
		'run="torture busted_wakeup 1"' exit=poweroff
