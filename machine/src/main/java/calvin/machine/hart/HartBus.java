package calvin.machine.hart;

/**
 * What an execution engine needs of the rest of the hart and its machine. Everything here is a slow path: the engine
 * has stored pc, cycle and instret, and looks at {@code trapCause} and {@code deadline} afterwards. {@code sizeLog2} is
 * 0 for a byte to 3 for a doubleword.
 */
public interface HartBus {
    /**
     * Loads, zero-extended; misaligned and page-crossing accesses work. On a fault the result is 0 and a trap is
     * pending.
     */
    long load(Hart hart, long va, int sizeLog2);

    /** Stores the low bytes of {@code value}, or leaves a trap pending and memory as it was. */
    void store(Hart hart, long va, int sizeLog2, long value);

    /** LR: loads sign-extended and reserves. */
    long loadReserved(Hart hart, long va, int sizeLog2);

    /** SC: 0 when stored, 1 when the reservation was gone. The reservation is gone afterwards. */
    long storeConditional(Hart hart, long va, int sizeLog2, long value);

    /**
     * AMO: returns the old value, sign-extended. {@code operation} is funct5 of the encoding (unpriv, "A" chapter).
     */
    long atomic(Hart hart, int operation, long va, int sizeLog2, long operand);

    /** AMOCAS, which reads and writes the registers itself: see {@link CompareAndSwap#execute}. */
    void compareAndSwap(Hart hart, int rd, int rs2, long va, int sizeLog2);

    /**
     * Physical address of the instruction bytes at {@code va}, or -1 with a trap pending. Good for the whole page until
     * {@link Hart#translationGeneration} changes. This call itself changes it, and lowers {@code deadline} to the end
     * of the next instruction, where each instruction of the page must be asked about: the engine executes one. Pages
     * it returns are watched: a store to one calls the engine's {@link CodeWatcher}.
     */
    long fetchPa(Hart hart, long va);

    /** The 16 bits at physical address {@code pa}, from a page that {@link #fetchPa} returned. */
    int fetchHalf(long pa);

    /**
     * CSR instruction: reads (unless {@code !reads}) and then writes (unless {@code !writes}) with all checks of
     * privilege and existence. {@code kind}: 1 write, 2 set bits, 3 clear bits (funct3 & 3). Returns the old value.
     */
    long csr(Hart hart, int number, int kind, long operand, boolean reads, boolean writes);

    /** SRET, MRET: {@code pc} becomes the return address, or a trap is pending. */
    void sret(Hart hart);

    void mret(Hart hart);

    /**
     * WFI: may set {@code waiting}; a trap may be pending. The engine has already advanced pc past it and counts it as
     * retired.
     */
    void wfi(Hart hart);

    /** PAUSE: charges what it costs. The engine counts its own cycle. */
    void pause(Hart hart);

    /** WRS.NTO and, {@code bounded}, WRS.STO: as {@link #wfi}. */
    void waitOnReservation(Hart hart, boolean bounded);

    /** SFENCE.VMA, HFENCE.VVMA, HFENCE.GVMA (and their Svinval forms): {@code kind} 0, 1, 2. */
    void fence(Hart hart, int kind, long va, long id, boolean vaGiven, boolean idGiven);

    /**
     * HLV, HLVX and HSV: {@code executable} for HLVX. HLV results are zero-extended; the engine extends the sign where
     * asked.
     */
    long guestLoad(Hart hart, long va, int sizeLog2, boolean executable);

    void guestStore(Hart hart, long va, int sizeLog2, long value);

    /**
     * CBO.INVAL, CBO.CLEAN, CBO.FLUSH, CBO.ZERO: {@code operation} 0, 1, 2, 4 is the encoding's immediate. The block
     * is the aligned one of {@link CacheBlocks#BYTES} bytes that holds {@code va}.
     */
    void cacheBlock(Hart hart, int operation, long va);

    /** ECALL and EBREAK: leave the right trap pending. */
    void ecall(Hart hart);

    void ebreak(Hart hart);

    /**
     * The addresses at which a debugger stops harts. An engine asks {@link Stops#at} before it executes an instruction
     * there, and returns when that says so. No translated region contains such an address but as its first.
     */
    Stops stops();

    /**
     * Whether mstatus.FS (and vsstatus.FS while V=1) permits floating point; if so and {@code dirties}, both become
     * dirty.
     */
    boolean floatingPoint(Hart hart, boolean dirties);
}
