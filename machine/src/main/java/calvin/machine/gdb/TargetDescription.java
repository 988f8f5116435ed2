package calvin.machine.gdb;

import calvin.machine.hart.HartIsa;
import calvin.machine.isa.Csr;
import calvin.machine.isa.Extension;
import calvin.machine.isa.Registers;
import java.util.Locale;

/**
 * The registers as gdb is told of them (gdb, "RISC-V Features"), by the numbers that gdb itself uses: x0 to x31, pc,
 * f0 to f31, CSRs from 65, then the privilege and whether virtualization is on.
 */
final class TargetDescription {
    static final int PC = 32;
    static final int FLOAT = 33;
    static final int CSR = 65;
    static final int PRIVILEGE = CSR + 4096;
    static final int VIRTUAL = PRIVILEGE + 1;
    /** Registers of a g packet: x0 to x31 and pc. */
    static final int GENERAL = 33;

    static final String XML = make();

    private TargetDescription() {}

    private static String make() {
        StringBuilder xml = new StringBuilder("""
                <?xml version="1.0"?>
                <!DOCTYPE target SYSTEM "gdb-target.dtd">
                <target version="1.0">
                <architecture>riscv:rv64</architecture>
                <feature name="org.gnu.gdb.riscv.cpu">
                """);
        for (int i = 0; i < 32; i++) {
            register(xml, Registers.name(i), i, i == 1 ? "code_ptr" : i >= 2 && i <= 4 ? "data_ptr" : "int", "general");
        }
        register(xml, "pc", PC, "code_ptr", "general");
        xml.append("""
                </feature>
                <feature name="org.gnu.gdb.riscv.fpu">
                <union id="riscv_double">
                <field name="float" type="ieee_single"/>
                <field name="double" type="ieee_double"/>
                </union>
                """);
        for (int i = 0; i < 32; i++) {
            register(xml, Registers.floatName(i), FLOAT + i, "riscv_double", "float");
        }
        for (Csr csr : Csr.values()) {
            if (csr.extension == Extension.F) {
                register(xml, Csr.nameOf(csr.number), CSR + csr.number, "int", "float");
            }
        }
        xml.append("</feature>\n<feature name=\"org.gnu.gdb.riscv.csr\">\n");
        for (Csr csr : Csr.values()) {
            if (csr.extension != Extension.F && HartIsa.EXTENSIONS.contains(csr.extension)) {
                for (int i = 0; i < csr.count; i++) {
                    int number = csr.number + i * csr.stride;
                    register(xml, Csr.nameOf(number), CSR + number, "int", "csr");
                }
            }
        }
        xml.append("</feature>\n<feature name=\"org.gnu.gdb.riscv.virtual\">\n");
        register(xml, "priv", PRIVILEGE, "int", "system");
        register(xml, "virt", VIRTUAL, "int", "system");
        return xml.append("</feature>\n</target>\n").toString();
    }

    private static void register(StringBuilder xml, String name, int number, String type, String group) {
        xml.append(String.format(Locale.ROOT,
                "<reg name=\"%s\" bitsize=\"64\" regnum=\"%d\" type=\"%s\" group=\"%s\" save-restore=\"%s\"/>%n", name,
                number, type, group, number >= CSR ? "no" : "yes"));
    }
}
