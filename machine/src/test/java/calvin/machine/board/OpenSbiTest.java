package calvin.machine.board;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import calvin.guests.Guests;
import calvin.machine.elf.ElfException;
import calvin.machine.hart.Hart;
import calvin.sim.time.SimTime;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;

/**
 * Stock firmware in place of the hosted one: M mode, CLINT, device tree and serial port are what OpenSBI takes them
 * for.
 */
class OpenSbiTest {
    private static final Path FIRMWARE = Path.of("/usr/share/qemu/opensbi-riscv64-generic-fw_dynamic.elf");

    /** Magic of struct fw_dynamic_info (OpenSBI, fw_dynamic.h): "OSBI". */
    private static final long MAGIC = 0x4942_534FL;
    private static final long NEXT_MODE_SUPERVISOR = 1;

    @Test
    void openSbiBootsTheSelfTestKernelOnTwoHarts() throws IOException, ElfException {
        assumeTrue(Files.isReadable(FIRMWARE), FIRMWARE + " is not there (Debian package opensbi)");
        Rig rig = new Rig(BoardSpec.virt(2, 128 << 20).withHartPeriodPs(5000).withQuantumPs(2 * SimTime.PS_PER_US));
        long firmware = rig.machine.loadElf(Files.readAllBytes(FIRMWARE)).entry();
        long kernel = rig.machine.loadElf(Guests.get("smode.elf").bytes()).entry();
        long tree = rig.machine.placeDeviceTree("");
        long info = tree - 4096;
        long[] words = {MAGIC, 2, kernel, NEXT_MODE_SUPERVISOR, 0, 0};
        for (int i = 0; i < words.length; i++) {
            rig.machine.memory().u64(info + 8L * i, words[i]);
        }
        for (int hart = 0; hart < 2; hart++) {
            rig.machine.startHart(hart, firmware, Hart.MODE_M, hart, tree);
            rig.machine.hart(hart).hart().x[12] = info;
        }
        rig.run(SimTime.PS_PER_MS, SimTime.PS_PER_S);
        assertTrue(rig.output.toString().contains("OpenSBI v"), rig.output.toString());
        assertTrue(rig.output.toString().contains("SELFTEST PASSED 33/33"), rig.output.toString());
        assertEquals("exited with code 0", rig.machine.status().toString());
    }
}
