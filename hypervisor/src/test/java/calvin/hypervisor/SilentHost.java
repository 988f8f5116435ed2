package calvin.hypervisor;

import calvin.hypervisor.host.VmmHost;
import calvin.machine.hosted.HartPort;

/** A host that gives memory from 1 MiB behind the start on and prints nothing. */
final class SilentHost implements VmmHost {
    private long next = FakePort.BASE + (1 << 20);

    @Override
    public long allocate(HartPort port, long bytes, long alignment, int numaNode) {
        long pa = (next + alignment - 1) & -alignment;
        next = pa + bytes;
        return pa;
    }

    @Override
    public void free(HartPort port, long pa, long bytes) {}

    @Override
    public void print(HartPort port, int character) {}

    @Override
    public long print(HartPort port, long pa, long bytes) {
        return bytes;
    }

    @Override
    public long printError(HartPort port, long pa, long bytes) {
        return bytes;
    }

    @Override
    public void log(HartPort port, String line) {}

    @Override
    public int read(HartPort port) {
        return -1;
    }

    @Override
    public long timebaseHz(HartPort port) {
        return 10_000_000;
    }
}
