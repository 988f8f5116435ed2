package calvin.machine.nic;

import calvin.machine.bus.Device;
import calvin.machine.bus.Dma;
import calvin.machine.bus.RegisterMap;
import calvin.machine.nic.roce.DropReason;
import calvin.machine.nic.verbs.CardSpec;
import calvin.machine.nic.verbs.Counter;
import calvin.machine.nic.verbs.VerbsEngine;
import calvin.sim.event.EventQueue;
import calvin.sim.event.EventTarget;
import calvin.sim.state.StateReader;
import calvin.sim.state.StateWriter;
import calvin.sim.trace.TraceSink;
import calvin.sim.wire.Frame;
import calvin.sim.wire.FrameSink;
import calvin.sim.wire.Port;

/**
 * An RDMA network card with one RoCEv2 port: protection domains, memory regions, completion queues and reliable
 * connected queue pairs behind the interface of docs/adr/0004.
 *
 * <p>Registers: {@link CardRegisters}. Timers: one ACK timer and one RNR timer for each queue pair. Interrupts: none;
 * software polls. Timing: {@link CardSpec}, picoseconds. Follows ib vol. 1 release 1.4 and annex A17 (RoCEv2), IPv4
 * only.
 *
 * <p>Left out: RDMA READ, atomics, UC, UD, shared receive queues, completion events, BlueFlame, congestion control,
 * IPv6, VLANs.
 *
 * <p>Owned by its machine's lane.
 */
public final class RdmaCard implements Device, FrameSink, EventTarget {
    public static final int SIZE_BYTES = 0x20_0000;
    public static final int UAR_AT = 0x10_0000;
    public static final int UAR_BYTES = 0x1000;
    public static final int SQ_DOORBELL = 0x000;
    public static final int CQ_ARM = 0x020;

    private static final long MAGIC = 0x494E_5643L;
    private static final long VERSION = 1;

    private final String stateName;
    private final CardSpec spec;
    private final long mac;
    private final int ipv4;
    private final RegisterMap registers = CardRegisters.map();
    private final VerbsEngine engine;

    /**
     * The card must be {@linkplain #attach attached} before it is used.
     *
     * @param node number of the machine in its experiment
     * @param mac  48 bits, first octet in bits 47..40
     * @param ipv4 host order
     * @param port its network attachment, which it alone sends on
     */
    public RdmaCard(CardSpec spec, int node, long mac, int ipv4, Dma dma, EventQueue queue, Port port,
            TraceSink trace) {
        this.stateName = "node" + node + "/hca" + port.number();
        this.spec = spec;
        this.mac = mac;
        this.ipv4 = ipv4;
        this.engine = new VerbsEngine(spec, mac, ipv4, dma, queue, port, trace);
    }

    /** The MAC address that belongs to an IPv4 address on a Calvin fabric: 02:00 and its four octets. */
    public static long macOf(int ipv4) {
        return 0x0200_0000_0000L | ipv4 & 0xFFFF_FFFFL;
    }

    /** Tells the card by which number events of its lane name it: what {@code Lane.addTarget(card)} returned. Once. */
    public void attach(int targetInLane) {
        engine.attach(targetInLane);
    }

    @Override
    public RegisterMap registers() {
        return registers;
    }

    @Override
    public long load(long timePs, int offset, int widthBytes) {
        if (offset >= CardRegisters.ARGUMENTS_AT && offset < CardRegisters.COMMAND_AT) {
            return engine.argument((offset - CardRegisters.ARGUMENTS_AT) / 8);
        }
        return switch (offset) {
            case CardRegisters.MAGIC_AT -> MAGIC;
            case CardRegisters.VERSION_AT -> VERSION;
            case CardRegisters.MAC_AT -> mac;
            case CardRegisters.IPV4_AT -> ipv4 & 0xFFFF_FFFFL;
            case CardRegisters.UAR_COUNT_AT -> VerbsEngine.UAR_PAGES;
            case CardRegisters.MAX_QP_AT -> spec.queuePairs();
            case CardRegisters.MAX_CQ_AT -> spec.completionQueues();
            case CardRegisters.MAX_MR_AT -> spec.memoryRegions();
            case CardRegisters.MAX_INLINE_AT -> VerbsEngine.MAX_INLINE_BYTES;
            case CardRegisters.PORT_MTU_AT -> VerbsEngine.MAX_MTU;
            case CardRegisters.STATUS_AT -> engine.status();
            case CardRegisters.RESULT_AT -> engine.result();
            default -> 0;
        };
    }

    @Override
    public void store(long timePs, int offset, int widthBytes, long value) {
        if (offset >= UAR_AT) {
            storeUar(timePs, (offset - UAR_AT) / UAR_BYTES, offset % UAR_BYTES, value);
        } else if (offset >= CardRegisters.ARGUMENTS_AT && offset < CardRegisters.COMMAND_AT) {
            engine.argument((offset - CardRegisters.ARGUMENTS_AT) / 8, value);
        } else if (offset == CardRegisters.COMMAND_AT) {
            engine.command(timePs, (int) value);
        }
    }

    private void storeUar(long timePs, int page, int inPage, long value) {
        if (inPage == SQ_DOORBELL) {
            engine.ring(timePs, page, value);
        } else if (inPage == CQ_ARM) {
            engine.arm();
        }
    }

    /** What has been counted since power-on. */
    public long counter(Counter counter) {
        return engine.counter(counter);
    }

    /** Frames dropped for one reason since power-on. */
    public long dropped(DropReason reason) {
        return engine.dropped(reason);
    }

    @Override
    public void onFrame(Frame frame) {
        engine.onFrame(frame);
    }

    @Override
    public void onEvent(long timePs, int kind, long a, long b, byte[] payload) {
        engine.onEvent(timePs, kind, a, b, payload);
    }

    @Override
    public void reset() {
        engine.reset();
    }

    @Override
    public String stateName() {
        return stateName;
    }

    @Override
    public void save(StateWriter out) {
        engine.save(out);
    }

    @Override
    public void load(StateReader in) {
        engine.load(in);
    }
}
