package calvin.lwk.vmm;

import calvin.hypervisor.Vmm;
import calvin.hypervisor.vcpu.VcpuStruct;
import calvin.hypervisor.vm.VmStruct;
import calvin.lwk.abi.Errno;
import calvin.lwk.abi.JobStruct;
import calvin.lwk.state.TaskStruct;
import calvin.lwk.task.GuestRunner;
import calvin.machine.hosted.HartPort;
import calvin.sim.state.Memory;

/**
 * Runs virtual cores as tasks of the kernel: {@code TaskStruct.GUEST} is the address of the machine's {@code VmStruct}.
 * Guest memory goes back to the kernel when the task ends; the control block stays, so that its statistics can be read
 * until the node is gone.
 */
public final class Hypervisor implements GuestRunner {
    private static final long SSTATUS_SPP = 1L << 8;
    private static final long SSTATUS_SPIE = 1L << 5;
    /** FS = dirty: the guest has floating point; whether it uses it, its own vsstatus says. */
    private static final long SSTATUS_FS = 3L << 13;
    private static final int A0 = 10;
    private static final int A1 = 11;
    /** VMIDs have up to 14 bits (priv H, hgatp). */
    private static final int VMID_MASK = 0x3FFF;

    private final Vmm vmm = new Vmm(new LwkHost());

    @Override
    public long start(HartPort port, long taskAt, long jobAt) {
        Memory memory = port.physical();
        int number = (int) TaskStruct.ID.get(memory, taskAt) & VMID_MASK;
        long vmAt = vmm.create(port, JobStruct.CONFIG.get(memory, jobAt), number, taskAt);
        if (vmAt == 0) {
            return -Errno.EINVAL;
        }
        long vcpuAt = VmStruct.vcpuAt(vmAt, 0);
        TaskStruct.GUEST.set(memory, taskAt, vmAt);
        TaskStruct.PC.set(memory, taskAt, VcpuStruct.BOOT_PC.get(memory, vcpuAt));
        TaskStruct.SSTATUS.set(memory, taskAt, SSTATUS_SPP | SSTATUS_SPIE | SSTATUS_FS);
        TaskStruct.X.set(memory, taskAt, A0, VcpuStruct.BOOT_A0.get(memory, vcpuAt));
        TaskStruct.X.set(memory, taskAt, A1, VcpuStruct.BOOT_A1.get(memory, vcpuAt));
        vmm.launch(port, vmAt);
        return 0;
    }

    @Override
    public Next exit(HartPort port, long taskAt) {
        long vmAt = vm(port, taskAt);
        return switch (vmm.exit(port, vmAt)) {
            case GUEST -> Next.RUN;
            case HOST -> Next.HOST;
            case WAIT -> {
                TaskStruct.WAKE_TIME.set(port.physical(), taskAt, vmm.wakeTime(port, vmAt));
                yield Next.WAIT;
            }
            case ENDED -> {
                TaskStruct.EXIT_CODE.set(port.physical(), taskAt, vmm.exitCode(port, vmAt));
                yield Next.ENDED;
            }
        };
    }

    @Override
    public void enter(HartPort port, long taskAt) {
        vmm.enter(port, vm(port, taskAt));
    }

    @Override
    public void leave(HartPort port, long taskAt) {
        vmm.leave(port, vm(port, taskAt));
    }

    @Override
    public void ended(HartPort port, long taskAt) {
        long vmAt = vm(port, taskAt);
        if (vmAt != 0) {
            vmm.release(port, vmAt);
        }
    }

    private static long vm(HartPort port, long taskAt) {
        return TaskStruct.GUEST.get(port.physical(), taskAt);
    }
}
