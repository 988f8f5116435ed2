package calvin.experiment.campaign;

import calvin.experiment.input.Text;
import calvin.experiment.plan.Plan;
import calvin.experiment.spec.FaultsSpec;
import calvin.network.topo.TopologyPort;
import calvin.network.topo.Vertex;
import calvin.sim.fault.Fault;
import calvin.sim.seed.Seed;
import java.util.ArrayList;
import java.util.List;

/**
 * The faults that a stratum can draw, and the drawing.
 *
 * <p>Every fault of the space is equally likely: a register flip is an instant of a hart (an instruction it retires
 * within the window) times registers times bits; a memory flip an instant times the touched bytes of its node times
 * bits; a packet drop a frame that a port of a node sends within the window. Draw <em>i</em> of a stratum depends on
 * the seed and <em>i</em> alone.
 *
 * @param size number of faults in the space
 */
record FaultSpace(FaultsSpec.Stratum stratum, List<Axis> axes, long size) {
    private static final int REGISTER_BITS = 64;
    private static final int PAGE_BYTES = 4096;
    private static final int BYTE_BITS = 8;

    /**
     * A hart's instants or a port's frames within the window.
     *
     * @param index hart of the node, or number of the port
     * @param from  first instant or frame
     * @param count how many there are
     * @param pages touched pages of the node, for memory flips
     */
    record Axis(int node, int index, long from, long count, long[] pages) {
        /** Places on this axis before bits, registers and bytes of a page are chosen. */
        long places(FaultsSpec.Kind kind) {
            return kind == FaultsSpec.Kind.MEMORY_FLIP ? Math.multiplyExact(count, (long) pages.length) : count;
        }
    }

    static FaultSpace of(FaultsSpec.Stratum stratum, Plan plan, Golden golden) {
        Mark from = golden.at(stratum.fromPs());
        Mark to = golden.at(stratum.toPs());
        List<Axis> axes = new ArrayList<>();
        for (Plan.Node node : plan.nodes()) {
            if (!stratum.nodes().isEmpty()
                    && stratum.nodes().stream().map(Text::value).noneMatch(node.name()::equals)) {
                continue;
            }
            int number = node.number();
            if (stratum.kind() == FaultsSpec.Kind.PACKET_DROP) {
                for (TopologyPort port : plan.topology().portsOf(Vertex.node(number))) {
                    add(axes, number, port.number(), from.frames()[port.number()], to.frames()[port.number()],
                            new long[0]);
                }
            } else {
                for (int hart = 0; hart < node.harts(); hart++) {
                    // Instant 0 lies before the first instruction.
                    add(axes, number, hart, Math.max(1, from.instret()[number][hart]), to.instret()[number][hart],
                            golden.pages().get(number));
                }
            }
        }
        long places = 0;
        for (Axis axis : axes) {
            places = Math.addExact(places, axis.places(stratum.kind()));
        }
        long each = switch (stratum.kind()) {
            case REGISTER_FLIP -> (long) REGISTER_BITS * (stratum.lastRegister() - stratum.firstRegister() + 1);
            case MEMORY_FLIP -> (long) PAGE_BYTES * BYTE_BITS;
            case PACKET_DROP -> 1;
        };
        return new FaultSpace(stratum, List.copyOf(axes), Math.multiplyExact(places, each));
    }

    private static void add(List<Axis> axes, int node, int index, long from, long to, long[] pages) {
        if (to > from) {
            axes.add(new Axis(node, index, from, to - from, pages));
        }
    }

    /** Faults of the space that one draw stands for. */
    double weight() {
        return (double) size / stratum.count();
    }

    /** Draws fault {@code id} of the campaign as draw {@code ordinal} of this stratum. */
    Fault draw(int id, Seed stratumSeed, int ordinal) {
        Seed seed = stratumSeed.child(ordinal);
        FaultsSpec.Kind kind = stratum.kind();
        long total = axes.stream().mapToLong(axis -> axis.places(kind)).sum();
        long place = seed.drawBelow(0, total);
        int i = 0;
        while (place >= axes.get(i).places(kind)) {
            place -= axes.get(i).places(kind);
            i++;
        }
        Axis axis = axes.get(i);
        return switch (kind) {
            case REGISTER_FLIP -> new Fault.RegisterFlip(id, axis.node(), axis.index(), axis.from() + place,
                    stratum.firstRegister()
                            + (int) seed.drawBelow(1, stratum.lastRegister() - stratum.firstRegister() + 1L),
                    (int) seed.drawBelow(2, REGISTER_BITS));
            case MEMORY_FLIP ->
                    new Fault.MemoryFlip(id, axis.node(), axis.index(), axis.from() + place / axis.pages().length,
                            axis.pages()[(int) (place % axis.pages().length)] * PAGE_BYTES
                                    + seed.drawBelow(1, PAGE_BYTES),
                            (int) seed.drawBelow(2, BYTE_BITS));
            case PACKET_DROP -> new Fault.PacketDrop(id, axis.index(), axis.from() + place);
        };
    }
}
