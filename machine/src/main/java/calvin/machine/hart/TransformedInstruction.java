package calvin.machine.hart;

/**
 * The instruction that htinst and mtinst show: a load, store or atomic whose rs1 is replaced by the offset of the
 * faulting address in the access, standard length, bit 1 clear when it was compressed (priv H, "Transformed Instruction
 * or Pseudoinstruction for mtinst or htinst").
 */
final class TransformedInstruction {
    private static final int LOAD = 0x03;
    private static final int LOAD_FP = 0x07;
    private static final int MISC_MEM = 0x0F;
    private static final int STORE = 0x23;
    private static final int STORE_FP = 0x27;
    private static final int AMO = 0x2F;
    private static final int SYSTEM = 0x73;

    private TransformedInstruction() {}

    /**
     * @param bits    the instruction, 16 or 32 bits
     * @param faultVa the address that faulted
     * @param x       the integer registers
     * @return the transformed instruction, or 0 for one that is not transformed
     */
    static long of(long bits, long faultVa, long[] x) {
        if ((bits & 3) != 3) {
            return ofCompressed((int) bits & 0xFFFF, faultVa, x);
        }
        int instruction = (int) bits;
        long base = x[instruction >>> 15 & 31];
        return switch (instruction & 0x7F) {
            case LOAD, LOAD_FP -> load(instruction, faultVa - (base + (instruction >> 20)));
            case STORE, STORE_FP -> store(instruction, faultVa - (base + storeOffset(instruction)));
            // AMO, and HLV or HSV: no offset field, everything but rs1 stays.
            case AMO -> withOffset(instruction, faultVa - base);
            // CMO: xtval holds all of rs1, so the offset is 0.
            case MISC_MEM -> (instruction >>> 12 & 7) == 2 ? withOffset(instruction, 0) : 0;
            case SYSTEM -> (instruction >>> 12 & 7) == 4 ? withOffset(instruction, faultVa - base) : 0;
            default -> 0;
        };
    }

    private static long storeOffset(int instruction) {
        return (long) (instruction >> 25) << 5 | instruction >>> 7 & 31;
    }

    private static long load(int instruction, long offset) {
        return withOffset(instruction & 0x000F_FFFF, offset);
    }

    private static long store(int instruction, long offset) {
        return withOffset(instruction & 0x01FF_F07F, offset);
    }

    private static long withOffset(int instruction, long offset) {
        return (instruction & ~(31 << 15) | (int) (offset & 31) << 15) & 0xFFFF_FFFFL;
    }

    /** Compressed loads and stores, by quadrant and funct3 (unpriv C, tables of RVC for RV64). */
    private static long ofCompressed(int c, long faultVa, long[] x) {
        int quadrant = c & 3;
        int funct3 = c >>> 13;
        if (quadrant == 1 || funct3 == 0 || funct3 == 4) {
            return 0;
        }
        boolean store = funct3 > 4;
        boolean doubleword = (funct3 & 3) != 2;
        boolean floating = (funct3 & 3) == 1;
        int width = doubleword ? 3 : 2;
        int register = quadrant == 0 ? 8 + (c >>> 2 & 7) : store ? c >>> 2 & 31 : c >>> 7 & 31;
        long va = quadrant == 0
                ? x[8 + (c >>> 7 & 7)] + offset(c, doubleword)
                : x[2]
                        + stackOffset(c, store, doubleword);
        int opcode = store ? floating ? STORE_FP : STORE : floating ? LOAD_FP : LOAD;
        int expanded = store ? register << 20 | width << 12 | opcode : width << 12 | register << 7 | opcode;
        return withOffset(expanded, faultVa - va) & ~2L;
    }

    private static long offset(int c, boolean doubleword) {
        int middle = (c >>> 10 & 7) << 3;
        return doubleword ? middle | (c >>> 5 & 3) << 6 : middle | (c >>> 6 & 1) << 2 | (c >>> 5 & 1) << 6;
    }

    private static long stackOffset(int c, boolean store, boolean doubleword) {
        if (store) {
            return doubleword ? (c >>> 10 & 7) << 3 | (c >>> 7 & 7) << 6 : (c >>> 9 & 15) << 2 | (c >>> 7 & 3) << 6;
        }
        int high = (c >>> 12 & 1) << 5;
        return doubleword
                ? high | (c >>> 5 & 3) << 3 | (c >>> 2 & 7) << 6
                : high | (c >>> 4 & 7) << 2 | (c >>> 2 & 3) << 6;
    }
}
