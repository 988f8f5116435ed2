// SPDX-License-Identifier: Apache-2.0
// How a test is written: a function that returns a verdict, in a table, with checks that name what they saw.

#ifndef CALVIN_SMODE_TEST_H
#define CALVIN_SMODE_TEST_H

#include "console.h"
#include "hart.h"

enum verdict { PASSED, FAILED, SKIPPED };

struct test {
    const char *name;
    enum verdict (*run)(void);
};

// The test now running, for messages.
extern const char *current_test;
extern uint64_t timebase_hz;

extern const struct test trap_tests[], paging_tests[], user_tests[], timer_tests[], smp_tests[];

#define FAIL(...) (print("[FAIL] %s: ", current_test), print(__VA_ARGS__), print("\n"), FAILED)

#define EXPECT(condition, ...) \
    do { \
        if (!(condition)) { \
            return FAIL(__VA_ARGS__); \
        } \
    } while (0)

#define EXPECT_EQUAL(actual, wanted) \
    do { \
        uint64_t actual_ = (uint64_t) (actual), wanted_ = (uint64_t) (wanted); \
        EXPECT(actual_ == wanted_, "%s is %x, not %x", #actual, actual_, wanted_); \
    } while (0)

// The statement must trap with this cause and stval.
#define EXPECT_FAULT(statement, cause, value) \
    do { \
        this_hart()->last_cause = NO_TRAP; \
        statement; \
        EXPECT(this_hart()->last_cause == (cause) && this_hart()->last_value == (uint64_t) (value), \
            "%s: scause %x stval %x, not %u and %x", #statement, this_hart()->last_cause, this_hart()->last_value, \
            (uint64_t) (cause), (uint64_t) (value)); \
    } while (0)

// The expression must not trap.
#define EXPECT_VALUE(expression, wanted) \
    do { \
        this_hart()->last_cause = NO_TRAP; \
        uint64_t seen_ = (uint64_t) (expression); \
        EXPECT(this_hart()->last_cause == NO_TRAP, "%s trapped: scause %x stval %x", #expression, \
            this_hart()->last_cause, this_hart()->last_value); \
        EXPECT(seen_ == (uint64_t) (wanted), "%s is %x, not %x", #expression, seen_, (uint64_t) (wanted)); \
    } while (0)

#define EXPECT_NO_FAULT(statement) \
    do { \
        this_hart()->last_cause = NO_TRAP; \
        statement; \
        EXPECT(this_hart()->last_cause == NO_TRAP, "%s trapped: scause %x stval %x", #statement, \
            this_hart()->last_cause, this_hart()->last_value); \
    } while (0)

#endif
