package calvin.machine.sbi;

import static calvin.machine.sbi.FirmwareHartStruct.*;

import calvin.machine.hosted.HartPort;
import calvin.machine.hosted.HostedKernel;
import calvin.machine.hosted.HostedVector;
import calvin.machine.hosted.Resume;
import calvin.machine.isa.Cause;
import calvin.machine.isa.Csr;
import calvin.sim.state.Memory;
import java.util.Locale;

/**
 * Firmware at M level: starts harts, delegates traps, answers SBI calls. Its root ({@link FirmwareStruct}) is in
 * mscratch.
 *
 * <p>Harts ask things of each other as real firmware does: a bit in the other's {@link FirmwareHartStruct} and its
 * MSIP. A hart below M mode takes that interrupt before its next instruction, so a remote fence is done when the caller
 * goes on.
 *
 * <p>Boot protocol (M mode, at {@link HostedVector#BOOT}): a0 hart number, a1 device tree, a2 pc of the next stage in S
 * mode or 0 for a hart that waits to be started, a3 the root.
 *
 * <p>Emulates SBI 2.0: BASE, TIME (on stimecmp), IPI, RFENCE, HSM, SRST, SUSP, DBCN, PMU without snapshots, and of the
 * legacy calls set_timer, console and shutdown. Left out: CPPC, NACL, STA (which probe as absent), and emulation of
 * instructions: everything a kernel can handle is delegated to it.
 */
public final class SbiFirmware implements HostedKernel {
    /** Exceptions that go to S mode: all but calls from S and M. */
    private static final long DELEGATED_EXCEPTIONS = 0xF0_B5FFL;
    static final long SUPERVISOR_INTERRUPTS = 0x222;
    private static final long SSIP = 1L << 1;
    private static final long SEIP = 1L << 9;
    private static final long MSIE = 1L << 3;
    /** What S mode may use: STCE (Sstc), PBMTE (Svpbmt), CBZE, CBCFE and CBIE=3 (cache-block operations). */
    private static final long ENVIRONMENT = 3L << 62 | 0xF0;
    /** cycle, time, instret. */
    private static final long BASE_COUNTERS = 7;
    private static final long MPP = 3L << 11;
    private static final long MPP_SUPERVISOR = 1L << 11;
    private static final long MPV = 1L << 39;
    private static final long SIE = 1L << 1;
    private static final int ECALL_BYTES = 4;

    /** sourcecfg: to child 0. */
    private static final long DELEGATE = 1 << 10;
    /** domaincfg.IE. */
    private static final long DOMAIN_ENABLE = 1 << 8;

    static final int A0 = 10;
    static final int A1 = 11;
    static final int A2 = 12;
    static final int A3 = 13;

    @Override
    public String name() {
        return "sbi";
    }

    @Override
    public Resume boot(HartPort port) {
        long root = port.x(A3);
        port.csr(Csr.MSCRATCH.number, root);
        port.csr(Csr.MTVEC.number, HostedVector.of(0, HostedVector.TRAP));
        port.csr(Csr.MEDELEG.number, DELEGATED_EXCEPTIONS);
        port.csr(Csr.MIDELEG.number, SUPERVISOR_INTERRUPTS);
        port.csr(Csr.MCOUNTEREN.number, BASE_COUNTERS);
        port.csr(Csr.MENVCFG.number, port.csr(Csr.MENVCFG.number) | ENVIRONMENT);
        for (int i = 0; i < Csr.MSTATEEN.count; i++) {
            port.csr(Csr.MSTATEEN.number + i, -1L); // priv Smstateen: zero at reset, which would withhold senvcfg
        }
        port.csr(Csr.MIE.number, MSIE);
        if (port.x(A2) == 0) {
            return Resume.IDLE;
        }
        STATE.set(port.physical(), hartAt(port), STARTED);
        delegateSources(port.physical(), root);
        return enterSupervisor(port, port.x(A2), port.x(A1));
    }

    /** Gives S level the wires of devices where an APLIC takes them (aia 4.5.2). */
    private static void delegateSources(Memory memory, long root) {
        long aplic = FirmwareStruct.APLIC.get(memory, root);
        if (aplic == 0) {
            return;
        }
        for (long source = 1; source <= FirmwareStruct.SOURCES.get(memory, root); source++) {
            memory.u32(aplic + 4 * source, DELEGATE);
        }
        memory.u32(aplic, DOMAIN_ENABLE);
    }

    private static long hartAt(HartPort port) {
        return FirmwareStruct.hartAt(port.csr(Csr.MSCRATCH.number), port.hartId());
    }

    static Resume enterSupervisor(HartPort port, long pc, long argument) {
        port.csr(Csr.MEPC.number, pc);
        long status = port.csr(Csr.MSTATUS.number) & ~(MPP | MPV | SIE);
        port.csr(Csr.MSTATUS.number, status | MPP_SUPERVISOR);
        port.csr(Csr.SATP.number, 0);
        port.x(A0, port.hartId());
        port.x(A1, argument);
        return Resume.RETURN;
    }

    @Override
    public Resume trap(HartPort port) {
        long cause = port.csr(Csr.MCAUSE.number);
        if (cause == Cause.MACHINE_SOFTWARE.value()) {
            return requests(port);
        }
        if (cause == Cause.ECALL_FROM_S.value()) {
            return call(port);
        }
        if (cause < 0 && STATE.get(port.physical(), hartAt(port)) == SUSPENDED) {
            return SbiHarts.resume(port, hartAt(port));
        }
        port.panic(String.format(Locale.ROOT, "unexpected trap in M mode: mcause %#x, mepc %#x, mtval %#x", cause,
                port.csr(Csr.MEPC.number), port.csr(Csr.MTVAL.number)));
        return Resume.PANIC;
    }

    /** What other harts have asked for. */
    private static Resume requests(HartPort port) {
        Memory memory = port.physical();
        long root = port.csr(Csr.MSCRATCH.number);
        memory.u32(FirmwareStruct.CLINT.get(memory, root) + 4L * port.hartId(), 0);
        long at = FirmwareStruct.hartAt(root, port.hartId());
        long requests = REQUESTS.get(memory, at);
        REQUESTS.set(memory, at, 0);
        SbiPmu.received(memory, at, requests);
        if ((requests & FENCE_TRANSLATIONS) != 0) {
            port.sfenceVma();
        }
        if ((requests & FENCE_GUESTS) != 0) {
            port.hfence();
        }
        if ((requests & FENCE_INSTRUCTIONS) != 0) {
            port.fenceI();
        }
        if ((requests & START) != 0 && STATE.get(memory, at) == START_PENDING) {
            STATE.set(memory, at, STARTED);
            port.csr(Csr.STIMECMP.number, -1L);
            return enterSupervisor(port, START_PC.get(memory, at), START_ARGUMENT.get(memory, at));
        }
        long state = STATE.get(memory, at);
        if (state != STARTED && state != SUSPENDED) {
            return Resume.IDLE;
        }
        if ((requests & INTERRUPT) != 0) {
            // What is read of SEIP has the controller's wire in it; written back, it would stay (priv, "mip").
            port.csr(Csr.MIP.number, port.csr(Csr.MIP.number) & ~SEIP | SSIP);
        }
        return state == STARTED ? Resume.RETURN : Resume.IDLE;
    }

    private static Resume call(HartPort port) {
        port.csr(Csr.MEPC.number, port.csr(Csr.MEPC.number) + ECALL_BYTES);
        return SbiExtension.answer(port, port.csr(Csr.MSCRATCH.number));
    }
}
