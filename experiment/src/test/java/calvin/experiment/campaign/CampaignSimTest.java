package calvin.experiment.campaign;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import calvin.experiment.input.InputException;
import calvin.experiment.plan.PlanDocument;
import calvin.experiment.plan.Planner;
import calvin.experiment.run.Examples;
import calvin.sim.fault.Fault;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class CampaignSimTest {
    private static final int FAULTS = 24;
    private static final String YAML = Examples.PINGPONG + """
            faults:
              seed: 3
              checkpoints: 5
              hang_factor: 4
              inject:
                - {kind: register-flip, count: 14}
                - {kind: memory-flip, count: 4, nodes: [node1]}
                - {kind: packet-drop, count: 6, window: {from: 300 us}}
            """;

    @TempDir
    private Path folder;
    private Path file;
    private PlanDocument plan;

    @BeforeEach
    void write() throws IOException {
        file = folder.resolve("test.yaml");
        Files.writeString(file, YAML);
        plan = Planner.plan(file, Planner.Changes.NONE);
    }

    private Campaign.Options options(String name, boolean resume, int shard, int shards, int threads) {
        return new Campaign.Options(file, folder.resolve(name), resume, shard, shards, threads, false, "test");
    }

    private Map<Integer, CampaignTables.Recorded> results(String name) throws IOException {
        Map<Integer, CampaignTables.Recorded> all = new java.util.TreeMap<>();
        try (CampaignTables tables = new CampaignTables(folder.resolve(name).resolve("campaign.sqlite"))) {
            for (int i = 0; i < FAULTS; i++) {
                if (tables.recorded(i) != null) {
                    all.put(i, tables.recorded(i));
                }
            }
        }
        return all;
    }

    @Test
    void outcomesDoNotDependOnThreadsShardsOrInterruptions() throws IOException {
        Statistics one = Campaign.run(plan, options("one", false, 1, 1, 1));
        assertEquals(FAULTS, one.run());
        assertTrue(!one.anyToolError());
        Map<Integer, CampaignTables.Recorded> all = results("one");
        assertEquals(FAULTS, all.size());

        Campaign.run(plan, options("two", false, 1, 1, 2));
        assertEquals(all, results("two"));

        Campaign.run(plan, options("shard1", false, 1, 2, 1));
        Campaign.run(plan, options("shard2", false, 2, 2, 1));
        Map<Integer, CampaignTables.Recorded> shards = results("shard1");
        assertEquals(FAULTS / 2, shards.size());
        shards.putAll(results("shard2"));
        assertEquals(all, shards);

        forget("one", 5, 11, 20);
        assertEquals(FAULTS, Campaign.run(plan, options("one", true, 1, 1, 1)).run());
        assertEquals(all, results("one"));
    }

    private void forget(String name, int... faults) throws IOException {
        try (calvin.experiment.results.Database database = new calvin.experiment.results.Database(
                folder.resolve(name).resolve("campaign.sqlite"))) {
            for (int fault : faults) {
                database.execute(java.util.List.of("DELETE FROM result WHERE fault = " + fault));
            }
        }
    }

    @Test
    void everyReplayFromTheStartGivesTheRecordedOutcomeAndState() throws IOException {
        Campaign.run(plan, options("c", false, 1, 1, 2));
        Files.delete(file);
        for (int fault = 0; fault < FAULTS; fault += 5) {
            Campaign.Replay replay = Campaign.replay(folder.resolve("c"), fault);
            assertTrue(replay.same(), replay::toString);
        }
        assertThrows(InputException.class, () -> Campaign.replay(folder.resolve("c"), FAULTS));
        assertThrows(InputException.class, () -> Campaign.replay(folder, 0));
    }

    @Test
    void everyKindOfFaultHappensIsRecordedAndLeavesNoTraceWhenSwitchedOff() {
        Golden golden = Golden.run(plan);
        FaultList list = FaultList.draw(plan, golden);
        Trial trial = new Trial(plan, GoldenOutput.of(golden.result()));
        for (int id : new int[]{0, 14, 18}) {
            Fault fault = list.faults().get(id);
            TrialResult cold = trial.cold(fault);
            assertNotNull(cold.applied(), () -> fault + " did not fire: " + cold);
            assertNotEquals(cold.applied().before(), cold.applied().after());
            TrialResult forked = trial.fork(fault, golden);
            assertEquals(cold.outcome(), forked.outcome());
            assertEquals(cold.stateHash(), forked.stateHash());
            assertEquals(cold.applied(), forked.applied());
        }
        // A fault beyond the end never fires, and the state is the golden one.
        TrialResult never = trial.cold(new Fault.RegisterFlip(99, 0, 0, Long.MAX_VALUE / 2, 5, 1));
        assertEquals(Outcome.NOT_FIRED, never.outcome());
        assertEquals(golden.result().stateHash(), never.stateHash());
    }

    @Test
    void drawsStayInTheirWindowAndCoverTheirSpace() {
        Golden golden = Golden.run(plan);
        FaultList list = FaultList.draw(plan, golden);
        Mark from = golden.at(300_000_000L);
        for (int i = 18; i < FAULTS; i++) {
            Fault.PacketDrop drop = (Fault.PacketDrop) list.faults().get(i);
            assertTrue(
                    drop.ordinal() >= from.frames()[drop.port()] && drop.ordinal() < golden.end().frames()[drop.port()],
                    drop::toString);
        }
        for (int i = 14; i < 18; i++) {
            assertEquals(1, ((Fault.MemoryFlip) list.faults().get(i)).node());
        }
        FaultSpace registers = list.spaces().get(0);
        long instants = golden.end().instret()[0][0] - 1 + golden.end().instret()[1][0] - 1;
        assertEquals(instants * 31 * 64, registers.size());
        assertEquals(registers.size(), registers.weight() * 14, 1e-3 * registers.size());
    }

    @Test
    void aFolderThatHoldsACampaignIsNotOverwritten() throws IOException {
        Campaign.run(plan, options("c", false, 1, 8, 1));
        assertThrows(InputException.class, () -> Campaign.run(plan, options("c", false, 1, 8, 1)));
        assertThrows(InputException.class, () -> Campaign.run(plan, options("c", true, 2, 8, 1)));
        PlanDocument other = Planner.plan(file, new Planner.Changes(9L, null, null, Map.of()));
        assertThrows(InputException.class, () -> Campaign.run(other, options("c", true, 1, 8, 1)));
    }
}
