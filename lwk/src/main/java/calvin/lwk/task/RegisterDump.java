package calvin.lwk.task;

import calvin.lwk.drv.Console;
import calvin.machine.hosted.HartPort;
import calvin.machine.isa.Csr;
import java.util.Locale;

/** The registers of the code that trapped, on the console. */
final class RegisterDump {
    private static final String[] NAMES = {"pc", "ra", "sp", "gp", "tp", "t0", "t1", "t2", "s0", "s1", "a0", "a1", "a2",
        "a3", "a4", "a5",
        "a6", "a7", "s2", "s3", "s4", "s5", "s6", "s7", "s8", "s9", "s10", "s11", "t3", "t4", "t5", "t6"};
    private static final int PER_LINE = 4;

    private RegisterDump() {}

    static void print(HartPort port, long kernelAt) {
        for (int first = 0; first < NAMES.length; first += PER_LINE) {
            StringBuilder line = new StringBuilder();
            for (int i = first; i < first + PER_LINE; i++) {
                long value = i == 0 ? port.csr(Csr.SEPC.number) : port.x(i);
                line.append(String.format(Locale.ROOT, "%4s %016x", NAMES[i], value));
            }
            Console.log(port, kernelAt, Console.ERROR, line.toString());
        }
    }
}
