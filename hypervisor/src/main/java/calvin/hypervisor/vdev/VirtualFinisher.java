package calvin.hypervisor.vdev;

import calvin.hypervisor.host.VmmHost;
import calvin.hypervisor.vm.VmState;
import calvin.hypervisor.vm.VmStruct;
import calvin.machine.hosted.HartPort;
import calvin.sim.state.Memory;

/**
 * The {@code sifive,test1} device: a 32-bit store to offset 0 ends the virtual machine. 0x5555 is success, 0x3333
 * failure with the code in the upper half, 0x7777 a reset, which ends it too: this version does not start a guest
 * again.
 */
final class VirtualFinisher implements VirtualDevice {
    private static final int FAIL = 0x3333;
    private static final int PASS = 0x5555;
    private static final int RESET = 0x7777;

    @Override
    public long load(HartPort port, VmmHost host, long vmAt, int offset, int bytes) {
        return 0;
    }

    @Override
    public void store(HartPort port, VmmHost host, long vmAt, int offset, int bytes, long value) {
        if (offset != 0 || bytes < 2) {
            return;
        }
        Memory memory = port.physical();
        int command = (int) value & 0xFFFF;
        if (command == PASS || command == RESET) {
            VmStruct.EXIT_CODE.set(memory, vmAt, 0);
            VmStruct.state(memory, vmAt, VmState.STOPPED);
        } else if (command == FAIL) {
            VmStruct.EXIT_CODE.set(memory, vmAt, value >>> 16 & 0xFFFF);
            VmStruct.state(memory, vmAt, VmState.STOPPED);
        }
    }
}
