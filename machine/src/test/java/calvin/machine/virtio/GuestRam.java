package calvin.machine.virtio;

import calvin.machine.bus.Dma;
import calvin.sim.state.StateReader;
import calvin.sim.state.StateWriter;
import calvin.sim.state.Stateful;
import java.util.ArrayList;
import java.util.List;

/** RAM of a driver under test, from {@link #BASE}; messages to the page at {@link #MESSAGES} are noted as messages. */
public final class GuestRam implements Dma, Stateful {
    public static final long BASE = 0x8000_0000L;
    public static final long MESSAGES = 0x2800_0000L;

    public final byte[] bytes;
    public final List<Long> messages = new ArrayList<>();

    public GuestRam(int sizeBytes) {
        bytes = new byte[sizeBytes];
    }

    private boolean holds(long pa, int length) {
        return pa >= BASE && pa - BASE <= bytes.length - length;
    }

    @Override
    public boolean read(long pa, byte[] into, int offset, int length) {
        if (!holds(pa, length)) {
            return false;
        }
        System.arraycopy(bytes, (int) (pa - BASE), into, offset, length);
        return true;
    }

    @Override
    public boolean write(long pa, byte[] from, int offset, int length) {
        if (!holds(pa, length)) {
            return false;
        }
        System.arraycopy(from, offset, bytes, (int) (pa - BASE), length);
        return true;
    }

    @Override
    public boolean message(long pa, int data) {
        if (pa >>> 12 != MESSAGES >>> 12) {
            return false;
        }
        messages.add(pa << 32 | data & 0xFFFF_FFFFL);
        return true;
    }

    public long get(long pa, int width) {
        long value = 0;
        for (int i = 0; i < width; i++) {
            value |= (bytes[(int) (pa - BASE) + i] & 0xFFL) << 8 * i;
        }
        return value;
    }

    public void put(long pa, int width, long value) {
        for (int i = 0; i < width; i++) {
            bytes[(int) (pa - BASE) + i] = (byte) (value >>> 8 * i);
        }
    }

    @Override
    public String stateName() {
        return "ram";
    }

    @Override
    public void save(StateWriter out) {
        out.bytes(bytes, 0, bytes.length);
    }

    @Override
    public void load(StateReader in) {
        in.bytes(bytes, 0, bytes.length);
    }
}
