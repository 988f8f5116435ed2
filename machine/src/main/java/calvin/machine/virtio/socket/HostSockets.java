package calvin.machine.virtio.socket;

import static calvin.machine.virtio.socket.Packet.*;

import calvin.sim.state.Block;
import calvin.sim.state.Derived;
import calvin.sim.state.StateReader;
import calvin.sim.state.StateWriter;
import calvin.sim.state.Stateful;
import java.util.ArrayDeque;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;

/**
 * The host's end of a guest's sockets: CID 2, with services at ports. Follows credit (virtio 1.2, 5.10.6.3): it sends
 * no more than the guest's buffer takes, and keeps the rest until the guest says that it has room. Connections are made
 * by the guest. State: the connections.
 */
public final class HostSockets implements SocketPeer, Stateful {
    public static final long CID = 2;
    private static final int BUFFER = 256 << 10;
    private static final int MAX_DATA = 16 << 10;
    private static final int MAX_STREAMS = 1024;
    private static final int MAX_PENDING = 16 << 20;

    private final String stateName;
    private final SortedMap<Long, HostService> services;
    /** By the guest's port and the host's. */
    private final TreeMap<Long, Stream> streams = new TreeMap<>();
    @Derived(from = "the plan")
    private VirtioSocket device;

    /** One connection, as the host sees it. */
    private static final class Stream {
        final ArrayDeque<byte[]> pending = new ArrayDeque<>();
        long pendingBytes;
        long guestBuffer;
        long guestForwarded;
        long sent;
        long forwarded;

        /** Bytes the guest has room for. */
        long credit() {
            return Math.max(0, guestBuffer - (sent - guestForwarded & 0xFFFF_FFFFL));
        }
    }

    /** @param services by port */
    public HostSockets(String stateName, Map<Long, HostService> services) {
        this.stateName = stateName;
        this.services = new TreeMap<>(services);
    }

    @Override
    public void connect(VirtioSocket value) {
        device = value;
    }

    private static long key(Block header) {
        return SOURCE_PORT.get(header, 0) << 32 | TARGET_PORT.get(header, 0);
    }

    @Override
    public void onPacket(long timePs, byte[] packet) {
        Block header = new Block(BYTES);
        header.write(0, packet, 0, BYTES);
        int operation = OPERATION.get(header, 0);
        long key = key(header);
        Stream stream = streams.get(key);
        if (TARGET_CID.get(header, 0) != CID || TYPE.get(header, 0) != STREAM) {
            refuse(timePs, key, operation);
            return;
        }
        if (operation == REQUEST) {
            open(timePs, key, header);
            return;
        }
        if (stream == null) {
            refuse(timePs, key, operation);
            return;
        }
        stream.guestBuffer = BUFFER_BYTES.get(header, 0);
        stream.guestForwarded = FORWARDED.get(header, 0);
        switch (operation) {
            case DATA -> received(timePs, key, stream, packet);
            case CREDIT_REQUEST -> send(timePs, key, stream, CREDIT_UPDATE, 0, new byte[0]);
            case SHUTDOWN -> {
                // 5.10.6.6: when neither direction is left, the answer is a reset.
                if (FLAGS.get(header, 0) == BOTH_WAYS) {
                    streams.remove(key);
                    send(timePs, key, stream, RESET, 0, new byte[0]);
                    return;
                }
            }
            case RESET -> {
                streams.remove(key);
                return;
            }
            default -> {
                // A credit update says all in its header; a response answers nothing that was asked.
            }
        }
        flush(timePs, key, stream);
    }

    private void refuse(long timePs, long key, int operation) {
        if (operation != RESET) {
            send(timePs, key, new Stream(), RESET, 0, new byte[0]);
        }
    }

    private void open(long timePs, long key, Block header) {
        if (!services.containsKey(key & 0xFFFF_FFFFL) || streams.containsKey(key) || streams.size() >= MAX_STREAMS) {
            refuse(timePs, key, REQUEST);
            return;
        }
        Stream stream = new Stream();
        stream.guestBuffer = BUFFER_BYTES.get(header, 0);
        stream.guestForwarded = FORWARDED.get(header, 0);
        streams.put(key, stream);
        send(timePs, key, stream, RESPONSE, 0, new byte[0]);
    }

    private void received(long timePs, long key, Stream stream, byte[] packet) {
        byte[] data = java.util.Arrays.copyOfRange(packet, BYTES, packet.length);
        stream.forwarded = stream.forwarded + data.length & 0xFFFF_FFFFL;
        byte[] answer = services.get(key & 0xFFFF_FFFFL).answer(timePs, data);
        if (stream.pendingBytes + answer.length > MAX_PENDING) {
            streams.remove(key);
            send(timePs, key, stream, RESET, 0, new byte[0]);
            return;
        }
        if (answer.length > 0) {
            stream.pending.add(answer);
            stream.pendingBytes += answer.length;
        }
        send(timePs, key, stream, CREDIT_UPDATE, 0, new byte[0]);
    }

    /** Sends what waits, as far as the guest has room. */
    private void flush(long timePs, long key, Stream stream) {
        while (streams.get(key) == stream && !stream.pending.isEmpty() && stream.credit() > 0) {
            byte[] first = stream.pending.poll();
            int part = (int) Math.min(Math.min(MAX_DATA, stream.credit()), first.length);
            if (part < first.length) {
                stream.pending.addFirst(java.util.Arrays.copyOfRange(first, part, first.length));
            }
            stream.pendingBytes -= part;
            stream.sent = stream.sent + part & 0xFFFF_FFFFL;
            send(timePs, key, stream, DATA, 0, java.util.Arrays.copyOf(first, part));
        }
    }

    private void send(long timePs, long key, Stream stream, int operation, int flags, byte[] data) {
        Block header = new Block(BYTES);
        SOURCE_CID.set(header, 0, CID);
        TARGET_CID.set(header, 0, device.cid());
        SOURCE_PORT.set(header, 0, key & 0xFFFF_FFFFL);
        TARGET_PORT.set(header, 0, key >>> 32);
        LENGTH.set(header, 0, data.length);
        TYPE.set(header, 0, STREAM);
        OPERATION.set(header, 0, operation);
        FLAGS.set(header, 0, flags);
        BUFFER_BYTES.set(header, 0, BUFFER);
        FORWARDED.set(header, 0, stream.forwarded);
        byte[] packet = new byte[BYTES + data.length];
        header.read(0, packet, 0, BYTES);
        System.arraycopy(data, 0, packet, BYTES, data.length);
        device.deliver(timePs, packet);
    }

    @Override
    public String stateName() {
        return stateName;
    }

    @Override
    public void save(StateWriter out) {
        out.u64(streams.size());
        streams.forEach((key, stream) -> {
            out.u64(key);
            for (long value : new long[]{stream.guestBuffer, stream.guestForwarded, stream.sent, stream.forwarded}) {
                out.u64(value);
            }
            out.u64(stream.pending.size());
            stream.pending.forEach(out::blob);
        });
    }

    @Override
    public void load(StateReader in) {
        streams.clear();
        for (long i = in.u64(); i > 0; i--) {
            long key = in.u64();
            Stream stream = new Stream();
            stream.guestBuffer = in.u64();
            stream.guestForwarded = in.u64();
            stream.sent = in.u64();
            stream.forwarded = in.u64();
            for (long j = in.u64(); j > 0; j--) {
                byte[] bytes = in.blob();
                stream.pending.add(bytes);
                stream.pendingBytes += bytes.length;
            }
            streams.put(key, stream);
        }
    }
}
