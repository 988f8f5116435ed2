package calvin.hypervisor;

import calvin.hypervisor.vcpu.VcpuStruct;
import calvin.hypervisor.vm.VmSpecStruct;
import calvin.hypervisor.vm.VmStruct;
import calvin.sim.state.Struct;
import java.util.List;
import java.util.Locale;

/** Every structure the hypervisor keeps in memory: for dumps, the golden file of layouts and lists of fault targets. */
public final class Layouts {
    public static final List<Struct> ALL = List.of(VmSpecStruct.S, VmStruct.S, VcpuStruct.S);

    private Layouts() {}

    /** One line per field: offset, size, name, meaning. */
    public static String text() {
        StringBuilder text = new StringBuilder();
        for (Struct struct : ALL) {
            text.append(struct.name()).append("  ").append(struct.sizeBytes()).append(" bytes\n");
            for (Struct.Field field : struct.fields()) {
                text.append(
                        String.format(Locale.ROOT, "  %4d %4d  %-17s %s\n", field.offset(), field.bytes(), field.name(),
                                field.meaning()));
            }
        }
        return text.toString();
    }
}
