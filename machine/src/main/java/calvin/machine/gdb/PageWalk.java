package calvin.machine.gdb;

import calvin.machine.board.Machine;
import calvin.machine.hart.HartUnit;
import java.util.Locale;

/** Shows the page-table entries that translate an address, of both stages. */
final class PageWalk {
    private static final String FLAGS = "VRWXUGAD";

    private PageWalk() {}

    static String describe(Machine machine, int hart, long va) {
        HartUnit unit = machine.hart(hart);
        StringBuilder text = new StringBuilder();
        int shift = unit.probe(va, false, (ptePa, guest, leaf) -> {
            long pte = machine.memory().u64(ptePa);
            text.append(String.format(Locale.ROOT, "%s  entry at %#x = %#018x  %s  -> %#x%s%n",
                    guest ? "G stage " : "VS or S ", ptePa, pte, flags(pte), (pte >>> 10 & (1L << 44) - 1) << 12,
                    leaf ? "  leaf" : ""));
        });
        long pa = unit.translateForDebug(va);
        if (text.isEmpty() && pa >= 0) {
            return String.format(Locale.ROOT, "%#x is not translated%n", va);
        }
        if (pa < 0) {
            return text + String.format(Locale.ROOT, "%#x is not mapped%n", va);
        }
        return text + String.format(Locale.ROOT, "%#x -> %#x%s%n", va, pa,
                shift == 0 ? "" : ", page of " + (1L << shift - 10) + " KiB");
    }

    private static String flags(long pte) {
        StringBuilder text = new StringBuilder();
        for (int i = FLAGS.length() - 1; i >= 0; i--) {
            text.append((pte >>> i & 1) != 0 ? FLAGS.charAt(i) : '-');
        }
        return text.toString();
    }
}
