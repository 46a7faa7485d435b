# pyinspect: one house, two programs, one probe.
# Settings; everything below the line follows from them.
O            ?= build
CC           ?= gcc
CFLAGS       ?= -O2 -g
WARN         := -Wall -Wextra -Wshadow -Wstrict-prototypes -Wmissing-prototypes -Wvla -Wno-unused-parameter
PKGS_INSPECT := libunwind-ptrace libunwind-generic libdw libelf jansson
LIBS_INSPECT  = -lunwind-x86_64 -lunwind -ldw -lelf -ljansson
LIBS_INTERP   = -lgmp -lm -lpthread

# ---------------------------------------------------------------------------
ifneq ($(SAN),)
SANFLAGS := -fsanitize=$(SAN) -fno-sanitize-recover=undefined -fno-omit-frame-pointer
O        := $(O)/san
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

BASE     := -std=gnu11 -D_GNU_SOURCE -MMD -MP $(WARN) $(SANFLAGS) -Iinclude
interp_C    := $(wildcard interp/*/*.c)
inspector_C := $(wildcard inspector/*/*.c)
interp_O    := $(interp_C:%.c=$(O)/obj/%.o)
inspector_O := $(inspector_C:%.c=$(O)/obj/%.o)
interp_LIB_O    := $(filter-out $(O)/obj/interp/main/%,$(interp_O))
inspector_LIB_O := $(filter-out $(O)/obj/inspector/cmd/main.o,$(inspector_O))
unit_interp     := $(patsubst %.c,$(O)/%,$(wildcard tests/unit/interp/test_*.c))
unit_inspector  := $(patsubst %.c,$(O)/%,$(wildcard tests/unit/inspector/test_*.c))

.DELETE_ON_ERROR:
.PHONY: all interp inspector unit clean
all: interp inspector
interp: $(O)/minipy
inspector: $(O)/pyinspect
unit: $(unit_interp) $(unit_inspector)

$(O)/minipy: $(interp_O)
	$(call msg,LD,$@)
	$(Q)$(CC) $(SANFLAGS) $(LDFLAGS) -rdynamic -o $@ $^ $(LIBS_INTERP)

$(O)/libpyinspect.a: $(inspector_LIB_O)
	$(call msg,AR,$@)
	$(Q)rm -f $@ && ar rcs $@ $^

$(O)/pyinspect: $(O)/obj/inspector/cmd/main.o $(O)/libpyinspect.a
	$(call msg,LD,$@)
	$(Q)$(CC) $(SANFLAGS) $(LDFLAGS) -o $@ $^ $(LIBS_INSPECT)

# The interpreter relies on wrapping arithmetic nowhere, on frame pointers in eval only.
$(O)/obj/interp/%.o: interp/%.c
	@mkdir -p $(@D)
	$(call msg,CC,$@)
	$(Q)$(CC) $(CFLAGS) $(BASE) -Iinterp -fno-strict-aliasing -fno-omit-frame-pointer -c -o $@ $<

$(O)/obj/inspector/%.o: inspector/%.c
	@mkdir -p $(@D)
	$(call msg,CC,$@)
	$(Q)$(CC) $(CFLAGS) $(BASE) -Iinspector -c -o $@ $<

$(O)/tests/unit/interp/%: tests/unit/interp/%.c $(interp_LIB_O)
	@mkdir -p $(@D)
	$(call msg,CCLD,$@)
	$(Q)$(CC) $(CFLAGS) $(BASE) -Iinterp -fno-strict-aliasing -rdynamic -o $@ $< $(interp_LIB_O) $(LIBS_INTERP) -lcmocka

$(O)/tests/unit/inspector/%: tests/unit/inspector/%.c $(O)/libpyinspect.a
	@mkdir -p $(@D)
	$(call msg,CCLD,$@)
	$(Q)$(CC) $(CFLAGS) $(BASE) -Iinspector -o $@ $< $(O)/libpyinspect.a $(LIBS_INSPECT) -lcmocka

clean:
	$(Q)rm -rf $(O)

-include $(shell find $(O) -name '*.d' 2>/dev/null)
