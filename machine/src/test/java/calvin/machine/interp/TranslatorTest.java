package calvin.machine.interp;

import calvin.machine.isa.Decoder;
import calvin.machine.isa.Extension;
import calvin.machine.jit.MachinePromoter;
import calvin.machine.jit.RegionCache;
import calvin.machine.jit.Tuning;
import java.util.EnumSet;

/** All that the interpreter has to do, on the translator: it translates whatever it can, at once. */
class TranslatorTest extends InterpreterTest {
    @Override
    Interpreter engine(FlatBus on, CodeCache pages) {
        Decoder decoder = new Decoder(EnumSet.allOf(Extension.class));
        return new Interpreter(on, pages, decoder, new MachinePromoter(new RegionCache(decoder, Tuning.EAGER), on));
    }
}
