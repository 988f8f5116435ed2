package calvin.machine.board;

import calvin.machine.hart.Hart;
import calvin.machine.mem.PhysicalMemory;
import calvin.sim.fault.Applied;
import calvin.sim.fault.Fault;
import calvin.sim.fault.FaultSeam;
import calvin.sim.state.Derived;
import calvin.sim.trace.TraceKind;
import calvin.sim.trace.TraceSink;
import java.util.ArrayList;
import java.util.List;

/**
 * Bit flips between two instructions of a hart, in its registers or in memory. A fault strikes at the first boundary at
 * which the hart has retired exactly the given number of instructions; armed faults are the campaign's, not state.
 */
final class FaultUnit implements FaultSeam {
    private final int node;
    private final int harts;
    private final PhysicalMemory memory;
    private final TraceSink trace;
    @Derived(from = "the campaign")
    private final List<Fault> armed = new ArrayList<>();
    @Derived(from = "the campaign")
    private final List<Applied> applied = new ArrayList<>();

    FaultUnit(int node, int harts, PhysicalMemory memory, TraceSink trace) {
        this.node = node;
        this.harts = harts;
        this.memory = memory;
        this.trace = trace;
    }

    @Override
    public boolean owns(Fault fault) {
        return switch (fault) {
            case Fault.RegisterFlip flip -> flip.node() == node && flip.hart() < harts;
            case Fault.MemoryFlip flip -> flip.node() == node && flip.hart() < harts && memory.isRam(flip.pa(), 1);
            case Fault.PacketDrop drop -> false;
        };
    }

    @Override
    public void arm(Fault fault) {
        armed.add(fault);
    }

    @Override
    public List<Applied> applied() {
        return List.copyOf(applied);
    }

    void forget() {
        armed.clear();
        applied.clear();
    }

    private static int hartOf(Fault fault) {
        return switch (fault) {
            case Fault.RegisterFlip flip -> flip.hart();
            case Fault.MemoryFlip flip -> flip.hart();
            case Fault.PacketDrop drop -> -1;
        };
    }

    private static long instretOf(Fault fault) {
        return switch (fault) {
            case Fault.RegisterFlip flip -> flip.instret();
            case Fault.MemoryFlip flip -> flip.instret();
            case Fault.PacketDrop drop -> -1;
        };
    }

    /** Lowers the deadline so that the hart does not run past its next fault: an instruction takes at least a cycle. */
    void limit(Hart hart) {
        for (int i = 0; i < armed.size(); i++) {
            Fault fault = armed.get(i);
            long instructions = instretOf(fault) - hart.instret;
            if (hartOf(fault) == hart.id && instructions > 0) {
                hart.deadline = Math.min(hart.deadline, hart.cycle + instructions);
            }
        }
    }

    /** Lets the faults strike whose place the hart has reached. */
    void apply(Hart hart) {
        for (int i = 0; i < armed.size(); i++) {
            Fault fault = armed.get(i);
            if (hartOf(fault) == hart.id && instretOf(fault) == hart.instret) {
                armed.remove(i--);
                strike(hart, fault);
            }
        }
    }

    private void strike(Hart hart, Fault fault) {
        long before;
        long after;
        switch (fault) {
            case Fault.RegisterFlip flip -> {
                before = hart.x[flip.register()];
                after = flip.register() == 0 ? before : before ^ 1L << flip.bit();
                hart.x[flip.register()] = after;
            }
            case Fault.MemoryFlip flip -> {
                before = memory.u8(flip.pa());
                after = before ^ 1L << flip.bit();
                memory.u8(flip.pa(), (int) after);
            }
            case Fault.PacketDrop drop -> throw calvin.sim.check.Check.unreachable("packets are not the machine's");
        }
        applied.add(new Applied(fault.id(), hart.timePs(), before, after));
        trace.record(TraceKind.FAULT_APPLIED, hart.timePs(), node, fault.id(), before, after);
    }
}
