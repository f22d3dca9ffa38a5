/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * What the compiler calls when it finds undefined behaviour (CONFIG_UBSAN).
 *
 * Each check that -fsanitize=undefined puts into the code has, for the case that
 * it fails, a call of one of these, with a description of the place and the
 * values. The first finding is a panic that names file, line and values: code that
 * the compiler may have translated to anything is not run any further.
 *
 * This file is the one that is compiled without the checks. The structures and
 * the names of the functions are the compiler's (gcc and clang agree on them).
 *
 * Linux:   lib/ubsan.c
 * Differs: a finding is a panic.
 */
#include <base/compiler.h>
#include <base/types.h>
#include <kernel/bug.h>
#include <kernel/printk.h>

#if IS_ENABLED(CONFIG_UBSAN)

struct place {
	const char *file;
	u32 line, column;
};

enum { TYPE_INT = 0 };

struct type {
	u16 kind;
	u16 info;			/* of an int: 2 * log2(bits) + (signed ? 1 : 0) */
	char name[];
};

struct overflow_data { struct place place; const struct type *type; };
struct shift_data { struct place place; const struct type *value, *amount; };
struct bounds_data { struct place place; const struct type *array, *index; };
struct mismatch_data { struct place place; const struct type *type; u8 align_log2, access; };
struct value_data { struct place place; const struct type *type; };
struct place_data { struct place place; };
struct builtin_data { struct place place; u8 kind; };

#define FINDING(data, fmt, ...)						\
	panic("UBSAN: %s:%u:%u: " fmt, (data)->place.file, (data)->place.line, \
	      (data)->place.column, ##__VA_ARGS__)

/* A value as the compiler passes it: itself, or its address if it is too wide. */
static const char *show(char *buf, size_t size, const struct type *type, unsigned long value)
{
	unsigned int bits = 1U << (type->info >> 1);

	if (type->kind != TYPE_INT || bits > 64)
		snprintf(buf, size, "a value of type %s", type->name);
	else if (type->info & 1)
		snprintf(buf, size, "%lld (%s)", (s64)(value << (64 - bits)) >> (64 - bits),
			 type->name);
	else
		snprintf(buf, size, "%lu (%s)", value, type->name);
	return buf;
}

static __noreturn void overflow(struct overflow_data *d, const char *op, unsigned long a,
				unsigned long b)
{
	char left[64], right[64];

	FINDING(d, "overflow: %s %s %s", show(left, sizeof(left), d->type, a), op,
		show(right, sizeof(right), d->type, b));
}

#define HANDLER(name, ...)						\
	void __ubsan_handle_##name(__VA_ARGS__);			\
	void __ubsan_handle_##name(__VA_ARGS__)

HANDLER(add_overflow, struct overflow_data *d, unsigned long a, unsigned long b)
{
	overflow(d, "+", a, b);
}

HANDLER(sub_overflow, struct overflow_data *d, unsigned long a, unsigned long b)
{
	overflow(d, "-", a, b);
}

HANDLER(mul_overflow, struct overflow_data *d, unsigned long a, unsigned long b)
{
	overflow(d, "*", a, b);
}

HANDLER(divrem_overflow, struct overflow_data *d, unsigned long a, unsigned long b)
{
	overflow(d, "/", a, b);
}

HANDLER(negate_overflow, struct overflow_data *d, unsigned long a)
{
	char value[64];

	FINDING(d, "overflow: -%s", show(value, sizeof(value), d->type, a));
}

HANDLER(shift_out_of_bounds, struct shift_data *d, unsigned long value, unsigned long amount)
{
	char v[64], by[64];

	FINDING(d, "bad shift: %s by %s", show(v, sizeof(v), d->value, value),
		show(by, sizeof(by), d->amount, amount));
}

HANDLER(out_of_bounds, struct bounds_data *d, unsigned long index)
{
	char i[64];

	FINDING(d, "index out of bounds: %s of %s", show(i, sizeof(i), d->index, index),
		d->array->name);
}

HANDLER(type_mismatch_v1, struct mismatch_data *d, unsigned long ptr)
{
	static const char *const accesses[] = {
		"load", "store", "reference to", "member access", "member call",
		"constructor call", "downcast", "downcast", "upcast", "cast to virtual base",
		"non-null reference", "dynamic operation",
	};
	const char *what = d->access < ARRAY_SIZE(accesses) ? accesses[d->access] : "access";

	FINDING(d, "%s of %s at %s0x%lx", what, d->type->name,
		ptr ? "too small or misaligned object " : "", ptr);
}

HANDLER(pointer_overflow, struct place_data *d, unsigned long base, unsigned long result)
{
	FINDING(d, "pointer overflow: 0x%lx became 0x%lx", base, result);
}

HANDLER(load_invalid_value, struct value_data *d, unsigned long value)
{
	char v[64];

	FINDING(d, "load of a value its type does not have: %s",
		show(v, sizeof(v), d->type, value));
}

HANDLER(vla_bound_not_positive, struct value_data *d, unsigned long bound)
{
	char v[64];

	FINDING(d, "array of size %s", show(v, sizeof(v), d->type, bound));
}

HANDLER(nonnull_arg, struct place_data *d)
{
	FINDING(d, "NULL passed where the function takes none");
}

HANDLER(nonnull_return_v1, void *unused, struct place *place)
{
	panic("UBSAN: %s:%u:%u: NULL returned where the function returns none",
	      place->file, place->line, place->column);
}

HANDLER(invalid_builtin, struct builtin_data *d)
{
	FINDING(d, "zero passed to %s", d->kind ? "clz()" : "ctz()");
}

HANDLER(builtin_unreachable, struct place_data *d)
{
	FINDING(d, "reached what the code says is unreachable");
}

HANDLER(missing_return, struct place_data *d)
{
	FINDING(d, "function ended without a return value");
}

#endif
