package calvin.machine.nic.verbs;

import calvin.sim.time.SimTime;

/** AETH syndromes and the timers in them (ib vol. 1, 9.7.5.1 and 9.7.5.2.8). */
final class Syndrome {
    /** ACK without credit information: the credit field's all-ones value. */
    static final int ACK = 0x1F;
    static final int RNR = 0x20;
    static final int NAK_SEQUENCE = 0x60;
    static final int NAK_INVALID_REQUEST = 0x61;
    static final int NAK_REMOTE_ACCESS = 0x62;
    static final int NAK_REMOTE_OPERATIONAL = 0x63;

    /** Values of {@link #kind}. */
    static final int KIND_ACK = 0;
    static final int KIND_RNR = 1;
    static final int KIND_NAK = 3;

    /** Table 45: RNR NAK timer codes, in units of 10 us. */
    private static final int[] RNR_TENS_OF_US = {65536, 1, 2, 3, 4, 6, 8, 12, 16, 24, 32, 48, 64, 96, 128, 192, 256,
        384, 512, 768, 1024,
        1536, 2048, 3072, 4096, 6144, 8192, 12288, 16384, 24576, 32768, 49152};
    private static final long TIMEOUT_UNIT_PS = 4_096_000;

    private Syndrome() {}

    /** The top three bits: ACK, RNR NAK or NAK. */
    static int kind(int syndrome) {
        return syndrome >>> 5;
    }

    /** How long the receiver of an RNR NAK waits. */
    static long rnrPs(int code) {
        return RNR_TENS_OF_US[code & 31] * 10 * SimTime.PS_PER_US;
    }

    /** The ACK timeout of a code from 1 to 31: 4.096 us times two to the code. */
    static long timeoutPs(int code) {
        return TIMEOUT_UNIT_PS << code;
    }

    /** The completion status of a request that was refused for good. */
    static int status(int syndrome) {
        return switch (syndrome) {
            case NAK_INVALID_REQUEST -> Status.REM_INV_REQ_ERR;
            case NAK_REMOTE_ACCESS -> Status.REM_ACCESS_ERR;
            default -> Status.REM_OP_ERR;
        };
    }
}
