package calvin.machine.interp;

import calvin.machine.isa.Decoder;
import calvin.machine.isa.Extension;
import calvin.machine.jit.MachinePromoter;
import calvin.machine.jit.RegionCache;
import calvin.machine.jit.Tuning;
import java.util.EnumSet;

/** Translated code and going between it and the interpreter must not leave garbage either. */
class TranslatorCostTest extends InterpreterCostTest {
    @Override
    Interpreter engine(FlatBus on) {
        Decoder decoder = new Decoder(EnumSet.allOf(Extension.class));
        return new Interpreter(on, new CodeCache(), decoder, new MachinePromoter(new RegionCache(decoder,
                Tuning.EAGER), on));
    }
}
