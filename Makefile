# pyinspect: one house, two programs, one probe.
# Settings; everything below the line follows from them.
O            ?= build
PREFIX       ?= /usr/local
DESTDIR      ?=
CFLAGS       ?= -O2 -g
FUZZ_TIME    ?= 60
FUZZ_FLAGS   ?=
# What installs missing Debian packages; DEPS=: trusts the machine as it is.
DEPS         ?= scripts/deps
WARN         := -Wall -Wextra -Wshadow -Wstrict-prototypes -Wmissing-prototypes -Wvla -Wno-unused-parameter
LIBS_INSPECT := -lunwind-x86_64 -lunwind -ldw -lelf -ljansson -lz -lzstd -llz4 -llzma
LIBS_INTERP  := -lgmp -lm -lpthread
# pkg-config name and the define that says it was found; minipy builds without them.
OPTIONAL     := libutf8proc:HAVE_UTF8PROC libedit:HAVE_LIBEDIT

# ---------------------------------------------------------------------------
ifeq ($(origin CC),default)
CC := gcc
endif
ifneq ($(SAN),)
SANFLAGS := -fsanitize=$(SAN) -fno-sanitize-recover=undefined -fno-omit-frame-pointer
override O := $(O)/san
endif
ifneq ($(FUZZ),)
SANFLAGS := -fsanitize=fuzzer-no-link,address,undefined -fno-sanitize-recover=undefined -fno-omit-frame-pointer
endif
ifneq ($(HARD),)
HARDFLAGS := -DPY_CODE_WARM=1 -DPY_GC_THRESHOLD=1 -DPY_HEAP_ARENA_SHIFT=18
override O := $(O)/hard
endif
ifneq ($(DEBUG),)
HARDFLAGS += -DPY_DEBUG_REFS
override O := $(O)/debug
endif
ifeq ($(WERROR),1)
WARN += -Werror
endif
ifeq ($(V),1)
Q :=
msg = @true
else
Q := @
msg = @printf '  %-8s %s\n' '$(1)' '$(patsubst $(O)/%,%,$(2))'
endif
# All cores unless the caller chose; a make below another one shares its jobs.
ifeq ($(MAKELEVEL)$(filter -j%,$(MAKEFLAGS)),0)
MAKEFLAGS += -j$(shell nproc)
endif

found       := $(foreach p,$(OPTIONAL),$(shell pkg-config --exists $(firstword $(subst :, ,$(p))) 2>/dev/null && echo $(p)))
DEFS_INTERP := $(foreach p,$(found),-D$(lastword $(subst :, ,$(p))))
LIBS_INTERP += $(foreach p,$(found),$(shell pkg-config --libs $(firstword $(subst :, ,$(p)))))

BASE        := -std=gnu11 -D_GNU_SOURCE -MMD -MP $(WARN) $(SANFLAGS) -Iinclude
# minipy's objects are cast between types that share a head; its eval frames are found by their frame pointer.
CC_INTERP   := $(CC) $(CFLAGS) $(BASE) $(DEFS_INTERP) $(HARDFLAGS) -Iinterp -fno-strict-aliasing -fno-omit-frame-pointer
CC_INSPECT   = $(CC) $(CFLAGS) $(BASE) $(DEFS_INSPECT) -Iinspector
LD          := $(CC) $(SANFLAGS) $(LDFLAGS)

# Tracing: BPF programs, their skeletons, the decoder that finds probe sites. Without one of these
# `pyinspect trace` says what is missing.
BPFTOOL     ?= $(firstword $(wildcard /usr/sbin/bpftool /usr/local/sbin/bpftool) bpftool)
CLANG       ?= clang
have_bpf    := $(if $(shell command -v $(CLANG)),$(if $(shell command -v $(BPFTOOL)),$(if \
	$(shell pkg-config --exists libbpf capstone 2>/dev/null && echo 1),1)))
ifeq ($(have_bpf),1)
DEFS_INSPECT := -DHAVE_BPF
LIBS_INSPECT += -lbpf
bpf_C       := bpf/session.c
else
bpf_C       := bpf/session_absent.c
endif
# Without it a crash report has the bytes of the code only.
ifeq ($(shell pkg-config --exists capstone 2>/dev/null && echo 1),1)
DEFS_INSPECT += -DHAVE_CAPSTONE
LIBS_INSPECT += -lcapstone
endif
bpf_O       := $(bpf_C:%.c=$(O)/obj/%.o)
CC_BPF      := $(CLANG) -target bpf -mcpu=v3 -O2 -g -ffreestanding -Wall -Iinclude -I/usr/include/$(shell uname -m)-linux-gnu

interp_C    := $(wildcard interp/*/*.c)
inspector_C := $(filter-out $(if $(have_bpf),,inspector/trace/finder.c inspector/trace/handlers.c \
			       inspector/trace/heap_frames.c inspector/trace/insns.c \
			       inspector/trace/jit.c inspector/trace/stores.c),$(wildcard inspector/*/*.c))
interp_O    := $(interp_C:%.c=$(O)/obj/%.o)
inspector_O := $(inspector_C:%.c=$(O)/obj/%.o)
interp_LIB_O    := $(filter-out $(O)/obj/interp/main/main.o,$(interp_O))
inspector_LIB_O := $(filter-out $(O)/obj/inspector/cmd/main.o,$(inspector_O))
unit_interp     := $(patsubst %.c,$(O)/%,$(wildcard tests/unit/interp/test_*.c))
unit_inspector  := $(patsubst %.c,$(O)/%,$(wildcard tests/unit/inspector/test_*.c))
program_fuzzers := compile exec cache
interp_fuzzers  := $(program_fuzzers) numbers
fuzzers         := $(patsubst tests/fuzz/fuzz_%.c,%,$(wildcard tests/fuzz/fuzz_*.c))

.DELETE_ON_ERROR:
.SECONDARY:
.PHONY: all interp inspector unit helpers deps demo check check-fast check-live check-refs check-refs-built \
	check-bpf check-layouts lint format bench install clean help FORCE
all: interp inspector
interp: $(O)/minipy
inspector: $(O)/pyinspect
unit: $(unit_interp) $(unit_inspector)
helpers: $(O)/tests/helpers.so $(O)/tests/fall.so $(O)/tests/embed $(O)/tests/embed.so

$(O)/minipy: $(interp_O)
	$(call msg,LD,$@)
	$(Q)$(LD) -rdynamic -o $@ $^ $(LIBS_INTERP)

$(O)/libpyinspect.a: $(inspector_LIB_O) $(bpf_O)
	$(call msg,AR,$@)
	$(Q)rm -f $@ && ar rcs $@ $^

$(O)/pyinspect: $(O)/obj/inspector/cmd/main.o $(O)/libpyinspect.a
	$(call msg,LD,$@)
	$(Q)$(LD) -o $@ $^ $(LIBS_INSPECT)

$(O)/obj/interp/%.o: interp/%.c $(O)/flags
	@mkdir -p $(@D)
	$(call msg,CC,$@)
	$(Q)$(CC_INTERP) -c -o $@ $<

# import.c embeds the modules that are written in Python.
$(O)/obj/interp/lib/import.o: $(wildcard interp/lib/*.py)

$(O)/obj/inspector/%.o: inspector/%.c $(O)/flags
	@mkdir -p $(@D)
	$(call msg,CC,$@)
	$(Q)$(CC_INSPECT) -c -o $@ $<

$(O)/obj/bpf/%.bpf.o: bpf/%.bpf.c $(O)/flags
	@mkdir -p $(@D)
	$(call msg,BPF,$@)
	$(Q)$(CC_BPF) -MMD -MP -c -o $@ $<

$(O)/obj/bpf/%.skel.h: $(O)/obj/bpf/%.bpf.o
	$(call msg,SKEL,$@)
	$(Q)$(BPFTOOL) gen skeleton $< name $* >$@

$(O)/obj/bpf/session.o: $(O)/obj/bpf/frames.skel.h

$(O)/obj/bpf/%.o: bpf/%.c $(O)/flags
	@mkdir -p $(@D)
	$(call msg,CC,$@)
	$(Q)$(CC) $(CFLAGS) $(BASE) -I$(O)/obj/bpf -c -o $@ $<

$(O)/tests/unit/interp/%: tests/unit/interp/%.c $(interp_LIB_O)
	@mkdir -p $(@D)
	$(call msg,CCLD,$@)
	$(Q)$(CC_INTERP) -rdynamic -o $@ $< $(interp_LIB_O) $(LIBS_INTERP) -lcmocka

$(O)/tests/unit/inspector/%: tests/unit/inspector/%.c $(O)/libpyinspect.a
	@mkdir -p $(@D)
	$(call msg,CCLD,$@)
	$(Q)$(CC_INSPECT) -o $@ $< $(O)/libpyinspect.a $(LIBS_INSPECT) -lcmocka

# Loaded by target programs through ctypes or $LD_PRELOAD, so never sanitized.
$(O)/tests/helpers.so $(O)/tests/fall.so: $(O)/tests/%.so: tests/live/%.c $(O)/flags
	@mkdir -p $(@D)
	$(call msg,CCLD,$@)
	$(Q)$(CC) $(CFLAGS) $(filter-out $(SANFLAGS),$(BASE)) -shared -fPIC -o $@ $< -lpthread

# A host of Pythons: a program, and the same to be preloaded.
$(O)/tests/embed: tests/live/embed.c $(O)/flags
	@mkdir -p $(@D)
	$(call msg,CCLD,$@)
	$(Q)$(CC) $(CFLAGS) $(filter-out $(SANFLAGS),$(BASE)) -o $@ $< -ldl -lpthread

$(O)/tests/embed.so: tests/live/embed.c $(O)/flags
	@mkdir -p $(@D)
	$(call msg,CCLD,$@)
	$(Q)$(CC) $(CFLAGS) $(filter-out $(SANFLAGS),$(BASE)) -DPRELOADED -shared -fPIC -o $@ $< -ldl -lpthread

$(O)/tests/fuzz/%: tests/fuzz/%.c $(O)/libpyinspect.a
	@mkdir -p $(@D)
	$(call msg,CCLD,$@)
	$(Q)$(CC_INSPECT) -fsanitize=fuzzer -o $@ $< $(O)/libpyinspect.a $(LIBS_INSPECT)

# The fuzzers of minipy's own code.
$(interp_fuzzers:%=$(O)/tests/fuzz/fuzz_%): $(O)/tests/fuzz/%: tests/fuzz/%.c $(interp_LIB_O)
	@mkdir -p $(@D)
	$(call msg,CCLD,$@)
	$(Q)$(CC_INTERP) -rdynamic -fsanitize=fuzzer -o $@ $< $(interp_LIB_O) $(LIBS_INTERP)

# Other flags, or a library that has appeared since: everything is built anew.
$(O)/flags: FORCE
	@mkdir -p $(@D)
	@echo '$(CC) $(CFLAGS) $(BASE) $(DEFS_INTERP) $(DEFS_INSPECT) $(HARDFLAGS)' | cmp -s - $@ || \
		echo '$(CC) $(CFLAGS) $(BASE) $(DEFS_INTERP) $(DEFS_INSPECT) $(HARDFLAGS)' >$@

# --- what people and CI call: packages first, then a make that sees them -----
deps:
	@scripts/deps --table

demo:
	@$(DEPS) build run
	@$(MAKE) --no-print-directory all
	@O=$(O) scripts/demo

check:
	@$(DEPS) build bpf run test
	@$(MAKE) --no-print-directory all unit helpers
	@O=$(O) SAN=$(SAN) scripts/run-tests

check-fast:
	@$(DEPS) build run test
	@$(MAKE) --no-print-directory all unit
	@O=$(O) SAN=$(SAN) scripts/run-tests unit scripts cli golden

check-live:
	@$(DEPS) build run test
	@$(MAKE) --no-print-directory all helpers
	@O=$(O) SAN=$(SAN) scripts/run-tests live

# Every program of tests/scripts and tests/hostile gives back all references that it took.
check-refs:
	@$(DEPS) build run test
	@$(MAKE) --no-print-directory DEBUG=1 check-refs-built

check-refs-built: interp
	@O=$(O) SAN=$(SAN) scripts/run-tests scripts hostile

check-bpf:
	@$(DEPS) build bpf run test
	@$(MAKE) --no-print-directory all
	@O=$(O) SAN=$(SAN) scripts/run-tests bpf

check-layouts:
	@scripts/check-layouts

lint:
	@$(DEPS) build run test lint
	@$(MAKE) --no-print-directory O=$(O)/lint SAN= WERROR=1 all unit helpers
	@O=$(O) scripts/lint

format:
	@scripts/lint --format

bench:
	@$(DEPS) build run bench
	@$(MAKE) --no-print-directory all helpers
	@O=$(O) scripts/bench-dump

# libFuzzer over tests/fuzz/fuzz_NAME.c, its seeds and what earlier runs kept; the corpus is in $(O)/fuzz/corpus/NAME.
$(addprefix fuzz-,$(fuzzers)): fuzz-%:
	@$(DEPS) build fuzz
	@$(MAKE) --no-print-directory O=$(O)/fuzz SAN= FUZZ=1 CC=clang $(O)/fuzz/tests/fuzz/fuzz_$*
	@mkdir -p $(O)/fuzz/corpus/$*
	$(Q)if [ -e tests/fuzz/fuzz_$*.corpus.tar.gz ]; then \
		tar -C $(O)/fuzz/corpus/$* -xzf tests/fuzz/fuzz_$*.corpus.tar.gz; fi
	$(Q)if [ $* = snapshot ]; then for core in tests/golden/*.core.gz; do \
		gunzip -c $$core >$(O)/fuzz/corpus/snapshot/$$(basename $$core .gz); done; fi
	$(Q)if [ '$(filter $*,$(program_fuzzers))' ]; then tests/fuzz/cut-scripts $* $(O)/fuzz/corpus/$*; fi
	$(Q)$(O)/fuzz/tests/fuzz/fuzz_$* -max_total_time=$(FUZZ_TIME) -timeout=10 -rss_limit_mb=2048 \
		$(if $(filter $*,$(program_fuzzers)),-dict=tests/fuzz/programs.dict) \
		-artifact_prefix=$(O)/fuzz/$*- $(FUZZ_FLAGS) $(O)/fuzz/corpus/$* $(wildcard tests/fuzz/fuzz_$*.seeds)

install: all
	install -d $(DESTDIR)$(PREFIX)/bin
	install -m 755 $(O)/pyinspect $(O)/minipy $(DESTDIR)$(PREFIX)/bin

clean:
	$(Q)rm -rf $(O)

help:
	@echo 'make                  build/minipy and build/pyinspect (also: make interp, make inspector)'
	@echo 'make demo             run one program under minipy and python3 and look into both'
	@echo 'make check            every test that this machine allows'
	@echo 'make check-fast       unit, script, command line and golden tests: seconds, no root'
	@echo 'make check-live       tests on running processes'
	@echo 'make check-refs       scripts and hostile programs with a minipy that counts references'
	@echo 'make check-bpf        tests of tracing: root, a kernel with BTF'
	@echo 'make check-layouts    offsets of CPython against the headers and DWARF that are here'
	@echo 'make lint             layering, formatting, warnings, cppcheck'
	@echo 'make format           clang-format over all C files'
	@echo 'make deps             what is needed, what is here'
	@echo 'make bench            pyinspect beside gdb and eu-stack'
	@echo 'make fuzz-NAME        libFuzzer for FUZZ_TIME=60 seconds; NAME: $(or $(fuzzers),(none yet))'
	@echo 'scripts/soak-fuzz N   all of them for N seconds each, and a table'
	@echo 'make install, clean   PREFIX=/usr/local DESTDIR='
	@echo 'Settings: O=build  V=1  WERROR=1  SAN=address,undefined  HARD=1  DEBUG=1  CC=  CFLAGS=  DEPS=: (install nothing)'

-include $(interp_O:.o=.d) $(inspector_O:.o=.d) $(bpf_O:.o=.d) $(O)/obj/bpf/frames.bpf.d $(addsuffix .d,$(unit_interp) $(unit_inspector))
