package calvin.bench;

import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.Linker;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.lang.invoke.MethodHandle;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.LocalDate;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.EnumMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Runs the same programs on Calvin and on QEMU, each run a whole process, and prints what they cost as Markdown. All
 * must print the same result.
 *
 * <p>The engines take turns within each round, so that a change of the host's load meets all of them. The cost is the
 * CPU time of the process with all its threads (so Calvin's includes the Java compilers'); of several rounds, the
 * median. Wall time stands behind it, for machines that do nothing else. Started by {@code bench/compare}, from its
 * source: it uses nothing of Calvin's.
 *
 * <p>Left out: several harts.
 */
final class Compare {
    /** Which builds of a program there are. */
    private enum Build {
        BOTH, LINUX, SYSTEM
    }

    /** Programs and how often each does its work: mostly some 400 million instructions. */
    private enum Workload {
        START(1, Build.BOTH), INTEGERS(1200, Build.BOTH), CALLS(530, Build.BOTH), SORT(35, Build.BOTH), //
        CHASE(300, Build.BOTH), STREAM(900, Build.BOTH), MATMUL(240, Build.BOTH), NBODY(900, Build.BOTH), //
        FLAT(1500, Build.BOTH), SYSCALLS(300, Build.LINUX), TABLES(100, Build.SYSTEM);

        private final int rounds;
        private final Build build;

        Workload(int rounds, Build build) {
            this.rounds = rounds;
            this.build = build;
        }

        boolean runsOn(Engine engine) {
            return build == Build.BOTH || (build == Build.SYSTEM) == engine.system;
        }

        @Override
        public String toString() {
            return name().toLowerCase(Locale.ROOT);
        }
    }

    private static final List<String> QEMU_SYSTEM = List.of("qemu-system-riscv64", "-M", "virt", "-bios", "none",
            "-display", "none", "-monitor", "none", "-serial", "stdio");

    private enum Engine {
        CALVIN_EXEC("calvin exec", false, List.of("CALVIN", "exec", "--stats", "PROGRAM")), //
        QEMU_USER("qemu-riscv64", false, List.of("qemu-riscv64", "PROGRAM")), //
        CALVIN_BOOT("calvin boot", true, List.of("CALVIN", "boot", "--elf", "PROGRAM")), //
        QEMU_TCG("qemu-system-riscv64", true, with(QEMU_SYSTEM, "-kernel", "PROGRAM")), //
        QEMU_ICOUNT("the same, -icount shift=0", true, with(QEMU_SYSTEM, "-icount", "shift=0", "-kernel", "PROGRAM"));

        private final String title;
        /** Runs the bare-metal build; otherwise the Linux one. */
        private final boolean system;
        private final List<String> command;

        Engine(String title, boolean system, List<String> command) {
            this.title = title;
            this.system = system;
            this.command = command;
        }

        private static List<String> with(List<String> first, String... more) {
            List<String> all = new ArrayList<>(first);
            all.addAll(List.of(more));
            return List.copyOf(all);
        }
    }

    private static final String GCC = "riscv64-linux-gnu-gcc";
    private static final List<String> COMPILER = List.of(GCC, "-std=gnu11", "-O2", "-march=rv64gc", "-mabi=lp64d");
    private static final List<String> SYSTEM_FLAGS = List.of("-mcmodel=medany", "-ffreestanding", "-fno-pic", "-no-pie",
            "-nostdlib", "-Wl,--build-id=none,--no-warn-rwx-segments,-N", "-Wl,-Ttext=0x80001000",
            "-Wl,--section-start=.start=0x80000000");
    private static final long TIMEOUT_S = 600;

    /** What {@code calvin exec --stats} says, and what the bare-metal build prints, about instructions. */
    private static final Pattern STATISTICS = Pattern.compile("calvin: instructions ([\\d,]+)");
    private static final Pattern RETIRED = Pattern.compile("retired ([0-9a-f]{16})");
    private static final Pattern RESULT = Pattern.compile("(?m)^([0-9a-f]{16})\\s*$");

    private final String calvin;
    private final Path sources;
    private final Path work;
    /** How many times the work of each workload is done. */
    private final int scale;
    private final CpuTime cpuTime = new CpuTime();
    /** Seconds by engine, one per round. */
    private final Map<Workload, Map<Engine, List<Double>>> seconds = new EnumMap<>(Workload.class);
    private final Map<Workload, Map<Engine, List<Double>>> wallSeconds = new EnumMap<>(Workload.class);
    private final Map<Workload, Map<Engine, Long>> instructions = new EnumMap<>(Workload.class);
    private final Map<Workload, String> results = new EnumMap<>(Workload.class);

    private Compare(String calvin, Path sources, Path work, int scale) {
        this.calvin = calvin;
        this.sources = sources;
        this.work = work;
        this.scale = scale;
    }

    public static void main(String[] arguments) throws Exception {
        int runs = 5;
        int scale = 1;
        List<Workload> workloads = new ArrayList<>();
        for (int i = 2; i < arguments.length; i++) {
            boolean number = i + 1 < arguments.length && arguments[i + 1].matches("[1-9]\\d{0,2}");
            if (number && arguments[i].equals("--runs")) {
                runs = Integer.parseInt(arguments[++i]);
            } else if (number && arguments[i].equals("--scale")) {
                scale = Integer.parseInt(arguments[++i]);
            } else {
                workloads.add(workload(arguments[i]));
            }
        }
        for (String tool : List.of(GCC, "qemu-riscv64", "qemu-system-riscv64")) {
            if (!installed(tool)) {
                fail("needs " + tool + " (Debian: gcc-riscv64-linux-gnu and libc6-dev-riscv64-cross, qemu-user,"
                        + " qemu-system-misc)");
            }
        }
        Path work = Files.createTempDirectory("calvin-compare");
        try {
            new Compare(arguments[0], Path.of(arguments[1]), work, scale).run(
                    workloads.isEmpty() ? List.of(Workload.values()) : workloads, runs);
        } finally {
            try (var files = Files.list(work)) {
                for (Path file : files.toList()) {
                    Files.delete(file);
                }
            }
            Files.delete(work);
        }
    }

    private static Workload workload(String name) {
        for (Workload workload : Workload.values()) {
            if (workload.toString().equals(name)) {
                return workload;
            }
        }
        fail("usage: bench/compare [--runs N] [--scale N] [WORKLOAD...] with workloads of "
                + Arrays.toString(Workload.values()));
        throw new AssertionError();
    }

    private static void fail(String message) {
        System.err.println("bench/compare: " + message);
        System.exit(69);
    }

    private static boolean installed(String tool) {
        for (String directory : System.getenv().getOrDefault("PATH", "").split(":")) {
            if (Files.isExecutable(Path.of(directory, tool))) {
                return true;
            }
        }
        return false;
    }

    private void run(List<Workload> workloads, int runs) throws IOException, InterruptedException {
        for (Workload workload : workloads) {
            build(workload);
            seconds.put(workload, new EnumMap<>(Engine.class));
            wallSeconds.put(workload, new EnumMap<>(Engine.class));
            instructions.put(workload, new EnumMap<>(Engine.class));
        }
        execute(List.of(calvin, "--version")); // Builds Calvin where it is not built, and warms file caches
        String before = load();
        for (int round = 0; round < runs; round++) {
            for (Workload workload : workloads) {
                for (Engine engine : Engine.values()) {
                    if (workload.runsOn(engine)) {
                        measure(engine, workload);
                    }
                }
            }
        }
        report(workloads, runs, before);
    }

    private Path program(Workload workload, boolean system) {
        return work.resolve(workload + (system ? ".system" : ".linux"));
    }

    private void build(Workload workload) throws IOException, InterruptedException {
        Path source = sources.resolve(workload + ".c");
        if (workload == Workload.FLAT) {
            source = Files.writeString(work.resolve("flat.c"), execute(List.of(sources.resolve("flat.sh").toString())));
        }
        for (boolean system : new boolean[]{false, true}) {
            if (workload.build != Build.BOTH && (workload.build == Build.SYSTEM) != system) {
                continue;
            }
            List<String> command = new ArrayList<>(COMPILER);
            command.addAll(system ? SYSTEM_FLAGS : List.of());
            command.addAll(List.of("-static", "-DROUNDS=" + scale * workload.rounds, "-o",
                    program(workload, system).toString(),
                    sources.resolve(system ? "system.c" : "linux.c").toString(),
                    "-I" + sources, source.toString()));
            execute(command);
        }
    }

    private void measure(Engine engine, Workload workload) throws IOException, InterruptedException {
        List<String> command = new ArrayList<>();
        for (String word : engine.command) {
            command.add(switch (word) {
                case "CALVIN" -> calvin;
                case "PROGRAM" -> program(workload, engine.system).toString();
                default -> word;
            });
        }
        double start = cpuTime.ofChildren();
        long startNs = System.nanoTime();
        String said = execute(command);
        wallSeconds.get(workload).computeIfAbsent(engine, key -> new ArrayList<>())
                .add((System.nanoTime() - startNs) / 1e9);
        seconds.get(workload).computeIfAbsent(engine, key -> new ArrayList<>()).add(cpuTime.ofChildren() - start);
        Matcher result = RESULT.matcher(said);
        if (!result.find()) {
            throw new IOException(engine.title + " printed no result of " + workload + ":\n" + said);
        }
        String first = results.putIfAbsent(workload, result.group(1));
        if (first != null && !first.equals(result.group(1))) {
            throw new IOException(
                    engine.title + " computes " + result.group(1) + " for " + workload + ", not " + first);
        }
        Matcher count = (engine.system ? RETIRED : STATISTICS).matcher(said);
        if (engine == Engine.CALVIN_EXEC || engine == Engine.CALVIN_BOOT) {
            if (!count.find()) {
                throw new IOException(engine.title + " counted no instructions of " + workload + ":\n" + said);
            }
            instructions.get(workload).put(engine,
                    Long.parseLong(count.group(1).replace(",", ""), engine.system ? 16 : 10));
        }
    }

    /** What a command prints, errors included. */
    private String execute(List<String> command) throws IOException, InterruptedException {
        Path output = work.resolve("output");
        Process process = new ProcessBuilder(command).redirectErrorStream(true).redirectOutput(output.toFile()).start();
        process.getOutputStream().close();
        boolean ended = process.waitFor(TIMEOUT_S, TimeUnit.SECONDS);
        if (!ended) {
            process.destroyForcibly().waitFor();
        }
        String said = Files.readString(output, StandardCharsets.UTF_8);
        if (!ended || process.exitValue() != 0) {
            throw new IOException(String.join(" ", command)
                    + (ended ? ": exit code " + process.exitValue() : ": takes too long") + "\n" + said);
        }
        return said;
    }

    // What it prints.

    private void report(List<Workload> workloads, int runs, String before) throws IOException, InterruptedException {
        System.out.printf(Locale.ROOT, "%s; %d cores (%s), load %s before and %s after; Java %s; %s; %s.%n",
                LocalDate.now(), Runtime.getRuntime().availableProcessors(), processor(), before, load(),
                Runtime.version(), firstLine(execute(List.of("qemu-system-riscv64", "--version"))),
                firstLine(execute(List.of(GCC, "--version"))));
        System.out.printf(Locale.ROOT, "%d rounds; seconds of CPU time of the whole process: the median, and from the"
                + " least to the most; then the median of wall time.%n", runs);
        table("Linux programs", workloads, Engine.CALVIN_EXEC, List.of(Engine.QEMU_USER));
        table("Bare metal, S mode under Sv39", workloads, Engine.CALVIN_BOOT,
                List.of(Engine.QEMU_TCG, Engine.QEMU_ICOUNT));
    }

    private void table(String title, List<Workload> workloads, Engine own, List<Engine> others) {
        StringBuilder head = new StringBuilder("| workload | M instructions | " + own.title + " | its MIPS |");
        StringBuilder rule = new StringBuilder("|---|---:|---:|---:|");
        for (Engine other : others) {
            head.append(" ").append(other.title).append(" | its MIPS | Calvin's speed over it |");
            rule.append("---:|---:|---:|");
        }
        System.out.printf("%n%s:%n%n%s%n%s%n", title, head, rule);
        for (Workload workload : workloads) {
            if (!workload.runsOn(own)) {
                continue;
            }
            double millions = instructions.get(workload).get(own) / 1e6;
            double median = median(workload, own);
            StringBuilder row = new StringBuilder(String.format(Locale.ROOT, "| %s | %.1f | %s | %.0f |", workload,
                    millions, spread(workload, own), millions / median));
            for (Engine other : others) {
                row.append(String.format(Locale.ROOT, " %s | %.0f | %.3fx |", spread(workload, other),
                        millions / median(workload, other), median(workload, other) / median));
            }
            System.out.println(row);
        }
    }

    private double median(Workload workload, Engine engine) {
        return median(seconds.get(workload).get(engine));
    }

    private static double median(List<Double> values) {
        double[] sorted = values.stream().mapToDouble(Double::doubleValue).sorted().toArray();
        int middle = sorted.length / 2;
        return sorted.length % 2 == 1 ? sorted[middle] : (sorted[middle - 1] + sorted[middle]) / 2;
    }

    private String spread(Workload workload, Engine engine) {
        double[] sorted = seconds.get(workload).get(engine).stream().mapToDouble(Double::doubleValue).sorted()
                .toArray();
        double wall = median(wallSeconds.get(workload).get(engine));
        return String.format(Locale.ROOT, "%.2f (%.2f-%.2f), %.2f", median(workload, engine), sorted[0],
                sorted[sorted.length - 1], wall);
    }

    private static String firstLine(String text) {
        return text.lines().findFirst().orElse("");
    }

    /** The mean number of runnable threads in the last minute. */
    private static String load() throws IOException {
        return Files.readString(Path.of("/proc/loadavg"), StandardCharsets.UTF_8).split(" ")[0];
    }

    private static String processor() throws IOException {
        Matcher model = Pattern.compile("model name\\s*: (.*)").matcher(Files.readString(Path.of("/proc/cpuinfo")));
        return model.find() ? model.group(1) : System.getProperty("os.arch");
    }

    /** CPU time of all children that have ended, in user mode and the host's kernel: getrusage(2) as Linux has it. */
    private static final class CpuTime {
        private static final int RUSAGE_CHILDREN = -1;
        private static final long RUSAGE_BYTES = 144;

        private final MethodHandle getrusage = Linker.nativeLinker().downcallHandle(
                Linker.nativeLinker().defaultLookup().find("getrusage").orElseThrow(),
                FunctionDescriptor.of(ValueLayout.JAVA_INT, ValueLayout.JAVA_INT, ValueLayout.ADDRESS));
        private final MemorySegment usage = Arena.global().allocate(RUSAGE_BYTES, Long.BYTES);

        double ofChildren() {
            try {
                int failed = (int) getrusage.invokeExact(RUSAGE_CHILDREN, usage);
                if (failed != 0) {
                    throw new IllegalStateException("getrusage failed");
                }
            } catch (RuntimeException | Error e) {
                throw e;
            } catch (Throwable e) {
                throw new IllegalStateException(e);
            }
            // ru_utime comes first, then ru_stime: seconds, microseconds.
            return time(0) + time(2 * Long.BYTES);
        }

        private double time(long offset) {
            return usage.get(ValueLayout.JAVA_LONG, offset)
                    + usage.get(ValueLayout.JAVA_LONG, offset + Long.BYTES) / 1e6;
        }
    }
}
