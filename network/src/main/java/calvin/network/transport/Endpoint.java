package calvin.network.transport;

import io.netty.bootstrap.Bootstrap;
import io.netty.bootstrap.ServerBootstrap;
import io.netty.channel.Channel;
import io.netty.channel.ChannelFuture;
import io.netty.channel.ChannelHandler;
import io.netty.channel.ChannelInitializer;
import io.netty.channel.ChannelOption;
import io.netty.channel.EventLoopGroup;
import io.netty.channel.MultiThreadIoEventLoopGroup;
import io.netty.channel.nio.NioIoHandler;
import io.netty.channel.socket.nio.NioServerSocketChannel;
import io.netty.channel.socket.nio.NioSocketChannel;
import io.netty.handler.timeout.IdleStateHandler;
import io.netty.util.concurrent.DefaultThreadFactory;
import io.netty.util.internal.logging.InternalLoggerFactory;
import io.netty.util.internal.logging.JdkLoggerFactory;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;

/** One event loop with its sockets: what meshes, servers and clients have in common. */
final class Endpoint implements AutoCloseable {
    private static final int BACKLOG = 1024;
    private static final int SHUTDOWN_MS = 2_000;

    static {
        // Netty would take SLF4J where it finds it, which without a provider greets every user with a warning.
        InternalLoggerFactory.setDefaultFactory(JdkLoggerFactory.INSTANCE);
    }

    private final EventLoopGroup group;
    private final TransportOptions options;

    Endpoint(String name, TransportOptions options) {
        this.options = options;
        group = new MultiThreadIoEventLoopGroup(1, new DefaultThreadFactory(name, true), NioIoHandler.newFactory());
    }

    /** Binds a listening socket that takes no connection until its {@code autoRead} is set. */
    Channel listen(InetSocketAddress bind, Supplier<ChannelHandler> handlers) throws IOException {
        ServerBootstrap bootstrap = new ServerBootstrap().group(group).channel(NioServerSocketChannel.class)
                .option(ChannelOption.SO_BACKLOG, BACKLOG).option(ChannelOption.AUTO_READ, false)
                .childOption(ChannelOption.TCP_NODELAY, true).childHandler(pipeline(handlers));
        ChannelFuture bound = bootstrap.bind(bind).awaitUninterruptibly();
        if (!bound.isSuccess()) {
            throw new IOException("cannot listen at " + text(bind) + ": " + bound.cause().getMessage(), bound.cause());
        }
        return bound.channel();
    }

    ChannelFuture connect(InetSocketAddress to, ChannelHandler handler) {
        return new Bootstrap().group(group).channel(NioSocketChannel.class).option(ChannelOption.TCP_NODELAY, true)
                .option(ChannelOption.CONNECT_TIMEOUT_MILLIS, options.joinTimeoutMs()).handler(pipeline(() -> handler))
                .connect(to);
    }

    private static ChannelHandler pipeline(Supplier<ChannelHandler> handlers) {
        return new ChannelInitializer<>() {
            @Override
            protected void initChannel(Channel channel) {
                channel.pipeline().addLast(new Messages.Decoder(), handlers.get());
            }
        };
    }

    /** After the handshake: large messages are welcome, silence is not. */
    void trust(Channel channel) {
        channel.pipeline().get(Messages.Decoder.class).limit(options.maxMessageBytes());
        channel.pipeline().addFirst(
                new IdleStateHandler(options.timeoutMs(), options.heartbeatMs(), 0, TimeUnit.MILLISECONDS));
    }

    /** The loop's name for an address, without a look-up. */
    static String text(InetSocketAddress address) {
        return address.getHostString() + ":" + address.getPort();
    }

    /** What to call a failure. */
    static String reason(Throwable cause) {
        Throwable inner = cause instanceof io.netty.handler.codec.DecoderException && cause.getCause() != null
                ? cause.getCause()
                : cause;
        return inner.getMessage() == null ? inner.getClass().getSimpleName() : inner.getMessage();
    }

    @Override
    public void close() {
        group.shutdownGracefully(0, SHUTDOWN_MS, TimeUnit.MILLISECONDS).awaitUninterruptibly(2L * SHUTDOWN_MS);
    }
}
