package calvin.machine.isa;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ProgramTest {
    private static final long BASE = 0x8000_0000L;
    /** What both assemblers must encode alike. */
    private static final String COMMON = """
            start: nop
                mv a0, a1; not a2, a3; neg a4, a5; negw a6, a7
                sext.w s2, s3; seqz s4, s5; snez s6, s7; sltz s8, s9; sgtz s10, s11
            1:  beqz t0, 1f
                bnez t1, 1b
                blez t2, start      # a comment
                bgez t3, start
                bltz t4, end
                bgtz t5, end
            1:  bgt a0, a1, 1b
                ble a0, a1, 1f
                bgtu a0, a1, 1b
                bleu a0, a1, 1f
            1:  j start
                jal end
                jal t0, 1b
                jr a0
                jalr a0
                jalr 4(a0)
                ret
                call end
                tail start
                la a0, text
                lla a1, table
                csrr a0, mstatus
                csrw mtvec, a1
                csrs mie, a2
                csrc mip, a3
                csrwi sscratch, 5
                csrsi fcsr, 3
                csrci sstatus, 2
                csrw mscratch, 7
                rdcycle a0; rdtime a1; rdinstret a2
                frcsr a0; fscsr a1; fscsr a1, a2; frrm a3; fsrm a4; frflags a5; fsflags a6
                fmv.s fa0, fa1; fabs.s fa0, fa1; fneg.s fa2, fa3
                fmv.d fa0, fa1; fabs.d fa0, fa1; fneg.d fa2, fa3
                fence
                fence rw, w
                sfence.vma
                sfence.vma a0
                lr.w.aq t0, (a0)
                amoadd.d.aqrl t0, t1, (a0)
                ld a0, -8(sp)
                sd a0, 8(sp)
                fld fa0, 16(a1)
                fmadd.d fa0, fa1, fa2, fa3, rtz
                lui a0, 0xfffff
                .balign 16
            table: .dword start, end, text+3, -1
                .word 0x12345678
                .half 1, 2
                .byte 1, 2, 3, 255
            text: .asciz "it's # not; a comment\\n"
                .ascii "ab"
                .align 3
            end: wfi
                ecall
                ebreak
                mret
                sret
            """;

    @TempDir
    Path directory;

    @Test
    void encodesAsGnuAsDoes() throws IOException, InterruptedException {
        assumeTrue(Files.isExecutable(Path.of("/usr/bin/riscv64-linux-gnu-as")),
                "needs riscv64-linux-gnu-as (Debian package binutils-riscv64-linux-gnu)");
        Files.writeString(directory.resolve("p.s"), ".option norelax\n.option norvc\n.globl _start\n_start:\n"
                + COMMON.replace("tail start", ".option push\n auipc t1, %pcrel_hi(start)\n"
                        + " jalr zero, %pcrel_lo(9f)(t1)\n.option pop").replace("auipc t1", "9: auipc t1")
                        .replace("lo(9f)", "lo(9b)"));
        run("riscv64-linux-gnu-as", "-march=rv64gch", "-o", "p.o", "p.s");
        run("riscv64-linux-gnu-ld", "--no-relax", "-Ttext=0x80000000", "-o", "p.elf", "p.o");
        run("riscv64-linux-gnu-objcopy", "-O", "binary", "p.elf", "p.bin");
        Program program = Program.assemble(BASE, COMMON);
        byte[] theirs = Files.readAllBytes(directory.resolve("p.bin")); // its section's end is aligned
        assertArrayEquals(Arrays.copyOf(theirs, program.bytes().length), program.bytes());
        assertEquals(program.symbol("end") + 20, program.end());
        assertEquals(BASE, program.symbol("start"));
    }

    private void run(String... command) throws IOException, InterruptedException {
        Process process = new ProcessBuilder(command).directory(directory.toFile())
                .redirectOutput(directory.resolve("out").toFile()).redirectErrorStream(true).start();
        assertEquals(0, process.waitFor(), String.join(" ", command)
                + Files.readString(directory.resolve("out")));
    }

    @Test
    void smallProgramsAreExact() {
        Program program = Program.assemble(0x1000, "size = 3\n li a0, size\n c.addi a0, 1\n .byte size\n");
        assertArrayEquals(new byte[]{0x13, 0x05, 0x30, 0x00, 0x05, 0x05, 3}, program.bytes());
        assertEquals(0x1007, program.end());
    }

    @Test
    void mistakesNameTheirLine() {
        String message = assertThrows(IllegalArgumentException.class, () -> Program.assemble(0, "nop\n\n j nowhere"))
                .getMessage();
        assertTrue(message.matches("line 3: .*no such symbol: nowhere"), message);
        for (String wrong : new String[]{"addi a0, a0, 4096", "1: j 2f", "a: nop\na: nop", ".align x", ".asciz a",
            "li a0", "frobnicate", "la a0, 0x1000000000", ".balign 3"}) {
            assertThrows(IllegalArgumentException.class, () -> Program.assemble(0, wrong), wrong);
        }
    }
}
