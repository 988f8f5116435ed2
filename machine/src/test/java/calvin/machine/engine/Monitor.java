package calvin.machine.engine;

import java.util.List;

/**
 * The M-mode code under every random program: it enters each round in the mode that the round's entry says, skips the
 * instructions that trap, sets the timer anew, and ends the machine after the last round of every hart.
 *
 * <p>A round ends at its ECALL, when its code cannot be fetched, or when it has trapped too often, so every program
 * ends. What was trapped on goes into a sum in memory: cause, value, pc and retired instructions.
 *
 * <p>Not used by programs, so that the handler may rely on it: mscratch, which points to the hart's words.
 */
final class Monitor {
    // @formatter:off
    /** Words of a hart, as byte offsets. Below them are three saved registers. */
    static final int SUM         = 16;
    static final int TRAPS_LEFT  = 24;
    static final int PEEK_AT     = 48;
    static final int MSIP_AT     = 56;
    static final int TIMER_AT    = 64;
    static final int TIMER_DELTA = 72;
    static final int ROUNDS_LEFT = 80;
    static final int NEXT_ROUND  = 88;
    static final int TABLE_END   = 96;
    static final int TABLE       = 104;
    static final int DONE_AT     = 112;
    static final int HARTS       = 120;
    static final int FINISHER_AT = 128;
    static final int TIMER_SHIFT = 136;

    /** Words of a round's entry. */
    static final int ENTRY       = 0;
    static final int MSTATUS     = 8;
    static final int SATP        = 16;
    static final int VSATP       = 24;
    static final int HGATP       = 32;
    static final int FCSR        = 40;
    static final int VSSTATUS    = 48;
    /** Registers x2, x8, x9, x18, x19, x20. */
    static final int POINTERS    = 56;
    static final int TRAP_BUDGET = 104;
    static final int ROUND_BYTES = 128;

    private static final Lines CODE = new Lines().add(
            "handler:",
            "csrrw t6, mscratch, t6",
            "sd t5, 0(t6)",
            "sd t4, 8(t6)",
            "csrrs t4, mscratch, zero",
            "sd t4, 40(t6)",
            "csrrw zero, mscratch, t6",
            "ld t4, 16(t6)",
            "csrrs t5, mtval, zero",
            "add t4, t4, t5",
            "csrrs t5, mepc, zero",
            "xor t4, t4, t5",
            "csrrs t5, minstret, zero",
            "add t4, t4, t5",
            "csrrs t5, mcause, zero",
            "sub t4, t4, t5",
            "sd t4, 16(t6)",
            "ld t4, 24(t6)",
            "addi t4, t4, -1",
            "sd t4, 24(t6)",
            "bge zero, t4, @round",
            "blt t5, zero, @interrupt",
            "addi t4, t5, -8",        // ECALL is 8 to 11
            "sltiu t4, t4, 4",
            "bne t4, zero, @round",
            "addi t4, t5, -1",        // what cannot be fetched cannot be skipped
            "beq t4, zero, @round",
            "addi t4, t5, -12",
            "beq t4, zero, @round",
            "addi t4, t5, -20",
            "beq t4, zero, @round",
            "csrrs t5, mepc, zero",   // the peek below may itself have failed
            "ld t4, 48(t6)",
            "beq t4, t5, @round",
            "lui t4, 0xA0",           // MPRV and MXR: read as the program fetches
            "csrrs zero, mstatus, t4",
            "peek:",
            "lhu t5, 0(t5)",
            "csrrc zero, mstatus, t4",
            "andi t5, t5, 3",
            "sltiu t5, t5, 3",
            "xori t5, t5, 1",
            "slli t5, t5, 1",
            "addi t5, t5, 2",
            "csrrs t4, mepc, zero",
            "add t5, t5, t4",
            "csrrw zero, mepc, t5",
            "resume:",
            "ld t5, 0(t6)",
            "ld t4, 8(t6)",
            "ld t6, 40(t6)",
            "mret",
            "interrupt:",
            "andi t5, t5, 15",
            "addi t5, t5, -3",
            "bne t5, zero, @timer",
            "ld t4, 56(t6)",
            "sw zero, 0(t4)",
            "jal zero, @resume",
            "timer:",
            "ld t5, 72(t6)",
            "addi t5, t5, 7",         // never twice the same distance
            "andi t5, t5, 1023",
            "sd t5, 72(t6)",
            "addi t5, t5, 1",
            "ld t4, 136(t6)",
            "sll t5, t5, t4",
            "csrrs t4, time, zero",
            "add t5, t5, t4",
            "ld t4, 64(t6)",
            "sd t5, 0(t4)",
            "jal zero, @resume",
            "round:",
            "lui t4, 0xA0",
            "csrrc zero, mstatus, t4",
            "csrrs t6, mscratch, zero",
            "ld t5, 80(t6)",
            "beq t5, zero, @finish",
            "addi t5, t5, -1",
            "sd t5, 80(t6)",
            "ld t4, 88(t6)",
            "addi t5, t4, 128",
            "sd t5, 88(t6)",
            "ld s0, 96(t6)",
            "bltu t5, s0, @enter",
            "ld t5, 104(t6)",
            "sd t5, 88(t6)",
            "enter:",
            "ld t5, 72(t6)",
            "addi t5, t5, 50",
            "ld s0, 136(t6)",
            "sll t5, t5, s0",
            "csrrs s0, time, zero",
            "add t5, t5, s0",
            "ld s0, 64(t6)",
            "sd t5, 0(s0)",
            "ld t5, 104(t4)",
            "sd t5, 24(t6)",
            "ld t5, 0(t4)",
            "csrrw zero, mepc, t5",
            "ld t5, 16(t4)",
            "csrrw zero, satp, t5",
            "ld t5, 24(t4)",
            "csrrw zero, vsatp, t5",
            "ld t5, 32(t4)",
            "csrrw zero, hgatp, t5",
            "ld t5, 48(t4)",
            "csrrw zero, vsstatus, t5",
            "lui t5, 6",              // mstatus.FS
            "csrrs zero, mstatus, t5",
            "ld t5, 40(t4)",
            "csrrw zero, fcsr, t5",
            "ld t5, 8(t4)",
            "csrrw zero, mstatus, t5",
            "ld sp, 56(t4)",
            "ld s0, 64(t4)",
            "ld s1, 72(t4)",
            "ld s2, 80(t4)",
            "ld s3, 88(t4)",
            "ld s4, 96(t4)",
            "mret",
            "finish:",
            "csrrw zero, mie, zero",
            "ld t5, 112(t6)",
            "addi t4, zero, 1",
            "amoadd.d t4, t4, (t5)",
            "addi t4, t4, 1",
            "ld t5, 120(t6)",
            "bne t4, t5, @idle",
            "ld t5, 128(t6)",
            "lui t4, 5",
            "addi t4, t4, 0x555",
            "sw t4, 0(t5)",
            "idle:",
            "wfi",
            "jal zero, @idle");
    // @formatter:on

    private Monitor() {}

    static List<Integer> words() {
        return CODE.words();
    }

    static int handler() {
        return CODE.offset("handler");
    }

    /** Where a hart starts. */
    static int start() {
        return CODE.offset("round");
    }

    static int peek() {
        return CODE.offset("peek");
    }
}
