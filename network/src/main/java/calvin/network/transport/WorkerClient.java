package calvin.network.transport;

import calvin.sim.check.Check;
import io.netty.buffer.ByteBuf;
import io.netty.channel.Channel;
import io.netty.channel.ChannelFuture;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.SimpleChannelInboundHandler;
import io.netty.handler.codec.DecoderException;
import io.netty.handler.timeout.IdleState;
import io.netty.handler.timeout.IdleStateEvent;
import java.io.OutputStream;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;

/**
 * A worker's side of the control channel.
 *
 * <pre>{@code
 * try (Mesh mesh = Mesh.listen(bind, options);
 *         WorkerClient client = WorkerClient.connect(runner, options, -1, mesh.address())) {
 *     WorkerClient.Assignment mine = client.awaitPlan();
 *     mesh.join(mine.worker(), client.awaitStart(), sha256(mine.plan()), ports);
 *     ... run ...
 *     try (OutputStream out = client.file("node0/port0.pcapng")) { ... }
 *     client.done(json);
 * }
 * }</pre>
 *
 * Waiting calls end in a {@link PeerLostException} when the runner is lost. Owned by one thread.
 */
public final class WorkerClient implements AutoCloseable {
    private final TransportOptions options;
    private final Endpoint endpoint;
    private final Channel channel;
    private final String runner;
    private final CompletableFuture<Assignment> plan = new CompletableFuture<>();
    private final CompletableFuture<List<InetSocketAddress>> start = new CompletableFuture<>();
    private volatile String lost;

    /**
     * What this worker is to do.
     *
     * @param worker  its number
     * @param workers how many there are
     * @param plan    the bytes that the runner sent
     */
    public record Assignment(int worker, int workers, byte[] plan) {}

    private WorkerClient(InetSocketAddress to, TransportOptions options, int wanted, InetSocketAddress mesh) {
        this.options = options;
        runner = "the runner (" + Endpoint.text(to) + ")";
        endpoint = new Endpoint("calvin-worker", options);
        ChannelFuture connected = endpoint.connect(to, new Handler()).awaitUninterruptibly();
        if (!connected.isSuccess()) {
            endpoint.close();
            throw new PeerLostException(runner + " cannot be reached: " + Endpoint.reason(connected.cause()));
        }
        channel = connected.channel();
        boolean anywhere = mesh.getAddress() != null && mesh.getAddress().isAnyLocalAddress();
        ByteBuf hello = Control.message(Control.HELLO).writeLong(Control.MAGIC);
        Messages.writeBytes(hello, options.token());
        hello.writeShort(Control.VERSION).writeInt(wanted);
        Messages.writeText(hello, anywhere ? "" : host(mesh));
        channel.writeAndFlush(Messages.end(hello.writeInt(mesh.getPort())));
    }

    private static String host(InetSocketAddress address) {
        return address.getAddress() == null ? address.getHostString() : address.getAddress().getHostAddress();
    }

    /**
     * Calls the runner.
     *
     * @param wanted this worker's number if its starter has given it one, else -1
     * @param mesh   where this worker's {@link Mesh} listens, as others reach it
     */
    public static WorkerClient connect(InetSocketAddress runner, TransportOptions options, int wanted,
            InetSocketAddress mesh) {
        return new WorkerClient(runner, options, wanted, mesh);
    }

    /** Waits for the plan. */
    public Assignment awaitPlan() {
        return await(plan);
    }

    /** Waits until all workers are there; entry <i>i</i> is where worker <i>i</i>'s mesh listens. */
    public List<InetSocketAddress> awaitStart() {
        return await(start);
    }

    private <T> T await(CompletableFuture<T> what) {
        try {
            return what.get();
        } catch (ExecutionException e) {
            throw new PeerLostException(e.getCause().getMessage());
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new PeerLostException("interrupted while waiting for " + runner);
        }
    }

    /** Whether the runner is gone: a worker looks between windows and then ends. */
    public boolean lost() {
        return lost != null;
    }

    /**
     * A result to be filled and closed before the next one is opened. Writing blocks while the runner is busy.
     *
     * @param name a relative path with {@code /}, of letters, digits, {@code . _ -}, unique in the run
     */
    public OutputStream file(String name) {
        Check.that(Control.isFileName(name), "not a name for a result", name);
        return new ResultStream(name);
    }

    /** Ends the work well. Returns when the runner has the words and has hung up. */
    public void done(String json) {
        ByteBuf message = Control.message(Control.DONE);
        Messages.writeBytes(message, json.getBytes(StandardCharsets.UTF_8));
        Check.that(message.readableBytes() <= options.maxMessageBytes(), "results are too large for one message",
                message.readableBytes());
        write(Messages.end(message));
        channel.closeFuture().awaitUninterruptibly(options.timeoutMs());
    }

    /** Ends the work badly, with what went wrong. Returns when the runner has the words and has hung up. */
    public void error(String text) {
        write(Control.text(Control.ERROR, text));
        channel.closeFuture().awaitUninterruptibly(options.timeoutMs());
    }

    private void write(ByteBuf message) {
        if (lost != null) {
            message.release();
            throw new PeerLostException(lost);
        }
        Control.writeAndWait(channel, message, runner);
    }

    @Override
    public void close() {
        endpoint.close();
    }

    /** Cuts what is written into messages. */
    private final class ResultStream extends OutputStream {
        private final String name;
        private final byte[] chunk = new byte[Control.CHUNK_BYTES];
        private int size;
        private int marks = Control.FIRST_CHUNK;
        private boolean closed;

        ResultStream(String name) {
            this.name = name;
        }

        @Override
        public void write(int octet) {
            if (size == chunk.length) {
                send();
            }
            chunk[size++] = (byte) octet;
        }

        @Override
        public void write(byte[] bytes, int offset, int length) {
            int done = 0;
            while (done < length) {
                if (size == chunk.length) {
                    send();
                }
                int n = Math.min(chunk.length - size, length - done);
                System.arraycopy(bytes, offset + done, chunk, size, n);
                size += n;
                done += n;
            }
        }

        @Override
        public void close() {
            if (!closed) {
                closed = true;
                marks |= Control.LAST_CHUNK;
                send();
            }
        }

        private void send() {
            ByteBuf message = Control.message(Control.RESULT_FILE).writeByte(marks);
            Messages.writeText(message, name);
            message.writeInt(size).writeBytes(chunk, 0, size);
            WorkerClient.this.write(Messages.end(message));
            marks = 0;
            size = 0;
        }
    }

    /** Owned by the event loop. */
    private final class Handler extends SimpleChannelInboundHandler<ByteBuf> {
        private byte[] received;
        private int size;

        @Override
        public void channelActive(ChannelHandlerContext context) {
            // The runner was called by its address; what it sends is taken from the start.
            endpoint.trust(context.channel());
        }

        @Override
        protected void channelRead0(ChannelHandlerContext context, ByteBuf in) {
            int type = in.readByte();
            switch (type) {
                case Control.PLAN -> plan(in);
                case Control.START -> {
                    int workers = in.readInt();
                    List<InetSocketAddress> meshes = new ArrayList<>();
                    for (int i = 0; i < workers; i++) {
                        meshes.add(InetSocketAddress.createUnresolved(Messages.readText(in), in.readInt()));
                    }
                    start.complete(List.copyOf(meshes));
                }
                case Control.REFUSE -> lose(context, "refuses this worker, which " + Messages.readText(in));
                case Control.HEARTBEAT -> {
                    // Its arrival has reset the clock of silence.
                }
                default -> throw new DecoderException("a message of type " + type);
            }
        }

        private void plan(ByteBuf in) {
            int worker = in.readInt();
            int workers = in.readInt();
            long length = in.readLong();
            if (length < 0 || length > Control.MAX_PLAN_BYTES || received != null && received.length != length) {
                throw new DecoderException("a plan of " + length + " bytes");
            }
            byte[] chunk = Messages.readBytes(in, Control.CHUNK_BYTES);
            if (received == null) {
                received = new byte[(int) length];
            }
            if (chunk.length > received.length - size) {
                throw new DecoderException("more of the plan than it has");
            }
            System.arraycopy(chunk, 0, received, size, chunk.length);
            size += chunk.length;
            if (size == received.length) {
                plan.complete(new Assignment(worker, workers, received));
            }
        }

        @Override
        public void userEventTriggered(ChannelHandlerContext context, Object event) {
            if (event instanceof IdleStateEvent idle && idle.state() == IdleState.WRITER_IDLE) {
                context.writeAndFlush(Messages.end(Control.message(Control.HEARTBEAT)));
            } else if (event instanceof IdleStateEvent idle && idle.state() == IdleState.READER_IDLE) {
                lose(context, "sent nothing for " + options.timeoutMs() + " ms");
            }
        }

        @Override
        public void channelInactive(ChannelHandlerContext context) {
            lose(context, "closed the connection (wrong token, or the run has ended)");
        }

        @Override
        public void exceptionCaught(ChannelHandlerContext context, Throwable cause) {
            lose(context, "failed: " + Endpoint.reason(cause));
        }

        private void lose(ChannelHandlerContext context, String why) {
            if (lost == null) {
                lost = runner + " " + why;
                plan.completeExceptionally(new PeerLostException(lost));
                start.completeExceptionally(new PeerLostException(lost));
            }
            context.close();
        }
    }
}
