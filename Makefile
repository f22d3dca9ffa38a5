# SPDX-License-Identifier: GPL-2.0-only
#
# Lockstep's build. Sources are found by wildcard, one list a folder; everything
# made goes below $(O). `make help` prints the targets and the variables.

MAKEFLAGS += --no-builtin-rules --no-builtin-variables --no-print-directory
SHELL := /bin/sh
.DELETE_ON_ERROR:
.SUFFIXES:
.DEFAULT_GOAL := all

# ---- variables, with what each accepts ----------------------------------------

ARCH ?= x86_64
CONFIG ?= defconfig
ifeq ($(origin CC),default)
CC := gcc
endif
CC ?= gcc
WERROR ?= 0
V ?= 0
CPUS ?= 8
ACCEL ?= tcg
ARGS ?=
MENU_SECONDS ?= 3
T ?= *

ARCHES := x86_64 arm64
CONFIGS := $(sort $(patsubst configs/$(ARCH)_%.config,%,$(wildcard configs/$(ARCH)_*.config)))

# $(call one_of,VARIABLE,accepted values)
one_of = $(if $(and $(filter 1,$(words $($(1)))),$(filter $($(1)),$(2))),,\
	$(error $(1)=$($(1)): accepted are: $(2)))

$(call one_of,ARCH,$(ARCHES))
$(call one_of,CONFIG,$(CONFIGS))
$(call one_of,WERROR,0 1)
$(call one_of,V,0 1)
$(call one_of,ACCEL,tcg tcg-single icount kvm hvf)
# Of make mc; others may mean something else by these in their environment.
$(if $(filter command,$(origin N)),$(call one_of,N,1 2 3 4 5 6 7 8))
$(if $(filter command,$(origin MODEL)),$(call one_of,MODEL,sc tso arm llsc))
ifneq ($(shell echo '$(CPUS)' | awk '/^[0-9]+$$/ && $$1 >= 1 && $$1 <= 255 { print "ok" }'),ok)
$(error CPUS=$(CPUS): accepted are: 1 to 255)
endif
ifeq ($(filter clang% %clang gcc% %gcc,$(notdir $(CC))),)
$(error CC=$(CC): accepted are: gcc, clang, or a cross compiler such as x86_64-elf-gcc)
endif

# What may be set on make's command line; a name that nothing reads is refused.
VARIABLES := ARCH CONFIG CPUS ACCEL ARGS BOOT CC CROSS_COMPILE WERROR V O T BENCH_ARGS \
	MENU_SECONDS HOST_CC HOSTCC HOST_O HOST_THREADS LOCK N MODEL LOCKS TORTURE_SECONDS COUNT PAGE
NEAREST := import difflib, sys; \
	print(*difflib.get_close_matches(sys.argv[1].upper(), sys.argv[2:], 1, 0.6))
nearest = $(shell python3 -c '$(NEAREST)' '$(1)' $(VARIABLES) 2>/dev/null)
did_you_mean = $(if $(1), did you mean $(1)?)
unknown_variable = $(error $(1)=: nothing reads $(1);$(call did_you_mean,$(call nearest,$(1))) \
	accepted are: $(VARIABLES))
$(foreach v,$(.VARIABLES),$(if $(filter command line,$(origin $(v))),\
	$(if $(filter $(VARIABLES) -*-% MAKEFLAGS,$(v)),,$(call unknown_variable,$(v)))))

CC_IS_CLANG := $(findstring clang,$(notdir $(CC)))
# What make run boots: the GRUB ISO, or the ELF itself (faster; the only way on arm64).
HOST_MACHINE := $(shell uname -m)
HOST_SYSTEM := $(shell uname -s)
BOOT ?= $(if $(and $(filter x86_64,$(ARCH)),$(filter x86_64 amd64,$(HOST_MACHINE))),iso,direct)
$(call one_of,BOOT,direct $(if $(filter x86_64,$(ARCH)),iso))

O ?= build/$(ARCH)-$(CONFIG)$(if $(filter gcc,$(CC)),,-$(notdir $(CC)))
KERNEL := $(O)/lockstep.elf
ISO := $(O)/lockstep.iso

# ---- configuration --------------------------------------------------------------

CONFIG_FILE := configs/$(ARCH)_$(CONFIG).config
include $(CONFIG_FILE)
AUTOCONF := $(O)/include/generated/autoconf.h

# ---- tools ------------------------------------------------------------------------

triple.x86_64 := x86_64-linux-gnu
triple.arm64 := aarch64-linux-gnu
machine.x86_64 := x86_64 amd64
machine.arm64 := aarch64 arm64

NATIVE := $(and $(filter Linux,$(HOST_SYSTEM)),$(filter $(machine.$(ARCH)),$(HOST_MACHINE)))

ifneq ($(CC_IS_CLANG),)
CROSS_COMPILE ?=
KCC := $(CC) --target=$(triple.$(ARCH))
LD := ld.lld
NM := $(firstword $(shell command -v llvm-nm nm 2>/dev/null) nm)
else ifeq ($(CC),gcc)
elf.x86_64 := x86_64-elf-
elf.arm64 := aarch64-elf-
CROSS_COMPILE ?= $(if $(NATIVE),,\
	$(if $(filter Linux,$(HOST_SYSTEM)),$(triple.$(ARCH))-,$(elf.$(ARCH))))
KCC := $(CROSS_COMPILE)gcc
LD := $(CROSS_COMPILE)ld
NM := $(CROSS_COMPILE)nm
else
CROSS_COMPILE ?= $(patsubst %gcc,%,$(CC))
KCC := $(CC)
LD := $(CROSS_COMPILE)ld
NM := $(CROSS_COMPILE)nm
endif

# ---- flags ------------------------------------------------------------------------

# -Wno-unused-parameter: callbacks have the signature of their table.
# -Wno-sign-compare: sizes meet ints from Linux's API all over; -Wextra has it on.
# -Wno-missing-field-initializers: tables name the fields they set.
WARNINGS := -Wall -Wextra -Wno-unused-parameter -Wno-sign-compare \
	-Wno-missing-field-initializers -Wstrict-prototypes -Wmissing-prototypes \
	-Wundef -Wvla
ifneq ($(CC_IS_CLANG),)
# clang objects to ({ }) and ##__VA_ARGS__ only under -pedantic; what is left:
# -Wno-initializer-overrides: a test may override a default of its SELFTEST().
WARNINGS += -Wno-initializer-overrides
else
WARNINGS += -Wno-override-init
endif
ifneq ($(CONFIG_SMP),y)
# Loops over other CPUs, which never run then, index arrays of one element.
WARNINGS += -Wno-array-bounds
endif
ifeq ($(WERROR),1)
WARNINGS += -Werror
endif

CFLAGS_COMMON := -std=gnu11 -O2 -g -ffreestanding -fno-pic -fno-strict-aliasing -fno-common \
	-fno-delete-null-pointer-checks -fno-omit-frame-pointer -mno-omit-leaf-frame-pointer \
	-fno-optimize-sibling-calls \
	-fno-stack-protector -fno-asynchronous-unwind-tables -fno-unwind-tables \
	-include $(AUTOCONF) $(WARNINGS)
ifeq ($(CC_IS_CLANG),)
CFLAGS_COMMON += -fno-pie
endif

# arch.mk sets ARCH_CFLAGS, ARCH_ASFLAGS, ARCH_LDFLAGS, LINK_CPPFLAGS.
include arch/$(ARCH)/arch.mk

LDFLAGS := -nostdlib -static --no-dynamic-linker -z noexecstack -z max-page-size=4096 \
	--build-id=none --orphan-handling=error $(ARCH_LDFLAGS)

ifeq ($(CONFIG_UBSAN),y)
CFLAGS_UBSAN := -fsanitize=undefined -fno-sanitize=alignment
endif

# What each layer can see (ARCHITECTURE.md, 2). A folder of links shows
# include/base without its neighbours.
LAYER_BASE := $(O)/layers/base
INC_BASE := -I$(LAYER_BASE)
INC_KERNEL := -Iinclude -Iarch/$(ARCH)/include -Ilib/locking/include \
	-Ilib/locking/port/kernel/include -I.

# ---- objects ----------------------------------------------------------------------

source = $(wildcard $(addsuffix /*.c,$(1)) $(addsuffix /*.S,$(1)))
SRC_BASE := $(call source,lib/base)
include lib/locking/forms.mk
RT := $(filter y,$(CONFIG_PREEMPT_RT))
SRC_LOCKING := $(filter-out $(if $(RT),$(NOT_RT)),\
	$(call source,$(addprefix lib/locking/,spin rw sleep rcu debug $(if $(RT),rt))))
SRC_KERNEL := $(call source,boot/$(ARCH) arch/$(ARCH) kernel lib/locking/port/kernel) \
	$(wildcard boot/*.c)
SRC := $(SRC_BASE) $(SRC_LOCKING) $(SRC_KERNEL)
# Where softirqs are served: one page of the two.
SRC := $(filter-out kernel/softirq_$(if $(RT),direct,rt).c,$(SRC))
ifneq ($(CONFIG_SELFTEST),y)
SRC := $(filter-out %_test.c,$(SRC))
endif
TESTS := $(filter %_test.c,$(SRC))

objects = $(addprefix $(O)/,$(addsuffix .o,$(1)))
OBJ := $(call objects,$(SRC))

# The sanitizer's own reports, and code that runs before it could report, go without.
NO_UBSAN := $(call objects,kernel/ubsan.c $(filter boot/%,$(SRC)))

$(OBJ): INC = $(INC_KERNEL)
$(call objects,$(filter-out %_test.c,$(filter lib/base/%,$(SRC)))): INC = $(INC_BASE)
$(filter-out $(NO_UBSAN),$(filter %.c.o,$(OBJ))): SANITIZE = $(CFLAGS_UBSAN)

# It implements memset(): no loop of it may be turned into a call of memset().
ifeq ($(CC_IS_CLANG),)
$(O)/lib/base/string.c.o: CFLAGS_FILE = -fno-tree-loop-distribute-patterns
endif

CFLAGS = $(CFLAGS_COMMON) $(ARCH_CFLAGS) $(INC) $(SANITIZE) $(CFLAGS_FILE)
ASFLAGS = -g -D__ASSEMBLY__ -include $(AUTOCONF) $(ARCH_ASFLAGS) $(INC)

# ---- rules ------------------------------------------------------------------------

Q := $(if $(filter 1,$(V)),,@)
say = $(if $(filter 1,$(V)),,@printf '  %-7s %s\n' '$(1)' '$(2)';)

.PHONY: all
all: $(KERNEL)			## build the kernel: $(O)/lockstep.elf
	@:

.PHONY: objects
objects: $(OBJ)			# compile only
	@:

# Rebuild what was built with other flags.
FLAGS_LINE := $(KCC) $(CFLAGS_COMMON) $(ARCH_CFLAGS) $(ARCH_ASFLAGS) $(CFLAGS_UBSAN) \
	$(INC_KERNEL) $(LDFLAGS)
.PHONY: FORCE
FORCE:
$(O)/flags: FORCE
	@command -v $(firstword $(KCC)) >/dev/null || { echo 'CC=$(CC): there is no' \
		'$(firstword $(KCC)) on this machine; scripts/deps installs what it knows' >&2; exit 1; }
	@mkdir -p $(O)
	@echo '$(FLAGS_LINE)' | cmp -s - $@ || echo '$(FLAGS_LINE)' > $@

$(AUTOCONF): $(CONFIG_FILE)
	$(call say,GEN,$@)mkdir -p $(@D) && awk -F= '\
		/^CONFIG_[A-Z0-9_]+=y$$/ { print "#define " $$1 " 1"; next } \
		/^CONFIG_[A-Z0-9_]+=/ { sub(/=/, " "); print "#define " $$0; next } \
		/^#/ || /^[ \t]*$$/ { next } \
		{ print FILENAME ":" FNR ": not an answer: " $$0 > "/dev/stderr"; bad = 1 } \
		END { exit bad }' $< > $@

$(LAYER_BASE)/base:
	@mkdir -p $(@D) && ln -sfn $(abspath include/base) $@

$(O)/%.c.o: %.c $(AUTOCONF) $(O)/flags | $(LAYER_BASE)/base
	$(call say,CC,$<)mkdir -p $(@D) && $(KCC) $(CFLAGS) -MMD -MP -c -o $@ $<

$(O)/%.S.o: %.S $(AUTOCONF) $(O)/flags
	$(call say,AS,$<)mkdir -p $(@D) && $(KCC) $(ASFLAGS) -MMD -MP -c -o $@ $<

$(O)/linker.lds: linker.ld $(AUTOCONF) $(O)/flags
	$(call say,GEN,$@)$(KCC) -E -P -x c -D__ASSEMBLY__ -D__LINKER__ -include $(AUTOCONF) \
		$(INC_KERNEL) $(LINK_CPPFLAGS) -MMD -MP -MF $@.d -MT $@ -o $@ $<

# Linked twice: the symbol table is made from the first image. It lies behind the
# code, so that it moves no function.
link = $(LD) $(LDFLAGS) -T $(O)/linker.lds -o $@ $(filter %.o,$^)
ifneq ($(wildcard scripts/symbols),)
$(O)/lockstep.1.elf: $(OBJ) $(O)/linker.lds
	$(call say,LD,$@)$(link)
$(O)/symbols.S: $(O)/lockstep.1.elf scripts/symbols
	$(call say,GEN,$@)$(NM) -n $< > $(O)/symbols.nm && \
		scripts/symbols < $(O)/symbols.nm > $@
$(O)/symbols.o: $(O)/symbols.S
	$(call say,AS,$<)$(KCC) $(ASFLAGS) -c -o $@ $<
$(KERNEL): $(OBJ) $(O)/symbols.o $(O)/linker.lds
	$(call say,LD,$@)$(link)
	@$(NM) -n $@ | grep -i ' t ' > $(O)/text.nm; \
	grep -i ' t ' $(O)/symbols.nm | cmp -s - $(O)/text.nm || \
		{ echo 'the symbol table moved the code: see $(O)/*.nm' >&2; rm -f $@; exit 1; }
else
$(KERNEL): $(OBJ) $(O)/linker.lds
	$(call say,LD,$@)$(link)
endif

-include $(patsubst %.o,%.d,$(OBJ)) $(O)/linker.lds.d

# ---- run --------------------------------------------------------------------------

# Targets that install what they need first build in a second make, with all CPUs.
HOST_CPUS = $(shell nproc 2>/dev/null || sysctl -n hw.ncpu)
SUBMAKE = $(MAKE) $(if $(findstring jobserver,$(MAKEFLAGS)),,-j$(HOST_CPUS))
DEPS = @ARCH='$(ARCH)' CC='$(CC)' scripts/deps
EMULATOR = scripts/run-qemu --arch $(ARCH) --cpus $(CPUS) --accel $(ACCEL)

# As the menu of the ISO does: unless told otherwise, run the selftests.
RUN_ARGS = $(if $(filter file,$(origin ARGS)),selftest=*,$(ARGS))
.PHONY: run
run:				## boot in QEMU; BOOT=direct skips GRUB; ARGS="kernel command line"
	$(DEPS) run
	@$(SUBMAKE) $(if $(filter iso,$(BOOT)),$(ISO),$(KERNEL))
	@$(EMULATOR) $(if $(filter iso,$(BOOT)),$(ISO),$(KERNEL) '$(RUN_ARGS)')

.PHONY: iso
iso: $(ISO)			## a bootable ISO with GRUB (x86_64); ARGS go into its menu
$(O)/iso-args: FORCE
	@mkdir -p $(O); echo '$(MENU_SECONDS) $(ARGS)' | cmp -s - $@ || \
		echo '$(MENU_SECONDS) $(ARGS)' > $@
$(ISO): $(KERNEL) boot/grub/grub.cfg scripts/mkiso $(O)/iso-args
	$(call say,ISO,$@)scripts/mkiso $(KERNEL) boot/grub/grub.cfg $@ '$(ARGS)' $(MENU_SECONDS)

.PHONY: test
test:				## everything that must hold; T="glob ..." picks tests by name
	$(DEPS) test
	@python3 tests/qemu/run $(if $(filter-out file,$(origin ARCH)),--arch $(ARCH)) '$(T)'

.PHONY: check
check:				## style, layers, ordering pairs, docs, configurations
	@python3 scripts/check-all

.PHONY: gdb
gdb:				## boot halted under gdb, with ls-ps ls-cpus ls-chain ls-dmesg
	$(DEPS) run gdb
	@$(SUBMAKE) $(KERNEL)
	@mkdir -p build
	@scripts/gdb/session --arch $(ARCH) --cpus $(CPUS) --accel $(ACCEL) $(KERNEL) '$(ARGS)'

.PHONY: bench
bench:				## CPU and wall seconds to the prompt; BENCH_ARGS: scripts/bench --help
	$(DEPS) run
	@$(SUBMAKE) $(if $(filter x86_64,$(ARCH)),$(ISO),$(KERNEL))
	@scripts/bench --arch $(ARCH) --accel $(ACCEL) $(BENCH_ARGS) $(O)

# ---- for editors ------------------------------------------------------------------

compile_commands.json: FORCE	## a compilation database of this configuration, for editors
	@printf '%s\n' $(filter %.c,$(SRC)) | awk -v dir='$(CURDIR)' \
		-v cc='$(KCC) $(CFLAGS_COMMON) $(ARCH_CFLAGS) $(INC_KERNEL)' \
		'BEGIN { print "[" } \
		{ printf "%s{\"directory\": \"%s\", \"file\": \"%s\",\n", sep, dir, $$0; \
		  printf " \"command\": \"%s -c %s\"}\n", cc, $$0; sep = "," } \
		END { print "]" }' > $@

# ---- lib/locking on the host ------------------------------------------------------

include lib/locking/host.mk
include tools/mc/mc.mk
include tools/plugins/plugins.mk

# ---- the rest ---------------------------------------------------------------------

.PHONY: help
help:				## this list
	@echo 'Targets:'
	@awk -F: '/^[a-z_.-]+:.*##/ { t = $$1; sub(/.*##[ \t]*/, ""); \
		printf "  %-22s %s\n", t, $$0 }' $(MAKEFILE_LIST) | sort
	@echo 'Variables:'
	@echo '  ARCH=$(ARCH)    one of: $(ARCHES)'
	@echo '  CONFIG=$(CONFIG)    one of: $(CONFIGS)'
	@echo '  CPUS=$(CPUS)    1 to 255'
	@echo '  ACCEL=$(ACCEL)    one of: tcg tcg-single icount kvm hvf'
	@echo '  ARGS="..."    the kernel command line, for example ARGS="selftest=sched.*"; make run: selftest=*'
	@echo '  BOOT=$(BOOT)    iso (through GRUB, x86_64) or direct'
	@echo '  CC=$(CC)    gcc, clang, or a cross compiler (x86_64-elf-gcc)'
	@echo '  WERROR=1    warnings are errors     V=1    show commands     O=dir    build there'
	@echo '  MENU_SECONDS=$(MENU_SECONDS)    how long the ISO shows its menu'

.PHONY: clean
clean:				## remove everything that was built
	rm -rf build compile_commands.json
