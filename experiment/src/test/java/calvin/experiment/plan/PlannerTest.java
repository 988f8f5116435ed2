package calvin.experiment.plan;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import calvin.experiment.input.InputException;
import calvin.experiment.input.Problem;
import calvin.experiment.input.Problems;
import calvin.experiment.spec.ExperimentSpec;
import calvin.experiment.spec.SpecReader;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Assertions;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class PlannerTest {
    private static final String GOOD = """
            schema_version: 1
            name: two
            system:
              node: {harts: 1, memory: 64 MiB}
            topology: {generator: pair, link: {latency: 200 ns, bandwidth: 100 Gbit/s}}
            workload:
              - {program: hello, args: [a, b], job: mpi}
            """;

    @TempDir
    private Path folder;

    private PlanDocument plan(String yaml) {
        Problems problems = new Problems();
        ExperimentSpec spec = SpecReader.parse("x.yaml", yaml, folder, problems);
        return Planner.plan(spec, problems);
    }

    private List<String> problems(String yaml) {
        InputException thrown = Assertions.assertThrows(InputException.class, () -> plan(yaml));
        return thrown.problems().stream().map(Problem::toString).toList();
    }

    private String problem(String yaml) {
        List<String> all = problems(yaml);
        assertEquals(1, all.size(), () -> "one message expected: " + all);
        return all.get(0);
    }

    @Test
    void aPlanIsReadBackAsWritten() throws IOException {
        PlanDocument plan = plan(GOOD);
        assertEquals(plan.plan(), PlanReader.read(plan.bytes()));
        assertEquals(200_000, plan.plan().lookaheadPs());
        assertEquals("10.0.0.2", plan.plan().topology().ports().get(1).ipv4Text());
        assertTrue(plan.plan().nodes().get(1).work().tasks().get(0).environment()
                .contains("CALVIN_JOB_NODES=10.0.0.1,10.0.0.2"));
    }

    @Test
    void theHashCoversEverythingButTheExecution() {
        String hash = plan(GOOD).hash();
        assertEquals(hash, plan(GOOD).hash());
        assertEquals(hash, plan(GOOD + "execution: {threads: 2, workers: 3}\n").hash());
        assertNotEquals(hash, plan(GOOD.replace("200 ns", "201 ns")).hash());
        assertNotEquals(hash, plan(GOOD.replace("[a, b]", "[a, c]")).hash());
        assertNotEquals(hash, plan(GOOD + "seed: 2\n").hash());
    }

    @Test
    void anUnknownKeyIsNamedWithItsLineAndTheNearestOne() {
        String message = problem(GOOD.replace("latency:", "latncy:"));
        assertEquals("x.yaml:5:36: unknown key `latncy`; did you mean `latency`?", message);
    }

    @Test
    void aWrongUnitIsNamedWithItsLineAndARightOne() {
        String message = problem(GOOD.replace("200 ns", "200 MiB"));
        assertTrue(
                message.startsWith("x.yaml:5:45: `latency`: `MiB` is not a unit of a time: write for example `200 ns`"),
                message);
    }

    @Test
    void aMissingImageIsNamedWithTheNearestGuest() {
        String message = problem(GOOD.replace("program: hello", "program: helo"));
        assertTrue(message.startsWith("x.yaml:7:15: there is no image `helo`"), message);
        assertTrue(message.endsWith("did you mean `hello`?"), message);
    }

    @Test
    void anX86ProgramIsRefused() throws IOException {
        Files.write(folder.resolve("x86"), elf(62, 2, 0));
        String message = problem(GOOD.replace("program: hello", "program: x86"));
        assertTrue(
                message.startsWith(
                        "x.yaml:7:15: the image `x86` cannot run: ELF file for x86-64; this machine runs RISC-V"),
                message);
    }

    @Test
    void aDynamicProgramIsRefused() throws IOException {
        Files.write(folder.resolve("dynamic"), elf(243, 3, 3));
        String message = problem(GOOD.replace("program: hello", "program: dynamic"));
        assertTrue(message.contains("the image `dynamic` cannot run: dynamic executable"), message);
        assertTrue(message.contains("-static"), message);
    }

    @Test
    void tooLittleMemoryIsRefusedWhereTheSizeStands() {
        String message = problem(GOOD.replace("64 MiB", "1 MiB"));
        assertTrue(message.startsWith("x.yaml:4:28: "), message);
    }

    @Test
    void twoNodesWithOneNameAreRefused() {
        String message = problem(GOOD.replace("{generator: pair, link: {latency: 200 ns, bandwidth: 100 Gbit/s}}",
                "{nodes: [{name: a}, {name: a}]}").replace(", job: mpi", ""));
        assertEquals(
                "x.yaml:5:38: the name `a` is taken already, in line 5: every node and switch needs a name of its own",
                message);
    }

    @Test
    void aLinkToNowhereIsRefused() {
        String message = problem(GOOD.replace("{generator: pair, link: {latency: 200 ns, bandwidth: 100 Gbit/s}}",
                "{nodes: [{name: alpha}, {name: beta}], links: [{from: alpha, to: betta}]}"));
        assertEquals(
                "x.yaml:5:76: the link ends at `betta`, which is neither a node nor a switch; did you mean `beta`?",
                message);
    }

    @Test
    void everyMistakeIsReportedAtOnce() {
        List<String> all = problems(
                GOOD.replace("harts: 1", "harts: none").replace("200 ns", "200").replace("args:", "arg:"));
        assertEquals(3, all.size(), all::toString);
        assertTrue(all.get(0).startsWith("x.yaml:4:"), all::toString);
        assertTrue(all.get(1).startsWith("x.yaml:5:"), all::toString);
        assertTrue(all.get(2).startsWith("x.yaml:7:"), all::toString);
    }

    @Test
    void aDuplicateKeyAndBrokenYamlAreRefused() {
        assertTrue(problem(GOOD + "name: again\n").contains("stands here twice"));
        assertTrue(problem("schema_version: 1\nname: [").contains("not valid YAML"));
        assertTrue(problem("").contains("the file is empty"));
    }

    @Test
    void aKernelImageNeedsANodeOfItsOwn() {
        String yaml = GOOD.replace("{program: hello, args: [a, b], job: mpi}", "{kernel: smode.elf}");
        assertTrue(problems(yaml).get(0).contains("`kernel: none`"));
        assertEquals(Plan.Work.Kind.KERNEL,
                plan(yaml.replace("harts: 1", "kernel: none")).plan().nodes().get(0).work().kind());
        assertEquals(Plan.Work.Kind.KERNEL_IN_VM,
                plan(yaml.replace("smode.elf", "smode.elf, virtualized: nested")).plan().nodes().get(0).work().kind());
    }

    /** The smallest file that looks like an executable: a header and one program header. */
    private static byte[] elf(int machine, int type, int segment) {
        java.nio.ByteBuffer elf = java.nio.ByteBuffer.allocate(128).order(java.nio.ByteOrder.LITTLE_ENDIAN);
        elf.putInt(0, 0x464C457F).put(4, (byte) 2).put(5, (byte) 1).put(6, (byte) 1);
        elf.putShort(16, (short) type).putShort(18, (short) machine).putLong(32, 64).putShort(54, (short) 56)
                .putShort(56, (short) 1);
        elf.putInt(64, segment);
        elf.putLong(64 + 8, 120).putLong(64 + 32, 8);
        return elf.array();
    }
}
