package calvin.machine.nic;

import calvin.sim.event.Lane;
import calvin.sim.state.StateReader;
import calvin.sim.state.StateWriter;
import calvin.sim.state.Stateful;
import calvin.sim.wire.Frame;
import calvin.sim.wire.Port;
import java.util.ArrayList;
import java.util.List;

/**
 * A full-duplex cable between ports 0 and 1 of one lane: 100 Gb/s, a latency, and a hand that may meddle with each
 * frame.
 */
final class TestWire implements Stateful {
    static final long PS_PER_BYTE = 80;
    /** Preamble, FCS and gap. */
    private static final int OVERHEAD_BYTES = 8 + 4 + 12;

    /** Decides what arrives for a frame: {@code deliver} may be called any number of times. */
    interface Hand {
        void pass(int port, long ordinal, Frame frame, java.util.function.Consumer<Frame> deliver);
    }

    static final Hand HONEST = (port, ordinal, frame, deliver) -> deliver.accept(frame);

    private final Lane lane;
    private final long latencyPs;
    private final long[] freeAtPs = new long[2];
    private final long[] sent = new long[2];
    private final long[] delivered = new long[2];
    final List<byte[]> frames = new ArrayList<>();
    final List<Long> frameTimes = new ArrayList<>();
    boolean capture = true;
    Hand hand = HONEST;

    TestWire(Lane lane, long latencyPs) {
        this.lane = lane;
        this.latencyPs = latencyPs;
    }

    Port port(int number) {
        return new Port() {
            @Override
            public int number() {
                return number;
            }

            @Override
            public long freeAtPs() {
                return freeAtPs[number];
            }

            @Override
            public long durationPs(int frameBytes) {
                return (Math.max(frameBytes, 60) + OVERHEAD_BYTES) * PS_PER_BYTE;
            }

            @Override
            public long send(long timePs, byte[] bytes, long origin) {
                long start = Math.max(timePs, freeAtPs[number]);
                long duration = durationPs(bytes.length);
                freeAtPs[number] = start + duration;
                long ordinal = sent[number]++;
                if (capture) {
                    frames.add(bytes);
                    frameTimes.add(start);
                }
                long name = origin == -1 ? Frame.origin(number, ordinal) : origin;
                Frame frame = new Frame(start + latencyPs, duration, 1 - number, number, 0, name, bytes);
                hand.pass(number, ordinal, frame, this::deliver);
                return freeAtPs[number];
            }

            private void deliver(Frame frame) {
                lane.accept(new Frame(frame.arrivalPs(), frame.durationPs(), frame.port(), number, delivered[number]++,
                        frame.origin(),
                        frame.bytes()));
            }
        };
    }

    long sent(int port) {
        return sent[port];
    }

    @Override
    public String stateName() {
        return "wire";
    }

    @Override
    public void save(StateWriter out) {
        out.u64s(freeAtPs);
        out.u64s(sent);
        out.u64s(delivered);
    }

    @Override
    public void load(StateReader in) {
        in.u64s(freeAtPs);
        in.u64s(sent);
        in.u64s(delivered);
    }
}
