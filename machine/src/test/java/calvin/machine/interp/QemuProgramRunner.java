package calvin.machine.interp;

/**
 * Assembler source of a static RISC-V Linux program that runs the records of {@link RandomProgram} from standard input
 * one after the other and writes data and registers back.
 */
final class QemuProgramRunner {
    private QemuProgramRunner() {}

    static String source() {
        StringBuilder text = new StringBuilder("""
                    .bss
                    .balign 16
                input: .space RECORD
                    .text
                    .option norelax
                    .globl _start
                _start:
                    li a0, BASE
                    li a1, 0x40000
                    li a2, 7
                    li a3, 0x32
                    li a4, -1
                    li a5, 0
                    li a7, 222
                    ecall
                record:
                    la s0, input
                    li s1, 0
                more:
                    li a0, 0
                    add a1, s0, s1
                    li a2, RECORD
                    sub a2, a2, s1
                    li a7, 63
                    ecall
                    blez a0, exit
                    add s1, s1, a0
                    li t0, RECORD
                    bne s1, t0, more
                    li a0, CODE
                    li a1, CODE_BYTES
                    call copy
                    li a0, DATA
                    li a1, DATA_BYTES
                    call copy
                    li a0, SAVE
                    li a1, SAVE_BYTES
                    call copy
                    fence.i
                    li gp, SAVE
                    la t0, left
                    sd t0, 0(gp)
                    ld t0, 512(gp)
                    fscsr t0
                """);
        for (int i = 0; i < 32; i++) {
            text.append("    fld f").append(i).append(", ").append(256 + 8 * i).append("(gp)\n");
        }
        for (int i = 1; i < 32; i++) {
            text.append(i == 3 ? "" : "    ld x" + i + ", " + 8 * i + "(gp)\n");
        }
        text.append("""
                    li tp, CODE
                    jr tp
                left:
                """);
        for (int i = 1; i < 32; i++) {
            text.append("    sd x").append(i).append(", ").append(8 * i).append("(gp)\n");
        }
        for (int i = 0; i < 32; i++) {
            text.append("    fsd f").append(i).append(", ").append(256 + 8 * i).append("(gp)\n");
        }
        text.append("""
                    frcsr t0
                    sd t0, 512(gp)
                    li a1, DATA
                    li a2, DATA_BYTES
                    call put
                    li a1, SAVE
                    li a2, SAVE_BYTES
                    call put
                    j record
                put:
                    li a0, 1
                    li a7, 64
                    ecall
                    blez a0, exit
                    add a1, a1, a0
                    sub a2, a2, a0
                    bnez a2, put
                    ret
                copy: # from s0, which advances by the bytes copied, to a0, a1 bytes
                    ld t0, 0(s0)
                    sd t0, 0(a0)
                    addi s0, s0, 8
                    addi a0, a0, 8
                    addi a1, a1, -8
                    bnez a1, copy
                    ret
                exit:
                    li a0, 0
                    li a7, 93
                    ecall
                """);
        return text.toString().replaceAll("\\bRECORD\\b", "" + RandomProgram.RECORD_BYTES)
                .replaceAll("\\bBASE\\b", "" + RandomProgram.BASE).replaceAll("\\bCODE\\b", "" + RandomProgram.CODE)
                .replaceAll("\\bDATA\\b", "" + RandomProgram.DATA).replaceAll("\\bSAVE\\b", "" + RandomProgram.SAVE)
                .replaceAll("\\bCODE_BYTES\\b", "" + RandomProgram.CODE_BYTES)
                .replaceAll("\\bDATA_BYTES\\b", "" + RandomProgram.DATA_BYTES)
                .replaceAll("\\bSAVE_BYTES\\b", "" + RandomProgram.SAVE_BYTES);
    }
}
