# SPDX-License-Identifier: GPL-2.0-only
#
# QEMU plugins: shared libraries that find QEMU's functions when it loads them.

PLUGIN_O := build/plugins
PLUGINS := $(PLUGIN_O)/count.so $(PLUGIN_O)/mesi.so
PLUGIN_LDFLAGS := -shared $(if $(filter Darwin,$(HOST_SYSTEM)),-undefined dynamic_lookup)

$(PLUGIN_O)/%.so: tools/plugins/%.c $(wildcard tools/plugins/*.h) tools/plugins/plugins.mk
	$(call say,PLUGIN,$@)mkdir -p $(@D) && $(HOST_CC) -std=gnu11 -O2 -g -fPIC -Wall -Wextra \
		-fvisibility=hidden $(PLUGIN_LDFLAGS) -o $@ $<

$(PLUGIN_O)/mesi-model-test: tests/plugins/mesi_model_test.c $(wildcard tools/plugins/*.h)
	$(call say,HOSTCC,$@)mkdir -p $(@D) && $(HOST_CC) -std=gnu11 -O2 -g -Wall -Wextra \
		-Itools/plugins -o $@ $<

.PHONY: plugins
plugins: $(PLUGINS) $(PLUGIN_O)/mesi-model-test		# what make bench-locks counts with
	@:

comma := ,
space := $(subst ,, )
# LOCKS="names" (default: all), BENCH_ARGS: see scripts/bench-locks --help
.PHONY: bench-locks
bench-locks:			## what locks cost: tables and plots in build/bench
	$(DEPS) run bench
	@$(SUBMAKE) $(KERNEL) plugins
	@scripts/bench-locks $(KERNEL) $(if $(LOCKS),--locks $(subst $(space),$(comma),$(strip $(LOCKS)))) \
		$(BENCH_ARGS)
