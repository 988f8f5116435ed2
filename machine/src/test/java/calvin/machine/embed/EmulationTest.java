package calvin.machine.embed;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import calvin.guests.Guests;
import calvin.sim.seed.Seed;
import calvin.sim.time.SimTime;
import org.junit.jupiter.api.Test;

class EmulationTest {
    /** Prints "ok", counts to a1, and ends with success. */
    private static final String COUNTER = """
                bnez a0, park
                li   t0, 0x10000000
                li   t1, 'o'
                sb   t1, 0(t0)
                li   t1, 'k'
                sb   t1, 0(t0)
                li   a1, 1000
                la   a2, total
            loop:
                ld   t2, 0(a2)
                add  t2, t2, a1
                sd   t2, 0(a2)
                addi a1, a1, -1
                bnez a1, loop
            done:
                li   t0, 0x100000
                li   t1, 0x5555
                sw   t1, 0(t0)
            park:
                wfi
                j    park
                .balign 8
            total: .dword 0
            """.replace("'o'", "111").replace("'k'", "107");

    /** The example of docs/embedding.md. */
    @Test
    void aProgramRunsUnderControl() {
        try (Emulation e = Emulation.virt().assemble(COUNTER)) {
            assertTrue(e.runUntil(Until.output("ok")));
            assertTrue(e.runUntil(Until.symbol("done")));
            assertEquals(0, e.register(0, "a1"));
            assertEquals(500_500, e.u64(e.symbol("total")));
            e.setRegister(0, "a7", 93);
            assertEquals(0, e.runToExit());
            assertEquals(93, e.register(0, "a7"));
        }
    }

    @Test
    void anElfFileRunsToItsExitCode() {
        try (Emulation e = Emulation.virt().load(Guests.get("fail.elf").bytes())) {
            assertEquals(3, e.runToExit());
        }
        try (Emulation e = Emulation.hpc().harts(2).load(Guests.get("pass.elf").bytes())) {
            assertEquals(0, e.runToExit());
            assertEquals("bare metal: pass\n", e.output());
        }
    }

    @Test
    void aKernelBootsBehindTheFirmware() {
        try (Emulation e = Emulation.virt().limitPs(SimTime.PS_PER_S).boot(Guests.get("smode.elf").bytes())) {
            assertTrue(e.runUntil(Until.output("SELFTEST PASSED")), e::output);
            assertEquals(0, e.runToExit());
        }
    }

    @Test
    void instructionsAreCountedExactly() {
        try (Emulation e = Emulation.virt().assemble(COUNTER)) {
            for (long count = 1; count < 60; count++) {
                assertTrue(e.runUntil(Until.instructions(count)));
                assertEquals(count, e.instructions());
            }
            assertTrue(e.runUntil(Until.timePs(SimTime.PS_PER_US)));
            assertEquals(SimTime.PS_PER_US, e.timePs());
        }
    }

    @Test
    void whatNeverHappensIsFalse() {
        try (Emulation e = Emulation.virt().limitPs(SimTime.PS_PER_MS).assemble("1: j 1b")) {
            assertFalse(e.runUntil(Until.output("x")));
            assertFalse(e.runUntil(Until.ended()));
            assertFalse(e.runUntil(Until.pc(0)));
            assertThrows(IllegalStateException.class, e::exitCode);
            assertThrows(IllegalStateException.class, e::runToExit);
        }
        try (Emulation e = Emulation.virt().assemble("wfi\n j .-4")) {
            assertFalse(e.runUntil(Until.instructions(5)), "waits for nothing");
        }
    }

    @Test
    void registersOfAllKindsCanBeReadAndSet() {
        try (Emulation e = Emulation.virt().assemble("fadd.d fa0, fa1, fa1\n csrr a0, mscratch\n ebreak")) {
            e.setRegister(0, "mstatus", 0x6000);
            e.setRegister(0, "fa1", Double.doubleToRawLongBits(1.5));
            e.setRegister(0, "mscratch", 77);
            e.runUntil(Until.instructions(2));
            assertEquals(3.0, Double.longBitsToDouble(e.register(0, "fa0")));
            assertEquals(77, e.register(0, "a0"));
            assertEquals(0x8000_0008L, e.register(0, "pc"));
            assertEquals(77, e.register(0, "mscratch"));
            assertThrows(IllegalArgumentException.class, () -> e.register(0, "q0"));
        }
    }

    @Test
    void equalRunsHaveEqualHashes() {
        String[] hashes = new String[2];
        for (int i = 0; i < 2; i++) {
            try (Emulation e = Emulation.virt().harts(3).assemble(COUNTER)) {
                e.runUntil(Until.timePs(SimTime.PS_PER_US));
                hashes[i] = e.stateHash();
            }
        }
        assertEquals(hashes[0], hashes[1]);
    }

    @Test
    void everyConstantIsLoaded() {
        Seed seed = new Seed(4).child("li");
        for (int i = 0; i < 500; i++) {
            long value = seed.draw(2 * i) >> (int) (seed.draw(2 * i + 1) & 63);
            long wanted = i < 64 ? 1L << i : i < 128 ? -1L >>> i : i < 192 ? ~(1L << i) : value;
            try (Emulation e = Emulation.virt().memoryBytes(4 << 20).assemble("li a0, " + wanted + "\n end: wfi")) {
                assertTrue(e.runUntil(Until.symbol("end")));
                assertEquals(wanted, e.register(0, "a0"));
            }
        }
    }
}
