package calvin.machine.hart;

import calvin.machine.bus.SystemBus;
import calvin.machine.hosted.HartPort;
import calvin.machine.isa.Cause;
import calvin.machine.isa.Csr;
import calvin.machine.mem.PhysicalMemory;
import calvin.machine.mmu.Access;
import calvin.machine.mmu.Walker;
import calvin.sim.check.Check;
import calvin.sim.state.Derived;
import calvin.sim.state.Memory;

/**
 * The door of hosted kernels on one hart and nesting depth; reused by every entry. Costs are those of {@link
 * CostTable}, charged to the hart's clock at once.
 *
 * <p>With V=1 an access that the hypervisor must see is delivered as the trap of an instruction on register x10: CSR
 * accesses as csrrs and csrrw, guest-page faults with a transformed load or store in htinst.
 *
 * <p>At the {@code timed} fidelity accesses to RAM also wait for caches and NUMA distance ({@link AccessTimer}).
 */
final class HostedPort implements HartPort {
    private static final int A0 = 10;
    private static final int A1 = 11;
    private static final int A7 = 17;
    private static final int PAGE_MASK = 4095;

    private final HartUnit unit;
    private final Hart hart;
    private final HostedUnit hosted;
    private final CostTable costs;
    private final MachineServices machine;
    private final PortMemory physical;
    @Derived(from = "nothing: used within one entry")
    private boolean bad;
    @Derived(from = "nothing: used within one entry")
    private long sbiValue;
    @Derived(from = "nothing: used within one entry")
    private String panicMessage;
    /** Argument registers of the interrupted code while an SBI call has its own in them. */
    @Derived(from = "nothing: used within one entry")
    private final long[] saved = new long[8];

    HostedPort(HartUnit unit, HostedUnit hosted, PhysicalMemory memory, SystemBus bus, MachineServices machine) {
        this.unit = unit;
        this.hart = unit.hart();
        this.hosted = hosted;
        this.costs = unit.costs();
        this.machine = machine;
        physical = new PortMemory(this, unit, memory, bus);
    }

    void begin() {
        bad = false;
        sbiValue = 0;
        panicMessage = null;
    }

    String panicMessage() {
        return panicMessage;
    }

    void markBad() {
        bad = true;
    }

    @Override
    public int hartId() {
        return hart.id;
    }

    @Override
    public int node() {
        return machine.node();
    }

    @Override
    public boolean virtual() {
        return hart.mode >= Hart.MODE_V;
    }

    @Override
    public long x(int register) {
        return hart.x[register];
    }

    @Override
    public void x(int register, long value) {
        if (register != 0) {
            hart.x[register] = value;
        }
    }

    @Override
    public long f(int register) {
        return hart.f[register];
    }

    @Override
    public void f(int register, long value) {
        hart.f[register] = value;
    }

    @Override
    public int fcsr() {
        return hart.fcsr;
    }

    @Override
    public void fcsr(int value) {
        hart.fcsr = value & 0xFF;
    }

    @Override
    public long csr(int number) {
        charge(costs.csrAccess());
        long value = unit.csrs().access(number, 2, 0, false);
        if (hart.trapCause < 0) {
            return value;
        }
        long old = hart.x[A0];
        deliverCsr(number, (long) number << 20 | 2 << 12 | A0 << 7 | 0x73);
        value = hart.x[A0];
        hart.x[A0] = old;
        return value;
    }

    @Override
    public void csr(int number, long value) {
        charge(costs.csrAccess());
        unit.csrs().access(number, 1, value, true);
        if (hart.trapCause >= 0) {
            long old = hart.x[A0];
            hart.x[A0] = value;
            deliverCsr(number, (long) number << 20 | A0 << 15 | 1 << 12 | 0x73);
            hart.x[A0] = old;
        }
    }

    private void deliverCsr(int number, long instruction) {
        Check.that(hart.trapCause == Cause.VIRTUAL_INSTRUCTION.code,
                "hosted kernel uses a CSR that its level does not have: " + Csr.nameOf(number), hart.mode);
        hart.trapValue = instruction;
        hosted.deliver();
    }

    @Override
    public Memory physical() {
        return physical;
    }

    @Override
    public boolean badAccess() {
        boolean was = bad;
        bad = false;
        return was;
    }

    @Override
    public long translateUser(long va, int access) {
        int context = Hart.MODE_U | (virtual() ? Access.VIRTUAL : 0);
        for (int attempt = 0; attempt < PortMemory.MAX_ATTEMPTS; attempt++) {
            int result = unit.memory().translation().walk(va, access, context);
            Walker walker = unit.memory().translation().walker();
            charge((long) costs.walkStep() * walker.steps());
            if (result == Walker.OK) {
                return virtual() ? walker.gpa() : walker.pa();
            }
            if (result != Walker.GUEST_PAGE_FAULT) {
                return -1;
            }
            if (physical.deliverGuestFault(va, walker.gpa(), access, 3, walker.pseudoInstruction(), 0)) {
                return -1;
            }
        }
        return -1;
    }

    @Override
    public boolean copyFromUser(long va, byte[] into, int offset, int length) {
        for (int done = 0; done < length;) {
            int part = Math.min(length - done, PAGE_MASK + 1 - (int) (va + done & PAGE_MASK));
            long pa = translateUser(va + done, Access.READ);
            if (pa == -1 || !physical.copy(pa, into, offset + done, part, Access.READ)) {
                return false;
            }
            done += part;
        }
        return true;
    }

    @Override
    public boolean copyToUser(long va, byte[] from, int offset, int length) {
        for (int done = 0; done < length;) {
            int part = Math.min(length - done, PAGE_MASK + 1 - (int) (va + done & PAGE_MASK));
            long pa = translateUser(va + done, Access.WRITE);
            if (pa == -1 || !physical.copy(pa, from, offset + done, part, Access.WRITE)) {
                return false;
            }
            done += part;
        }
        return true;
    }

    @Override
    public long guestLoad(long gva, int sizeLog2) {
        chargeGuestAccess();
        int context = unit.system().guestContext(false);
        long value = context < 0 ? 0 : unit.memory().guestLoad(gva, sizeLog2, context);
        return dropTrap() ? 0 : value;
    }

    @Override
    public void guestStore(long gva, int sizeLog2, long value) {
        chargeGuestAccess();
        int context = unit.system().guestContext(false);
        if (context >= 0) {
            unit.memory().guestStore(gva, sizeLog2, value, context);
        }
        dropTrap();
    }

    private void chargeGuestAccess() {
        Check.that(!virtual(), "a kernel at VS level has no guests", hart.mode);
        charge(costs.memoryAccess());
    }

    private boolean dropTrap() {
        boolean trapped = hart.trapCause >= 0;
        hart.trapCause = -1;
        bad |= trapped;
        return trapped;
    }

    @Override
    public void charge(long cycles) {
        hart.cycle += cycles;
    }

    @Override
    public long timePs() {
        return hart.timePs();
    }

    @Override
    public long time() {
        charge(costs.csrAccess());
        return unit.csrs().read(Csr.TIME);
    }

    @Override
    public void sfenceVma() {
        charge(costs.fence());
        if (hart.mode == Hart.MODE_M) {
            unit.flushTranslations();
        } else {
            unit.memory().translation().fence(0, virtual(), 0, 0, false, false);
        }
    }

    @Override
    public void hfence() {
        charge(costs.fence());
        unit.memory().translation().fence(2, false, 0, 0, false, false);
    }

    /** Decoded code follows every store at once, so there is nothing to do but to pay. */
    @Override
    public void fenceI() {
        charge(costs.fence());
    }

    @Override
    public long ecall(int extension, int function, long a0, long a1, long a2, long a3) {
        System.arraycopy(hart.x, A0, saved, 0, saved.length);
        hart.x[A0] = a0;
        hart.x[A1] = a1;
        hart.x[A0 + 2] = a2;
        hart.x[A0 + 3] = a3;
        hart.x[A7 - 1] = function;
        hart.x[A7] = extension;
        unit.system().ecall();
        boolean done = hosted.deliver();
        Check.that(done, "an SBI call did not step over its ECALL", extension);
        long error = hart.x[A0];
        sbiValue = hart.x[A1];
        System.arraycopy(saved, 0, hart.x, A0, saved.length);
        return error;
    }

    @Override
    public long sbiValue() {
        return sbiValue;
    }

    @Override
    public void panic(String message) {
        panicMessage = message;
    }

    @Override
    public void taskStarted(long task) {
        machine.taskStarted(hart.timePs(), virtual() ? GUEST_TASK | task : task);
    }

    @Override
    public void taskEnded(long task, long code) {
        machine.taskEnded(hart.timePs(), virtual() ? GUEST_TASK | task : task, code);
    }

    @Override
    public void vmExit(int code, long cycles, int vcpu) {
        machine.vmExit(hart.timePs(), code, cycles, vcpu);
    }

    /** For {@link PortMemory}: delivers the pending guest-page fault. */
    boolean deliver() {
        return hosted.deliver();
    }
}
