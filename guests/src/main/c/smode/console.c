// SPDX-License-Identifier: Apache-2.0
// Text on the first serial port of the `virt` address map, without interrupts.

#include "console.h"

#include <stdarg.h>
#include <stdint.h>

enum { UART_BASE = 0x10000000, UART_THR = 0, UART_LSR = 5, LSR_THR_EMPTY = 0x20 };

static void put_byte(char c) {
    volatile uint8_t *uart = (volatile uint8_t *) UART_BASE;
    while ((uart[UART_LSR] & LSR_THR_EMPTY) == 0) {
    }
    uart[UART_THR] = (uint8_t) c;
}

static void put_text(const char *text) {
    for (; *text != 0; text++) {
        if (*text == '\n') {
            put_byte('\r');
        }
        put_byte(*text);
    }
}

static void put_number(uint64_t value, unsigned base) {
    char digits[21];
    int at = sizeof digits - 1;
    digits[at] = 0;
    do {
        digits[--at] = "0123456789abcdef"[value % base];
        value /= base;
    } while (value != 0);
    put_text(digits + at);
}

void print(const char *format, ...) {
    va_list arguments;
    va_start(arguments, format);
    for (; *format != 0; format++) {
        if (*format != '%') {
            char text[2] = {*format, 0};
            put_text(text);
            continue;
        }
        switch (*++format) {
        case 's':
            put_text(va_arg(arguments, const char *));
            break;
        case 'd': {
            long value = va_arg(arguments, int);
            if (value < 0) {
                put_byte('-');
                value = -value;
            }
            put_number((uint64_t) value, 10);
            break;
        }
        case 'u':
            put_number(va_arg(arguments, uint64_t), 10);
            break;
        case 'x':
            put_text("0x");
            put_number(va_arg(arguments, uint64_t), 16);
            break;
        default:
            put_byte('%');
            put_byte(*format);
        }
    }
    va_end(arguments);
}
