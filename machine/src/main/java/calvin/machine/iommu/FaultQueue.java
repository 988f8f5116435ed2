package calvin.machine.iommu;

import static calvin.machine.iommu.IommuStruct.*;

import calvin.machine.bus.Dma;
import calvin.sim.state.Block;
import calvin.sim.state.Derived;

/** Records of faults for software (iommu 4.2). */
final class FaultQueue {
    static final int RECORD_BYTES = 32;
    static final long OVERFLOW = 1 << 9;
    static final long ERRORS = Queue.MEMORY_FAULT | OVERFLOW;

    private final Block state;
    private final Dma memory;
    private final Interrupts interrupts;
    @Derived(from = "the record being written")
    private final Block record = new Block(RECORD_BYTES);
    @Derived(from = "the record being written")
    private final byte[] bytes = new byte[RECORD_BYTES];

    FaultQueue(Block state, Dma memory, Interrupts interrupts) {
        this.state = state;
        this.memory = memory;
        this.interrupts = interrupts;
    }

    /** A fault of a transaction. */
    void report(FaultCause cause, Transaction who, int access, long iova, long iotval2) {
        write(who.faultWord(access) | cause.code, iova, iotval2);
    }

    /** A fault that no transaction caused. */
    void report(FaultCause cause, long iotval) {
        write(cause.code, iotval, 0);
    }

    private void write(long first, long iotval, long iotval2) {
        long status = FQCSR.get(state, 0);
        if ((status & Queue.ON) == 0 || (status & ERRORS) != 0) {
            return;
        }
        long base = FQB.get(state, 0);
        long tail = FQT.get(state, 0);
        long next = tail + 1 & Queue.indexMask(base);
        if (next == FQH.get(state, 0)) {
            FQCSR.set(state, 0, status | OVERFLOW);
        } else {
            record.u64(0, first);
            record.u64(8, 0);
            record.u64(16, iotval);
            record.u64(24, iotval2);
            record.read(0, bytes, 0, RECORD_BYTES);
            if (memory.write(Queue.entryPa(base, tail, RECORD_BYTES), bytes, 0, RECORD_BYTES)) {
                FQT.set(state, 0, next);
            } else {
                FQCSR.set(state, 0, status | Queue.MEMORY_FAULT);
            }
        }
        if ((status & Queue.INTERRUPT_ENABLE) != 0) {
            interrupts.raise(Interrupts.FAULTS);
        }
    }
}
