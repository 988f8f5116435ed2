package calvin.machine.board;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import calvin.machine.elf.ElfException;
import calvin.sim.state.Snapshot;
import calvin.sim.time.SimTime;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

/** A hundred machines forked from one that has booted share its frames, and each costs what it changes. */
class ForkSimTest {
    private static final int FORKS = 100;
    private static final long MEMORY_BYTES = 256L << 20;
    private static final long TOUCHED_BYTES = 64L << 20;

    @Test
    void aHundredForksAreMadeInASecondAndGoTheirOwnWays() throws ElfException {
        Rig booted = SelfTest.boot(BoardSpec.virt(1, MEMORY_BYTES));
        // Memory that each fork would have to copy, were it not shared.
        for (long pa = AddressMap.RAM + (128L << 20); pa < AddressMap.RAM + (128L << 20) + TOUCHED_BYTES; pa += 4096) {
            booted.machine.memory().u64(pa, pa);
        }
        booted.lane.runUntil(200 * SimTime.PS_PER_US);
        Snapshot snapshot = Snapshot.take(booted.lane.components());
        String hash = booted.hash();
        List<Rig> forks = new ArrayList<>();
        // Warm up.
        snapshot.restore(new Rig(BoardSpec.virt(1, MEMORY_BYTES)).lane.components());
        long startNs = System.nanoTime();
        for (int i = 0; i < FORKS; i++) {
            Rig fork = new Rig(BoardSpec.virt(1, MEMORY_BYTES));
            snapshot.restore(fork.lane.components());
            forks.add(fork);
        }
        double seconds = (System.nanoTime() - startNs) / 1e9;
        System.out.println(FORKS + " forks in " + seconds + " s");
        // 64 MiB a hundred times would take many seconds; the bound has room for a busy machine.
        assertTrue(seconds < 5, seconds + " s");
        assertEquals(hash, forks.getLast().hash());
        long pa = AddressMap.RAM + (128L << 20);
        for (int i = 0; i < FORKS; i++) {
            forks.get(i).machine.memory().u64(pa, i);
        }
        for (int i = 0; i < FORKS; i++) {
            assertEquals(i, forks.get(i).machine.memory().u64(pa));
            assertEquals(pa + 4096, forks.get(i).machine.memory().u64(pa + 4096), "shared");
        }
        assertEquals(hash, booted.hash(), "nobody has disturbed the original");
        forks.forEach(fork -> fork.machine.close());
    }
}
