package calvin.network.transport;

import calvin.sim.check.Check;
import calvin.sim.event.Peers;
import calvin.sim.wire.Frame;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.channel.Channel;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;

/**
 * The workers of one run, each joined with each by one TCP connection.
 *
 * <p>A worker listens first, learns the addresses of all, then joins; of two workers the one with the higher number
 * calls. Each window is one message to each peer, written and flushed once, and {@link #exchange} waits for the same
 * from all. So a peer is ahead by one window at most, which bounds what waits here.
 *
 * <p>While a worker computes, its event loop sends signs of life. A peer that closes its connection, refuses, breaks
 * the protocol or is silent for too long is lost: the call that waits, and every later one, ends in a {@link
 * PeerLostException} that names it. {@link #close} says good-bye, so that ending is not mistaken for loss.
 *
 * <p>Owned by the thread that runs the windows. Cost on loopback: about one scheduler wake-up in each direction per
 * window.
 */
public final class Mesh implements Peers, AutoCloseable {
    static final int WINDOW = 2;
    static final int HEARTBEAT = 3;
    static final int BYE = 4;
    static final int ABORT = 5;
    static final int REFUSE = 6;

    private static final int PLAN_HASH_BYTES = 32;
    private static final int BYE_TIMEOUT_MS = 2_000;

    private final TransportOptions options;
    private final Endpoint endpoint;
    private final Channel server;
    private final LinkedBlockingQueue<Event> events = new LinkedBlockingQueue<>();

    /** Written before the event loop accepts or connects, read by it. */
    private volatile MeshHello hello;
    private int self = -1;
    private int workers;
    private int[] workerOfPort;
    private List<InetSocketAddress> addresses = List.of();
    private Channel[] channels = new Channel[0];
    private WindowMessage[] early = new WindowMessage[0];
    private boolean[] gone = new boolean[0];
    private long window;
    private String failure;
    private boolean closed;
    private long sentBytes;
    private long sentFrames;
    private long waitNs;

    /** What the event loop tells the thread that runs the windows. */
    record Event(Kind kind, int peer, Channel channel, WindowMessage window, String text) {
        enum Kind {
            JOINED,
            SAID,
            LEFT,
            LOST
        }

        static Event lost(int peer, String why) {
            return new Event(Kind.LOST, peer, null, null, why);
        }
    }

    /**
     * What the mesh has done so far.
     *
     * @param sentBytes of window messages to all peers
     * @param waitNs    host time for which {@link #exchange} has waited for others
     */
    public record Statistics(long windows, long sentFrames, long sentBytes, long waitNs) {}

    private Mesh(InetSocketAddress bind, TransportOptions options) throws IOException {
        this.options = options;
        endpoint = new Endpoint("calvin-mesh", options);
        try {
            server = endpoint.listen(bind, () -> new MeshHandler(this, -1));
        } catch (IOException e) {
            endpoint.close();
            throw e;
        }
    }

    /** Opens a listening socket; port 0 takes any free one. Nobody is let in before {@link #join}. */
    public static Mesh listen(InetSocketAddress bind, TransportOptions options) throws IOException {
        return new Mesh(bind, options);
    }

    /** Where this worker listens. */
    public InetSocketAddress address() {
        return (InetSocketAddress) server.localAddress();
    }

    /**
     * Joins the others; returns when all are connected.
     *
     * @param worker       this worker's number
     * @param all          entry <i>i</i> is where worker <i>i</i> listens
     * @param planHash     32 bytes that must be the same everywhere
     * @param ownerOfPort  entry <i>n</i> is the worker that owns port number <i>n</i>
     * @throws PeerLostException if somebody cannot be reached, refuses, or does not come in time
     */
    public void join(int worker, List<InetSocketAddress> all, byte[] planHash, int[] ownerOfPort) {
        Check.that(self == -1 && worker >= 0 && worker < all.size(), "mesh is joined twice or by nobody", worker);
        Check.that(planHash.length == PLAN_HASH_BYTES, "a plan hash has 32 bytes", planHash.length);
        self = worker;
        workers = all.size();
        addresses = List.copyOf(all);
        workerOfPort = ownerOfPort.clone();
        channels = new Channel[workers];
        early = new WindowMessage[workers];
        gone = new boolean[workers];
        hello = new MeshHello(worker, workers, planHash, options.token());
        for (int peer = 0; peer < worker; peer++) {
            int to = peer;
            endpoint.connect(addresses.get(peer), new MeshHandler(this, peer)).addListener(done -> {
                if (!done.isSuccess()) {
                    events.add(Event.lost(to, "cannot be reached: " + Endpoint.reason(done.cause())));
                }
            });
        }
        // Setting it starts accepting, and publishes the fields above to the event loop.
        server.config().setAutoRead(true);
        awaitAll();
    }

    MeshHello hello() {
        return hello;
    }

    TransportOptions options() {
        return options;
    }

    Endpoint endpoint() {
        return endpoint;
    }

    void post(Event event) {
        events.add(event);
    }

    private void awaitAll() {
        long deadline = System.nanoTime() + TimeUnit.MILLISECONDS.toNanos(options.joinTimeoutMs());
        int missing = workers - 1;
        while (missing > 0) {
            Event event = next(deadline);
            if (event == null) {
                throw fail("not all workers joined in " + options.joinTimeoutMs() + " ms: no sign of " + absent());
            }
            int peer = event.peer;
            if (event.kind == Event.Kind.JOINED && channels[peer] == null) {
                channels[peer] = event.channel;
                missing--;
            } else if (event.kind == Event.Kind.SAID && event.window.number() == 1 && early[peer] == null) {
                // It has met all others already and is through with its first window.
                early[peer] = event.window;
            } else {
                throw fail(name(peer) + (event.text == null ? " does not wait for the others" : " " + event.text));
            }
        }
    }

    private String absent() {
        List<String> names = new ArrayList<>();
        for (int peer = 0; peer < workers; peer++) {
            if (peer != self && channels[peer] == null) {
                names.add(name(peer));
            }
        }
        return String.join(", ", names);
    }

    @Override
    public Answer exchange(List<Frame> out, long nextPs, long status) {
        Check.that(self >= 0 && !closed, "mesh is not joined", window);
        if (failure != null) {
            throw new PeerLostException(failure);
        }
        window++;
        send(out, nextPs, status);
        Collected collected = new Collected();
        boolean[] heard = new boolean[workers];
        heard[self] = true;
        int missing = workers - 1;
        for (int peer = 0; peer < workers; peer++) {
            if (early[peer] != null) {
                collected.add(early[peer]);
                early[peer] = null;
                heard[peer] = true;
                missing--;
            } else if (gone[peer] && peer != self) {
                throw fail(name(peer) + " has ended its run before window " + window);
            }
        }
        while (missing > 0) {
            Event event = next(Long.MAX_VALUE);
            int peer = event.peer;
            if (event.kind == Event.Kind.LEFT) {
                gone[peer] = true;
                if (!heard[peer]) {
                    throw fail(name(peer) + " has ended its run before window " + window);
                }
            } else if (event.kind != Event.Kind.SAID) {
                gone[peer] = true;
                throw fail(name(peer) + " " + event.text + " in window " + window);
            } else if (event.window.number() == window && !heard[peer]) {
                collected.add(event.window);
                heard[peer] = true;
                missing--;
            } else if (event.window.number() == window + 1 && heard[peer] && early[peer] == null) {
                early[peer] = event.window;
            } else {
                throw fail(name(peer) + " sent window " + event.window.number() + " while others are in window "
                        + window);
            }
        }
        return new Answer(collected.frames, collected.nextPs, collected.status);
    }

    /** What the others said in this window. */
    private static final class Collected {
        private final List<Frame> frames = new ArrayList<>();
        private long nextPs = Long.MAX_VALUE;
        private long status = -1;

        void add(WindowMessage said) {
            frames.addAll(said.frames());
            nextPs = Math.min(nextPs, said.nextPs());
            status &= said.status();
        }
    }

    private void send(List<Frame> out, long nextPs, long status) {
        ByteBuf[] messages = new ByteBuf[workers];
        int[] counts = new int[workers];
        int countAt = 0;
        for (int peer = 0; peer < workers; peer++) {
            if (peer != self) {
                messages[peer] = Messages.begin(channels[peer].alloc().buffer(), WINDOW);
                countAt = WindowMessage.writeHead(messages[peer], window, nextPs, status);
            }
        }
        for (Frame frame : out) {
            int to = workerOfPort[frame.port()];
            Check.that(to != self, "frame for a port of this worker", frame.port());
            WindowMessage.writeFrame(messages[to], frame);
            counts[to]++;
        }
        sentFrames += out.size();
        for (int peer = 0; peer < workers; peer++) {
            if (peer != self) {
                WindowMessage.setCount(messages[peer], countAt, counts[peer]);
                Messages.end(messages[peer]);
                int length = messages[peer].readableBytes();
                if (length - 4 > options.maxMessageBytes()) {
                    throw fail("window " + window + " holds " + length + " bytes for " + name(peer) + ", more than the "
                            + options.maxMessageBytes() + " that a message may have");
                }
                sentBytes += length;
                channels[peer].writeAndFlush(messages[peer]);
            }
        }
    }

    /** The next event, or null when {@code deadline} (of {@link System#nanoTime}, or never) has passed. */
    private Event next(long deadline) {
        long from = System.nanoTime();
        try {
            return deadline == Long.MAX_VALUE
                    ? events.take()
                    : events.poll(Math.max(0, deadline - from), TimeUnit.NANOSECONDS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw fail("interrupted while waiting for other workers");
        } finally {
            waitNs += System.nanoTime() - from;
        }
    }

    private PeerLostException fail(String why) {
        failure = failure == null ? why : failure;
        return new PeerLostException(why);
    }

    private String name(int peer) {
        return "worker " + peer + " (" + Endpoint.text(addresses.get(peer)) + ")";
    }

    public Statistics statistics() {
        return new Statistics(window, sentFrames, sentBytes, waitNs);
    }

    /** Makes {@link #close} tell the others why this worker stops, instead of good-bye. */
    public void abort(String why) {
        failure = failure == null ? why : failure;
    }

    /**
     * Says good-bye, or why this worker stops; waits until the others have done so too or hung up, and closes all
     * sockets.
     */
    @Override
    public void close() {
        if (closed) {
            return;
        }
        closed = true;
        server.close();
        for (Channel channel : channels) {
            if (channel != null) {
                ByteBuf message = Messages.begin(Unpooled.buffer(), failure == null ? BYE : ABORT);
                if (failure != null) {
                    Messages.writeText(message, failure);
                }
                channel.writeAndFlush(Messages.end(message));
            }
        }
        // Hanging up at once could take back what was just said: TCP resets a connection that is closed with bytes
        // unread.
        awaitByes();
        endpoint.close();
    }

    private void awaitByes() {
        long deadline = System.nanoTime() + TimeUnit.MILLISECONDS.toNanos(Math.min(BYE_TIMEOUT_MS,
                options.timeoutMs()));
        for (int peer = 0; peer < channels.length; peer++) {
            while (channels[peer] != null && !gone[peer]) {
                Event event = next(deadline);
                if (event == null) {
                    return;
                }
                gone[event.peer] |= event.kind == Event.Kind.LEFT || event.kind == Event.Kind.LOST;
            }
        }
    }
}
