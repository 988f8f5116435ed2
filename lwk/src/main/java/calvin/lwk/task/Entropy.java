package calvin.lwk.task;

import calvin.lwk.abi.BootParams;
import calvin.lwk.state.KernelState;
import calvin.sim.state.Memory;

/**
 * The random numbers a kernel gives its programs: a stream that the boot parameters' seed determines (SplitMix64; not
 * for secrets).
 */
public final class Entropy {
    private Entropy() {}

    public static long next(Memory memory, long kernelAt) {
        long count = KernelState.RANDOM.get(memory, kernelAt) + 1;
        KernelState.RANDOM.set(memory, kernelAt, count);
        long z = BootParams.SEED.get(memory, KernelState.PARAMS.get(memory, kernelAt)) + count * 0x9E37_79B9_7F4A_7C15L;
        z = (z ^ z >>> 30) * 0xBF58_476D_1CE4_E5B9L;
        z = (z ^ z >>> 27) * 0x94D0_49BB_1331_11EBL;
        return z ^ z >>> 31;
    }
}
