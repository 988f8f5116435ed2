package calvin.hypervisor.exit;

import calvin.hypervisor.host.VmmHost;
import calvin.hypervisor.vcpu.VcpuStruct;
import calvin.hypervisor.vm.VmStruct;
import calvin.machine.hosted.HartPort;
import calvin.sim.state.Memory;

/**
 * Counts exits and the cycles their handling took, per virtual core and reason, and prints them as Palacios does: every
 * 50,000 exits and at the end, when the specification asks for it.
 */
public final class Telemetry {
    /** Exits between two printed tables. */
    public static final long PERIOD = 50_000;

    private Telemetry() {}

    /** Adds one exit. */
    public static void count(HartPort port, long vcpuAt, ExitReason reason, long cycles) {
        Memory memory = port.physical();
        int code = reason.ordinal();
        VcpuStruct.EXITS.set(memory, vcpuAt, VcpuStruct.EXITS.get(memory, vcpuAt) + 1);
        VcpuStruct.HYPERVISOR_CYCLES.set(memory, vcpuAt, VcpuStruct.HYPERVISOR_CYCLES.get(memory, vcpuAt) + cycles);
        VcpuStruct.COUNTS.set(memory, vcpuAt, code, VcpuStruct.COUNTS.get(memory, vcpuAt, code) + 1);
        VcpuStruct.CYCLES.set(memory, vcpuAt, code, VcpuStruct.CYCLES.get(memory, vcpuAt, code) + cycles);
        port.vmExit(code, cycles, (int) VcpuStruct.NUMBER.get(memory, vcpuAt));
    }

    /** Prints the table of every virtual core on the host's console. */
    public static void print(HartPort port, VmmHost host, long vmAt) {
        Memory memory = port.physical();
        long vcpus = Math.min(VmStruct.VCPUS.get(memory, vmAt), VmStruct.MAX_VCPUS);
        for (int i = 0; i < vcpus; i++) {
            long vcpuAt = VmStruct.vcpuAt(vmAt, i);
            String head = "telem." + VmStruct.NUMBER.get(memory, vmAt) + ">";
            host.log(port, head + "Exit information for Core " + i);
            for (int code = 0; code < ExitReason.count(); code++) {
                long count = VcpuStruct.COUNTS.get(memory, vcpuAt, code);
                if (count != 0) {
                    long average = Long.divideUnsigned(VcpuStruct.CYCLES.get(memory, vcpuAt, code), count);
                    host.log(port, head + ExitReason.of(code) + ":Cnt=" + count + ", Avg. Time=" + average);
                }
            }
        }
    }
}
