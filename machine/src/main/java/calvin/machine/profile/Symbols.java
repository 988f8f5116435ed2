package calvin.machine.profile;

import calvin.machine.elf.ElfException;
import calvin.machine.elf.ElfFile;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import java.util.OptionalLong;
import java.util.TreeMap;

/** Names of guest addresses: those of an ELF file, or of a kernel's {@code System.map}. */
public final class Symbols {
    /** Beyond this distance a symbol does not name an address. */
    private static final long MOST_BYTES = 1L << 24;

    private final TreeMap<Long, String> names = new TreeMap<>(Long::compareUnsigned);
    private final TreeMap<String, Long> addresses = new TreeMap<>();

    public Symbols() {}

    /** @param file an ELF file, or lines of an address in hexadecimal, a letter and a name, as nm writes them */
    public static Symbols parse(byte[] file) throws ElfException {
        Symbols symbols = new Symbols();
        symbols.add(file);
        return symbols;
    }

    /** Adds the symbols of another file. */
    public void add(byte[] file) throws ElfException {
        if (ElfFile.hasMagic(file)) {
            add(ElfFile.parse(file));
            return;
        }
        int number = 0;
        for (String line : new String(file, StandardCharsets.UTF_8).lines().toList()) {
            number++;
            String[] words = line.strip().split("\\s+");
            try {
                if (words.length >= 3) {
                    add(words[2], Long.parseUnsignedLong(words[0], 16));
                }
            } catch (NumberFormatException notAnAddress) {
                throw new ElfException("neither an ELF file nor a System.map: line " + number + " is \"" + line + "\"");
            }
        }
        if (names.isEmpty()) {
            throw new ElfException("has no symbols");
        }
    }

    /** Adds the symbols of an ELF file. */
    public void add(ElfFile elf) {
        for (Map.Entry<String, Long> symbol : elf.symbols().entrySet()) {
            add(symbol.getKey(), symbol.getValue());
        }
    }

    private void add(String name, long va) {
        // Mapping symbols say what the bytes are, not whose. The first name of an address stays.
        if (!name.startsWith("$") && !name.startsWith(".L")) {
            names.putIfAbsent(va, name);
            addresses.putIfAbsent(name, va);
        }
    }

    /** The address of a name. */
    public OptionalLong address(String name) {
        Long va = addresses.get(name);
        return va == null ? OptionalLong.empty() : OptionalLong.of(va);
    }

    /** One behind the last address that a symbol names: the next symbol. */
    public long end(long va) {
        Long next = names.higherKey(va);
        return next == null ? va + MOST_BYTES : next;
    }

    /** The name of the last symbol not behind {@code va}, or the address itself. */
    public String name(long va) {
        Map.Entry<Long, String> entry = names.floorEntry(va);
        return entry == null || va - entry.getKey() >= MOST_BYTES || va - entry.getKey() < 0
                ? "0x" + Long.toHexString(va)
                : entry.getValue();
    }
}
