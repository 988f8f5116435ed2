package calvin.machine.board;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import calvin.machine.hosted.HartPort;
import calvin.machine.hosted.HostedKernel;
import calvin.machine.hosted.HostedVector;
import calvin.machine.hosted.Resume;
import calvin.machine.isa.Csr;
import calvin.machine.sbi.SbiFirmware;
import calvin.sim.time.SimTime;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;
import org.junit.jupiter.api.Test;

/** What each function answers (SBI 2.0), as a table; and what happens to a hart that suspends itself. */
class SbiCallsTest {
    private static final int TIME = 0x54494D45;
    private static final int IPI = 0x735049;
    private static final int RFENCE = 0x52464E43;
    private static final int HSM = 0x48534D;
    private static final int SRST = 0x53525354;
    private static final int SUSP = 0x53555350;
    private static final int PMU = 0x504D55;
    private static final int CPPC = 0x43505043;
    private static final long ENTRY = HostedVector.of(1, HostedVector.BOOT);
    private static final long NOWHERE = 0x1000_0000_0000L;
    private static final long FORGETTING = 0x8000_0000L;
    private static final int NO_VALUE = -99;

    private record Call(String what, int extension, int function, long a0, long a1, long a2, long a3, int error,
            long value) {}

    // @formatter:off
    /** On hart 0 of two, one after the other. */
    private static final List<Call> CALLS = List.of(
        new Call("TIME has one function",          TIME,   1, 0, 0, 0, 0,                     -2, NO_VALUE),
        new Call("IPI has one function",           IPI,    1, 1, 0, 0, 0,                     -2, NO_VALUE),
        new Call("IPI to nobody",                  IPI,    0, 0, 0, 0, 0,                      0, NO_VALUE),
        new Call("IPI beyond the last hart",       IPI,    0, 4, 0, 0, 0,                     -3, NO_VALUE),
        new Call("fence.i everywhere",             RFENCE, 0, 0, -1, 0, 0,                     0, NO_VALUE),
        new Call("sfence.vma of a space",          RFENCE, 2, 3, 0, 0, 4096,                   0, NO_VALUE),
        new Call("hfence.gvma of a VMID",          RFENCE, 3, 3, 0, 0, 4096,                   0, NO_VALUE),
        new Call("hfence.vvma",                    RFENCE, 6, 3, 0, 0, 4096,                   0, NO_VALUE),
        new Call("no eighth fence",                RFENCE, 7, 3, 0, 0, 4096,                  -2, NO_VALUE),
        new Call("hart 0 is started",              HSM,    2, 0, 0, 0, 0,                      0, 0),
        new Call("hart 1 is stopped",              HSM,    2, 1, 0, 0, 0,                      0, 1),
        new Call("there is no hart 2",             HSM,    2, 2, 0, 0, 0,                     -3, NO_VALUE),
        new Call("start of what is started",       HSM,    0, 0, ENTRY, 0, 0,                 -6, NO_VALUE),
        new Call("start in no memory",             HSM,    0, 1, NOWHERE, 0, 0,               -5, NO_VALUE),
        new Call("reserved suspend type",          HSM,    3, 1, 0, 0, 0,                     -3, NO_VALUE),
        new Call("suspend of a platform",          HSM,    3, 0x1000_0000L, 0, 0, 0,          -3, NO_VALUE),
        new Call("suspend to go on nowhere",       HSM,    3, FORGETTING, NOWHERE, 0, 0,      -5, NO_VALUE),
        new Call("no fifth function of HSM",       HSM,    4, 0, 0, 0, 0,                     -2, NO_VALUE),
        new Call("reserved reset type",            SRST,   0, 3, 0, 0, 0,                     -3, NO_VALUE),
        new Call("reserved reset reason",          SRST,   0, 0, 2, 0, 0,                     -3, NO_VALUE),
        new Call("SRST has one function",          SRST,   1, 0, 0, 0, 0,                     -2, NO_VALUE),
        new Call("reserved sleep type",            SUSP,   0, 1, ENTRY, 0, 0,                 -3, NO_VALUE),
        new Call("sleep to wake nowhere",          SUSP,   0, 0, NOWHERE, 0, 0,               -5, NO_VALUE),
        new Call("CPPC is absent",                 0x10,   3, CPPC, 0, 0, 0,                   0, 0),
        new Call("SUSP is there",                  0x10,   3, SUSP, 0, 0, 0,                   0, 1),
        new Call("CPPC answers so",                CPPC,   0, 0, 0, 0, 0,                     -2, NO_VALUE),
        new Call("counters",                       PMU,    0, 0, 0, 0, 0,                      0, 19),
        new Call("counter 0 is cycle",             PMU,    1, 0, 0, 0, 0,                      0, 0xC00 | 63 << 12),
        new Call("counter 1 does not exist",       PMU,    1, 1, 0, 0, 0,                     -3, NO_VALUE),
        new Call("counter 2 is instret",           PMU,    1, 2, 0, 0, 0,                      0, 0xC02 | 63 << 12),
        new Call("counter 3 is the firmware's",    PMU,    1, 3, 0, 0, 0,                      0, 1L << 63),
        new Call("no counter 19",                  PMU,    1, 19, 0, 0, 0,                    -3, NO_VALUE),
        new Call("an event nobody counts",         PMU,    2, 0, 0x7FFFF, 0, 3,               -2, NO_VALUE),
        new Call("counters that do not exist",     PMU,    2, 0, 1L << 19, 0, 1,              -3, NO_VALUE),
        new Call("no counters",                    PMU,    2, 0, 0, 0, 1,                     -3, NO_VALUE),
        new Call("IPIs sent, on the first free",   PMU,    2, 0, 0x7FFFF, 2, 0xF_0006,         0, 3),
        new Call("fences sent, on the next",       PMU,    2, 0, 0x7FFFF, 6, 0xF_0008,         0, 4),
        new Call("cycles",                         PMU,    2, 0, 0x7FFFF, 0, 1,                0, 0),
        new Call("cycles are taken",               PMU,    2, 0, 0x7FFFF, 0, 1,               -2, NO_VALUE),
        new Call("cycles run already",             PMU,    3, 0, 1, 0, 0,                     -7, NO_VALUE),
        new Call("start with a value",             PMU,    3, 3, 1, 1, 100,                    0, NO_VALUE),
        new Call("no snapshots",                   PMU,    3, 3, 1, 2, 0,                     -2, NO_VALUE),
        new Call("an IPI",                         IPI,    0, 2, 0, 0, 0,                      0, NO_VALUE),
        new Call("is counted",                     PMU,    5, 3, 0, 0, 0,                      0, 101),
        new Call("the upper half is empty",        PMU,    6, 3, 0, 0, 0,                      0, 0),
        new Call("a fence",                        RFENCE, 0, 1, 0, 0, 0,                      0, NO_VALUE),
        new Call("is counted, too",                PMU,    5, 4, 0, 0, 0,                      0, 1),
        new Call("cycle has a CSR",                PMU,    5, 0, 0, 0, 0,                     -3, NO_VALUE),
        new Call("stop and free",                  PMU,    4, 3, 1, 1, 0,                      0, NO_VALUE),
        new Call("stop again",                     PMU,    4, 3, 1, 0, 0,                     -8, NO_VALUE),
        new Call("an IPI not counted",             IPI,    0, 2, 0, 0, 0,                      0, NO_VALUE),
        new Call("a stopped counter stands",       PMU,    5, 3, 0, 0, 0,                      0, 101),
        new Call("the freed one is given out",     PMU,    2, 0, 0x7FFFF, 0, 0xF_0005,         0, 3),
        new Call("skip what has no event",         PMU,    2, 9, 1, 1, 0,                     -3, NO_VALUE),
        new Call("sleep while another runs",       HSM,    0, 1, ENTRY, 0, 0,                  0, NO_VALUE),
        new Call("is denied",                      SUSP,   0, 0, ENTRY, 0, 0,                 -4, NO_VALUE));
    // @formatter:on

    private final List<String> log = new ArrayList<>();

    private final class Kernel implements HostedKernel {
        private final Consumer<HartPort> script;

        Kernel(Consumer<HartPort> script) {
            this.script = script;
        }

        @Override
        public String name() {
            return "script";
        }

        @Override
        public Resume boot(HartPort port) {
            port.csr(Csr.STVEC.number, HostedVector.of(1, HostedVector.TRAP));
            if (port.x(11) == 77) {
                log.add("resumed with " + port.x(11) + ", satp " + port.csr(Csr.SATP.number));
                port.csr(Csr.STIMECMP.number, -1);
            } else if (port.x(10) == 0) {
                script.accept(port);
            }
            return Resume.IDLE;
        }

        @Override
        public Resume trap(HartPort port) {
            log.add("cause " + (port.csr(Csr.SCAUSE.number) & 0xFF));
            port.csr(Csr.STIMECMP.number, -1);
            return Resume.IDLE;
        }
    }

    private Rig boot(int harts, Consumer<HartPort> script) {
        Rig rig = new Rig(BoardSpec.virt(harts, 16 << 20), List.of(new SbiFirmware(), new Kernel(script)));
        rig.machine.bootSupervisor(HostedVector.of(1, HostedVector.BOOT), "");
        rig.lane.runUntil(10 * SimTime.PS_PER_US);
        return rig;
    }

    @Test
    void everyFunctionAnswersAsTheSpecificationSays() {
        boot(2, port -> {
            for (Call call : CALLS) {
                long error = port.ecall(call.extension, call.function, call.a0, call.a1, call.a2, call.a3);
                String got = call.what + ": " + (int) error + (call.value == NO_VALUE ? "" : " " + port.sbiValue());
                String wanted = call.what + ": " + call.error + (call.value == NO_VALUE ? "" : " " + call.value);
                assertEquals(wanted, got);
                log.add(got);
            }
        });
        assertEquals(CALLS.size(), log.size(), "the kernel has gone through them all");
    }

    /** A supervisor's program that suspends itself until its timer, at 100 us, and then shuts down if a0 says so. */
    private static Rig sleeper(String... call) {
        List<String> lines = new ArrayList<>(List.of("addi x5, x0, 1000", "csrrw x0, stimecmp, x5",
                "addi x5, x0, 32", "csrrw x0, sie, x5", "addi x9, x0, 7"));
        lines.addAll(List.of(call));
        // HSM, hart_suspend.
        lines.addAll(List.of("lui x17, 0x485", "addi x17, x17, 845", "addi x16, x0, 3", "ecall", "addi x9, x9, 1",
                "wfi", "jal x0, .-4"));
        Rig rig = new Rig(BoardSpec.virt(1, 16 << 20));
        for (int i = 0; i < lines.size(); i++) {
            rig.machine.memory().u32(AddressMap.KERNEL + 4L * i,
                    calvin.machine.isa.Assembler.assemble(lines.get(i)) & 0xFFFF_FFFFL);
        }
        rig.machine.bootSupervisor(AddressMap.KERNEL, "");
        return rig;
    }

    @Test
    void aRetentiveSuspendWaitsForAnInterruptAndGoesOn() {
        Rig rig = sleeper("addi x10, x0, 0");
        rig.lane.runUntil(99 * SimTime.PS_PER_US);
        assertEquals(7, rig.machine.hart(0).hart().x[9], "sleeps");
        assertTrue(rig.machine.hart(0).hart().waiting);
        rig.lane.runUntil(102 * SimTime.PS_PER_US);
        assertEquals(8, rig.machine.hart(0).hart().x[9], "has gone on behind the call");
        assertEquals(0, rig.machine.hart(0).hart().x[10], "with success");
        assertEquals(calvin.machine.hart.Hart.MODE_S, rig.machine.hart(0).hart().mode);
        assertEquals(0x222, rig.machine.hart(0).csr(Csr.MIDELEG) & 0x222, "interrupts are delegated again");
    }

    @Test
    void aForgettingSuspendGoesOnWhereItWasTold() {
        // Resumes at the last WFI, with a1 = 77.
        Rig rig = sleeper("addi x10, x0, 1", "slli x10, x10, 31", "auipc x11, 0", "addi x11, x11, 32",
                "addi x12, x0, 77");
        rig.lane.runUntil(99 * SimTime.PS_PER_US);
        assertTrue(rig.machine.hart(0).hart().waiting);
        rig.lane.runUntil(102 * SimTime.PS_PER_US);
        assertEquals(77, rig.machine.hart(0).hart().x[11]);
        assertEquals(0, rig.machine.hart(0).hart().x[10], "its number");
        assertEquals(7, rig.machine.hart(0).hart().x[9], "nothing behind the call was executed");
    }

    @Test
    void aSuspendedMachineWakesByItsTimer() {
        Rig rig = boot(1, port -> {
            port.csr(Csr.SIE.number, 0x20);
            port.csr(Csr.STIMECMP.number, 1000);
            port.ecall(SUSP, 0, 0, ENTRY, 77, 0);
            log.add("not reached");
        });
        assertEquals(List.of(), log);
        rig.lane.runUntil(SimTime.PS_PER_MS);
        assertEquals(List.of("resumed with 77, satp 0"), log);
    }

    @Test
    void rebootStartsTheProgramAgain() {
        List<String> boots = new ArrayList<>();
        Rig rig = new Rig(BoardSpec.virt(2, 16 << 20), List.of(new SbiFirmware(), new Kernel(port -> {
            boots.add("at " + port.time() + " memory " + port.physical().u64(AddressMap.KERNEL));
            port.physical().u64(AddressMap.KERNEL, 5);
            port.ecall(SRST, 0, boots.size() < 3 ? boots.size() : 0, 0, 0, 0);
        })));
        rig.machine.boot(machine -> {
            machine.memory().u64(AddressMap.KERNEL, 3);
            machine.bootSupervisor(ENTRY, "");
        });
        rig.lane.runUntil(SimTime.PS_PER_MS);
        assertEquals(3, boots.size(), boots.toString());
        assertTrue(boots.stream().allMatch(boot -> boot.endsWith("memory 3")), boots.toString());
        assertEquals("exited with code 0", rig.machine.status().toString());
        assertEquals(2, rig.machine.status().restarts());
    }

    @Test
    void aMachineThatCannotStartAgainEnds() {
        assertEquals("exited with code 0", boot(1, port -> port.ecall(SRST, 0, 1, 0, 0, 0)).machine.status()
                .toString());
    }
}
