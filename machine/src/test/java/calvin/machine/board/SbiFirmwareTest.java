package calvin.machine.board;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import calvin.machine.hart.Status;
import calvin.machine.hosted.HartPort;
import calvin.machine.hosted.HostedKernel;
import calvin.machine.hosted.HostedVector;
import calvin.machine.hosted.Resume;
import calvin.machine.isa.Csr;
import calvin.machine.sbi.SbiFirmware;
import calvin.sim.time.SimTime;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;
import org.junit.jupiter.api.Test;

/** The firmware as a kernel at S level sees it (SBI 2.0). */
class SbiFirmwareTest {
    private static final int BASE = 0x10;
    private static final int TIME = 0x54494D45;
    private static final int IPI = 0x735049;
    private static final int RFENCE = 0x52464E43;
    private static final int HSM = 0x48534D;
    private static final int RESET = 0x53525354;
    private static final int CONSOLE = 0x4442434E;
    private static final long BUFFER = AddressMap.KERNEL;

    private final List<String> log = new ArrayList<>();

    /**
     * Does something once on hart 0, then idles; other harts say that they have started, and which interrupts they
     * take.
     */
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
            if (port.x(10) == 0) {
                script.accept(port);
            } else {
                log.add("hart " + port.x(10) + " argument " + port.x(11));
                port.csr(Csr.SIE.number, 2);
            }
            return Resume.IDLE;
        }

        @Override
        public Resume trap(HartPort port) {
            log.add("hart " + port.hartId() + " cause " + (port.csr(Csr.SCAUSE.number) & 0xFF));
            port.csr(Csr.SIP.number, 0);
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
    void baseNamesVersionAndExtensions() {
        boot(1, port -> {
            port.ecall(BASE, 0, 0, 0, 0, 0);
            log.add("version " + (port.sbiValue() >>> 24));
            for (int extension : new int[]{BASE, TIME, IPI, RFENCE, HSM, RESET, CONSOLE, 0x504D55}) {
                assertEquals(0, port.ecall(BASE, 3, extension, 0, 0, 0));
                log.add(Long.toString(port.sbiValue()));
            }
            log.add("unknown " + port.ecall(0x12345, 0, 0, 0, 0, 0));
        });
        assertEquals(List.of("version 2", "1", "1", "1", "1", "1", "1", "1", "1", "unknown -2"), log);
    }

    @Test
    void timersInterruptTheKernel() {
        Rig rig = boot(1, port -> {
            port.csr(Csr.SIE.number, 0x20);
            assertEquals(0, port.ecall(TIME, 0, 500, 0, 0, 0));
        });
        assertEquals(List.of(), log);
        assertEquals(500 * 100 * SimTime.PS_PER_NS, rig.lane.nextTimePs());
        rig.lane.runUntil(SimTime.PS_PER_MS);
        assertEquals(List.of("hart 0 cause 5"), log);
    }

    @Test
    void hartsStartStopAndAreInterrupted() {
        boot(3, port -> {
            long entry = HostedVector.of(1, HostedVector.BOOT);
            log.add("start 7: " + port.ecall(HSM, 0, 7, entry, 0, 0));
            log.add("start 2 nowhere: " + port.ecall(HSM, 0, 2, 0x1000_0000_0000L, 0, 0));
            log.add("start 2: " + port.ecall(HSM, 0, 2, entry, 55, 0));
            log.add("again: " + port.ecall(HSM, 0, 2, entry, 55, 0));
            port.ecall(HSM, 2, 1, 0, 0, 0);
            log.add("status of 1: " + port.sbiValue());
            port.ecall(HSM, 2, 2, 0, 0, 0);
            log.add("status of 2: " + port.sbiValue());
            log.add("ipi: " + port.ecall(IPI, 0, 4, 0, 0, 0));
            log.add("ipi to nobody: " + port.ecall(IPI, 0, 8, 0, 0, 0));
            log.add("fence: " + port.ecall(RFENCE, 1, 0, -1, 0, 0));
        });
        assertEquals(List.of("start 7: -3", "start 2 nowhere: -5", "start 2: 0", "again: -6", "status of 1: 1",
                "status of 2: 2", "ipi: 0", "ipi to nobody: -3", "fence: 0", "hart 2 argument 55"), log);
    }

    @Test
    void startedHartsTakeInterrupts() {
        Rig rig = boot(2, port -> {
            port.csr(Csr.SIE.number, 0x20);
            port.ecall(HSM, 0, 1, HostedVector.of(1, HostedVector.BOOT), 1, 0);
            port.csr(Csr.STIMECMP.number, 200);
        });
        assertEquals(List.of("hart 1 argument 1"), log);
        log.clear();
        // The MSIP of hart 1 with the firmware's request of an IPI, as another hart would leave them.
        rig.lane.runUntil(100 * SimTime.PS_PER_US);
        assertEquals(List.of("hart 0 cause 5"), log);
        assertTrue(rig.machine.stuck());
    }

    @Test
    void theConsoleWritesAndReads() {
        byte[] text = "hello\n".getBytes(StandardCharsets.US_ASCII);
        Rig rig = new Rig(BoardSpec.virt(1, 16 << 20), List.of(new SbiFirmware(), new Kernel(port -> {
            port.physical().write(BUFFER, text, 0, text.length);
            assertEquals(0, port.ecall(CONSOLE, 0, text.length, BUFFER, 0, 0));
            assertEquals(text.length, port.sbiValue());
            assertEquals(-3, port.ecall(CONSOLE, 0, 4, 0x5000_0000_0000L, 0, 0));
            port.ecall(CONSOLE, 2, '!', 0, 0, 0);
            port.ecall(1, 0, '?', 0, 0, 0);
            assertEquals(0, port.ecall(CONSOLE, 1, 8, BUFFER, 0, 0));
            log.add("read " + port.sbiValue() + " " + (char) port.physical().u8(BUFFER) + (char) port.physical()
                    .u8(BUFFER + 1));
            log.add("empty " + port.ecall(2, 0, 0, 0, 0, 0));
        })));
        rig.machine.bootSupervisor(HostedVector.of(1, HostedVector.BOOT), "");
        rig.machine.type(0, "xy".getBytes(StandardCharsets.US_ASCII));
        rig.lane.runUntil(10 * SimTime.PS_PER_US);
        assertEquals("hello\n!?", rig.output.toString());
        assertEquals(List.of("read 2 xy", "empty -1"), log);
    }

    @Test
    void resetEndsTheMachineWithItsReason() {
        assertEquals("exited with code 0", boot(1, port -> port.ecall(RESET, 0, 0, 0, 0, 0)).machine.status()
                .toString());
        assertEquals("exited with code 1", boot(2, port -> port.ecall(RESET, 0, 0, 1, 0, 0)).machine.status()
                .toString());
        assertEquals("exited with code 0", boot(1, port -> port.ecall(8, 0, 0, 0, 0, 0)).machine.status().toString());
        assertEquals("running", boot(1, port -> assertEquals(-3, port.ecall(RESET, 0, 9, 0, 0, 0))).machine.status()
                .toString());
    }

    /** Debian on two harts stayed in external interrupts for ever: an IPI had come while a device's wire was high. */
    @Test
    void anInterruptBetweenHartsLeavesNoExternalOneBehind() {
        Rig rig = new Rig(BoardSpec.virt(1, 16 << 20), List.of(new SbiFirmware(),
                new Kernel(port -> assertEquals(0, port.ecall(IPI, 0, 1, 0, 0, 0)))));
        rig.machine.bootSupervisor(HostedVector.of(1, HostedVector.BOOT), "");
        rig.machine.interruptLine(0, Status.SEIP).set(true);
        rig.lane.runUntil(10 * SimTime.PS_PER_US);
        assertEquals(Status.SEIP | Status.SSIP, rig.machine.hart(0).csr(Csr.MIP) & (Status.SEIP | Status.SSIP));
        rig.machine.interruptLine(0, Status.SEIP).set(false);
        assertEquals(0, rig.machine.hart(0).csr(Csr.MIP) & Status.SEIP);
    }
}
