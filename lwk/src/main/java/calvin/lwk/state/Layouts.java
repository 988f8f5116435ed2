package calvin.lwk.state;

import calvin.lwk.abi.BootParams;
import calvin.lwk.abi.JobStruct;
import calvin.lwk.abi.MemoryStruct;
import calvin.sim.state.Struct;
import java.util.List;
import java.util.Locale;

/**
 * Every structure the kernel keeps in memory: for dumps, the golden file of layouts and the fault injector's list of
 * targets.
 */
public final class Layouts {
    public static final List<Struct> ALL = List.of(
            BootParams.S, MemoryStruct.S, JobStruct.S, KernelState.S, HartStruct.S, TaskStruct.S, AspaceStruct.S,
            RegionStruct.S, HoleStruct.S,
            PmemStruct.S, FileStruct.S, InodeStruct.S, ActionStruct.S, RdmaObjectStruct.S);

    private Layouts() {}

    /** One line per field: structure, offset, size, name, meaning. */
    public static String text() {
        StringBuilder text = new StringBuilder();
        for (Struct struct : ALL) {
            text.append(struct.name()).append("  ").append(struct.sizeBytes()).append(" bytes\n");
            for (Struct.Field field : struct.fields()) {
                text.append(String.format(Locale.ROOT, "  %4d %4d  %-16s %s\n", field.offset(), field.bytes(),
                        field.name(), field.meaning()));
            }
        }
        return text.toString();
    }
}
