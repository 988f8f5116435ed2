package calvin.network.transport;

import calvin.sim.check.Check;
import io.netty.buffer.ByteBuf;
import io.netty.channel.Channel;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;

/**
 * The runner's side of the control channel: waits for the workers, ships them the plan and each other's addresses, and
 * takes their results.
 *
 * <pre>{@code
 * try (WorkerServer server = WorkerServer.listen(bind, workers, options)) {
 *     ... start worker processes with server.address() and the token ...
 *     server.awaitWorkers();
 *     server.start(planBytes, (worker, name) -> Files.newOutputStream(folder.resolve(name)));
 *     List<WorkerOutcome> outcomes = server.awaitOutcomes();
 * }
 * }</pre>
 *
 * Owned by one thread. Closing it early disconnects the workers, which ends them.
 */
public final class WorkerServer implements AutoCloseable {
    private final TransportOptions options;
    private final Endpoint endpoint;
    private final Channel server;
    private final int workers;
    private final LinkedBlockingQueue<Event> events = new LinkedBlockingQueue<>();
    private final Channel[] channels;
    private final InetSocketAddress[] meshes;
    private final WorkerOutcome[] outcomes;
    /** Set before START is sent, and so before a worker may send results. */
    private volatile ResultSink sink;

    /** What the event loop tells the owner: a worker has come, or it has ended. */
    record Event(int worker, Channel channel, InetSocketAddress mesh, WorkerOutcome outcome) {}

    private WorkerServer(InetSocketAddress bind, int workers, TransportOptions options) throws IOException {
        this.options = options;
        this.workers = workers;
        channels = new Channel[workers];
        meshes = new InetSocketAddress[workers];
        outcomes = new WorkerOutcome[workers];
        endpoint = new Endpoint("calvin-runner", options);
        // Owned by the event loop from here on: which numbers are taken.
        boolean[] taken = new boolean[workers];
        try {
            server = endpoint.listen(bind, () -> new WorkerServerHandler(this, taken));
        } catch (IOException e) {
            endpoint.close();
            throw e;
        }
        server.config().setAutoRead(true);
    }

    /** Opens the socket that workers call; port 0 takes any free one. */
    public static WorkerServer listen(InetSocketAddress bind, int workers, TransportOptions options)
            throws IOException {
        Check.that(workers >= 1, "a run needs workers", workers);
        return new WorkerServer(bind, workers, options);
    }

    public InetSocketAddress address() {
        return (InetSocketAddress) server.localAddress();
    }

    TransportOptions options() {
        return options;
    }

    Endpoint endpoint() {
        return endpoint;
    }

    ResultSink sink() {
        return sink;
    }

    void post(Event event) {
        events.add(event);
    }

    /** @throws PeerLostException if they are not all there in time, or one goes again */
    public void awaitWorkers() {
        long deadline = System.nanoTime() + TimeUnit.MILLISECONDS.toNanos(options.joinTimeoutMs());
        for (int here = 0; here < workers;) {
            Event event = next(deadline);
            if (event == null) {
                throw new PeerLostException("only " + here + " of " + workers + " workers came in "
                        + options.joinTimeoutMs() + " ms");
            }
            if (event.outcome != null) {
                throw new PeerLostException("worker " + event.worker + " is lost: " + event.outcome.text());
            }
            channels[event.worker] = event.channel;
            meshes[event.worker] = event.mesh;
            here++;
        }
    }

    /**
     * Sends everyone the plan and the addresses, upon which they begin.
     *
     * @param results takes what they send back
     */
    public void start(byte[] plan, ResultSink results) {
        Check.that(plan.length <= Control.MAX_PLAN_BYTES, "plan is too large", plan.length);
        sink = results;
        for (int worker = 0; worker < workers; worker++) {
            int at = 0;
            do {
                int chunk = Math.min(Control.CHUNK_BYTES, plan.length - at);
                ByteBuf message = Control.message(Control.PLAN).writeInt(worker).writeInt(workers)
                        .writeLong(plan.length);
                message.writeInt(chunk).writeBytes(plan, at, chunk);
                Control.writeAndWait(channels[worker], Messages.end(message), "worker " + worker);
                at += chunk;
            } while (at < plan.length);
        }
        for (int worker = 0; worker < workers; worker++) {
            ByteBuf message = Control.message(Control.START).writeInt(workers);
            for (InetSocketAddress mesh : meshes) {
                Messages.writeText(message, mesh.getHostString());
                message.writeInt(mesh.getPort());
            }
            Control.writeAndWait(channels[worker], Messages.end(message), "worker " + worker);
        }
    }

    /**
     * Waits until every worker has ended. When one has failed, the others get the silence timeout to end by themselves
     * and are then counted as lost.
     *
     * @return one outcome per worker, by number
     */
    public List<WorkerOutcome> awaitOutcomes() {
        long deadline = Long.MAX_VALUE;
        for (int ended = 0; ended < workers;) {
            Event event = next(deadline);
            if (event == null) {
                break;
            }
            if (event.outcome != null && outcomes[event.worker] == null) {
                outcomes[event.worker] = event.outcome;
                ended++;
                if (event.outcome.status() != WorkerOutcome.Status.DONE && deadline == Long.MAX_VALUE) {
                    deadline = System.nanoTime() + TimeUnit.MILLISECONDS.toNanos(options.timeoutMs());
                }
            }
        }
        List<WorkerOutcome> all = new ArrayList<>(Arrays.asList(outcomes));
        for (int worker = 0; worker < workers; worker++) {
            if (all.get(worker) == null) {
                all.set(worker, new WorkerOutcome(worker, WorkerOutcome.Status.LOST,
                        "did not end after another worker had failed"));
            }
        }
        return all;
    }

    private Event next(long deadline) {
        try {
            return deadline == Long.MAX_VALUE
                    ? events.take()
                    : events.poll(Math.max(0, deadline - System.nanoTime()), TimeUnit.NANOSECONDS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new PeerLostException("interrupted while waiting for workers");
        }
    }

    @Override
    public void close() {
        endpoint.close();
    }
}
