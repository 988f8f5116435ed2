package calvin.machine.trace;

import calvin.machine.board.Machine;
import calvin.machine.hart.Hart;
import calvin.machine.hart.HartIsa;
import calvin.machine.hart.HartUnit;
import calvin.machine.hart.Stepper;
import calvin.machine.hosted.HostedVector;
import calvin.machine.isa.Cause;
import calvin.machine.isa.Csr;
import calvin.machine.isa.Decoder;
import calvin.machine.isa.Op;
import calvin.machine.isa.OpIndex;
import calvin.machine.isa.Slot;
import calvin.machine.mem.PhysicalMemory;
import calvin.machine.trace.Commit.Kind;

/**
 * Steps a hart and tells a listener what each instruction has done. What an instruction does is read off its row, the
 * registers before and the registers after, so that engines need not know of it. A hart runs at some million
 * instructions per second under it.
 *
 * <p>Hosted kernels are no instructions: what they do is not told.
 *
 * <p>Accrued FP flags are taken out of fcsr before an FP instruction and put back after it: only so is a flag seen that
 * was set already.
 */
public final class CommitTracer implements Stepper {
    private static final Decoder DECODER = new Decoder(HartIsa.EXTENSIONS);
    private static final int FLAGS = 0x1F;
    private static final int CACHE_BLOCK_BYTES = 64;

    private final HartUnit unit;
    private final PhysicalMemory memory;
    private final CommitListener listener;
    private final Commit commit = new Commit();
    private long slot;
    private long statusBefore;
    private int flagsBefore;
    private boolean hosted;
    private long baseVa;
    private long storeOperand;

    private CommitTracer(HartUnit unit, PhysicalMemory memory, CommitListener listener) {
        this.unit = unit;
        this.memory = memory;
        this.listener = listener;
    }

    /** Tells {@code listener} of every instruction of every hart from now on. */
    public static void attach(Machine machine, CommitListener listener) {
        for (int i = 0; i < machine.board().harts(); i++) {
            HartUnit unit = machine.hart(i);
            unit.setStepper(new CommitTracer(unit, machine.memory(), listener));
        }
    }

    @Override
    public boolean before(Hart hart) {
        hosted = HostedVector.contains(hart.pc);
        if (hosted) {
            return true;
        }
        commit.clear();
        commit.hart = hart.id;
        commit.timePs = hart.timePs();
        commit.mode = hart.mode;
        commit.pc = hart.pc;
        commit.bits = (int) unit.instructionAt(hart.pc);
        commit.lengthBytes = Decoder.isCompressed(commit.bits) ? 2 : 4;
        commit.op = DECODER.find(commit.bits);
        if (commit.op != null) {
            slot = commit.op.slot(commit.bits);
            baseVa = hart.x[Slot.rs1(slot)] + offset();
            storeOperand = commit.op.expansion.syntax.startsWith("fs2")
                    ? hart.f[Slot.rs2(slot)]
                    : hart.x[Slot.rs2(slot)];
            statusBefore = unit.csr(Csr.MSTATUS);
            if (commit.op.usesFp()) {
                flagsBefore = hart.fcsr & FLAGS;
                hart.fcsr &= ~FLAGS;
            }
        }
        return true;
    }

    private long offset() {
        return switch (commit.op.expansion.kind) {
            case LOAD, STORE -> Slot.immediate(slot);
            default -> 0;
        };
    }

    @Override
    public void interrupted(Hart hart, int interrupt) {
        commit.clear();
        commit.hart = hart.id;
        commit.timePs = hart.timePs();
        commit.op = null;
        commit.bits = 0;
        commit.pc = trapRegister(hart, Csr.MEPC, Csr.SEPC, Csr.VSEPC);
        listener.trapped(commit, Cause.INTERRUPT_BIT | interrupt, 0);
    }

    private long trapRegister(Hart hart, Csr machine, Csr supervisor, Csr guest) {
        return unit.csr(hart.mode == Hart.MODE_M ? machine : hart.mode < Hart.MODE_V ? supervisor : guest);
    }

    @Override
    public void after(Hart hart, int exception) {
        if (hosted) {
            return;
        }
        int raised = 0;
        if (commit.op != null && commit.op.usesFp()) {
            raised = hart.fcsr & FLAGS;
            hart.fcsr |= flagsBefore;
        }
        if (exception >= 0) {
            listener.trapped(commit, exception, trapRegister(hart, Csr.MTVAL, Csr.STVAL, Csr.VSTVAL));
            return;
        }
        registers(hart);
        if (raised != 0) {
            commit.write(Kind.CSR, Csr.FFLAGS.number, hart.fcsr & FLAGS);
        }
        effects(hart);
        listener.committed(commit);
    }

    private void registers(Hart hart) {
        Op op = commit.op.expansion;
        int rd = Slot.rd(slot);
        if (op.syntax.startsWith("fd")) {
            commit.write(Kind.FLOAT, rd, hart.f[rd]);
        } else if (op.syntax.startsWith("rd") && rd != Slot.SINK) {
            commit.write(Kind.INTEGER, rd, hart.x[rd]);
            if (op == Op.AMOCAS_Q) {
                commit.write(Kind.INTEGER, rd + 1, hart.x[rd + 1]);
            }
        }
    }

    private void effects(Hart hart) {
        Op op = commit.op.expansion;
        switch (op.kind) {
            case LOAD, HYPLOAD -> load(1 << op.sizeLog2);
            case STORE, HYPSTORE -> store(1 << op.sizeLog2, storeOperand);
            case ATOMIC -> atomic(hart, op);
            case CSR -> csr(op);
            case CACHE -> {
                if (op == Op.CBO_ZERO) {
                    commit.storeVa = baseVa & -CACHE_BLOCK_BYTES;
                    commit.storeBytes = CACHE_BLOCK_BYTES;
                    commit.storeValue = 0;
                }
            }
            case SYSTEM -> returned(op);
            default -> {
                // Registers are all that it writes.
            }
        }
        boolean statusWritten = op.kind == Op.Kind.CSR && mapped(Slot.immediate(slot)) == Csr.MSTATUS.number;
        if (op.kind != Op.Kind.SYSTEM && !statusWritten && unit.csr(Csr.MSTATUS) != statusBefore) {
            commit.write(Kind.CSR, Csr.MSTATUS.number, unit.csr(Csr.MSTATUS));
        }
    }

    private void load(int bytes) {
        commit.loadVa = baseVa;
        commit.loadBytes = bytes;
    }

    private void store(int bytes, long value) {
        commit.storeVa = baseVa;
        commit.storeBytes = bytes;
        commit.storeValue = bytes < 8 ? value & (1L << 8 * bytes) - 1 : value;
        commit.storeHigh = 0;
    }

    /** What an atomic has stored is what is in memory now; an SC's result is in the sink when rd is x0. */
    private void atomic(Hart hart, Op op) {
        boolean conditional = op == Op.SC_W || op == Op.SC_D;
        int bytes = op == Op.AMOCAS_Q ? 16 : 1 << op.sizeLog2;
        if (!conditional) {
            load(bytes);
        }
        boolean loadOnly = op == Op.LR_W || op == Op.LR_D;
        if (!loadOnly && !(conditional && hart.x[Slot.rd(slot)] != 0)) {
            long pa = unit.translateForDebug(baseVa);
            store(bytes, memory.isRam(pa, bytes) ? memory.u64(pa & ~7) >>> 8 * (int) (pa & 7) : storeOperand);
            commit.storeHigh = bytes == 16 && memory.isRam(pa, bytes) ? memory.u64(pa + 8) : 0;
        }
    }

    private void csr(Op op) {
        boolean writes = op == Op.CSRRW || op == Op.CSRRWI || Slot.rs1(slot) != 0;
        if (writes) {
            int number = mapped(Slot.immediate(slot));
            if (number == Csr.FCSR.number) {
                written(Csr.FFLAGS.number);
                written(Csr.FRM.number);
            } else {
                written(number);
            }
        }
    }

    private void written(int number) {
        commit.write(Kind.CSR, number, unit.csr(number));
    }

    /** The register behind a view, and behind a supervisor's register when V=1. */
    private int mapped(int number) {
        Csr csr = Csr.of(number);
        if (commit.mode >= Hart.MODE_V) {
            csr = csr.underV();
        }
        return switch (csr) {
            case SSTATUS -> Csr.MSTATUS.number;
            case SIE, HIE, VSIE -> Csr.MIE.number;
            case SIP, HIP, HVIP, VSIP -> Csr.MIP.number;
            default -> csr.count > 1 ? number : csr.number;
        };
    }

    private void returned(Op op) {
        if (op.index() == OpIndex.MRET || op.index() == OpIndex.SRET && commit.mode < Hart.MODE_V) {
            written(Csr.MSTATUS.number);
        }
        if (op.index() == OpIndex.SRET) {
            written(commit.mode < Hart.MODE_V ? Csr.HSTATUS.number : Csr.VSSTATUS.number);
        }
    }
}
