package calvin.guests;

import static calvin.guests.Guest.Kind.BARE_METAL;
import static calvin.guests.Guest.Kind.LINUX_STATIC;
import static calvin.guests.Guest.Kind.SUPERVISOR;

import java.util.List;
import java.util.Optional;

/** The catalogue of prebuilt guests, in the order listings show them. */
public final class Guests {
    // @formatter:off
    private static final List<Guest> ALL = List.of(
        new Guest("hello",     LINUX_STATIC, "prints its arguments, uses the heap, exits with its first argument"),
        new Guest("stdio",     LINUX_STATIC, "formatted output, 8 MiB heap, brk, mmap, clocks, errors; exits with 7"),
        new Guest("threads",   LINUX_STATIC, "POSIX threads: mutex, condition variable, thread-local storage, join"),
        new Guest("tiny",      LINUX_STATIC, "two system calls without a C library; exits with 42"),
        new Guest("pingpong",  LINUX_STATIC, "MPI: half round-trip time and bandwidth of two ranks, data checked"),
        new Guest("allreduce", LINUX_STATIC, "MPI: time of a sum over all ranks, every sum checked"),
        new Guest("smode.elf", SUPERVISOR,   "kernel that tests paging, traps, timer, U mode and a second hart"),
        new Guest("memory.elf", SUPERVISOR,  "kernel that measures latency, TLB reach and STREAM of each NUMA node"),
        new Guest("pass.elf",  BARE_METAL,   "M-mode program that ends with success (tohost = 1)"),
        new Guest("fail.elf",  BARE_METAL,   "M-mode program that ends with failure code 3 (tohost = 7)"));
    // @formatter:on

    private Guests() {}

    /** Every guest. */
    public static List<Guest> all() {
        return ALL;
    }

    /** The guest of that exact name. */
    public static Optional<Guest> find(String name) {
        return ALL.stream().filter(guest -> guest.name().equals(name)).findFirst();
    }

    /**
     * The guest of that exact name, which the caller knows to exist.
     *
     * @throws IllegalArgumentException if there is none; the message lists those there are
     */
    public static Guest get(String name) {
        return find(name).orElseThrow(() -> new IllegalArgumentException(
                "no guest is called " + name + "; there are " + ALL.stream().map(Guest::name).toList()));
    }
}
