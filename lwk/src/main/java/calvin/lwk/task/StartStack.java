package calvin.lwk.task;

import calvin.lwk.abi.JobStruct;
import calvin.lwk.mm.Aspace;
import calvin.sim.state.Memory;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;

/**
 * What a program finds on its stack (System V ABI for RISC-V, Linux' binfmt_elf), from the stack pointer upwards: argc,
 * argv, 0, envp, 0, auxv, AT_NULL, 16 random bytes, the strings.
 */
final class StartStack {
    private static final int AT_NULL = 0;
    private static final int AT_PHDR = 3;
    private static final int AT_PHENT = 4;
    private static final int AT_PHNUM = 5;
    private static final int AT_PAGESZ = 6;
    private static final int AT_BASE = 7;
    private static final int AT_FLAGS = 8;
    private static final int AT_ENTRY = 9;
    private static final int AT_UID = 11;
    private static final int AT_EUID = 12;
    private static final int AT_GID = 13;
    private static final int AT_EGID = 14;
    private static final int AT_HWCAP = 16;
    private static final int AT_CLKTCK = 17;
    private static final int AT_SECURE = 23;
    private static final int AT_RANDOM = 25;
    private static final int AT_EXECFN = 31;
    /** Letters I, M, A, F, D, C of misa. */
    private static final long HWCAP = 1 << 'I' - 'A' | 1 << 'M' - 'A' | 1 | 1 << 'F' - 'A' | 1 << 'D' - 'A'
            | 1 << 'C' - 'A';
    private static final int CLOCK_TICKS = 100;
    private static final int RANDOM_BYTES = 16;
    private static final int MAX_STRING_BYTES = 1 << 20;
    /** Most of the arguments and environment, as a part of the stack. */
    private static final int MOST = 4;

    private StartStack() {}

    /**
     * Fills the top of the stack.
     *
     * @return the stack pointer
     * @throws Program.Refused when arguments and environment do not fit
     */
    static long write(Memory memory, long aspaceAt, long jobAt, Program.Loaded program, long random0, long random1)
            throws Program.Refused {
        List<byte[]> arguments = strings(memory, JobStruct.ARGV.get(memory, jobAt), JobStruct.ARGC.get(memory, jobAt));
        List<byte[]> environment = strings(memory, JobStruct.ENVP.get(memory, jobAt),
                JobStruct.ENVC.get(memory, jobAt));
        byte[] path = arguments.isEmpty() ? "program".getBytes(StandardCharsets.US_ASCII) : arguments.getFirst();
        long stringBytes = RANDOM_BYTES + length(arguments) + length(environment) + path.length + 1;
        long[][] auxiliary = {
            {AT_PHDR, program.headersVa()}, {AT_PHENT, program.headerBytes()}, {AT_PHNUM, program.headerCount()},
            {AT_PAGESZ, 4096},
            {AT_BASE, 0}, {AT_FLAGS, 0}, {AT_ENTRY, program.entry()}, {AT_UID, JobStruct.UID.get(memory, jobAt)},
            {AT_EUID, JobStruct.UID.get(memory, jobAt)}, {AT_GID, JobStruct.GID.get(memory, jobAt)},
            {AT_EGID, JobStruct.GID.get(memory, jobAt)}, {AT_HWCAP, HWCAP}, {AT_CLKTCK, CLOCK_TICKS}, {AT_SECURE, 0},
            {AT_RANDOM, 0},
            {AT_EXECFN, 0}, {AT_NULL, 0}};
        long words = 1 + arguments.size() + 1 + environment.size() + 1 + 2L * auxiliary.length;
        long size = (8 * words + stringBytes + 15) & -16;
        if (size > (Program.STACK_TOP - program.stackStart()) / MOST) {
            throw new Program.Refused(
                    "its arguments and environment need " + size + " bytes, more than a quarter of its stack");
        }
        long sp = Program.STACK_TOP - size;
        ByteBuffer image = ByteBuffer.allocate((int) size).order(ByteOrder.LITTLE_ENDIAN);
        int at = (int) (8 * words);
        long randomVa = sp + at;
        image.putLong(at, random0).putLong(at + 8, random1);
        at += RANDOM_BYTES;
        image.putLong(arguments.size());
        at = place(image, sp, at, arguments);
        at = place(image, sp, at, environment);
        for (long[] entry : auxiliary) {
            long value = entry[0] == AT_RANDOM ? randomVa : entry[0] == AT_EXECFN ? sp + at : entry[1];
            image.putLong(entry[0]).putLong(value);
        }
        image.put(at, path);
        memory.write(Aspace.virtToPhys(memory, aspaceAt, sp), image.array(), 0, (int) size);
        return sp;
    }

    /**
     * Puts strings at {@code at} and their addresses, ended by 0, at the buffer's position; returns where the next
     * strings go.
     */
    private static int place(ByteBuffer image, long sp, int at, List<byte[]> strings) {
        int next = at;
        for (byte[] string : strings) {
            image.putLong(sp + next);
            image.put(next, string);
            next += string.length + 1;
        }
        image.putLong(0);
        return next;
    }

    private static long length(List<byte[]> strings) {
        return strings.stream().mapToLong(string -> string.length + 1).sum();
    }

    private static List<byte[]> strings(Memory memory, long pa, long count) {
        List<byte[]> strings = new ArrayList<>();
        long at = pa;
        for (long i = 0; i < count; i++) {
            int length = 0;
            while (length < MAX_STRING_BYTES && memory.u8(at + length) != 0) {
                length++;
            }
            byte[] value = new byte[length];
            memory.read(at, value, 0, length);
            strings.add(value);
            at += length + 1;
        }
        return strings;
    }
}
