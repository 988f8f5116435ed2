package calvin.enclave;

import calvin.sim.state.Memory;

/**
 * Memory at other addresses: address {@code a} here is {@code a - shift} there. For laying out what a guest will see
 * elsewhere.
 */
record Shifted(Memory memory, long shift) implements Memory {
    @Override
    public int u8(long at) {
        return memory.u8(at - shift);
    }

    @Override
    public void u8(long at, int value) {
        memory.u8(at - shift, value);
    }

    @Override
    public int u16(long at) {
        return memory.u16(at - shift);
    }

    @Override
    public void u16(long at, int value) {
        memory.u16(at - shift, value);
    }

    @Override
    public long u32(long at) {
        return memory.u32(at - shift);
    }

    @Override
    public void u32(long at, long value) {
        memory.u32(at - shift, value);
    }

    @Override
    public long u64(long at) {
        return memory.u64(at - shift);
    }

    @Override
    public void u64(long at, long value) {
        memory.u64(at - shift, value);
    }

    @Override
    public void read(long at, byte[] into, int offset, int length) {
        memory.read(at - shift, into, offset, length);
    }

    @Override
    public void write(long at, byte[] from, int offset, int length) {
        memory.write(at - shift, from, offset, length);
    }
}
