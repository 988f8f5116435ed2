package calvin.machine.isa;

import java.util.HashMap;
import java.util.Map;

/** Register names: numeric and of the calling convention (psABI, "Register Convention"). */
public final class Registers {
    private static final String[] INTEGER = ("zero ra sp gp tp t0 t1 t2 s0 s1 a0 a1 a2 a3 a4 a5 a6 a7 "
            + "s2 s3 s4 s5 s6 s7 s8 s9 s10 s11 t3 t4 t5 t6").split(" ");
    private static final String[] FLOAT = ("ft0 ft1 ft2 ft3 ft4 ft5 ft6 ft7 fs0 fs1 fa0 fa1 fa2 fa3 fa4 fa5 fa6 fa7 "
            + "fs2 fs3 fs4 fs5 fs6 fs7 fs8 fs9 fs10 fs11 ft8 ft9 ft10 ft11").split(" ");
    private static final Map<String, Integer> NUMBERS = new HashMap<>();
    private static final Map<String, Integer> FLOAT_NUMBERS = new HashMap<>();
    static {
        for (int i = 0; i < 32; i++) {
            NUMBERS.put(INTEGER[i], i);
            NUMBERS.put("x" + i, i);
            FLOAT_NUMBERS.put(FLOAT[i], i);
            FLOAT_NUMBERS.put("f" + i, i);
        }
        NUMBERS.put("fp", 8);
    }

    private Registers() {}

    /** Convention name of integer register {@code number}: {@code "a0"}. */
    public static String name(int number) {
        return INTEGER[number];
    }

    /** Convention name of floating-point register {@code number}: {@code "fa0"}. */
    public static String floatName(int number) {
        return FLOAT[number];
    }

    /** Number of an integer register given by either name, or -1. */
    public static int number(String name) {
        return NUMBERS.getOrDefault(name, -1);
    }

    /** Number of a floating-point register given by either name, or -1. */
    public static int floatNumber(String name) {
        return FLOAT_NUMBERS.getOrDefault(name, -1);
    }
}
