package calvin.hypervisor.vcpu;

import calvin.machine.hosted.HartPort;
import calvin.machine.isa.Csr;
import calvin.sim.state.Memory;

/**
 * Moves a guest's control registers between the hart and its {@link VcpuStruct}. One table names them; the order is the
 * order in memory.
 *
 * <p>scounteren and senvcfg have no VS twin and act in VU too (priv H, "Hypervisor and Virtual Supervisor CSRs"), so
 * they are exchanged with the host's values. A switch costs two accesses per register, both ways, and one fence of
 * guest translations on the way in.
 */
public final class WorldSwitch {
    // @formatter:off
    private static final Csr[] TABLE = {
        Csr.HSTATUS, Csr.HEDELEG, Csr.HIDELEG, Csr.HCOUNTEREN, Csr.HTIMEDELTA, Csr.HENVCFG, Csr.HGATP, Csr.HVIP,
        Csr.VSSTATUS, Csr.VSIE, Csr.VSTVEC, Csr.VSSCRATCH, Csr.VSEPC, Csr.VSCAUSE, Csr.VSTVAL, Csr.VSATP, Csr.VSTIMECMP,
        Csr.SCOUNTEREN, Csr.SENVCFG, Csr.HSTATEEN,
    };
    // @formatter:on
    static final int COUNT = 20;

    public static final int HSTATUS = 0;
    public static final int HEDELEG = 1;
    public static final int HIDELEG = 2;
    public static final int HCOUNTEREN = 3;
    public static final int HTIMEDELTA = 4;
    public static final int HENVCFG = 5;
    public static final int HGATP = 6;
    public static final int HVIP = 7;
    public static final int VSSTATUS = 8;
    public static final int VSIE = 9;
    public static final int VSTIMECMP = 16;
    /** hstateen0; the guest's sstateen0 has nothing of its own. */
    public static final int HSTATEEN = 19;
    private static final int SCOUNTEREN = 17;
    private static final int SENVCFG = 18;

    /** hstatus.SPV: return to V=1 (priv H, hstatus). */
    public static final long HSTATUS_SPV = 1L << 7;

    private WorldSwitch() {}

    /** The registers that are switched, in order; for tests and documents. */
    public static Csr[] table() {
        return TABLE.clone();
    }

    /** Puts the guest's registers on the hart. */
    public static void load(HartPort port, long vcpuAt) {
        Memory memory = port.physical();
        VcpuStruct.HOST_SCOUNTEREN.set(memory, vcpuAt, port.csr(Csr.SCOUNTEREN.number));
        VcpuStruct.HOST_SENVCFG.set(memory, vcpuAt, port.csr(Csr.SENVCFG.number));
        for (int i = 0; i < TABLE.length; i++) {
            port.csr(TABLE[i].number, VcpuStruct.CSRS.get(memory, vcpuAt, i));
        }
        port.csr(Csr.HSTATUS.number, VcpuStruct.CSRS.get(memory, vcpuAt, HSTATUS) | HSTATUS_SPV);
        VcpuStruct.ON_HART.set(memory, vcpuAt, 1);
        // Another guest, or this one before its tables changed, may have left translations under the same VMID.
        port.hfence();
    }

    /** Takes the guest's registers off the hart; the next return goes to V=0. */
    public static void save(HartPort port, long vcpuAt) {
        Memory memory = port.physical();
        for (int i = 0; i < TABLE.length; i++) {
            VcpuStruct.CSRS.set(memory, vcpuAt, i, port.csr(TABLE[i].number));
        }
        port.csr(Csr.SCOUNTEREN.number, VcpuStruct.HOST_SCOUNTEREN.get(memory, vcpuAt));
        port.csr(Csr.SENVCFG.number, VcpuStruct.HOST_SENVCFG.get(memory, vcpuAt));
        port.csr(Csr.HSTATUS.number, port.csr(Csr.HSTATUS.number) & ~HSTATUS_SPV);
        // No timer of a guest that is not there may wake the hart.
        port.csr(Csr.VSTIMECMP.number, -1);
        port.csr(Csr.HVIP.number, 0);
        VcpuStruct.ON_HART.set(memory, vcpuAt, 0);
    }

    /** Reads a guest register wherever it is now. {@code place} is one of this class's constants. */
    static long get(HartPort port, long vcpuAt, int place) {
        Memory memory = port.physical();
        boolean onHart = VcpuStruct.ON_HART.get(memory, vcpuAt) == 1;
        return onHart ? port.csr(TABLE[place].number) : VcpuStruct.CSRS.get(memory, vcpuAt, place);
    }
}
