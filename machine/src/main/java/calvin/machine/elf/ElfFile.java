package calvin.machine.elf;

import calvin.sim.state.Block;
import calvin.sim.state.Memory;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.OptionalLong;
import java.util.TreeMap;

/**
 * A parsed executable, checked whole: every range it names lies within the file and no arithmetic wraps.
 *
 * @param bytes           the file
 * @param entry           va of the first instruction
 * @param positionIndependent ET_DYN without an interpreter: addresses are relative to where it is put
 * @param segments        PT_LOAD, in the file's order
 * @param headersOffset   where the program headers are in the file (for AT_PHDR)
 * @param headerBytes     size of one (AT_PHENT)
 * @param headerCount     how many (AT_PHNUM)
 * @param flags           e_flags of the RISC-V psABI
 * @param symbols         values of named symbols (functions, objects, untyped), sorted by name
 */
public record ElfFile(byte[] bytes, long entry, boolean positionIndependent, List<ElfSegment> segments,
        long headersOffset, int headerBytes, int headerCount, int flags, Map<String, Long> symbols) {
    private static final int HEADER_BYTES = 64;
    private static final int PROGRAM_HEADER_BYTES = 56;
    private static final int SECTION_HEADER_BYTES = 64;
    private static final int SYMBOL_BYTES = 24;
    private static final int MACHINE_RISCV = 243;
    private static final int TYPE_EXECUTABLE = 2;
    private static final int TYPE_DYNAMIC = 3;
    private static final int LOAD = 1;
    private static final int INTERPRETER = 3;
    private static final int SYMBOL_TABLE = 2;
    private static final int FUNCTION = 2;
    private static final int COMMON_SECTION = 0xFFF2;

    /** The value of a symbol of that exact name. */
    public OptionalLong symbol(String name) {
        Long value = symbols.get(name);
        return value == null ? OptionalLong.empty() : OptionalLong.of(value);
    }

    /** Copies the segments to their physical addresses and clears what follows them. */
    public void loadPhysical(Memory memory) {
        for (ElfSegment segment : segments) {
            memory.write(segment.pa(), bytes, segment.fileOffset(), segment.fileBytes());
            memory.zero(segment.pa() + segment.fileBytes(), segment.memoryBytes() - segment.fileBytes());
        }
    }

    /** Whether these bytes begin like an ELF file of any kind. */
    public static boolean hasMagic(byte[] file) {
        return file.length >= 4 && file[0] == 0x7F && file[1] == 'E' && file[2] == 'L' && file[3] == 'F';
    }

    /**
     * Reads an executable.
     *
     * @throws ElfException if it is none, or none for this machine
     */
    public static ElfFile parse(byte[] file) throws ElfException {
        require(hasMagic(file), "not an ELF file: it does not begin with 7F 45 4C 46");
        require(file.length >= HEADER_BYTES, "truncated ELF file: " + file.length + " bytes, the header alone has 64");
        require(file[4] == 2, file[4] == 1
                ? "32-bit ELF file; this machine runs 64-bit RISC-V"
                : "ELF class "
                        + file[4] + " is unknown");
        require(file[5] == 1, file[5] == 2
                ? "big-endian ELF file; this machine is little-endian"
                : "ELF data encoding " + file[5] + " is unknown");
        Memory in = memoryOf(file);
        int machine = in.u16(18);
        require(machine == MACHINE_RISCV, "ELF file for " + machineName(machine)
                + "; this machine runs RISC-V (build it with a" + " riscv64 compiler)");
        int type = in.u16(16);
        require(type == TYPE_EXECUTABLE || type == TYPE_DYNAMIC, "ELF file of type " + typeName(type)
                + ", not an executable");
        long headersOffset = in.u64(32);
        int headerBytes = in.u16(54);
        int headerCount = in.u16(56);
        require(headerCount > 0, "ELF file has no program headers");
        require(headerBytes == PROGRAM_HEADER_BYTES, "ELF program headers of " + headerBytes
                + " bytes; they must have 56");
        requireInside(file, headersOffset, (long) headerBytes * headerCount, "program headers");
        List<ElfSegment> segments = segments(file, in, headersOffset, headerCount);
        return new ElfFile(file, in.u64(24), type == TYPE_DYNAMIC, List.copyOf(segments), headersOffset, headerBytes,
                headerCount, (int) in.u32(48), symbols(file, in));
    }

    private static List<ElfSegment> segments(byte[] file, Memory in, long headersOffset,
            int count) throws ElfException {
        List<ElfSegment> segments = new ArrayList<>();
        for (int i = 0; i < count; i++) {
            long at = headersOffset + (long) i * PROGRAM_HEADER_BYTES;
            int type = (int) in.u32(at);
            long offset = in.u64(at + 8);
            long fileBytes = in.u64(at + 32);
            long memoryBytes = in.u64(at + 40);
            if (type == INTERPRETER) {
                requireInside(file, offset, fileBytes, "interpreter name");
                throw new ElfException("dynamic executable that needs " + text(file, offset, offset + fileBytes)
                        + "; link it with -static");
            }
            if (type != LOAD) {
                continue;
            }
            String name = "segment " + i;
            requireInside(file, offset, fileBytes, name);
            require(Long.compareUnsigned(memoryBytes, fileBytes) >= 0, name
                    + " has fewer bytes in memory (" + memoryBytes + ") than in the file (" + fileBytes + ")");
            long va = in.u64(at + 16);
            long pa = in.u64(at + 24);
            require(memoryBytes >= 0 && Long.compareUnsigned(va + memoryBytes, va) >= 0
                    && Long.compareUnsigned(pa + memoryBytes, pa) >= 0,
                    name
                            + " wraps around the end of the address space");
            long flags = in.u32(at + 4);
            segments.add(new ElfSegment(va, pa, (int) offset, (int) fileBytes, memoryBytes, (flags & 4) != 0,
                    (flags & 2) != 0, (flags & 1) != 0));
        }
        require(!segments.isEmpty(), "ELF file has nothing to load (no PT_LOAD segment)");
        return segments;
    }

    private static Map<String, Long> symbols(byte[] file, Memory in) throws ElfException {
        Map<String, Long> symbols = new TreeMap<>();
        long sections = in.u64(40);
        int count = in.u16(60);
        if (sections == 0 || count == 0) {
            return symbols;
        }
        requireInside(file, sections, (long) count * SECTION_HEADER_BYTES, "section headers");
        for (int i = 0; i < count; i++) {
            long at = sections + (long) i * SECTION_HEADER_BYTES;
            if (in.u32(at + 4) != SYMBOL_TABLE) {
                continue;
            }
            long link = in.u32(at + 40);
            require(link < count, "symbol table names string section " + link + " of " + count);
            long strings = sections + link * SECTION_HEADER_BYTES;
            requireInside(file, in.u64(at + 24), in.u64(at + 32), "symbol table");
            requireInside(file, in.u64(strings + 24), in.u64(strings + 32), "string table");
            readSymbols(file, in, in.u64(at + 24), in.u64(at + 32) / SYMBOL_BYTES, in.u64(strings + 24),
                    in.u64(strings + 32), symbols);
        }
        return symbols;
    }

    private static void readSymbols(byte[] file, Memory in, long table, long count, long strings, long stringBytes,
            Map<String, Long> into) throws ElfException {
        for (long i = 1; i < count; i++) {
            long at = table + i * SYMBOL_BYTES;
            long nameAt = in.u32(at);
            int type = in.u8(at + 4) & 15;
            int section = in.u16(at + 6);
            if (nameAt == 0 || type > FUNCTION || section == 0 || section == COMMON_SECTION) {
                continue;
            }
            require(nameAt < stringBytes, "name of symbol " + i + " lies outside the string table");
            into.putIfAbsent(text(file, strings + nameAt, strings + stringBytes), in.u64(at + 8));
        }
    }

    /** Bytes from {@code from} up to a zero byte or {@code end}. */
    private static String text(byte[] file, long from, long end) {
        int at = (int) from;
        while (at < end && file[at] != 0) {
            at++;
        }
        return new String(file, (int) from, at - (int) from, StandardCharsets.UTF_8);
    }

    private static Memory memoryOf(byte[] file) {
        Block block = new Block(file.length);
        block.write(0, file, 0, file.length);
        return block;
    }

    private static void require(boolean condition, String message) throws ElfException {
        if (!condition) {
            throw new ElfException(message);
        }
    }

    private static void requireInside(byte[] file, long offset, long length, String what) throws ElfException {
        require(offset >= 0 && length >= 0 && offset <= file.length && length <= file.length - offset,
                "truncated ELF file: its " + what + " should lie at " + Long.toUnsignedString(offset) + " and have "
                        + Long.toUnsignedString(length) + " bytes, the file has " + file.length);
    }

    private static String machineName(int machine) {
        return switch (machine) {
            case 3 -> "x86 (i386)";
            case 40 -> "32-bit ARM";
            case 62 -> "x86-64";
            case 183 -> "AArch64";
            case 8 -> "MIPS";
            case 21 -> "PowerPC64";
            case 22 -> "S/390";
            case 258 -> "LoongArch";
            default -> "machine number " + machine;
        };
    }

    private static String typeName(int type) {
        return switch (type) {
            case 1 -> "1 (relocatable object)";
            case 4 -> "4 (core dump)";
            default -> Integer.toString(type);
        };
    }
}
