package calvin.hypervisor;

import calvin.hypervisor.vdev.Devices;
import calvin.hypervisor.vm.VmSpec;
import calvin.machine.fitting.Fdt;
import calvin.machine.hart.HartIsa;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/**
 * The device tree of a virtual machine for an ELF kernel: its cpu, memory, serial port and finisher, and the boot
 * arguments (Devicetree Specification 0.4, chapter 3). The cpu lacks the H extension.
 */
final class GuestTree {
    private static final long UART_CLOCK_HZ = 3_686_400;

    private GuestTree() {}

    static byte[] of(VmSpec spec, long timebaseHz, String arguments) {
        Fdt tree = new Fdt();
        tree.begin("").cells("#address-cells", 2).cells("#size-cells", 2)
                .strings("compatible", "calvin,vm", "riscv-virtio").strings("model", "calvin,vm");
        tree.begin("chosen").strings("bootargs", arguments)
                .strings("stdout-path", "/soc/" + unit("serial", Devices.UART.gpa)).end();
        cpu(tree, timebaseHz);
        tree.begin(unit("memory", VmSpec.MEMORY_GPA)).strings("device_type", "memory")
                .pairs("reg", VmSpec.MEMORY_GPA, spec.memoryBytes()).end();
        tree.begin("soc").cells("#address-cells", 2).cells("#size-cells", 2).strings("compatible", "simple-bus")
                .flag("ranges");
        tree.begin(unit("serial", Devices.UART.gpa)).strings("compatible", "ns16550a")
                .pairs("reg", Devices.UART.gpa, Devices.UART.bytes).cells("clock-frequency", UART_CLOCK_HZ).end();
        tree.begin(unit("test", Devices.FINISHER.gpa)).strings("compatible", "sifive,test1", "sifive,test0", "syscon")
                .pairs("reg", Devices.FINISHER.gpa, Devices.FINISHER.bytes).end();
        return tree.end().end().toBytes();
    }

    private static void cpu(Fdt tree, long timebaseHz) {
        List<String> extensions = new ArrayList<>(Arrays.asList(HartIsa.names().split(" ")));
        extensions.remove("h");
        StringBuilder isa = new StringBuilder("rv64imafdc");
        extensions.stream().filter(name -> name.length() > 1).forEach(name -> isa.append('_').append(name));
        tree.begin("cpus").cells("#address-cells", 1).cells("#size-cells", 0).cells("timebase-frequency", timebaseHz);
        tree.begin("cpu@0").strings("device_type", "cpu").cells("reg", 0).strings("status", "okay")
                .strings("compatible", "riscv").strings("riscv,isa", isa.toString()).strings("riscv,isa-base", "rv64i")
                .strings("riscv,isa-extensions", extensions.toArray(new String[0])).strings("mmu-type", "riscv,sv57");
        tree.begin("interrupt-controller").cells("#address-cells", 0).cells("#interrupt-cells", 1)
                .flag("interrupt-controller").strings("compatible", "riscv,cpu-intc").cells("phandle", 1).end();
        tree.end().end();
    }

    private static String unit(String name, long gpa) {
        return name + "@" + Long.toHexString(gpa);
    }
}
