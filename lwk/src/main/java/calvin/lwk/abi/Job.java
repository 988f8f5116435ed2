package calvin.lwk.abi;

import calvin.sim.check.Check;
import java.util.List;

/** A {@link JobStruct} before it is written. */
public sealed interface Job {
    /** Index in the kernel's hart list, or {@link JobStruct#ANY_HART}. */
    long hart();

    /** For messages. */
    String name();

    /** Where bytes come from: given here, or already in the kernel's memory. */
    sealed interface Content {
        /** Bytes that {@link BootParamsWriter} puts into the block, at a page boundary. */
        record Given(byte[] bytes) implements Content {}

        /** Bytes that lie in memory already. */
        record Placed(long pa, long bytes) implements Content {}

        static Content of(byte[] bytes) {
            return new Given(bytes);
        }
    }

    /**
     * A program.
     *
     * @param image      an ELF file
     * @param arguments  from argv[0] on
     * @param heapBytes  0 for the kernel's default
     * @param stackBytes 0 for the kernel's default
     * @param input      what standard input gives, or null for the console (or nothing)
     * @param rank       in the parallel job this task belongs to
     */
    record Task(String name, long hart, Content image, List<String> arguments, List<String> environment, long heapBytes,
            long stackBytes, byte[] input, int rank) implements Job {
        public Task {
            Check.that(!arguments.isEmpty(), "a task needs its own name as argument 0: " + name);
            arguments = List.copyOf(arguments);
            environment = List.copyOf(environment);
        }

        /** A program with default sizes on any hart, its name as argument 0. */
        public static Task of(String name, byte[] image, String... arguments) {
            List<String> all = new java.util.ArrayList<>(List.of(name));
            all.addAll(List.of(arguments));
            return new Task(name, JobStruct.ANY_HART, Content.of(image), all, List.of(), 0, 0, null, 0);
        }

        public Task onHart(long index) {
            return new Task(name, index, image, arguments, environment, heapBytes, stackBytes, input, rank);
        }

        public Task withEnvironment(List<String> strings) {
            return new Task(name, hart, image, arguments, strings, heapBytes, stackBytes, input, rank);
        }

        public Task withSizes(long heap, long stack) {
            return new Task(name, hart, image, arguments, environment, heap, stack, input, rank);
        }

        public Task withInput(byte[] bytes) {
            return new Task(name, hart, image, arguments, environment, heapBytes, stackBytes, bytes, rank);
        }

        public Task withRank(int number) {
            return new Task(name, hart, image, arguments, environment, heapBytes, stackBytes, input, number);
        }
    }

    /** A virtual machine; {@code config} is between its writer and the {@code GuestRunner}. */
    record Guest(String name, long hart, Content config) implements Job {}
}
