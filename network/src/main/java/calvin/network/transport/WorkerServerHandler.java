package calvin.network.transport;

import io.netty.buffer.ByteBuf;
import io.netty.channel.ChannelFutureListener;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.SimpleChannelInboundHandler;
import io.netty.handler.codec.DecoderException;
import io.netty.handler.timeout.IdleState;
import io.netty.handler.timeout.IdleStateEvent;
import java.io.IOException;
import java.io.OutputStream;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.util.concurrent.TimeUnit;

/** One worker's connection at the runner. Owned by the event loop, as is {@code taken}. */
final class WorkerServerHandler extends SimpleChannelInboundHandler<ByteBuf> {
    private final WorkerServer server;
    private final boolean[] taken;
    private int worker = -1;
    private boolean ended;
    private String fileName = "";
    private OutputStream file;

    WorkerServerHandler(WorkerServer server, boolean[] taken) {
        this.server = server;
        this.taken = taken;
    }

    @Override
    public void channelActive(ChannelHandlerContext context) {
        context.executor().schedule(() -> {
            if (worker < 0) {
                context.close();
            }
        }, server.options().joinTimeoutMs(), TimeUnit.MILLISECONDS);
    }

    @Override
    protected void channelRead0(ChannelHandlerContext context, ByteBuf in) throws IOException {
        int type = in.readByte();
        if (worker < 0) {
            hello(context, type, in);
            return;
        }
        switch (type) {
            case Control.RESULT_FILE -> resultFile(in);
            // Hanging up tells the worker that its last words have arrived.
            case Control.DONE -> {
                end(WorkerOutcome.Status.DONE,
                        new String(Messages.readBytes(in, server.options().maxMessageBytes()), StandardCharsets.UTF_8));
                context.close();
            }
            case Control.ERROR -> {
                end(WorkerOutcome.Status.ERROR, Messages.readText(in));
                context.close();
            }
            case Control.HEARTBEAT -> {
                // Its arrival has reset the clock of silence.
            }
            default -> throw new DecoderException("a message of type " + type);
        }
    }

    private void hello(ChannelHandlerContext context, int type, ByteBuf in) {
        if (type != Control.HELLO || !Control.knows(server.options().token(), in)) {
            context.close();
            return;
        }
        int version = in.readUnsignedShort();
        if (version != Control.VERSION) {
            refuse(context, "speaks version " + version + " of the protocol, the runner version " + Control.VERSION);
            return;
        }
        int wanted = in.readInt();
        String host = Messages.readText(in);
        int port = in.readInt();
        int number = wanted >= 0 ? wanted : firstFree();
        if (number >= taken.length || taken[number]) {
            refuse(context, wanted >= 0 && wanted < taken.length
                    ? "wants number " + wanted + ", which another worker has"
                    : "is not needed: there are " + taken.length + " workers");
            return;
        }
        if (port < 1 || port > 65_535) {
            refuse(context, "listens at port " + port);
            return;
        }
        taken[number] = true;
        worker = number;
        server.endpoint().trust(context.channel());
        // A worker that listens at all addresses is reached at the one from which it called.
        InetSocketAddress remote = (InetSocketAddress) context.channel().remoteAddress();
        InetSocketAddress mesh = host.isEmpty()
                ? new InetSocketAddress(remote.getAddress(), port)
                : InetSocketAddress.createUnresolved(host, port);
        server.post(new WorkerServer.Event(worker, context.channel(), mesh, null));
    }

    private int firstFree() {
        int number = 0;
        while (number < taken.length && taken[number]) {
            number++;
        }
        return number;
    }

    private static void refuse(ChannelHandlerContext context, String why) {
        context.writeAndFlush(Control.text(Control.REFUSE, why)).addListener(ChannelFutureListener.CLOSE);
    }

    private void resultFile(ByteBuf in) throws IOException {
        int marks = in.readByte();
        String name = Messages.readText(in);
        byte[] chunk = Messages.readBytes(in, Control.CHUNK_BYTES);
        if ((marks & Control.FIRST_CHUNK) != 0) {
            if (server.sink() == null || file != null || !Control.isFileName(name)) {
                throw new DecoderException("a result '" + name + "' that is not expected");
            }
            file = server.sink().open(worker, name);
            fileName = name;
        } else if (file == null || !fileName.equals(name)) {
            throw new DecoderException("a piece of '" + name + "' without its beginning");
        }
        file.write(chunk);
        if ((marks & Control.LAST_CHUNK) != 0) {
            OutputStream whole = file;
            file = null;
            whole.close();
        }
    }

    private void end(WorkerOutcome.Status status, String text) {
        if (ended) {
            return;
        }
        ended = true;
        String said = text;
        WorkerOutcome.Status how = status;
        OutputStream part = file;
        file = null;
        if (part != null) {
            if (status == WorkerOutcome.Status.DONE) {
                how = WorkerOutcome.Status.ERROR;
                said = "ended inside the result " + fileName;
            }
            try {
                part.close();
            } catch (IOException e) {
                said = text + "; and the result " + fileName + " cannot be closed: " + Endpoint.reason(e);
            }
        }
        server.post(new WorkerServer.Event(worker, null, null, new WorkerOutcome(worker, how, said)));
    }

    @Override
    public void userEventTriggered(ChannelHandlerContext context, Object event) {
        if (event instanceof IdleStateEvent idle && idle.state() == IdleState.WRITER_IDLE) {
            context.writeAndFlush(Messages.end(Control.message(Control.HEARTBEAT)));
        } else if (event instanceof IdleStateEvent idle && idle.state() == IdleState.READER_IDLE) {
            lost(context, "sent nothing for " + server.options().timeoutMs() + " ms");
        }
    }

    @Override
    public void channelInactive(ChannelHandlerContext context) {
        lost(context, "closed the connection");
    }

    @Override
    public void exceptionCaught(ChannelHandlerContext context, Throwable cause) {
        lost(context, "failed: " + Endpoint.reason(cause));
    }

    private void lost(ChannelHandlerContext context, String why) {
        if (worker >= 0) {
            end(WorkerOutcome.Status.LOST, why);
        }
        context.close();
    }
}
