package calvin.machine.board;

import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import calvin.machine.fitting.InterruptTable;
import calvin.machine.sbi.SbiFirmware;
import calvin.sim.time.SimTime;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/**
 * A distribution's kernel uses the APLIC and the IMSICs. Asked for with {@code -Dcalvin.linux=FOLDER}, which holds
 * {@code vmlinuz} and {@code initrd.img}; docs/linux.md says how to make them.
 */
@Tag("long")
class AiaLinuxLongTest {
    private static final long LIMIT_PS = 60 * SimTime.PS_PER_S;

    @ParameterizedTest
    @CsvSource({"APLIC, 96 interrupts directly connected to 2 CPUs",
        "AIA, providing IPIs using interrupt 1|96 interrupts forwarded to MSI base 0x0000000028000000"})
    void theKernelFindsThemAndItsConsoleWorks(InterruptTable interrupts, String wanted) throws IOException,
            ImageException {
        String folder = System.getProperty("calvin.linux");
        assumeTrue(folder != null, "no kernel: -Dcalvin.linux=FOLDER names the folder of vmlinuz and initrd.img");
        Rig rig = new Rig(BoardSpec.virt(2, 512 << 20).withInterrupts(interrupts), List.of(new SbiFirmware()),
                Engines.TRANSLATOR);
        LinuxBoot.start(rig.machine, Files.readAllBytes(Path.of(folder, "vmlinuz")),
                Files.readAllBytes(Path.of(folder, "initrd.img")), "console=ttyS0 loglevel=8");
        rig.run(10 * SimTime.PS_PER_MS, LIMIT_PS);
        String output = rig.output.toString();
        for (String text : wanted.split("\\|")) {
            assertTrue(output.contains(text), () -> "does not say '" + text + "':\n" + output);
        }
        assertTrue(output.contains("reboot: Power down"), output);
    }
}
