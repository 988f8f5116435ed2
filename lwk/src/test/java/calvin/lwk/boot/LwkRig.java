package calvin.lwk.boot;

import calvin.lwk.abi.BootParams;
import calvin.lwk.abi.BootParamsWriter;
import calvin.lwk.abi.Job;
import calvin.machine.board.AddressMap;
import calvin.machine.board.BoardSpec;
import calvin.machine.board.Engines;
import calvin.machine.board.Machine;
import calvin.machine.board.MachineStatus;
import calvin.machine.hosted.HostedVector;
import calvin.machine.sbi.SbiFirmware;
import calvin.sim.event.Lane;
import calvin.sim.state.Snapshot;
import calvin.sim.state.StateHash;
import calvin.sim.state.Stateful;
import calvin.sim.time.SimTime;
import calvin.sim.trace.TraceSink;
import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;

/** A machine with the kernel natively on it, and what it printed. */
final class LwkRig {
    static final int KERNEL = 1;
    /** Simulated time after which a test gives up. */
    static final long LIMIT_PS = 20 * SimTime.PS_PER_S;

    final Lane lane = new Lane("node0");
    final Machine machine;
    final BootParamsWriter params = new BootParamsWriter().kernel(KERNEL).seed(42).flags(BootParams.FLAG_SSTC);
    private final ByteArrayOutputStream output = new ByteArrayOutputStream();

    LwkRig(int harts, long memoryBytes) {
        this(BoardSpec.virt(harts, memoryBytes));
    }

    LwkRig(BoardSpec board) {
        machine = new Machine(lane, 0, board, List.of(new SbiFirmware(), new Kitten(null)), Engines.INTERPRETER,
                (timePs, value) -> output.write(value), TraceSink.NONE);
        params.memory(AddressMap.KERNEL, board.memory().getFirst().sizeBytes() - AddressMap.FIRMWARE_BYTES, 0, true);
        for (int i = 1; i < board.memory().size(); i++) {
            params.memory(board.memory().get(i).basePa(), board.memory().get(i).sizeBytes(),
                    board.memory().get(i).numaNode(), true);
        }
        for (int i = 0; i < board.harts(); i++) {
            params.hart(i, board.numaNodeOfHart(i));
        }
        params.timebaseHz(SimTime.PS_PER_S / board.timePeriodPs());
    }

    static LwkRig quiet(Job... jobs) {
        LwkRig rig = new LwkRig(1, 256L << 20);
        rig.params.flags(BootParams.FLAG_QUIET);
        return rig.jobs(jobs);
    }

    LwkRig jobs(Job... jobs) {
        for (Job job : jobs) {
            params.job(job);
        }
        return this;
    }

    /** Writes the parameters and starts the first hart. */
    LwkRig boot() {
        params.write(machine.memory(), AddressMap.KERNEL);
        machine.bootSupervisor(HostedVector.of(KERNEL, HostedVector.BOOT), AddressMap.KERNEL);
        return this;
    }

    /** Runs until the machine has stopped. */
    LwkRig run() {
        return runUntil(LIMIT_PS);
    }

    LwkRig runUntil(long horizonPs) {
        lane.runUntil(horizonPs);
        return this;
    }

    LwkRig bootAndRun() {
        return boot().run();
    }

    String output() {
        return output.toString(StandardCharsets.UTF_8);
    }

    void forgetOutput() {
        output.reset();
    }

    MachineStatus status() {
        return machine.status();
    }

    /** Exit codes in the order in which tasks ended. */
    List<Long> codes() {
        List<Long> codes = new ArrayList<>();
        for (int i = 0; i < status().tasksEnded(); i++) {
            codes.add(status().endedCode(i));
        }
        return codes;
    }

    Snapshot snapshot() {
        return Snapshot.take(lane.components());
    }

    void restore(Snapshot snapshot) {
        snapshot.restore(lane.components());
    }

    String hash() {
        StateHash hash = new StateHash();
        for (Stateful part : lane.components()) {
            hash.add(part);
        }
        return hash.hex();
    }
}
