package calvin.machine.board;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import calvin.sim.time.SimTime;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * A distribution's kernel boots to user space and turns the machine off, twice to the same bit. Asked for with {@code
 * -Dcalvin.linux=FOLDER}, which holds {@code vmlinuz} and an {@code initrd.img} whose init powers off; docs/linux.md
 * says how to make them.
 */
@Tag("long")
class LinuxLongTest {
    private static final long LIMIT_PS = 60 * SimTime.PS_PER_S;

    @ParameterizedTest
    @ValueSource(ints = {1, 4})
    void aStockKernelBootsAndPowersOffTheSameWayTwice(int harts) throws IOException, ImageException {
        String property = System.getProperty("calvin.linux");
        assumeTrue(property != null, "no kernel: -Dcalvin.linux=FOLDER names the folder of vmlinuz and initrd.img");
        Path folder = Path.of(property);
        Rig first = boot(folder, harts, SimTime.PS_PER_MS);
        assertTrue(first.output.toString().contains("Brought up 1 node, " + harts + " CPU"), first.output::toString);
        assertTrue(first.output.toString().contains("reboot: Power down"), first.output::toString);
        assertEquals("exited with code 0", first.machine.status().toString());
        String hash = first.hash();
        first.machine.close();
        Rig second = boot(folder, harts, 7 * SimTime.PS_PER_MS);
        assertEquals(first.output.toString(), second.output.toString());
        assertEquals(hash, second.hash());
        second.machine.close();
    }

    private static Rig boot(Path folder, int harts, long windowPs) throws IOException, ImageException {
        Rig rig = new Rig(BoardSpec.virt(harts, 512L << 20));
        LinuxBoot.start(rig.machine, Files.readAllBytes(folder.resolve("vmlinuz")),
                Files.readAllBytes(folder.resolve("initrd.img")), "console=ttyS0 earlycon");
        rig.run(windowPs, LIMIT_PS);
        // The lane's own time is state too, and should not depend on the windows.
        rig.lane.runUntil(LIMIT_PS);
        return rig;
    }
}
