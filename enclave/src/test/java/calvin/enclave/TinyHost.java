package calvin.enclave;

import calvin.hypervisor.Vmm;
import calvin.hypervisor.host.VmmHost;
import calvin.hypervisor.vcpu.VcpuStruct;
import calvin.hypervisor.vm.VmStruct;
import calvin.machine.hosted.HartPort;
import calvin.machine.hosted.HostedKernel;
import calvin.machine.hosted.HostedVector;
import calvin.machine.hosted.Resume;
import calvin.machine.isa.Csr;
import calvin.sim.state.Memory;

/**
 * The smallest kernel that hosts the hypervisor: one hart, one virtual machine, which it enters at boot and follows
 * until it ends. Its state is two words at the root: the next free byte of memory, and the machine. A waiting guest
 * makes it idle until its timer.
 */
final class TinyHost implements HostedKernel, VmmHost {
    static final int NUMBER = 1;
    private static final int NEXT_FREE = 0;
    private static final int VM = 8;
    private static final long SPP_SPIE_FS = 1L << 8 | 1L << 5 | 3L << 13;
    private static final int DBCN = 0x4442434E;
    private static final int SRST = 0x53525354;

    private final Vmm vmm = new Vmm(this);

    @Override
    public String name() {
        return "tiny";
    }

    /** a1: the root, behind it the configuration. */
    @Override
    public Resume boot(HartPort port) {
        Memory memory = port.physical();
        long root = port.x(11);
        port.csr(Csr.SSCRATCH.number, root);
        port.csr(Csr.STVEC.number, HostedVector.of(NUMBER, HostedVector.TRAP));
        long vmAt = vmm.create(port, root + 4096, 1, 0);
        if (vmAt == 0) {
            port.panic("no virtual machine");
            return Resume.PANIC;
        }
        memory.u64(root + VM, vmAt);
        vmm.launch(port, vmAt);
        vmm.enter(port, vmAt);
        long vcpuAt = VmStruct.vcpuAt(vmAt, 0);
        port.csr(Csr.SEPC.number, VcpuStruct.BOOT_PC.get(memory, vcpuAt));
        port.csr(Csr.SSTATUS.number, SPP_SPIE_FS);
        port.csr(Csr.SIE.number, 1 << 5);
        port.x(10, VcpuStruct.BOOT_A0.get(memory, vcpuAt));
        port.x(11, VcpuStruct.BOOT_A1.get(memory, vcpuAt));
        return Resume.RETURN;
    }

    @Override
    public Resume trap(HartPort port) {
        Memory memory = port.physical();
        long root = port.csr(Csr.SSCRATCH.number);
        long vmAt = memory.u64(root + VM);
        if (VcpuStruct.ON_HART.get(memory, VmStruct.vcpuAt(vmAt, 0)) == 0) {
            return wake(port, root, vmAt);
        }
        return switch (vmm.exit(port, vmAt)) {
            case GUEST -> Resume.RETURN;
            case HOST -> {
                port.csr(Csr.STIMECMP.number, -1);
                yield Resume.RETURN;
            }
            case WAIT -> {
                vmm.leave(port, vmAt);
                memory.u64(root + 16, port.csr(Csr.SEPC.number));
                memory.u64(root + 24, port.csr(Csr.SSTATUS.number));
                for (int i = 1; i < 32; i++) {
                    memory.u64(root + 64 + 8L * i, port.x(i));
                }
                port.csr(Csr.STIMECMP.number, vmm.wakeTime(port, vmAt));
                yield Resume.IDLE;
            }
            case ENDED -> {
                vmm.leave(port, vmAt);
                port.ecall(SRST, 0, 0, vmm.exitCode(port, vmAt) == 0 ? 0 : 1, 0, 0);
                yield Resume.HALT;
            }
        };
    }

    private Resume wake(HartPort port, long root, long vmAt) {
        Memory memory = port.physical();
        port.csr(Csr.STIMECMP.number, -1);
        vmm.enter(port, vmAt);
        port.csr(Csr.SEPC.number, memory.u64(root + 16));
        port.csr(Csr.SSTATUS.number, memory.u64(root + 24));
        for (int i = 1; i < 32; i++) {
            port.x(i, memory.u64(root + 64 + 8L * i));
        }
        return Resume.RETURN;
    }

    @Override
    public long allocate(HartPort port, long bytes, long alignment, int numaNode) {
        long root = port.csr(Csr.SSCRATCH.number);
        long pa = (port.physical().u64(root + NEXT_FREE) + alignment - 1) & -alignment;
        port.physical().u64(root + NEXT_FREE, pa + bytes);
        return pa;
    }

    @Override
    public void free(HartPort port, long pa, long bytes) {}

    @Override
    public void print(HartPort port, int character) {
        port.ecall(DBCN, 2, character, 0, 0, 0);
    }

    @Override
    public long printError(HartPort port, long pa, long bytes) {
        return print(port, pa, bytes);
    }

    @Override
    public long print(HartPort port, long pa, long bytes) {
        port.ecall(DBCN, 0, bytes, pa, 0, 0);
        return port.sbiValue();
    }

    @Override
    public void log(HartPort port, String line) {
        for (char c : (line + "\n").toCharArray()) {
            print(port, c);
        }
    }

    @Override
    public int read(HartPort port) {
        return -1;
    }

    @Override
    public long timebaseHz(HartPort port) {
        return 10_000_000;
    }
}
