package calvin.sim.event;

import calvin.sim.seed.Seed;
import calvin.sim.state.Block;
import calvin.sim.state.Snapshot;
import calvin.sim.state.StateHash;
import calvin.sim.state.StateReader;
import calvin.sim.state.StateWriter;
import calvin.sim.state.Stateful;
import calvin.sim.state.Struct;
import calvin.sim.time.SimTime;
import calvin.sim.wire.Frame;
import calvin.sim.wire.FrameRouter;
import calvin.sim.wire.FrameSink;
import java.util.ArrayList;
import java.util.List;
import java.util.TreeMap;

/**
 * A world in the manner of the PHOLD benchmark: jobs wander between lanes. A frame that reaches a lane is held for a
 * random time and goes on to a random lane; it also wakes the lane's processor for some work, which sends frames of its
 * own. Every lane keeps a running digest of all that happened to it, in order.
 */
final class PholdWorld {
    static final long LOOKAHEAD_PS = 500;
    /** Above the lookahead, so that frames of one window arrive in several. */
    private static final long SPREAD_PS = 1700;
    private static final long STEP_PS = 90;
    /** A job that goes on for ever. */
    private static final byte WANDERER = 0;
    /** A job that ends where it arrives or is due, so that the number of jobs stays bounded. */
    private static final byte MAYFLY = 1;

    final List<Lane> lanes = new ArrayList<>();
    final Lanes runner;

    /** The part of a world of {@code total} lanes whose index is {@code process} modulo {@code processes}. */
    PholdWorld(long seed, int total, int process, int processes, LanePool pool, Peers peers) {
        List<Site> sites = new ArrayList<>();
        for (int i = process; i < total; i += processes) {
            Lane lane = new Lane("lane" + i);
            sites.add(new Site(lane, i, total, new Seed(seed).child("phold").child(i)));
            lanes.add(lane);
        }
        runner = new Lanes(lanes, total, LOOKAHEAD_PS, pool, peers);
        for (Site site : sites) {
            site.outbox = runner.outbox();
        }
    }

    /**
     * Runs all windows to {@code endPs}. A processor's slice that crosses the end is left, so only the horizon tells
     * when to stop.
     */
    void runUntil(long endPs) {
        runner.begin(0);
        long horizon = 0;
        while (horizon < endPs) {
            horizon = runner.window(endPs, reached -> 0);
        }
    }

    List<Stateful> components() {
        return lanes.stream().flatMap(lane -> lane.components().stream()).toList();
    }

    Snapshot snapshot() {
        return Snapshot.take(components());
    }

    /** The hash of every component by name: equal for equal worlds, however they are divided. */
    static TreeMap<String, String> hashes(PholdWorld... parts) {
        TreeMap<String, String> hashes = new TreeMap<>();
        for (PholdWorld part : parts) {
            for (Stateful component : part.components()) {
                hashes.put(component.stateName(), StateHash.of(component));
            }
        }
        return hashes;
    }

    /** One lane's device and processor. */
    private static final class Site implements EventTarget, FrameSink, Processor, Stateful {
        static final Struct S = Struct.named("phold");
        static final Struct.U64 DIGEST = S.u64("digest", "of all that happened here, in order");
        static final Struct.U64 DRAWS = S.u64("draws", "random draws made");
        static final Struct.U64 SENT = S.u64("sent", "frames sent");
        static final Struct.U64 HELD = S.u64("held", "events armed");
        static final Struct.U64 CPU_TIME = S.u64("cpu_time", "the processor's time");
        static final Struct.U64 CPU_WORK = S.u64("cpu_work", "steps it still has to do");

        static {
            S.endsAt(48);
        }

        private final Lane lane;
        private final int index;
        private final int total;
        private final Seed seed;
        private final int target;
        private final Block state = new Block(S.sizeBytes());
        private FrameRouter outbox;

        Site(Lane lane, int index, int total, Seed seed) {
            this.lane = lane;
            this.index = index;
            this.total = total;
            this.seed = seed;
            target = lane.addTarget(this);
            lane.addPort(index, this);
            lane.addPart(this);
            lane.setProcessor(this);
            hold(0, new byte[]{WANDERER, (byte) index});
        }

        private long draw(long bound) {
            long n = DRAWS.get(state, 0);
            DRAWS.set(state, 0, n + 1);
            return seed.drawBelow(n, bound);
        }

        private void note(long a, long b) {
            DIGEST.set(state, 0, (DIGEST.get(state, 0) ^ a) * 0x9E37_79B9_7F4A_7C15L + b);
        }

        private void hold(long timePs, byte[] job) {
            long n = HELD.get(state, 0);
            HELD.set(state, 0, n + 1);
            // Coarse times make ties, which ranks and keys have to settle.
            long at = timePs + draw(8) * 100;
            lane.queue().push(at, n % 2 == 0 ? EventQueue.RANK_DEVICE : EventQueue.RANK_TIMER, index, n, target, 1, n,
                    0, job);
        }

        private void send(long timePs, byte[] job) {
            long n = SENT.get(state, 0);
            SENT.set(state, 0, n + 1);
            long arrival = timePs + LOOKAHEAD_PS + draw(SPREAD_PS / 100) * 100;
            outbox.route(new Frame(arrival, 10, (int) draw(total), index, n, Frame.origin(index, n), job));
        }

        @Override
        public void onFrame(Frame frame) {
            note(frame.arrivalPs(), frame.origin());
            note(frame.sender(), frame.bytes()[1]);
            if (frame.bytes()[0] == MAYFLY) {
                return;
            }
            hold(frame.arrivalPs(), frame.bytes());
            if (CPU_WORK.get(state, 0) == 0) {
                CPU_TIME.set(state, 0, Math.max(CPU_TIME.get(state, 0), frame.arrivalPs()));
            }
            CPU_WORK.set(state, 0, CPU_WORK.get(state, 0) + 3);
        }

        @Override
        public void onEvent(long timePs, int kind, long a, long b, byte[] payload) {
            note(timePs, a);
            if (payload[0] == WANDERER) {
                send(timePs, new byte[]{WANDERER, (byte) (payload[1] + 1)});
            }
        }

        @Override
        public long nextTimePs() {
            return CPU_WORK.get(state, 0) == 0 ? SimTime.NEVER : CPU_TIME.get(state, 0);
        }

        @Override
        public boolean run(EventQueue queue, long horizonPs) {
            boolean did = false;
            long now = CPU_TIME.get(state, 0);
            while (CPU_WORK.get(state, 0) > 0 && now < queue.nextTimePs() && now + STEP_PS <= horizonPs) {
                note(now, CPU_WORK.get(state, 0));
                if (draw(4) == 0) {
                    send(now, new byte[]{MAYFLY, -1});
                } else if (draw(8) == 0) {
                    hold(now, new byte[]{MAYFLY, -2});
                }
                now += STEP_PS;
                CPU_TIME.set(state, 0, now);
                CPU_WORK.set(state, 0, CPU_WORK.get(state, 0) - 1);
                did = true;
            }
            return did;
        }

        @Override
        public String stateName() {
            return lane.name() + "/phold";
        }

        @Override
        public void save(StateWriter out) {
            state.save(out);
        }

        @Override
        public void load(StateReader in) {
            state.load(in);
        }
    }
}
