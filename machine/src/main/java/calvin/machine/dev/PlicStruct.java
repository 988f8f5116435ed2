package calvin.machine.dev;

import calvin.sim.state.Struct;
import calvin.sim.state.Struct.Bytes;
import calvin.sim.state.Struct.Words;

/** State of a {@link Plic}'s gateways and sources; one {@link PlicContextStruct} per context follows. */
final class PlicStruct {
    /** Bits of a set of sources: source n is bit n % 64 of word n / 64. */
    static final int WORDS = 2;
    static final Struct S = Struct.named("plic");
    static final Words LEVEL = S.words("level", WORDS, "wires that are high");
    static final Words PENDING = S.words("pending", WORDS, "requests waiting to be claimed");
    static final Words CLAIMED = S.words("claimed", WORDS, "gateways closed until their request is completed");
    static final Bytes PRIORITY = S.bytes("priority", Plic.SOURCES, "by source, 0 = never interrupts");
    static {
        S.endsAt(144);
    }

    private PlicStruct() {}
}
