package calvin.machine.nic.verbs;

import calvin.sim.state.Block;

/** Memory regions: the only way from an address in a work request or packet to physical memory. */
final class Regions {
    static final int LOCAL_WRITE = 1;
    static final int REMOTE_WRITE = 2;
    static final int ALL_ACCESS = 0xF;

    private final Block block;
    private final Pool pool;

    Regions(CardState state) {
        block = state.block;
        pool = state.regions;
    }

    /** Key of a new region, or 0 when there is no room. */
    int register(int domain, long va, long length, long pa, int access) {
        int index = pool.take();
        if (index < 0) {
            return 0;
        }
        long at = pool.at(index);
        int key = (index + 1) << 8 | (int) pool.generation(index) & 0xFF;
        RegionStruct.KEY.set(block, at, key);
        RegionStruct.VA.set(block, at, va);
        RegionStruct.LENGTH.set(block, at, length);
        RegionStruct.PA.set(block, at, pa);
        RegionStruct.DOMAIN.set(block, at, domain);
        RegionStruct.ACCESS.set(block, at, access);
        return key;
    }

    /** Index of the region with this key, or -1. */
    int find(int key) {
        int index = (key >>> 8) - 1;
        boolean is = index >= 0 && index < pool.capacity() && pool.inUse(index)
                && (int) RegionStruct.KEY.get(block, pool.at(index)) == key;
        return is ? index : -1;
    }

    int domainOf(int index) {
        return (int) RegionStruct.DOMAIN.get(block, pool.at(index));
    }

    void deregister(int index) {
        pool.give(index);
    }

    /**
     * Physical address of {@code [va, va + length)}, or -1 where the key names no region, another protection
     * domain's, or one that does not permit the access or does not hold the range.
     *
     * @param access bits that all must be permitted
     */
    long translate(int key, int domain, int access, long va, long length) {
        int index = find(key);
        if (index < 0) {
            return -1;
        }
        long at = pool.at(index);
        long inside = va - RegionStruct.VA.get(block, at);
        long size = RegionStruct.LENGTH.get(block, at);
        boolean fits = inside >= 0 && inside <= size && length <= size - inside;
        boolean may = RegionStruct.DOMAIN.get(block, at) == domain
                && (RegionStruct.ACCESS.get(block, at) & access) == access;
        return fits && may ? RegionStruct.PA.get(block, at) + inside : -1;
    }
}
