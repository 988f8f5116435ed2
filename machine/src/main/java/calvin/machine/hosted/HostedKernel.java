package calvin.machine.hosted;

/**
 * A kernel, hypervisor or firmware written in Java. It is entered by a trap and runs to completion; it keeps nothing on
 * the Java stack and nothing in Java fields: one instance serves every hart, every level and every virtual machine that
 * runs this kernel, and finds its state through a root address in the level's scratch register ({@code sscratch}, which
 * is {@code vsscratch} inside a VM).
 *
 * <p>On a trap the hart has done what the privileged architecture says: xepc, xcause, xtval and the status stack are
 * set, the x and f registers are those of the interrupted code. An entry is atomic: no interrupt is taken and no other
 * hart of the machine runs inside it. Its cost is charged through the port.
 */
public interface HostedKernel {
    /** For messages and traces: {@code sbi}, {@code kitten}. */
    String name();

    /** First entry of a hart or vcpu; {@code x(10)} and {@code x(11)} are the arguments of the boot protocol. */
    Resume boot(HartPort port);

    /** A trap to this kernel's level. */
    Resume trap(HartPort port);
}
