package calvin.machine.board;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import calvin.machine.elf.ElfException;
import calvin.machine.fitting.Fitting;
import calvin.machine.fitting.InterruptTable;
import calvin.machine.hart.HartModel;
import calvin.machine.isa.Csr;
import calvin.sim.state.Snapshot;
import calvin.sim.time.SimTime;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Boards with IMSICs, an APLIC and an IOMMU: where things are, and what the device tree says of them. */
class AiaBoardTest {
    private static final long SUPERVISOR_FILES = 0x2800_0000L;
    /** A source mode without wire. */
    private static final int DETACHED = 1;

    private static BoardSpec board(int guestFiles) {
        return BoardSpec.virt(2, 16 << 20).withInterrupts(InterruptTable.AIA)
                .withHartModel(HartModel.DEFAULT.withGuestFiles(guestFiles));
    }

    @Test
    void everyHartHasAsManyGuestFilesAsItsModelSays() {
        for (int guests : new int[]{0, 1, 7, 63}) {
            Rig rig = new Rig(board(guests));
            int pages = guests == 0 ? 1 : Integer.highestOneBit(guests) << 1;
            rig.machine.hart(1).setCsr(Csr.HGEIE, -1L);
            assertEquals(guests == 63 ? -2L : (2L << guests) - 2, rig.machine.hart(1).csr(Csr.HGEIE));
            if (guests > 0) {
                // eidelivery and eie0 of the last guest's file, then a message to its page.
                rig.machine.hart(1).setCsr(Csr.HSTATUS, (long) guests << 12);
                select(rig, 0x70, 1);
                select(rig, 0xC0, -1L);
                assertTrue(rig.machine.dma().message(SUPERVISOR_FILES + 4096L * (pages + guests), 9));
                assertEquals(1L << guests, rig.machine.hart(1).csr(Csr.HGEIP));
                assertEquals(0, rig.machine.hart(0).csr(Csr.HGEIP));
            }
        }
        assertEquals(List.of(), board(63).problems());
    }

    private static void select(Rig rig, int register, long value) {
        rig.machine.hart(1).setCsr(Csr.VSISELECT, register);
        rig.machine.hart(1).setCsr(Csr.VSIREG, value);
    }

    @ParameterizedTest
    @EnumSource(InterruptTable.class)
    void theSupervisorSelfTestPassesWithEveryController(InterruptTable interrupts) throws ElfException {
        Rig rig = SelfTest.boot(BoardSpec.virt(2, 64 << 20).withInterrupts(interrupts)).run(SimTime.PS_PER_MS,
                SimTime.PS_PER_S);
        assertTrue(rig.output.toString().contains("SELFTEST PASSED"), rig.output.toString());
    }

    @Test
    void anInterruptReachesTheHartByTheAplicAndTheFile() {
        Rig rig = new Rig(board(7));
        rig.machine.bootSupervisor(AddressMap.KERNEL, "");
        rig.machine.memory().u32(AddressMap.KERNEL, 0x6F);
        rig.lane.runUntil(20_000_000L);
        // The firmware has delegated the serial port's source; software in S mode does the rest.
        long aplic = 0xD00_0000L;
        assertTrue(rig.machine.dma().message(aplic + 4 * AddressMap.UART_IRQ, 6));
        assertTrue(rig.machine.dma().message(aplic + 0x3000 + 4 * AddressMap.UART_IRQ, 1 << 18 | 33));
        assertTrue(rig.machine.dma().message(aplic + 0x1EDC, AddressMap.UART_IRQ));
        assertTrue(rig.machine.dma().message(aplic, 0x100));
        rig.machine.hart(1).setCsr(Csr.SISELECT, 0x80);
        assertEquals(0, rig.machine.hart(1).csr(Csr.SIREG));
        assertTrue(rig.machine.dma().message(aplic + 0x1CDC, AddressMap.UART_IRQ));
        assertEquals(0, rig.machine.hart(1).csr(Csr.SIREG), "a level that is low cannot be set");
        assertTrue(rig.machine.dma().message(aplic + 4 * AddressMap.UART_IRQ, DETACHED));
        assertTrue(rig.machine.dma().message(aplic + 0x1CDC, AddressMap.UART_IRQ));
        assertEquals(1L << 33, rig.machine.hart(1).csr(Csr.SIREG));
    }

    @Test
    void messagesThatHaveArrivedArePartOfSnapshots() {
        Rig rig = new Rig(board(7));
        rig.machine.hart(0).setCsr(Csr.MISELECT, 0x70);
        rig.machine.hart(0).setCsr(Csr.MIREG, 1);
        rig.machine.hart(0).setCsr(Csr.MISELECT, 0xC0);
        rig.machine.hart(0).setCsr(Csr.MIREG, -1L);
        assertTrue(rig.machine.dma().message(0x2400_0000L, 12));
        assertEquals(12 << 16 | 12, rig.machine.hart(0).csr(Csr.MTOPEI));
        Snapshot snapshot = Snapshot.take(rig.lane.components());
        String hash = rig.hash();
        rig.machine.hart(0).setCsr(Csr.MTOPEI, 0);
        assertEquals(0, rig.machine.hart(0).csr(Csr.MIP));
        snapshot.restore(rig.lane.components());
        assertEquals(hash, rig.hash());
        assertEquals(1 << 11, rig.machine.hart(0).csr(Csr.MIP));
        assertEquals(12 << 16 | 12, rig.machine.hart(0).csr(Csr.MTOPEI));
    }

    @Test
    void theDeviceTreeNamesThem(@TempDir Path folder) throws IOException, InterruptedException {
        assumeTrue(Files.isExecutable(Path.of("/usr/bin/dtc")),
                "dtc is not installed (Debian package device-tree-compiler)");
        BoardSpec board = board(7).withFitting(Fitting.of("iommu", "iommu", 0x301_0000L, 36))
                .withFitting(Fitting.of("pcie", "pci-host", 0x3000_0000L, 32));
        assertEquals(List.of(), board.problems());
        String kernel = compiled(folder, DeviceTree.of(board, Chosen.of("")));
        for (String wanted : new String[]{"imsics@28000000 {", "imsics@24000000 {", "aplic@d000000 {",
            "aplic@c000000 {", "compatible = \"riscv,imsics\";", "riscv,num-ids = <0xff>;",
            "riscv,guest-index-bits = <0x03>;", "riscv,num-sources = <0x60>;", "riscv,delegation", "riscv,children",
            "reg = <0x00 0x28000000 0x00 0x10000>;", "msi-controller;", "compatible = \"riscv,iommu\";",
            "interrupts = <0x24 0x04 0x25 0x04 0x26 0x04 0x27 0x04>;", "iommu-map = <0x00", "smaia_", "ssaia_",
            "interrupts = <0x0a 0x04>;"}) {
            assertTrue(kernel.contains(wanted), wanted + " is missing in\n" + kernel);
        }
        assertEquals(2, kernel.split("status = \"disabled\"", -1).length - 1, "both machine-level nodes");
        assertFalse(compiled(folder, DeviceTree.forFirmware(board, Chosen.of(""))).contains("disabled"));
    }

    private static String compiled(Path folder, byte[] tree) throws IOException, InterruptedException {
        Path blob = folder.resolve("tree.dtb");
        Path source = folder.resolve("tree.dts");
        Files.write(blob, tree);
        Process dtc = new ProcessBuilder("dtc", "-I", "dtb", "-O", "dts", "-o", source.toString(), blob.toString())
                .redirectErrorStream(true).start();
        String messages = new String(dtc.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        assertEquals(0, dtc.waitFor(), messages);
        assertEquals("", messages, "dtc has something to complain about");
        return Files.readString(source);
    }
}
