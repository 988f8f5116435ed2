package calvin.machine.fitting;

import calvin.machine.dev.ConsoleSink;
import calvin.machine.dev.Uart;
import java.util.List;

/**
 * A serial port. Parameter {@code role}: {@code console} is where the user types and what {@code stdout-path} names,
 * {@code errors} writes to the console's error output and is not in the device tree, so only who knows of it finds it.
 * Supply: the {@link ConsoleSink} named {@code ""}.
 */
final class UartKind implements FittingKind {
    private static final long WINDOW_BYTES = 0x100;
    private static final long CLOCK_HZ = 3_686_400;

    @Override
    public long windowBytes(Fitting fitting) {
        return WINDOW_BYTES;
    }

    @Override
    public List<String> parameters() {
        return List.of("role");
    }

    @Override
    public List<String> problems(Fitting fitting) {
        String role = fitting.parameter("role", "console");
        return role.equals("console") || role.equals("errors")
                ? List.of()
                : List.of("role is " + role + "; there are console and errors");
    }

    static boolean console(Fitting fitting) {
        return fitting.parameter("role", "console").equals("console");
    }

    @Override
    public void build(Fitting fitting, Workbench bench) {
        ConsoleSink sink = bench.supplies().get(ConsoleSink.class, "");
        boolean console = console(fitting);
        Uart uart = new Uart(bench.stateName(fitting.name()), bench.lane(), console ? sink : sink::writeError,
                bench.wire(fitting.wire()));
        bench.add(fitting.basePa(), uart);
        if (console) {
            bench.console(uart);
        }
    }

    @Override
    public void describe(Fitting fitting, TreeWriter tree) {
        if (console(fitting)) {
            tree.begin("serial", fitting, "ns16550a").cells("clock-frequency", CLOCK_HZ);
            tree.interrupt(fitting);
            tree.fdt().end();
        }
    }
}
