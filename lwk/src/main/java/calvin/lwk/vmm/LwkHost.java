package calvin.lwk.vmm;

import calvin.hypervisor.host.VmmHost;
import calvin.lwk.abi.BootParams;
import calvin.lwk.drv.Console;
import calvin.lwk.mm.Pmem;
import calvin.lwk.state.HartStruct;
import calvin.lwk.state.KernelState;
import calvin.machine.hosted.HartPort;
import calvin.machine.isa.Csr;
import calvin.sim.state.Memory;
import java.nio.charset.StandardCharsets;

/**
 * What the kernel of the hart behind the port does for the hypervisor. The page {@code KernelState.CONSOLE} takes text
 * on its way.
 */
final class LwkHost implements VmmHost {
    @Override
    public long allocate(HartPort port, long bytes, long alignment, int numaNode) {
        long node = numaNode < 0 ? Pmem.ANY_NODE : numaNode;
        long pa = Pmem.alloc(port.physical(), kernel(port), bytes, alignment, node);
        return pa < 0 ? 0 : pa;
    }

    @Override
    public void free(HartPort port, long pa, long bytes) {
        Pmem.free(port.physical(), kernel(port), pa, bytes);
    }

    @Override
    public void print(HartPort port, int character) {
        long buffer = KernelState.CONSOLE.get(port.physical(), kernel(port));
        port.physical().u8(buffer, character);
        Console.write(port, kernel(port), buffer, 1);
    }

    @Override
    public long print(HartPort port, long pa, long bytes) {
        return Console.write(port, kernel(port), pa, bytes);
    }

    @Override
    public long printError(HartPort port, long pa, long bytes) {
        return Console.writeError(port, kernel(port), pa, bytes);
    }

    @Override
    public void log(HartPort port, String line) {
        Memory memory = port.physical();
        long kernelAt = kernel(port);
        String start = KernelState.CONSOLE_COLUMN.get(memory, kernelAt) == 0 ? "" : "\n";
        byte[] text = (start + line + "\n").getBytes(StandardCharsets.UTF_8);
        int length = Math.min(text.length, Console.BUFFER_BYTES);
        long buffer = KernelState.CONSOLE.get(memory, kernelAt);
        memory.write(buffer, text, 0, length);
        Console.write(port, kernelAt, buffer, length);
    }

    @Override
    public int read(HartPort port) {
        Memory memory = port.physical();
        long kernelAt = kernel(port);
        if ((KernelState.FLAGS.get(memory, kernelAt) & BootParams.FLAG_CONSOLE_INPUT) == 0) {
            return -1;
        }
        long buffer = KernelState.CONSOLE.get(memory, kernelAt);
        return Console.read(port, buffer, 1) == 1 ? memory.u8(buffer) : -1;
    }

    @Override
    public long timebaseHz(HartPort port) {
        return KernelState.TIMEBASE_HZ.get(port.physical(), kernel(port));
    }

    private static long kernel(HartPort port) {
        return HartStruct.ROOT.get(port.physical(), port.csr(Csr.SSCRATCH.number));
    }
}
