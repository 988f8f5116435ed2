package calvin.machine.timed;

import calvin.machine.bus.Dma;
import calvin.machine.hart.CostTable;
import calvin.machine.hart.Engine;
import calvin.machine.hart.HartBus;
import calvin.machine.hart.HartUnit;
import calvin.machine.isa.Decoder;
import calvin.machine.timing.MachineShape;
import calvin.machine.timing.TimingModel;
import calvin.machine.timing.TimingSpec;
import calvin.sim.check.Check;
import calvin.sim.state.Published;
import calvin.sim.state.StateReader;
import calvin.sim.state.StateWriter;
import calvin.sim.state.Stateful;
import java.util.ArrayList;
import java.util.List;

/**
 * The fidelity of a machine: {@code functional}, where an instruction takes a cycle, or {@code timed}, where the model
 * says what it takes. It may be switched between any two events; caches are empty when timing begins. Which of the two
 * it is, and all that the model remembers, is state of the machine.
 */
public final class Timing implements Stateful {
    private final String stateName;
    private final TimingSpec spec;
    private final MachineShape shape;
    private final CostTable costs;
    private final List<TimedHart> harts = new ArrayList<>();
    @Published
    private boolean on;
    /** The model while timing is on, else null. */
    @Published
    private TimingModel model;

    public Timing(String stateName, TimingSpec spec, MachineShape shape, CostTable costs) {
        this.stateName = stateName;
        this.spec = spec;
        this.shape = shape;
        this.costs = costs;
    }

    /** The engine that runs a hart under this fidelity, over the one that executes its instructions. */
    public Engine engine(HartUnit unit, Engine inner, HartBus bus, Decoder decoder) {
        Check.that(unit.hart().id == harts.size(), "harts come in their order", unit.hart().id);
        TimedHart hart = new TimedHart(this, unit, costs);
        harts.add(hart);
        return new TimedEngine(this, hart, inner, bus, decoder);
    }

    public boolean on() {
        return on;
    }

    /** Switches between {@code timed} and {@code functional}. */
    public void set(boolean timed) {
        if (timed != on) {
            on = timed;
            model = timed ? new TimingModel(stateName, spec, shape) : null;
            apply();
        }
    }

    private void apply() {
        for (TimedHart hart : harts) {
            hart.listen(on);
        }
    }

    TimingModel model() {
        return model;
    }

    /** Whether another hart of this one's core runs now. */
    boolean sharesCore(int hart) {
        int sibling = model.sibling(hart);
        return sibling >= 0 && harts.get(sibling).runs();
    }

    /** The same access to memory, heard of by the caches. */
    public Dma heard(Dma dma) {
        return new Dma() {
            @Override
            public boolean read(long pa, byte[] into, int offset, int length) {
                if (!dma.read(pa, into, offset, length)) {
                    return false;
                }
                if (on) {
                    model.device(pa, length, false);
                }
                return true;
            }

            @Override
            public boolean write(long pa, byte[] from, int offset, int length) {
                if (!dma.write(pa, from, offset, length)) {
                    return false;
                }
                if (on) {
                    model.device(pa, length, true);
                }
                return true;
            }

            @Override
            public boolean message(long pa, int data) {
                return dma.message(pa, data);
            }
        };
    }

    @Override
    public String stateName() {
        return stateName;
    }

    @Override
    public void save(StateWriter out) {
        out.u64(on ? 1 : 0);
        if (on) {
            model.save(out);
        }
    }

    @Override
    public void load(StateReader in) {
        on = in.u64() != 0;
        model = on ? new TimingModel(stateName, spec, shape) : null;
        if (on) {
            model.load(in);
        }
    }

    @Override
    public void dropDerived() {
        apply();
    }
}
