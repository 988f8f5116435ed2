package calvin.machine.board;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class DeviceTreeTest {
    private static final byte[] HPC = DeviceTree.of(BoardSpec.hpc(4, 256 << 20, 2),
            new Chosen("console=ttyS0", 0x8700_0000L, 0x8700_1234L));

    @Test
    void theHeaderDescribesTheBlob() {
        ByteBuffer tree = ByteBuffer.wrap(HPC);
        assertEquals(0xD00DFEED, tree.getInt(0));
        assertEquals(HPC.length, tree.getInt(4));
        assertEquals(1, tree.getInt(tree.getInt(8)), "the structure begins with a node");
        assertEquals(9, tree.getInt(tree.getInt(8) + tree.getInt(36) - 4), "and ends with FDT_END");
        assertEquals(HPC.length, tree.getInt(12) + tree.getInt(32));
    }

    @Test
    void theDeviceTreeCompilerReadsIt(@TempDir Path folder) throws IOException, InterruptedException {
        assumeTrue(Files.isExecutable(Path.of("/usr/bin/dtc")),
                "dtc is not installed (Debian package device-tree-compiler)");
        Path blob = folder.resolve("tree.dtb");
        Path source = folder.resolve("tree.dts");
        Files.write(blob, HPC);
        Process dtc = new ProcessBuilder("dtc", "-I", "dtb", "-O", "dts", "-o", source.toString(), blob.toString())
                .redirectErrorStream(true).start();
        String messages = new String(dtc.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        assertEquals(0, dtc.waitFor(), messages);
        assertEquals("", messages, "dtc has something to complain about");
        String text = Files.readString(source);
        for (String wanted : new String[]{"timebase-frequency = <0x3b9aca00>;", "bootargs = \"console=ttyS0\";",
            "cpu@3 {",
            "riscv,isa-base = \"rv64i\";",
            "distance-matrix = <0x00 0x00 0x0a 0x00 0x01 0x0c 0x01 0x00 0x0c 0x01 0x01 0x0a>;",
            "linux,initrd-start = <0x00 0x87000000>;", "linux,initrd-end = <0x00 0x87001234>;",
            "compatible = \"sifive,plic-1.0.0\\0riscv,plic0\";", "riscv,ndev = <0x5f>;",
            "interrupts-extended = <0x02 0x0b 0x02 0x09 0x04 0x0b 0x04 0x09 0x06 0x0b 0x06 0x09 0x08 0x0b 0x08 0x09>;",
            "interrupts = <0x0a>;", "interrupt-parent = <0x09>;", "compatible = \"syscon-poweroff\";",
            "value = <0x5555>;", "calvin,memory-class = \"hbm\";", "thread1 {", "value = <0x7777>;",
            "reg = <0x00 0x88000000 0x00 0x8000000>;", "stdout-path = \"/soc/serial@10000000\";"}) {
            assertTrue(text.contains(wanted), wanted + " is missing in\n" + text);
        }
    }
}
