package calvin.machine.hart;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import calvin.machine.isa.Extension;
import calvin.machine.isa.Op;
import java.util.Arrays;
import java.util.EnumSet;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import org.junit.jupiter.api.Test;

/** What software is told of the hart. */
class HartIsaTest {
    /** Mandatory in RVA22U64 and RVA22S64 beyond the letters; Sv39 is the mmu-type, Svade is Svadu with ADUE=0. */
    private static final Set<String> RVA22 = Set.of("zicsr", "zicntr", "zihpm", "ziccif", "ziccrse", "ziccamoa",
            "zicclsm", "za64rs", "zihintpause", "zba", "zbb", "zbs", "zic64b", "zicbom", "zicbop", "zicboz", "zfhmin",
            "zkt", "zifencei", "svbare", "ssccptr", "sstvecd", "sstvala", "sscounterenw", "svpbmt", "svinval");

    @Test
    void misaHasTheLettersAndNothingElse() {
        long wanted = 0;
        for (char letter : "ACDFHIMSU".toCharArray()) {
            wanted |= 1L << letter - 'A';
        }
        assertEquals(wanted, HartIsa.misaBits());
    }

    @Test
    void bothStringsNameTheSameExtensions() {
        String string = HartIsa.string();
        assertTrue(string.startsWith("rv64imafdch_"), string);
        Set<String> names = new TreeSet<>(List.of("i", "m", "a", "f", "d", "c", "h"));
        names.addAll(List.of(string.substring("rv64imafdch_".length()).split("_")));
        assertEquals(names, new TreeSet<>(List.of(HartIsa.names().split(" "))));
        assertTrue(names.containsAll(RVA22), () -> names + " lacks some of " + RVA22);
        for (String absent : List.of("machine", "smpmp", "u", "s", "v", "zfh", "ssaia", "svade")) {
            assertTrue(!names.contains(absent), absent);
        }
    }

    @Test
    void everyInstructionOfTheTableIsOfAnExtensionThatIsThere() {
        EnumSet<Extension> missing = EnumSet.noneOf(Extension.class);
        Arrays.stream(Op.values()).map(op -> op.extension).filter(e -> !HartIsa.EXTENSIONS.contains(e))
                .forEach(missing::add);
        assertEquals(EnumSet.noneOf(Extension.class), missing);
    }
}
