package calvin.machine.board;

import calvin.machine.bus.Dma;
import calvin.machine.dev.MachineEnd;
import calvin.machine.hart.Hart;
import calvin.machine.hart.MachineServices;
import calvin.machine.mem.PhysicalMemory;
import calvin.sim.trace.TraceKind;
import calvin.sim.trace.TraceSink;

/** What a machine gives its harts, hosted kernels and devices. */
final class Services implements MachineServices, MachineEnd, Dma {
    private final Machine machine;
    private final MachineStatus status;
    private final TraceSink trace;

    Services(Machine machine, MachineStatus status, TraceSink trace) {
        this.machine = machine;
        this.status = status;
        this.trace = trace;
    }

    @Override
    public void watchedStore(Hart hart, long pa) {
        machine.watchedStore(hart);
    }

    @Override
    public long nowPs() {
        return machine.nowPs();
    }

    @Override
    public int node() {
        return machine.node();
    }

    @Override
    public void panic(Hart hart, String message) {
        status.panic(hart.timePs(), message);
    }

    @Override
    public void end(long timePs, long code) {
        status.exit(timePs, code);
    }

    @Override
    public void restart(long timePs) {
        machine.restartAt(timePs);
    }

    @Override
    public void taskStarted(long timePs, long task) {
        status.taskStarted();
        trace.record(TraceKind.TASK_STARTED, timePs, machine.node(), task, 0, 0);
    }

    @Override
    public void taskEnded(long timePs, long task, long code) {
        status.taskEnded(timePs, task, code);
        trace.record(TraceKind.TASK_ENDED, timePs, machine.node(), task, code, 0);
    }

    @Override
    public void vmExit(long timePs, int code, long cycles, int vcpu) {
        trace.record(TraceKind.VM_EXIT, timePs, machine.node(), code, cycles, vcpu);
    }

    @Override
    public boolean read(long pa, byte[] into, int offset, int length) {
        PhysicalMemory memory = machine.memory();
        if (!memory.isRam(pa, length)) {
            return false;
        }
        memory.read(pa, into, offset, length);
        return true;
    }

    @Override
    public boolean write(long pa, byte[] from, int offset, int length) {
        PhysicalMemory memory = machine.memory();
        if (!memory.isRam(pa, length)) {
            return false;
        }
        memory.write(pa, from, offset, length);
        machine.breakReservations(pa, length);
        return true;
    }

    @Override
    public boolean message(long pa, int data) {
        if ((pa & 3) != 0) {
            return false;
        }
        int device = machine.bus().find(pa, 4);
        if (device >= 0) {
            machine.bus().store(device, machine.nowPs(), pa, 4, data & 0xFFFF_FFFFL);
            return true;
        }
        if (!machine.memory().isRam(pa, 4)) {
            return false;
        }
        machine.memory().u32(pa, data & 0xFFFF_FFFFL);
        machine.breakReservations(pa, 4);
        return true;
    }
}
