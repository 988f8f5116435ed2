package calvin.machine.observe;

import calvin.machine.isa.Csr;
import calvin.machine.isa.Disassembler;
import calvin.machine.isa.Registers;
import calvin.machine.trace.Commit;
import java.io.IOException;
import java.util.Locale;

/**
 * A line for each record: the time in picoseconds, the hart, and what happened.
 *
 * <pre>
 * 69411000 hart 0 U  0x10000: ecall
 * 69416000 hart 0 exception ecall_from_u (8) value 0x0 at 0x10000 U -> HS
 * 69436500 hart 0 store uart 0x10000000 1 byte: 0x41
 * </pre>
 */
final class TextTrace implements TraceOutput {
    private final Appendable out;

    TextTrace(Appendable out) {
        this.out = out;
    }

    private void line(long timePs, int hart, String text) throws IOException {
        out.append(Long.toString(timePs)).append(hart < 0 ? " machine " : " hart " + hart + " ").append(text)
                .append('\n');
    }

    @Override
    public void instruction(Commit commit) throws IOException {
        StringBuilder text = new StringBuilder();
        text.append(String.format(Locale.ROOT, "%-2s %#x: %s", Names.mode(commit.mode()), commit.pc(),
                commit.lengthBytes() == 2
                        ? Disassembler.disassembleShort(commit.bits())
                        : Disassembler.disassemble(commit.bits())));
        for (int i = 0; i < commit.writes(); i++) {
            String name = switch (commit.kind(i)) {
                case INTEGER -> Registers.name(commit.number(i));
                case FLOAT -> Registers.floatName(commit.number(i));
                case CSR -> Csr.nameOf(commit.number(i));
            };
            text.append("  ").append(name).append(String.format(Locale.ROOT, "=%#x", commit.value(i)));
        }
        if (commit.loadBytes() > 0) {
            text.append(String.format(Locale.ROOT, "  load %#x", commit.loadVa()));
        }
        if (commit.storeBytes() > 0) {
            text.append(String.format(Locale.ROOT, "  store %#x=%#x", commit.storeVa(), commit.storeValue()));
        }
        line(commit.timePs(), commit.hart(), text.toString());
    }

    @Override
    public void trap(long timePs, int hart, long cause, long value, long pc, String from, String to)
            throws IOException {
        line(timePs, hart, String.format(Locale.ROOT, "%s %s (%d) value %#x at %#x %s -> %s",
                cause < 0 ? "interrupt" : "exception", Names.cause(cause), cause & 0xFFFF, value, pc, from, to));
    }

    @Override
    public void mode(long timePs, int hart, String mode) throws IOException {
        line(timePs, hart, "mode " + mode);
    }

    @Override
    public void waiting(long timePs, int hart, boolean begins) throws IOException {
        line(timePs, hart, begins ? "waits" : "wakes");
    }

    @Override
    public void hosted(long timePs, int hart, String kernel, boolean begins) throws IOException {
        line(timePs, hart, (begins ? "enters " : "leaves ") + kernel);
    }

    @Override
    public void device(long timePs, int hart, String device, boolean store, long pa, int bytes, long value)
            throws IOException {
        line(timePs, hart, String.format(Locale.ROOT, "%s %s %#x %d byte%s: %#x", store ? "store" : "load", device, pa,
                bytes, bytes == 1 ? "" : "s", value));
    }

    @Override
    public void end(long timePs) {}
}
