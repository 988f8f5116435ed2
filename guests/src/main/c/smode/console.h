// SPDX-License-Identifier: Apache-2.0
// Text on the first serial port (16550, polled).

#ifndef CALVIN_SMODE_CONSOLE_H
#define CALVIN_SMODE_CONSOLE_H

// Knows %s, %d (int), %x (unsigned long, with 0x) and %u (unsigned long).
void print(const char *format, ...);

#endif
