package calvin.experiment.gdb;

import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import calvin.experiment.boot.BootImages;
import calvin.guests.debian.DebianGuest;
import calvin.guests.debian.GuestStore;
import calvin.machine.board.BoardSpec;
import java.io.IOException;
import java.util.Optional;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/**
 * The stock Debian kernel, which has no symbols, stopped by address: at its entry, and where it goes on at its virtual
 * addresses, by a breakpoint that is set before anything is mapped there.
 */
@Tag("linux")
class GdbLinuxTest {
    /** csrw satp, a0: the kernel switches translation on, and the fetch behind it traps to where that goes on. */
    private static final String CSRW_SATP_A0 = "0x18051073";

    @Test
    void debiansKernelStopsBeforeAndBehindSwitchingTranslationOn() throws IOException, InterruptedException {
        GdbRig.assumeInstalled();
        Optional<DebianGuest> guest = GuestStore.ofUser().find("debian");
        assumeTrue(guest.isPresent(), "the guest has not been built: calvin guest debian");
        String said = new GdbRig().debug(
                new BootImages(guest.get().kernel().toString(), false, null, guest.get().initrd(), "console=ttyS0"),
                BoardSpec.virt(1, 512 << 20), null, "hbreak *0x80200000", "continue", "print/x $satp",
                "find /w /1 0x80200000, 0x80204000, " + CSRW_SATP_A0,
                "hbreak *(0xffffffff80000000 + (((unsigned long)$_ + 4 + 3) & ~3) - 0x80200000)", "continue",
                "print $satp != 0", "x/1i $pc",
                "monitor walk 0xffffffff80000000", "reverse-continue", "print/x $satp", "print/x $pc", "kill");
        for (String part : new String[]{"$1 = 0x0", "1 pattern found", "Breakpoint 2, 0xffffffff8000", "$2 = 1",
            "auipc", "0xffffffff80000000 -> 0x80200000, page of 2048 KiB", "$3 = 0x0", "$4 = 0x80200000"}) {
            assertTrue(said.contains(part), "\"" + part + "\" is missing in\n" + said);
        }
    }
}
