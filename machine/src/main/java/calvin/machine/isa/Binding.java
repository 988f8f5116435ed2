package calvin.machine.isa;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/**
 * How an encoding fills the fields of the instruction it executes: for a 32-bit row its own fields, for a compressed
 * form the operands that the expansion's text gives, in the order of the executed instruction's syntax.
 *
 * @param integerResult the instruction writes integer register rd, so rd=0 becomes {@link Slot#SINK}
 * @param rd source of rd, as are {@code rs1}, {@code rs2}
 * @param extra source of the slot's immediate when that is not an {@link Pattern.Immediate} of this encoding
 */
record Binding(boolean integerResult, Source rd, Source rs1, Source rs2, List<Shifted> extra) {

    /** {@code (word >>> shift & mask) + add}. */
    record Source(int shift, int mask, int add) {
        static final Source ZERO = new Source(0, 0, 0);

        static Source of(Pattern.Field field) {
            return field == null ? ZERO : new Source(field.low(), (1 << field.length()) - 1, field.offset());
        }

        int value(int word) {
            return (word >>> shift & mask) + add;
        }
    }

    /** A field placed at a bit of the slot's immediate. */
    record Shifted(Source source, int left) {}

    static Binding identity(Pattern pattern, String syntax) {
        List<Shifted> extra = new ArrayList<>();
        place(extra, pattern, "rm", 0);
        place(extra, pattern, "rs3", 3);
        place(extra, pattern, "csr", 0);
        place(extra, pattern, "aq", 1);
        place(extra, pattern, "rl", 0);
        place(extra, pattern, "fm", 8);
        place(extra, pattern, "pred", 4);
        place(extra, pattern, "succ", 0);
        Pattern.Field rs1 = pattern.field("zimm") != null ? pattern.field("zimm") : pattern.field("rs1");
        return new Binding(Syntax.operands(syntax).contains("rd"), Source.of(pattern.field("rd")), Source.of(rs1),
                Source.of(pattern.field("rs2")), List.copyOf(extra));
    }

    private static void place(List<Shifted> extra, Pattern pattern, String name, int left) {
        if (pattern.field(name) != null) {
            extra.add(new Shifted(Source.of(pattern.field(name)), left));
        }
    }

    static Binding of(Pattern pattern, Op expansion, String operandText) {
        List<String> roles = Syntax.operands(expansion.syntax);
        List<String> operands = Syntax.operands(operandText);
        if (roles.size() != operands.size()) {
            throw new IllegalArgumentException(expansion + " takes " + roles + ", not " + operands);
        }
        Source[] sources = {Source.ZERO, Source.ZERO, Source.ZERO};
        for (int i = 0; i < roles.size(); i++) {
            int target = List.of("rd", "rs1", "rs2").indexOf(Syntax.fieldName(roles.get(i)));
            if (target >= 0) {
                sources[target] = register(pattern, operands.get(i));
            }
        }
        List<Shifted> constants = new ArrayList<>();
        int immediate = roles.indexOf("imm");
        if (immediate >= 0 && operands.get(immediate).matches("-?[0-9]+")) {
            constants.add(new Shifted(new Source(0, 0, Integer.parseInt(operands.get(immediate))), 0));
        }
        return new Binding(roles.contains("rd"), sources[0], sources[1], sources[2], List.copyOf(constants));
    }

    private static Source register(Pattern pattern, String operand) {
        Pattern.Field field = pattern.field(Syntax.fieldName(operand));
        if (field != null) {
            return Source.of(field);
        }
        int fixed = Registers.number(operand.toLowerCase(Locale.ROOT));
        if (fixed < 0) {
            throw new IllegalArgumentException("neither a field nor a register: " + operand);
        }
        return new Source(0, 0, fixed);
    }

    long slot(Op op, int word) {
        int destination = rd.value(word);
        if (integerResult && destination == 0) {
            destination = Slot.SINK;
        }
        int immediate = op.pattern.immediate() == null ? 0 : op.pattern.immediate().value(word);
        for (int i = 0; i < extra.size(); i++) {
            Shifted field = extra.get(i);
            immediate |= field.source.value(word) << field.left;
        }
        return Slot.of(op.index(), op.expansion.sizeLog2, op.lengthBytes() / 2, destination, rs1.value(word),
                rs2.value(word), immediate);
    }
}
