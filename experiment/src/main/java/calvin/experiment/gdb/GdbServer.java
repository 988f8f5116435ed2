package calvin.experiment.gdb;

import calvin.experiment.input.InputException;
import calvin.experiment.input.Place;
import calvin.machine.board.Machine;
import calvin.machine.debug.Debugger;
import calvin.machine.debug.ReplayConsole;
import calvin.machine.debug.StopEvent;
import calvin.machine.gdb.GdbSession;
import calvin.machine.gdb.Host;
import calvin.sim.event.Lane;
import java.io.IOException;
import java.io.PrintStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.StandardSocketOptions;
import java.nio.ByteBuffer;
import java.nio.channels.SelectionKey;
import java.nio.channels.Selector;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;

/**
 * One machine for one gdb at a time. The machine waits for the first gdb before it does anything; when gdb detaches it
 * runs on, and stops again for the next one. One thread does all: it looks at the socket between slices of the machine,
 * and waits there while gdb holds it, so that virtual time stands still.
 */
public final class GdbServer implements AutoCloseable {
    /** Virtual time between two looks at the socket. */
    private static final long SLICE_PS = calvin.sim.time.SimTime.PS_PER_MS;
    private static final long IDLE_WAIT_MS = 20;
    /** While gdb holds the machine, whoever runs it still wants to look at the terminal. */
    private static final long HELD_WAIT_MS = 100;

    private final Machine machine;
    private final Lane lane;
    private final ReplayConsole console;
    private final Host host;
    private final PrintStream messages;
    private final ServerSocketChannel server;
    private final Selector selector;
    private final ByteBuffer buffer = ByteBuffer.allocate(1 << 16);
    private SocketChannel channel;
    private Debugger debugger;
    private GdbSession session;
    private boolean killed;
    private boolean waiting = true;

    /**
     * Listens. The machine must print through {@code console}.
     *
     * @param address {@code PORT} on the loopback interface, or {@code HOST:PORT}; port 0 is any
     */
    public GdbServer(String address, Machine machine, ReplayConsole console, Host host, PrintStream messages)
            throws IOException {
        this.machine = machine;
        this.lane = machine.lane();
        this.console = console;
        this.host = host;
        this.messages = messages;
        InetSocketAddress at = parse(address);
        server = ServerSocketChannel.open();
        server.setOption(StandardSocketOptions.SO_REUSEADDR, true);
        try {
            server.bind(at, 1);
        } catch (IOException | java.nio.channels.UnresolvedAddressException cannot) {
            server.close();
            throw new InputException(Place.of("--gdb " + address), "cannot be listened at: " + cannot.getMessage());
        }
        server.configureBlocking(false);
        selector = Selector.open();
        server.register(selector, SelectionKey.OP_ACCEPT);
        InetSocketAddress bound = (InetSocketAddress) server.getLocalAddress();
        messages.println("calvin: waiting for gdb at " + bound.getAddress().getHostAddress() + ":" + bound.getPort()
                + " (in gdb: target remote :" + bound.getPort() + ")");
        messages.flush();
    }

    private static InetSocketAddress parse(String address) {
        int colon = address.lastIndexOf(':');
        try {
            int port = Integer.parseInt(address.substring(colon + 1));
            return colon < 0
                    ? new InetSocketAddress(InetAddress.getLoopbackAddress(), port)
                    : new InetSocketAddress(address.substring(0, colon), port);
        } catch (IllegalArgumentException notAnAddress) {
            throw new InputException(Place.of("--gdb " + address), "must be PORT or HOST:PORT");
        }
    }

    /** Runs the machine to {@code untilPs} at most, as far as gdb lets it; returns soon even if gdb does not. */
    public void runUntil(long untilPs) throws IOException {
        look(waiting ? HELD_WAIT_MS : 0);
        if (session == null) {
            if (!waiting) {
                lane.runUntil(untilPs);
            }
            return;
        }
        if (!session.running()) {
            look(HELD_WAIT_MS);
            return;
        }
        boolean interrupt = session.takeInterrupt();
        StopEvent event = debugger.advance(Math.min(untilPs, lane.timePs() + SLICE_PS), interrupt);
        session.happened(event);
        send();
        if (event == null && machine.stuck()) {
            look(IDLE_WAIT_MS);
        }
    }

    /** Types at the machine's console. */
    public void type(long timePs, byte[] bytes) {
        if (debugger == null) {
            machine.type(timePs, bytes);
        } else {
            debugger.type(timePs, bytes);
        }
    }

    /** Whether what is typed now would come too late: the machine is where it has been before. */
    public boolean inThePast() {
        return debugger != null && debugger.inThePast();
    }

    /** Whether gdb wants the machine even if it has ended or will do nothing more. */
    public boolean holds() {
        return !killed && (session != null || waiting);
    }

    /** Whether gdb has killed the machine. */
    public boolean killed() {
        return killed;
    }

    /** Serves what has come; waits for it for {@code waitMs} milliseconds. */
    private void look(long waitMs) throws IOException {
        if (waitMs == 0) {
            selector.selectNow();
        } else {
            selector.select(waitMs);
        }
        boolean accept = false;
        boolean read = false;
        for (SelectionKey key : selector.selectedKeys()) {
            accept |= key.isValid() && key.isAcceptable();
            read |= key.isValid() && key.isReadable();
        }
        selector.selectedKeys().clear();
        if (read) {
            read();
        }
        if (accept) {
            accept();
        }
    }

    private void accept() throws IOException {
        SocketChannel come = server.accept();
        if (come == null) {
            return;
        }
        if (session != null) {
            come.close(); // one at a time
            return;
        }
        channel = come;
        channel.setOption(StandardSocketOptions.TCP_NODELAY, true);
        channel.configureBlocking(false);
        channel.register(selector, SelectionKey.OP_READ);
        debugger = new Debugger(machine, console);
        session = new GdbSession(debugger, host);
        waiting = false;
    }

    private void read() throws IOException {
        int count;
        try {
            buffer.clear();
            count = channel.read(buffer);
        } catch (IOException gone) {
            count = -1;
        }
        if (count < 0) {
            release();
            return;
        }
        session.receive(buffer.array(), count);
        send();
    }

    private void send() throws IOException {
        ByteBuffer bytes = ByteBuffer.wrap(session.takeOutput());
        try {
            while (bytes.hasRemaining()) {
                if (channel.write(bytes) == 0) {
                    Thread.onSpinWait();
                }
            }
        } catch (IOException gone) {
            release();
            return;
        }
        if (!session.open()) {
            killed = session.killed();
            release();
        }
    }

    /** gdb has gone: the machine is free again. */
    private void release() throws IOException {
        channel.close();
        debugger.detach();
        session = null;
        debugger = null;
        messages.println(killed ? "calvin: gdb has ended the machine" : "calvin: gdb has gone; the machine runs on");
        messages.flush();
    }

    @Override
    public void close() throws IOException {
        if (channel != null) {
            channel.close();
        }
        server.close();
        selector.close();
    }
}
