package calvin.network.transport;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.channel.ChannelFutureListener;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.SimpleChannelInboundHandler;
import io.netty.handler.codec.DecoderException;
import io.netty.handler.timeout.IdleState;
import io.netty.handler.timeout.IdleStateEvent;
import java.util.concurrent.TimeUnit;

/**
 * One connection of a mesh: handshake, then window messages to the queue of the thread that runs the windows. Owned by
 * the event loop.
 */
final class MeshHandler extends SimpleChannelInboundHandler<ByteBuf> {
    private final Mesh mesh;
    private final boolean caller;
    private int peer;
    private boolean joined;
    private boolean over;

    /** @param peer who is called, or -1 for a connection that was accepted */
    MeshHandler(Mesh mesh, int peer) {
        this.mesh = mesh;
        this.peer = peer;
        caller = peer >= 0;
    }

    @Override
    public void channelActive(ChannelHandlerContext context) {
        if (caller) {
            context.writeAndFlush(mesh.hello().to(peer));
        }
        context.executor().schedule(() -> {
            if (!joined) {
                context.close();
            }
        }, mesh.options().joinTimeoutMs(), TimeUnit.MILLISECONDS);
    }

    @Override
    protected void channelRead0(ChannelHandlerContext context, ByteBuf in) {
        int type = in.readByte();
        if (!joined) {
            handshake(context, type, in);
            return;
        }
        switch (type) {
            case Mesh.WINDOW -> mesh.post(new Mesh.Event(Mesh.Event.Kind.SAID, peer, null, WindowMessage.read(in),
                    null));
            case Mesh.HEARTBEAT -> {
                // Its arrival has reset the clock of silence.
            }
            case Mesh.BYE -> {
                over = true;
                mesh.post(new Mesh.Event(Mesh.Event.Kind.LEFT, peer, null, null, null));
            }
            case Mesh.ABORT -> lost(context, "stopped: " + Messages.readText(in));
            default -> throw new DecoderException("a message of type " + type);
        }
    }

    private void handshake(ChannelHandlerContext context, int type, ByteBuf in) {
        if (caller && type == Mesh.REFUSE) {
            lost(context, "refused this worker, which " + Messages.readText(in));
            return;
        }
        MeshHello.Judgement judged = type == MeshHello.TYPE
                ? mesh.hello().judge(in)
                : new MeshHello.Judgement(true, -1, null);
        if (judged.stranger()) {
            // Strangers learn nothing, and cannot stop a run by knocking.
            if (caller) {
                lost(context, "does not know the token of this run");
            }
            context.close();
            return;
        }
        if (judged.problem() != null) {
            refuse(context, judged);
            return;
        }
        if (caller && judged.from() != peer) {
            lost(context, "answers as worker " + judged.from());
            return;
        }
        peer = judged.from();
        joined = true;
        if (!caller) {
            context.writeAndFlush(mesh.hello().to(peer));
        }
        mesh.endpoint().trust(context.channel());
        mesh.post(new Mesh.Event(Mesh.Event.Kind.JOINED, peer, context.channel(), null, "joined"));
    }

    private void refuse(ChannelHandlerContext context, MeshHello.Judgement judged) {
        ByteBuf message = Messages.begin(Unpooled.buffer(), Mesh.REFUSE);
        Messages.writeText(message, judged.problem());
        context.writeAndFlush(Messages.end(message)).addListener(ChannelFutureListener.CLOSE);
        int who = caller ? peer : judged.from();
        over = true;
        if (who >= 0 && who < mesh.hello().workers()) {
            mesh.post(Mesh.Event.lost(who, judged.problem()));
        }
    }

    @Override
    public void userEventTriggered(ChannelHandlerContext context, Object event) {
        if (event instanceof IdleStateEvent idle && idle.state() == IdleState.WRITER_IDLE) {
            context.writeAndFlush(Messages.end(Messages.begin(Unpooled.buffer(), Mesh.HEARTBEAT)));
        } else if (event instanceof IdleStateEvent idle && idle.state() == IdleState.READER_IDLE) {
            lost(context, "sent nothing for " + mesh.options().timeoutMs() + " ms");
        }
    }

    @Override
    public void channelInactive(ChannelHandlerContext context) {
        lost(context, joined ? "closed the connection" : "closed the connection before it had joined (wrong token?)");
    }

    @Override
    public void exceptionCaught(ChannelHandlerContext context, Throwable cause) {
        lost(context, "failed: " + Endpoint.reason(cause));
    }

    /** Reports the loss of a peer once; of a connection that never proved who it is there is nothing to report. */
    private void lost(ChannelHandlerContext context, String why) {
        if (!over && peer >= 0) {
            mesh.post(Mesh.Event.lost(peer, why));
        }
        over = true;
        context.close();
    }
}
