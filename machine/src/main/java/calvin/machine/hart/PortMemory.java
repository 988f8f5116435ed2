package calvin.machine.hart;

import calvin.machine.bus.SystemBus;
import calvin.machine.isa.Cause;
import calvin.machine.mem.PhysicalMemory;
import calvin.machine.mmu.Access;
import calvin.machine.mmu.Walker;
import calvin.sim.state.Derived;
import calvin.sim.state.Memory;

/**
 * Physical memory and devices as a hosted kernel reaches them. At M and S level an address is physical; with V=1 it is
 * guest-physical and goes through the G stage, whose faults the hypervisor handles before the access goes on.
 *
 * <p>Cost: a region lookup per access; with V=1 a walk of the G stage as well.
 */
final class PortMemory implements Memory {
    /** A handler that keeps saying "again" would hang the machine; after this many times the access has hit nothing. */
    static final int MAX_ATTEMPTS = 16;
    private static final int PAGE_MASK = 4095;
    private static final int A0 = 10;

    private final HostedPort port;
    private final HartUnit unit;
    private final Hart hart;
    private final CostTable costs;
    private final PhysicalMemory memory;
    private final SystemBus bus;
    @Derived(from = "nothing: used within one access")
    private long answer;

    PortMemory(HostedPort port, HartUnit unit, PhysicalMemory memory, SystemBus bus) {
        this.port = port;
        this.unit = unit;
        this.hart = unit.hart();
        this.costs = unit.costs();
        this.memory = memory;
        this.bus = bus;
    }

    private long load(long at, int sizeLog2) {
        port.charge(costs.memoryAccess());
        if ((at & PAGE_MASK) + (1 << sizeLog2) > PAGE_MASK + 1) {
            return loadBytes(at, sizeLog2);
        }
        long pa = at;
        if (port.virtual()) {
            pa = translateGuest(at, Access.READ, sizeLog2, 0);
            if (pa == DONE) {
                return answer & -1L >>> 64 - (8 << sizeLog2);
            }
        }
        unit.watches().accessed(Watches.READ, at, pa, 1 << sizeLog2);
        if (memory.isRam(pa, 1)) {
            port.charge(unit.kernelWait(pa, 1 << sizeLog2, false));
            return switch (sizeLog2) {
                case 0 -> memory.u8(pa);
                case 1 -> memory.u16(pa);
                case 2 -> memory.u32(pa);
                default -> memory.u64(pa);
            };
        }
        int device = bus.find(pa, 1 << sizeLog2);
        if (device < 0) {
            port.markBad();
            return 0;
        }
        long value = bus.load(device, hart.timePs(), pa, 1 << sizeLog2);
        port.charge(costs.deviceAccess());
        return value;
    }

    private long loadBytes(long at, int sizeLog2) {
        long value = 0;
        for (int i = 0; i < 1 << sizeLog2; i++) {
            value |= load(at + i, 0) << (8 * i);
        }
        return value;
    }

    private void store(long at, int sizeLog2, long value) {
        port.charge(costs.memoryAccess());
        if ((at & PAGE_MASK) + (1 << sizeLog2) > PAGE_MASK + 1) {
            for (int i = 0; i < 1 << sizeLog2; i++) {
                store(at + i, 0, value >>> (8 * i));
            }
            return;
        }
        long pa = at;
        if (port.virtual()) {
            pa = translateGuest(at, Access.WRITE, sizeLog2, value);
            if (pa == DONE) {
                return;
            }
        }
        unit.watches().accessed(Watches.WRITE, at, pa, 1 << sizeLog2);
        if (memory.isRam(pa, 1)) {
            port.charge(unit.kernelWait(pa, 1 << sizeLog2, true));
            switch (sizeLog2) {
                case 0 -> memory.u8(pa, (int) value);
                case 1 -> memory.u16(pa, (int) value);
                case 2 -> memory.u32(pa, value);
                default -> memory.u64(pa, value);
            }
            return;
        }
        int device = bus.find(pa, 1 << sizeLog2);
        if (device < 0) {
            port.markBad();
            return;
        }
        bus.store(device, hart.timePs(), pa, 1 << sizeLog2, value);
        port.charge(costs.deviceAccess());
    }

    /** The hypervisor has done the access. Not an address: those have at most 56 bits. */
    private static final long DONE = -1;
    /** Nothing answers there. */
    private static final long NOWHERE = -2;

    /** Physical address behind a guest-physical one, {@link #DONE} or {@link #NOWHERE}. */
    private long translateGuest(long gpa, int access, int sizeLog2, long value) {
        // The kernel's accesses are S-level ones with vsatp Bare: the first stage changes nothing.
        int context = Hart.MODE_S | Access.VIRTUAL;
        for (int attempt = 0; attempt < MAX_ATTEMPTS; attempt++) {
            int result = unit.memory().translation().walkGuest(gpa, access, context);
            if (result == Walker.OK) {
                return unit.memory().translation().walker().pa();
            }
            if (result != Walker.GUEST_PAGE_FAULT) {
                return NOWHERE;
            }
            if (deliverGuestFault(gpa, gpa, access, sizeLog2, 0, value)) {
                return DONE;
            }
        }
        return NOWHERE;
    }

    /**
     * Delivers a guest-page fault to the hypervisor.
     *
     * @param instruction pseudo-instruction of an implicit access, or 0: a load or store on x10 is made up
     * @param value       what a store stores
     * @return whether the hypervisor has done the access; what a load gave is then in {@link #answer}
     */
    boolean deliverGuestFault(long va, long gpa, int access, int sizeLog2, long instruction, long value) {
        Cause cause = switch (access) {
            case Access.WRITE -> Cause.STORE_GUEST_PAGE_FAULT;
            case Access.EXECUTE -> Cause.INSTRUCTION_GUEST_PAGE_FAULT;
            default -> Cause.LOAD_GUEST_PAGE_FAULT;
        };
        hart.raise(cause.code, va);
        hart.trapGuestVa = true;
        hart.trapGuestPa = gpa;
        // Loads are lbu, lhu, lwu and ld.
        hart.trapInstruction = instruction != 0
                ? instruction
                : access == Access.WRITE
                        ? A0 << 20 | sizeLog2 << 12 | 0x23
                        : (sizeLog2 == 3 ? 3 : 4 + sizeLog2) << 12 | A0 << 7 | 0x03;
        long old = hart.x[A0];
        hart.x[A0] = value;
        boolean done = port.deliver();
        answer = hart.x[A0];
        hart.x[A0] = old;
        return done;
    }

    /** Copies within one page of RAM; false where there is none. Charges per 8 bytes. */
    boolean copy(long at, byte[] bytes, int offset, int length, int access) {
        port.charge((long) costs.memoryAccess() * (length + 7 >>> 3));
        long pa = at;
        if (port.virtual()) {
            pa = translateGuest(at, access, 0, 0);
            if (pa < 0) {
                return false;
            }
        }
        if (!memory.isRam(pa, length)) {
            return false;
        }
        unit.watches().accessed(access == Access.READ ? Watches.READ : Watches.WRITE, at, pa, length);
        port.charge(unit.kernelWait(pa, length, access == Access.WRITE));
        if (access == Access.READ) {
            memory.read(pa, bytes, offset, length);
        } else {
            memory.write(pa, bytes, offset, length);
        }
        return true;
    }

    @Override
    public int u8(long at) {
        return (int) load(at, 0);
    }

    @Override
    public void u8(long at, int value) {
        store(at, 0, value & 0xFFL);
    }

    @Override
    public int u16(long at) {
        return (int) load(at, 1);
    }

    @Override
    public void u16(long at, int value) {
        store(at, 1, value & 0xFFFFL);
    }

    @Override
    public long u32(long at) {
        return load(at, 2);
    }

    @Override
    public void u32(long at, long value) {
        store(at, 2, value & 0xFFFF_FFFFL);
    }

    @Override
    public long u64(long at) {
        return load(at, 3);
    }

    @Override
    public void u64(long at, long value) {
        store(at, 3, value);
    }

    /** RAM only; bytes that are none read as zero and mark a bad access. */
    @Override
    public void read(long at, byte[] into, int offset, int length) {
        for (int done = 0; done < length;) {
            int part = Math.min(length - done, PAGE_MASK + 1 - (int) (at + done & PAGE_MASK));
            if (!copy(at + done, into, offset + done, part, Access.READ)) {
                java.util.Arrays.fill(into, offset + done, offset + done + part, (byte) 0);
                port.markBad();
            }
            done += part;
        }
    }

    @Override
    public void write(long at, byte[] from, int offset, int length) {
        for (int done = 0; done < length;) {
            int part = Math.min(length - done, PAGE_MASK + 1 - (int) (at + done & PAGE_MASK));
            if (!copy(at + done, from, offset + done, part, Access.WRITE)) {
                port.markBad();
            }
            done += part;
        }
    }

    @Override
    public void zero(long at, long bytes) {
        for (long done = 0; done < bytes;) {
            long part = Math.min(bytes - done, PAGE_MASK + 1 - (at + done & PAGE_MASK));
            port.charge(costs.memoryAccess() * (part + 7 >>> 3));
            long pa = at + done;
            if (port.virtual()) {
                pa = translateGuest(pa, Access.WRITE, 0, 0);
            }
            if (pa >= 0 && memory.isRam(pa, part)) {
                unit.watches().accessed(Watches.WRITE, at + done, pa, (int) part);
                port.charge(unit.kernelWait(pa, part, true));
                memory.zero(pa, part);
            } else {
                port.markBad();
            }
            done += part;
        }
    }
}
