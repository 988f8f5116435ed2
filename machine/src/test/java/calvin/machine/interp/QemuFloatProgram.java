package calvin.machine.interp;

import calvin.machine.isa.Op;
import java.util.List;

/**
 * Assembler source of a static RISC-V Linux program that executes FP instructions on vectors from standard input, so
 * that another implementation can be asked. A vector is four little-endian doublewords: index of the instruction and
 * rounding mode in bits 15..0 and 23..16, then the operands; the answer is two, the raw result and fflags.
 */
final class QemuFloatProgram {
    private QemuFloatProgram() {}

    /** Operands are in ft1 to ft3 and t1, the result in ft0 or t0. */
    static String source(List<Op> ops) {
        StringBuilder text = new StringBuilder("""
                    .bss
                    .balign 16
                input: .space 131072
                output: .space 65536
                    .text
                    .globl _start
                _start:
                read_block:
                    la s0, input
                    li s1, 0
                read_more:
                    li a0, 0
                    add a1, s0, s1
                    li a2, 131072
                    sub a2, a2, s1
                    li a7, 63
                    ecall
                    blez a0, read_done
                    add s1, s1, a0
                    li t0, 131072
                    bne s1, t0, read_more
                read_done:
                    beqz s1, exit
                    add s2, s0, s1
                    la s3, output
                vector:
                    ld t2, 0(s0)
                    ld t1, 8(s0)
                    fld ft1, 8(s0)
                    fld ft2, 16(s0)
                    fld ft3, 24(s0)
                    srli t3, t2, 16
                    slli t2, t2, 48
                    srli t2, t2, 46
                    la t4, jumps
                    add t4, t4, t2
                    fsrm t3
                    fsflags zero
                    li t0, 0
                    jr t4
                store_float:
                    frflags t3
                    fsd ft0, 0(s3)
                    j next
                store_integer:
                    frflags t3
                    sd t0, 0(s3)
                next:
                    sd t3, 8(s3)
                    addi s3, s3, 16
                    addi s0, s0, 32
                    bltu s0, s2, vector
                    la s0, output
                write_more:
                    li a0, 1
                    mv a1, s0
                    sub a2, s3, s0
                    li a7, 64
                    ecall
                    blez a0, exit
                    add s0, s0, a0
                    bltu s0, s3, write_more
                    j read_block
                exit:
                    li a0, 0
                    li a7, 93
                    ecall
                    .option norvc
                    .balign 4
                jumps:
                """);
        for (Op op : ops) {
            text.append("    j do_").append(op).append('\n');
        }
        for (Op op : ops) {
            String operands = op.syntax.replace(", rm", "").replaceAll("\\bfd\\b", "ft0").replaceAll("\\brd\\b", "t0")
                    .replaceAll("\\bfs([123])\\b", "ft$1").replaceAll("\\brs1\\b", "t1");
            text.append("do_").append(op).append(":\n    ").append(op.mnemonic).append(' ').append(operands)
                    .append(op.syntax.startsWith("fd") ? "\n    j store_float\n" : "\n    j store_integer\n");
        }
        return text.toString();
    }
}
