package calvin.machine.board;

import calvin.guests.Guests;
import calvin.machine.elf.ElfException;

/** The guest kernel that tests the machine it runs on. */
final class SelfTest {
    private SelfTest() {}

    /** A machine about to enter it. */
    static Rig boot(BoardSpec board) throws ElfException {
        Rig rig = new Rig(board);
        rig.machine.bootSupervisor(rig.machine.loadElf(Guests.get("smode.elf").bytes()).entry(), "");
        return rig;
    }
}
