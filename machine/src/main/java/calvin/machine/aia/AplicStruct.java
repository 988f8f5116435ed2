package calvin.machine.aia;

import calvin.sim.state.Struct;
import calvin.sim.state.Struct.U32;
import calvin.sim.state.Struct.Words;

/**
 * State of one {@link AplicDomain}. A word of sourcecfg and one of target per source, from 0, follow, then an
 * {@link IdcStruct} per hart if the domain interrupts harts directly.
 */
final class AplicStruct {
    /** Bits of a set of sources: source n is bit n % 64 of word n / 64. */
    static final int WORDS = 16;
    static final Struct S = Struct.named("aplic");
    static final U32 ENABLE = S.u32("enable", "domaincfg.IE");
    static final U32 GENMSI = S.u32("genmsi", "hart index and identity last written");
    static final U32 MMSIADDRCFG = S.u32("mmsiaddrcfg", "root domain: low base PPN of machine-level files");
    static final U32 MMSIADDRCFGH = S.u32("mmsiaddrcfgh", "root domain: lock, shifts and widths, high base PPN");
    static final U32 SMSIADDRCFG = S.u32("smsiaddrcfg", "root domain: low base PPN of supervisor-level files");
    static final U32 SMSIADDRCFGH = S.u32("smsiaddrcfgh", "root domain: shift, high base PPN");
    static final Words LEVEL = S.words("level", WORDS, "root domain: wires that are high");
    static final Words PENDING = S.words("pending", WORDS, "interrupts that have arrived");
    static final Words ENABLED = S.words("enabled", WORDS, "sources whose interrupts are passed on");
    static {
        S.endsAt(408);
    }

    private AplicStruct() {}
}
