package calvin.machine.dev;

import calvin.machine.bus.Device;
import calvin.machine.bus.RegisterMap;
import calvin.machine.bus.RegisterMap.Access;
import calvin.sim.state.StateReader;
import calvin.sim.state.StateWriter;

/**
 * SiFive's test finisher, with which software turns the machine off: 0x5555 success, 0x3333 with a code in the upper
 * half failure, 0x7777 restart. Other values do nothing. Has no state and takes no time.
 */
public final class Finisher implements Device {
    public static final int PASS = 0x5555;
    private static final int FAIL = 0x3333;
    public static final int RESET = 0x7777;

    private final String stateName;
    private final MachineEnd machine;
    private final RegisterMap registers = new RegisterMap(0x1000)
            .register("FINISH", 0, RegisterMap.W4 | RegisterMap.W2, Access.WRITE_ONLY,
                    "QEMU hw/misc/sifive_test.c: end the machine");

    public Finisher(String stateName, MachineEnd machine) {
        this.stateName = stateName;
        this.machine = machine;
    }

    @Override
    public RegisterMap registers() {
        return registers;
    }

    @Override
    public long load(long timePs, int offset, int widthBytes) {
        return 0;
    }

    @Override
    public void store(long timePs, int offset, int widthBytes, long value) {
        switch ((int) value & 0xFFFF) {
            case PASS -> machine.end(timePs, 0);
            case RESET -> machine.restart(timePs);
            case FAIL -> machine.end(timePs, Math.max(1, value >>> 16 & 0xFFFF));
            default -> {
                // As in QEMU: not a command.
            }
        }
    }

    @Override
    public void reset() {}

    @Override
    public String stateName() {
        return stateName;
    }

    @Override
    public void save(StateWriter out) {}

    @Override
    public void load(StateReader in) {}
}
