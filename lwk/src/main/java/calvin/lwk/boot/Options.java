package calvin.lwk.boot;

import java.util.ArrayList;
import java.util.List;

/**
 * The kernel's command line, Kitten's options: {@code name=value} separated by blanks. Sizes take K, M or G.
 *
 * @param console        console=: {@code serial}, {@code sbi} (the same) or {@code none} (only errors appear)
 * @param kmemBytes      kmem_size=: kernel heap, rounded down to a power of two; 0 = by the size of memory
 * @param schedHz        sched_hz=: turns per second of tasks that share a hart
 * @param heapBytes      init_heap_size=
 * @param stackBytes     init_stack_size=
 * @param complaints     what could not be understood; the boot goes on without it
 */
record Options(String console, long kmemBytes, long schedHz, long heapBytes, long stackBytes, List<String> complaints) {
    static final long DEFAULT_HEAP_BYTES = 32L << 20;
    static final long DEFAULT_STACK_BYTES = 8L << 20;
    private static final long MAX_SCHED_HZ = 100_000;

    static Options parse(String line) {
        String console = "serial";
        long kmem = 0;
        long hz = 1;
        long heap = DEFAULT_HEAP_BYTES;
        long stack = DEFAULT_STACK_BYTES;
        List<String> complaints = new ArrayList<>();
        for (String option : line.trim().isEmpty() ? new String[0] : line.trim().split("\\s+")) {
            int equals = option.indexOf('=');
            String name = equals < 0 ? option : option.substring(0, equals);
            String value = equals < 0 ? "" : option.substring(equals + 1);
            switch (name) {
                case "console" -> {
                    if (List.of("serial", "sbi", "none").contains(value)) {
                        console = value;
                    } else {
                        complaints.add("console=" + value + " is not here; there are serial, sbi and none");
                    }
                }
                case "kmem_size" -> kmem = size(option, value, kmem, complaints);
                case "sched_hz" -> {
                    long wanted = size(option, value, hz, complaints);
                    if (wanted >= 1 && wanted <= MAX_SCHED_HZ) {
                        hz = wanted;
                    } else {
                        complaints.add(option + " is not between 1 and " + MAX_SCHED_HZ);
                    }
                }
                case "init_heap_size" -> heap = size(option, value, heap, complaints);
                case "init_stack_size" -> stack = size(option, value, stack, complaints);
                default -> complaints.add("unknown option " + option);
            }
        }
        return new Options(console, kmem, hz, heap, stack, List.copyOf(complaints));
    }

    private static long size(String option, String value, long otherwise, List<String> complaints) {
        if (!value.matches("[0-9]{1,12}[KMG]?")) {
            complaints.add(option + " is not a number with K, M or G");
            return otherwise;
        }
        char unit = value.charAt(value.length() - 1);
        int shift = unit == 'K' ? 10 : unit == 'M' ? 20 : unit == 'G' ? 30 : 0;
        return Long.parseLong(shift == 0 ? value : value.substring(0, value.length() - 1)) << shift;
    }
}
