package calvin.hypervisor;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import calvin.hypervisor.vm.VmSpec;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class GuestTreeTest {
    @TempDir
    private Path folder;

    @Test
    void theDeviceTreeCompilerReadsWhatAGuestGets() throws IOException, InterruptedException {
        assumeTrue(onPath("dtc"), "dtc is not installed (package device-tree-compiler)");
        VmSpec spec = new VmSpec("vm", 64L << 20, VmSpec.GIGAPAGE, -1, 0, new VmSpec.Guest.ElfKernel(0, 0, ""),
                List.of(), List.of(), 0);
        Path blob = Files.write(folder.resolve("tree.dtb"), GuestTree.of(spec, 10_000_000, "console=ttyS0"));
        Path source = folder.resolve("tree.dts");
        Process dtc = new ProcessBuilder("dtc", "-I", "dtb", "-O", "dts", "-o", source.toString(), blob.toString())
                .redirectErrorStream(true).start();
        assertTrue(dtc.waitFor(20, TimeUnit.SECONDS));
        assertEquals("", new String(dtc.getInputStream().readAllBytes(), StandardCharsets.UTF_8), "warnings");
        String text = Files.readString(source);
        assertTrue(text.contains("bootargs = \"console=ttyS0\""), text);
        assertTrue(text.contains("reg = <0x00 0x80000000 0x00 0x4000000>"), text);
        assertTrue(text.contains("timebase-frequency = <0x989680>"), text);
        assertTrue(text.contains("riscv,isa = \"rv64imafdc_"), text);
        assertFalse(text.contains("\"h\""), "no hypervisor extension for guests");
    }

    private static boolean onPath(String tool) {
        for (String place : System.getenv("PATH").split(":")) {
            if (Files.isExecutable(Path.of(place, tool))) {
                return true;
            }
        }
        return false;
    }
}
