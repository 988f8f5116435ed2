package calvin.machine.board;

import calvin.guests.Guests;
import calvin.machine.elf.ElfException;
import calvin.machine.hart.EngineFactory;
import calvin.machine.sbi.SbiFirmware;
import java.util.List;

/** The guest kernel that tests the machine it runs on. */
final class SelfTest {
    private SelfTest() {}

    /** A machine about to enter it. */
    static Rig boot(BoardSpec board) throws ElfException {
        return boot(board, Engines.INTERPRETER);
    }

    /** As above, on another engine. */
    static Rig boot(BoardSpec board, EngineFactory engines) throws ElfException {
        Rig rig = new Rig(board, List.of(new SbiFirmware()), engines);
        rig.machine.bootSupervisor(rig.machine.loadElf(Guests.get("smode.elf").bytes()).entry(), "");
        return rig;
    }
}
