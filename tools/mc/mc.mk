# SPDX-License-Identifier: GPL-2.0-only
#
# The model checker: `make mc` checks the spinlocks of locks.def with two and
# three threads under every model, the explorer's own litmus tests and counts;
# `make mc LOCK=ticket N=4 MODEL=arm` one of them. `make mc-full` is the long run.

HOSTCC ?= cc
MC_O := build/mc
MC_CFLAGS := -std=gnu11 -O2 -g -no-pie -fno-pie -fno-optimize-sibling-calls -fno-strict-aliasing \
	-D_GNU_SOURCE -Wall -Wextra -Wno-sign-compare -Wno-unused-parameter \
	-I$(MC_O)/layers -Ilib/locking/include -Itools/mc -Ilib/locking/port/check \
	$(if $(filter 1,$(WERROR)),-Werror)
MC_ENGINE := $(patsubst %,$(MC_O)/%.o,$(addprefix tools/mc/,\
	explore grow model symmetry graph fiber access plain sync report replay symbols))
MC_MAIN := $(MC_O)/tools/mc/main.o

$(MC_O)/layers/base:
	@mkdir -p $(@D) && ln -sfn $(abspath include/base) $@

$(MC_O)/tools/mc/%.o: tools/mc/%.c $(wildcard tools/mc/*.h) lib/locking/port/check/mc.h | $(MC_O)/layers/base
	$(call say,HOSTCC,$<)mkdir -p $(@D) && $(HOSTCC) $(MC_CFLAGS) -c -o $@ $<

$(MC_O)/litmus: tests/litmus/litmus.c $(MC_ENGINE)
	$(call say,HOSTCC,$@)$(HOSTCC) $(MC_CFLAGS) -o $@ $^

.PHONY: mc mc-full
mc: $(MC_O)/litmus $(MC_ENGINE) $(MC_MAIN)	## model-check the locks: LOCK=name N=threads MODEL=sc|tso|arm|llsc
	@scripts/mc --objects "$(MC_ENGINE) $(MC_MAIN)" --out $(MC_O) --cc "$(HOSTCC)" --cflags "$(MC_CFLAGS)" \
		$(if $(LOCK),--lock $(LOCK)) $(if $(N),--threads $(N)) $(if $(MODEL),--model $(MODEL))

mc-full: $(MC_O)/litmus $(MC_ENGINE) $(MC_MAIN)	## the long model-checking runs
	@scripts/mc --full --objects "$(MC_ENGINE) $(MC_MAIN)" --out $(MC_O) --cc "$(HOSTCC)" --cflags "$(MC_CFLAGS)"

.PHONY: mutants mutants-quick
mutants: $(MC_ENGINE) $(MC_MAIN)	## break each lock on purpose: something must notice
	@MC_OBJECTS='$^' nice scripts/mutants $(if $(PAGE),--page $(PAGE)) '$(T)'
mutants-quick: $(MC_ENGINE) $(MC_MAIN)	## those that the checker notices
	@MC_OBJECTS='$^' scripts/mutants --quick '$(T)'
