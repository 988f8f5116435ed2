package calvin.hypervisor;

import calvin.hypervisor.exit.ExitReason;
import calvin.hypervisor.exit.Exits;
import calvin.hypervisor.exit.MmioAccess;
import calvin.hypervisor.exit.Telemetry;
import calvin.hypervisor.gpa.Regions;
import calvin.hypervisor.host.After;
import calvin.hypervisor.host.VmmHost;
import calvin.hypervisor.sbi.VirtualSbi;
import calvin.hypervisor.vcpu.GuestTime;
import calvin.hypervisor.vcpu.Injection;
import calvin.hypervisor.vcpu.VcpuStruct;
import calvin.hypervisor.vcpu.WorldSwitch;
import calvin.hypervisor.vdev.Devices;
import calvin.hypervisor.vdev.VirtualDevice;
import calvin.hypervisor.vm.VmSpec;
import calvin.hypervisor.vm.VmSpecStruct;
import calvin.hypervisor.vm.VmState;
import calvin.hypervisor.vm.VmStruct;
import calvin.machine.hosted.HartPort;
import calvin.machine.hosted.HostedVector;
import calvin.machine.isa.Cause;
import calvin.machine.isa.Csr;
import calvin.sim.state.Memory;

/**
 * What a host kernel calls. The host runs a virtual core as one of its tasks and keeps that task's x, f, fcsr, sepc and
 * sstatus:
 *
 * <pre>
 * create   once                             builds the machine: STOPPED
 * launch   once                             RUNNING; the task starts at BOOT_PC with BOOT_A0, BOOT_A1, in VS mode
 * enter    the task comes onto a hart       guest registers onto the hart; Resume.RETURN then enters the guest
 * exit     every trap with V=1              handles it; the host does what After says
 * leave    the task goes off the hart       guest registers into memory
 * release  the task has ended               gives guest RAM back; destroy: everything
 * </pre>
 *
 * An exit costs the charged accesses of its handling, some tens; a world switch some 80. Nothing is allocated on the
 * Java heap by an exit that does not end the machine.
 *
 * <p>Fail stop: an exit that the hypervisor cannot handle puts the machine into ERROR with a message; the host goes on.
 */
public final class Vmm {
    /** Code with which the task of a machine in ERROR ends: 128 + SIGABRT. */
    public static final int ERROR_CODE = 134;

    private static final int WFI_BYTES = 4;

    private final VmmHost host;

    public Vmm(VmmHost host) {
        this.host = host;
    }

    /**
     * Builds the virtual machine that the specification at {@code specPa} describes.
     *
     * @param number of the machine on its host, from 1; becomes its VMID
     * @param task   the host's name for the task that virtual core 0 is
     * @return the control block's address, or 0 after a message on the console
     */
    public long create(HartPort port, long specPa, int number, long task) {
        String problem = VmSpec.malformed(port.physical(), specPa);
        if (problem != null) {
            host.log(port, "hypervisor: no VM: " + problem);
            return 0;
        }
        VmSpec spec = VmSpec.read(port.physical(), specPa);
        problem = spec.problem();
        if (problem != null) {
            host.log(port, "hypervisor: no VM \"" + spec.name() + "\": " + problem);
            return 0;
        }
        long vmAt = new VmBuilder(port, host, spec, number).build(task);
        VmSpecStruct.VM.set(port.physical(), specPa, vmAt);
        return vmAt;
    }

    /** Lets the guest run from its entry. */
    public void launch(HartPort port, long vmAt) {
        VmStruct.state(port.physical(), vmAt, VmState.RUNNING);
    }

    /** At its next exit the machine waits until {@link #proceed}. */
    public void pause(HartPort port, long vmAt) {
        if (VmStruct.state(port.physical(), vmAt) == VmState.RUNNING) {
            VmStruct.state(port.physical(), vmAt, VmState.PAUSED);
        }
    }

    /** Ends a pause; the host then wakes the task. */
    public void proceed(HartPort port, long vmAt) {
        if (VmStruct.state(port.physical(), vmAt) == VmState.PAUSED) {
            VmStruct.state(port.physical(), vmAt, VmState.RUNNING);
        }
    }

    /** At its next exit the machine ends with {@code code}, unless it is over already. */
    public void stop(HartPort port, long vmAt, int code) {
        VmState state = VmStruct.state(port.physical(), vmAt);
        if (state == VmState.RUNNING || state == VmState.PAUSED) {
            VmStruct.EXIT_CODE.set(port.physical(), vmAt, code);
            VmStruct.state(port.physical(), vmAt, VmState.STOPPED);
        }
    }

    public void enter(HartPort port, long vmAt) {
        WorldSwitch.load(port, VmStruct.vcpuAt(vmAt, 0));
    }

    public void leave(HartPort port, long vmAt) {
        WorldSwitch.save(port, VmStruct.vcpuAt(vmAt, 0));
    }

    /** Gives the guest's memory back to the host. The control block stays for who wants to know how it ended. */
    public void release(HartPort port, long vmAt) {
        Memory memory = port.physical();
        long bytes = VmStruct.MEMORY_BYTES.get(memory, vmAt);
        if (bytes != 0) {
            host.free(port, VmStruct.MEMORY_PA.get(memory, vmAt), bytes);
            VmStruct.MEMORY_BYTES.set(memory, vmAt, 0);
        }
    }

    /** Gives everything that is left of the machine back to the host. */
    public void destroy(HartPort port, long vmAt) {
        release(port, vmAt);
        host.free(port, vmAt, VmStruct.BLOCK_BYTES.get(port.physical(), vmAt));
    }

    /** What the task of the machine ends with. */
    public int exitCode(HartPort port, long vmAt) {
        Memory memory = port.physical();
        return VmStruct.state(memory, vmAt) == VmState.STOPPED
                ? (int) VmStruct.EXIT_CODE.get(memory, vmAt)
                : ERROR_CODE;
    }

    /** The host's time CSR at which a task that got {@link After#WAIT} runs again; all ones for never. */
    public long wakeTime(HartPort port, long vmAt) {
        return VcpuStruct.WAKE_TIME.get(port.physical(), VmStruct.vcpuAt(vmAt, 0));
    }

    /** Handles the trap that took the hart out of the guest. */
    public After exit(HartPort port, long vmAt) {
        Memory memory = port.physical();
        long start = port.csr(Csr.CYCLE.number);
        long vcpuAt = VmStruct.vcpuAt(vmAt, 0);
        if (VmStruct.MAGIC.get(memory, vmAt) != VmStruct.MAGIC_VALUE || VcpuStruct.VM.get(memory, vcpuAt) != vmAt) {
            return fail(port, vmAt, "its control block is corrupt");
        }
        ExitReason reason = Exits.reason(port, vmAt);
        After after = handle(port, vmAt, reason);
        Telemetry.count(port, vcpuAt, reason, port.csr(Csr.CYCLE.number) - start);
        after = switch (VmStruct.state(memory, vmAt)) {
            case RUNNING -> after;
            case PAUSED -> paused(port, vcpuAt, after);
            case STOPPED, ERROR -> After.ENDED;
            case INVALID, CORRUPT -> fail(port, vmAt, "its state is corrupt");
        };
        if (after == After.WAIT && VmStruct.state(memory, vmAt) == VmState.RUNNING) {
            VcpuStruct.WAKE_TIME.set(memory, vcpuAt, GuestTime.wakeTime(port));
        }
        report(port, vmAt, vcpuAt, after);
        return after;
    }

    private void report(HartPort port, long vmAt, long vcpuAt, After after) {
        if ((VmStruct.FLAGS.get(port.physical(), vmAt) & VmSpec.TELEMETRY) == 0) {
            return;
        }
        if (after == After.ENDED || VcpuStruct.EXITS.get(port.physical(), vcpuAt) % Telemetry.PERIOD == 0) {
            Telemetry.print(port, host, vmAt);
        }
    }

    private static After paused(HartPort port, long vcpuAt, After after) {
        VcpuStruct.WAKE_TIME.set(port.physical(), vcpuAt, GuestTime.NEVER);
        // A host interrupt is still the host's to handle; the guest stops at the exit after it.
        return after == After.HOST ? After.HOST : After.WAIT;
    }

    private After handle(HartPort port, long vmAt, ExitReason reason) {
        return switch (reason) {
            case HOST_INTERRUPT -> After.HOST;
            case SBI_BASE, SBI_TIMER, SBI_IPI, SBI_FENCE, SBI_HART, SBI_RESET, SBI_CONSOLE, SBI_OTHER ->
                    VirtualSbi.call(port, host, vmAt);
            case MMIO_LOAD, MMIO_STORE -> mmio(port, vmAt, reason);
            case WAIT -> waitForInterrupt(port);
            case PRIVILEGED -> {
                // A supervisor without the H extension sees an illegal instruction here (priv H, "Virtual-instruction
                // exception").
                Injection.exception(port, Cause.ILLEGAL_INSTRUCTION, Exits.privileged(port));
                yield After.GUEST;
            }
            case NOTHING_THERE -> nothingThere(port);
            case UNKNOWN -> fail(port, vmAt, Exits.describe(port, reason).toString());
        };
    }

    private After mmio(HartPort port, long vmAt, ExitReason reason) {
        Memory memory = port.physical();
        long gpa = Exits.gpa(port);
        int region = Regions.hooked(memory, vmAt, gpa);
        VirtualDevice device = Devices.device(VmStruct.REGION_KIND.get(memory, vmAt, region));
        int access = MmioAccess.decode(port);
        if (device == null || access == MmioAccess.NONE
                || MmioAccess.isStore(access) != (reason == ExitReason.MMIO_STORE)) {
            return fail(port, vmAt, "cannot emulate " + Exits.describe(port, reason));
        }
        int offset = (int) (gpa - VmStruct.REGION_GPA.get(memory, vmAt, region));
        int bytes = MmioAccess.bytes(access);
        long loaded = 0;
        if (MmioAccess.isStore(access)) {
            device.store(port, host, vmAt, offset, bytes, MmioAccess.storeValue(port, access));
        } else {
            loaded = device.load(port, host, vmAt, offset, bytes);
        }
        MmioAccess.complete(port, access, loaded);
        return After.GUEST;
    }

    private static After waitForInterrupt(HartPort port) {
        long sepc = port.csr(Csr.SEPC.number);
        // The idle entry of a hosted kernel is its wfi and the jump back to it in one.
        if (!HostedVector.contains(sepc)) {
            port.csr(Csr.SEPC.number, sepc + WFI_BYTES);
        }
        return Injection.wakes(port) ? After.GUEST : After.WAIT;
    }

    /** A bare machine answers with an access fault (priv 3.6.1, vacant regions), and so does this one. */
    private static After nothingThere(HartPort port) {
        if (HostedVector.contains(port.csr(Csr.SEPC.number))) {
            // An access of a hosted kernel: going back without having done it is how its port learns that nothing
            // answers.
            return After.GUEST;
        }
        long scause = port.csr(Csr.SCAUSE.number);
        Cause cause = scause == Cause.LOAD_GUEST_PAGE_FAULT.code
                ? Cause.LOAD_ACCESS_FAULT
                : scause == Cause.STORE_GUEST_PAGE_FAULT.code
                        ? Cause.STORE_ACCESS_FAULT
                        : Cause.INSTRUCTION_ACCESS_FAULT;
        Injection.exception(port, cause, port.csr(Csr.STVAL.number));
        return After.GUEST;
    }

    private After fail(HartPort port, long vmAt, String why) {
        Memory memory = port.physical();
        VmStruct.fail(memory, vmAt, VmState.ERROR, why);
        host.log(port, "hypervisor: VM " + VmStruct.NUMBER.get(memory, vmAt) + " \""
                + VmStruct.text(VmStruct.NAME, memory, vmAt) + "\" is in state ERROR: " + why);
        return After.ENDED;
    }
}
