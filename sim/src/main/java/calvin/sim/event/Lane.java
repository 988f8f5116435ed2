package calvin.sim.event;

import calvin.sim.check.Check;
import calvin.sim.state.Derived;
import calvin.sim.state.Published;
import calvin.sim.state.StateReader;
import calvin.sim.state.StateWriter;
import calvin.sim.state.Stateful;
import calvin.sim.time.SimTime;
import calvin.sim.wire.Frame;
import calvin.sim.wire.FrameSink;
import java.util.ArrayList;
import java.util.List;

/**
 * One sequential part of the world: a machine with its devices, or a switch. A lane is advanced by one thread at a time
 * and speaks to others only by frames, which {@link Lanes} delivers between windows.
 *
 * <p>Order within a lane: events by their total order; at equal times events come before the processor's next
 * instruction.
 */
public final class Lane implements Stateful {
    private final String name;
    private final EventQueue queue = new EventQueue();
    private final List<EventTarget> targets = new ArrayList<>();
    private final List<Integer> ports = new ArrayList<>();
    /** Entry <i>i</i> receives the frames of port {@code firstPort + i}; a lane's port numbers are close together. */
    @Derived(from = "the plan")
    private FrameSink[] sinks = new FrameSink[0];
    @Derived(from = "the plan")
    private int firstPort;
    private final List<Stateful> parts = new ArrayList<>();
    /** Set once while the world is built. */
    @Derived(from = "the plan")
    private Processor processor;
    @Published
    private long timePs;

    private record Sink(int port, FrameSink sink) {}

    public Lane(String name) {
        this.name = name;
    }

    public String name() {
        return name;
    }

    public EventQueue queue() {
        return queue;
    }

    /** Registers a target and returns the number by which events name it. */
    public int addTarget(EventTarget target) {
        targets.add(target);
        return targets.size() - 1;
    }

    public void setProcessor(Processor value) {
        Check.that(processor == null, "lane has two processors", name);
        processor = value;
    }

    /** Registers what receives the frames of port {@code port}. */
    public void addPort(int port, FrameSink sink) {
        Check.that(!ports.contains(port), "port has two receivers", port);
        if (ports.isEmpty()) {
            firstPort = port;
        }
        int first = Math.min(port, firstPort);
        FrameSink[] table = new FrameSink[Math.max(port + 1, firstPort + sinks.length) - first];
        System.arraycopy(sinks, 0, table, firstPort - first, sinks.length);
        table[port - first] = sink;
        sinks = table;
        firstPort = first;
        ports.add(port);
    }

    /** Port numbers whose frames come to this lane. */
    public List<Integer> ports() {
        return List.copyOf(ports);
    }

    /** Adds a component whose state belongs to this lane and is saved separately, under its own name. */
    public void addPart(Stateful part) {
        parts.add(part);
    }

    /** This lane's own state first, then that of its components. */
    public List<Stateful> components() {
        List<Stateful> all = new ArrayList<>();
        all.add(this);
        all.addAll(parts);
        return all;
    }

    /** No event and no instruction of this lane happens before this time. */
    public long nextTimePs() {
        long next = queue.nextTimePs();
        return processor == null ? next : Math.min(next, processor.nextTimePs());
    }

    /** All events before it are done. */
    public long timePs() {
        return timePs;
    }

    /** Puts an arriving frame among the events. */
    public void accept(Frame frame) {
        Check.that(frame.arrivalPs() >= timePs, "frame arrives in the lane's past", frame.arrivalPs(), timePs);
        queue.push(frame.arrivalPs(), EventQueue.RANK_FRAME, frame.sender(), frame.sequence(), -1 - frame.port(),
                frame.sender(), frame.durationPs(), frame.origin(), frame.bytes());
    }

    /** Does everything that happens before {@code horizonPs}. */
    public void runUntil(long horizonPs) {
        while (true) {
            long event = queue.nextTimePs();
            long busy = processor == null ? SimTime.NEVER : processor.nextTimePs();
            if (Math.min(event, busy) >= horizonPs) {
                break;
            }
            if (event <= busy) {
                dispatch();
            } else if (!processor.run(queue, horizonPs)) {
                break;
            }
        }
        timePs = Math.max(timePs, horizonPs);
    }

    private void dispatch() {
        queue.take();
        int target = queue.target();
        if (target >= 0) {
            targets.get(target).onEvent(queue.nowPs(), queue.kind(), queue.a(), queue.b(), queue.payload());
            return;
        }
        int port = -1 - target;
        int index = port - firstPort;
        Check.that(index >= 0 && index < sinks.length && sinks[index] != null, "frame for a port of another lane",
                port);
        // The sender's sequence is part of the event's key, not of what a receiver sees.
        sinks[index].onFrame(new Frame(queue.nowPs(), queue.a(), port, queue.kind(), -1, queue.b(), queue.payload()));
    }

    @Override
    public String stateName() {
        return name + "/lane";
    }

    @Override
    public void save(StateWriter out) {
        out.u64(timePs);
        queue.save(out);
    }

    @Override
    public void load(StateReader in) {
        timePs = in.u64();
        queue.load(in);
    }
}
