package calvin.machine.nic;

import calvin.machine.bus.Dma;
import calvin.sim.state.Block;
import calvin.sim.state.StateReader;
import calvin.sim.state.StateWriter;
import calvin.sim.state.Stateful;

/** Physical memory of a test node: one range, handed out from its start. */
final class Ram implements Dma, Stateful {
    static final long BASE = 0x8000_0000L;

    final Block block;
    private final String name;
    private long next = BASE;

    Ram(String name, int sizeBytes) {
        this.name = name;
        this.block = new Block(sizeBytes);
    }

    /** Unused memory at a multiple of 64. */
    long allocate(long bytes) {
        long pa = next;
        next += bytes + 63 & -64;
        if (next - BASE > block.sizeBytes()) {
            throw new IllegalStateException("test memory is full");
        }
        return pa;
    }

    long u32(long pa) {
        return block.u32(pa - BASE);
    }

    void u32(long pa, long value) {
        block.u32(pa - BASE, value);
    }

    long u64(long pa) {
        return block.u64(pa - BASE);
    }

    void u64(long pa, long value) {
        block.u64(pa - BASE, value);
    }

    int u8(long pa) {
        return block.u8(pa - BASE);
    }

    void u8(long pa, int value) {
        block.u8(pa - BASE, value);
    }

    byte[] bytes(long pa, int length) {
        byte[] copy = new byte[length];
        block.read(pa - BASE, copy, 0, length);
        return copy;
    }

    void bytes(long pa, byte[] from) {
        block.write(pa - BASE, from, 0, from.length);
    }

    private boolean holds(long pa, int length) {
        return pa >= BASE && pa - BASE <= block.sizeBytes() - length;
    }

    @Override
    public boolean read(long pa, byte[] into, int offset, int length) {
        if (!holds(pa, length)) {
            return false;
        }
        block.read(pa - BASE, into, offset, length);
        return true;
    }

    @Override
    public boolean write(long pa, byte[] from, int offset, int length) {
        if (!holds(pa, length)) {
            return false;
        }
        block.write(pa - BASE, from, offset, length);
        return true;
    }

    @Override
    public String stateName() {
        return name;
    }

    @Override
    public void save(StateWriter out) {
        out.u64(next);
        block.save(out);
    }

    @Override
    public void load(StateReader in) {
        next = in.u64();
        block.load(in);
    }

    @Override
    public boolean message(long pa, int data) {
        throw new AssertionError("the card sends no messages");
    }
}
