package calvin.hypervisor.exit;

/**
 * What leaves a guest for the hypervisor, with its payload: the description of one exit, for error messages, traces and
 * tests. Handling does not build one; it reads the same registers.
 */
public sealed interface Exit {
    ExitReason reason();

    /** An interrupt of the host's own. */
    record HostInterrupt(int interrupt) implements Exit {
        @Override
        public ExitReason reason() {
            return ExitReason.HOST_INTERRUPT;
        }
    }

    /** An environment call: a7, a6 and the first argument. */
    record SbiCall(ExitReason reason, long extension, long function, long a0) implements Exit {}

    /**
     * A load or store where a virtual device answers; {@code access} is a {@link MmioAccess}, or {@link
     * MmioAccess#NONE}.
     */
    record Mmio(ExitReason reason, long gpa, int access, long pc) implements Exit {
        @Override
        public String toString() {
            String what = access == MmioAccess.NONE
                    ? "by an instruction that is no plain load or store"
                    : "of " + MmioAccess.bytes(access) + " bytes, register x" + MmioAccess.register(access);
            return reason + " at gpa 0x" + Long.toHexString(gpa) + " " + what + ", pc 0x" + Long.toHexString(pc);
        }
    }

    /** WFI, WRS.NTO: the guest has nothing to do. */
    record Wait(long pc) implements Exit {
        @Override
        public ExitReason reason() {
            return ExitReason.WAIT;
        }
    }

    /** A virtual-instruction fault: the bits of the instruction, 0 when the hart did not say. */
    record Privileged(long instruction, long pc) implements Exit {
        @Override
        public ExitReason reason() {
            return ExitReason.PRIVILEGED;
        }
    }

    /** A guest-page fault outside of RAM and of every region. */
    record NothingThere(long scause, long gpa, long pc) implements Exit {
        @Override
        public ExitReason reason() {
            return ExitReason.NOTHING_THERE;
        }
    }

    /** A trap that should have been delegated, or that does not exist. */
    record Unknown(long scause, long stval, long htval, long pc) implements Exit {
        @Override
        public ExitReason reason() {
            return ExitReason.UNKNOWN;
        }

        @Override
        public String toString() {
            return "UNKNOWN scause 0x" + Long.toHexString(scause) + " stval 0x" + Long.toHexString(stval) + " htval 0x"
                    + Long.toHexString(htval) + " pc 0x" + Long.toHexString(pc);
        }
    }
}
