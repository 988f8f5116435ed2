package calvin.hypervisor;

import calvin.hypervisor.host.VmmHost;
import calvin.machine.hosted.HartPort;

/** A host with a bump allocator between two addresses and a console that is a string. */
public final class FakeHost implements VmmHost {
    public final StringBuilder console = new StringBuilder();
    public final StringBuilder typed = new StringBuilder();
    public long next;
    public long held;
    private final long end;

    public FakeHost(long start, long end) {
        next = start;
        this.end = end;
    }

    @Override
    public long allocate(HartPort port, long bytes, long alignment, int numaNode) {
        long pa = (next + alignment - 1) & -alignment;
        if (pa + bytes > end) {
            return 0;
        }
        next = pa + bytes;
        held += bytes;
        port.physical().zero(pa, bytes);
        return pa;
    }

    @Override
    public void free(HartPort port, long pa, long bytes) {
        held -= bytes;
    }

    @Override
    public void print(HartPort port, int character) {
        console.append((char) character);
    }

    @Override
    public long print(HartPort port, long pa, long bytes) {
        for (long i = 0; i < bytes; i++) {
            console.append((char) port.physical().u8(pa + i));
        }
        return bytes;
    }

    @Override
    public long printError(HartPort port, long pa, long bytes) {
        return print(port, pa, bytes);
    }

    @Override
    public void log(HartPort port, String line) {
        console.append(line).append('\n');
    }

    @Override
    public int read(HartPort port) {
        if (typed.isEmpty()) {
            return -1;
        }
        char first = typed.charAt(0);
        typed.deleteCharAt(0);
        return first;
    }

    @Override
    public long timebaseHz(HartPort port) {
        return 10_000_000;
    }
}
