package calvin.machine.iommu;

import static calvin.machine.iommu.IommuStruct.*;

import calvin.machine.bus.Dma;
import calvin.sim.state.Block;
import calvin.sim.state.Derived;

/**
 * Takes software's commands, at once and in order (iommu 4.1). Nothing is cached, so invalidating is to check the
 * command, and a fence is to say so.
 */
final class CommandQueue {
    static final long ILLEGAL = 1 << 10;
    static final long FENCE_DONE = 1 << 11;
    /** cqmf, cmd_to and cmd_ill, which stop the queue. */
    static final long ERRORS = Queue.MEMORY_FAULT | 1 << 9 | ILLEGAL;
    static final long SIGNALS = ERRORS | FENCE_DONE;
    private static final int COMMAND_BYTES = 16;

    private static final int IOTINVAL = 1;
    private static final int IOFENCE = 2;
    private static final int IODIR = 3;
    private static final long HIGH_2 = 3L << 62;

    // Bits that may be set, by command and word.
    private static final long VMA_BITS = 0x0FFF_F003_FFFF_F7FFL;
    private static final long PSCV = 1L << 32;
    private static final long VMA_SECOND_BITS = 0x3FFF_FFFF_FFFF_FC00L;
    private static final long FENCE_BITS = 0xFFFF_FFFF_0000_3FFFL;
    private static final long FENCE_AV = 1 << 10;
    private static final long FENCE_WSI = 1 << 11;
    private static final long DDT_BITS = 0xFFFF_FF02_0000_03FFL;
    private static final long PDT_BITS = DDT_BITS | 0xFFFF_F000L;
    private static final long DV = 1L << 33;

    private final Block state;
    private final Dma bus;
    private final Interrupts interrupts;
    @Derived(from = "the command being taken")
    private final byte[] bytes = new byte[COMMAND_BYTES];
    @Derived(from = "the command being taken")
    private final Block command = new Block(COMMAND_BYTES);

    CommandQueue(Block state, Dma bus, Interrupts interrupts) {
        this.state = state;
        this.bus = bus;
        this.interrupts = interrupts;
    }

    /** Takes commands until there are none, or one goes wrong. */
    void run() {
        while ((CQCSR.get(state, 0) & (Queue.ON | ERRORS)) == Queue.ON && CQH.get(state, 0) != CQT.get(state, 0)) {
            long base = CQB.get(state, 0);
            long head = CQH.get(state, 0);
            if (!bus.read(Queue.entryPa(base, head, COMMAND_BYTES), bytes, 0, COMMAND_BYTES)) {
                signal(Queue.MEMORY_FAULT);
                return;
            }
            command.write(0, bytes, 0, COMMAND_BYTES);
            long wrong = execute(command.u64(0), command.u64(8));
            if (wrong != 0) {
                signal(wrong);
                return;
            }
            CQH.set(state, 0, head + 1 & Queue.indexMask(base));
            if (fenceSignals(command.u64(0))) {
                signal(FENCE_DONE);
            }
        }
    }

    private static boolean fenceSignals(long first) {
        return (first & 0x7F) == IOFENCE && (first & FENCE_WSI) != 0;
    }

    /** Sets bits of cqcsr and the interrupt that goes with them. */
    private void signal(long bits) {
        CQCSR.set(state, 0, CQCSR.get(state, 0) | bits);
        update();
    }

    /** The interrupt stays pending while its reason does (iommu 6.17). */
    void update() {
        long status = CQCSR.get(state, 0);
        if ((status & Queue.INTERRUPT_ENABLE) != 0 && (status & SIGNALS) != 0) {
            interrupts.raise(Interrupts.COMMANDS);
        }
    }

    /** 0, or the bit of cqcsr that says what is wrong. */
    private long execute(long first, long second) {
        int function = (int) (first >>> 7) & 7;
        return switch ((int) first & 0x7F) {
            case IOTINVAL -> {
                boolean guest = function == 1;
                boolean legal = function <= 1 && (first & ~VMA_BITS) == 0 && (second & ~VMA_SECOND_BITS) == 0
                        && !(guest && (first & PSCV) != 0);
                yield legal ? 0 : ILLEGAL;
            }
            case IOFENCE -> fence(function, first, second);
            case IODIR -> {
                boolean process = function == 1;
                boolean named = (first & DV) != 0;
                boolean legal = function <= 1 && (first & ~(process ? PDT_BITS : DDT_BITS)) == 0 && second == 0
                        && (named ? fits((int) (first >>> 40)) : !process);
                yield legal ? 0 : ILLEGAL;
            }
            // ATS is not supported, the others are not defined.
            default -> ILLEGAL;
        };
    }

    /** Whether the directory in use can name the device. */
    private boolean fits(int deviceId) {
        int levels = DeviceContext.levels(DDTP.get(state, 0));
        return levels <= 0 || deviceId >>> DeviceContext.idBits(levels) == 0;
    }

    private long fence(int function, long first, long second) {
        boolean signals = (first & FENCE_WSI) != 0;
        if (function != 0 || (first & ~FENCE_BITS) != 0 || (second & HIGH_2) != 0
                || signals && !interrupts.byWire()) {
            return ILLEGAL;
        }
        boolean writes = (first & FENCE_AV) != 0;
        return writes && !bus.message(second << 2, (int) (first >>> 32)) ? Queue.MEMORY_FAULT : 0;
    }
}
