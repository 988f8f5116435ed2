package calvin.hypervisor;

import calvin.machine.hosted.HartPort;
import calvin.machine.isa.Csr;
import calvin.sim.state.Block;
import calvin.sim.state.Memory;

/** A hart of HS level with registers, flat memory from {@link #BASE} on, and a clock that moves with every charge. */
public final class FakePort implements HartPort {
    public static final long BASE = 0x8000_0000L;
    public final long[] x = new long[32];
    public final long[] csrs = new long[4096];
    public int exits;
    public int lastExit;
    public long time;
    public long cycles;
    public int fences;
    /** Bytes that guestLoad sees, at gva 0 and up; null for "faults". */
    public byte[] guestCode;
    private boolean bad;
    private final Block block;
    private final Memory memory;

    public FakePort(int memoryBytes) {
        block = new Block(memoryBytes);
        memory = new Based(block);
    }

    @Override
    public int hartId() {
        return 0;
    }

    @Override
    public int node() {
        return 0;
    }

    @Override
    public boolean virtual() {
        return false;
    }

    @Override
    public long x(int register) {
        return x[register];
    }

    @Override
    public void x(int register, long value) {
        if (register != 0) {
            x[register] = value;
        }
    }

    @Override
    public long f(int register) {
        return 0;
    }

    @Override
    public void f(int register, long value) {}

    @Override
    public int fcsr() {
        return 0;
    }

    @Override
    public void fcsr(int value) {}

    @Override
    public long csr(int number) {
        // vsip: pending bits of hvip and the timer, through hideleg, one place down.
        if (number == Csr.VSIP.number) {
            long pending = csrs[Csr.HVIP.number];
            boolean timer = Long.compareUnsigned(time + csrs[Csr.HTIMEDELTA.number], csrs[Csr.VSTIMECMP.number]) >= 0;
            return (pending | (timer ? 1L << 6 : 0)) >>> 1 & 0x222;
        }
        return number == Csr.CYCLE.number ? cycles++ : csrs[number];
    }

    @Override
    public void csr(int number, long value) {
        csrs[number] = value;
    }

    @Override
    public Memory physical() {
        return memory;
    }

    @Override
    public boolean badAccess() {
        boolean was = bad;
        bad = false;
        return was;
    }

    @Override
    public long translateUser(long va, int access) {
        return -1;
    }

    @Override
    public boolean copyFromUser(long va, byte[] into, int offset, int length) {
        return false;
    }

    @Override
    public boolean copyToUser(long va, byte[] from, int offset, int length) {
        return false;
    }

    @Override
    public long guestLoad(long gva, int sizeLog2) {
        if (guestCode == null || gva + (1 << sizeLog2) > guestCode.length) {
            bad = true;
            return 0;
        }
        long value = 0;
        for (int i = (1 << sizeLog2) - 1; i >= 0; i--) {
            value = value << 8 | guestCode[(int) gva + i] & 0xFF;
        }
        return value;
    }

    @Override
    public void guestStore(long gva, int sizeLog2, long value) {
        bad = true;
    }

    @Override
    public void charge(long more) {
        cycles += more;
    }

    @Override
    public long timePs() {
        return cycles++ * 1000;
    }

    @Override
    public long time() {
        return time;
    }

    @Override
    public void sfenceVma() {}

    @Override
    public void hfence() {
        fences++;
    }

    @Override
    public void fenceI() {}

    @Override
    public long ecall(int extension, int function, long a0, long a1, long a2, long a3) {
        return -2;
    }

    @Override
    public long sbiValue() {
        return 0;
    }

    @Override
    public void panic(String message) {
        throw new AssertionError(message);
    }

    @Override
    public void taskStarted(long task) {}

    @Override
    public void taskEnded(long task, long code) {}

    @Override
    public void vmExit(int code, long spent, int vcpu) {
        exits++;
        lastExit = code;
    }

    private record Based(Block block) implements Memory {
        @Override
        public int u8(long at) {
            return block.u8(at - BASE);
        }

        @Override
        public void u8(long at, int value) {
            block.u8(at - BASE, value);
        }

        @Override
        public int u16(long at) {
            return block.u16(at - BASE);
        }

        @Override
        public void u16(long at, int value) {
            block.u16(at - BASE, value);
        }

        @Override
        public long u32(long at) {
            return block.u32(at - BASE);
        }

        @Override
        public void u32(long at, long value) {
            block.u32(at - BASE, value);
        }

        @Override
        public long u64(long at) {
            return block.u64(at - BASE);
        }

        @Override
        public void u64(long at, long value) {
            block.u64(at - BASE, value);
        }

        @Override
        public void read(long at, byte[] into, int offset, int length) {
            block.read(at - BASE, into, offset, length);
        }

        @Override
        public void write(long at, byte[] from, int offset, int length) {
            block.write(at - BASE, from, offset, length);
        }
    }
}
