package calvin.lwk.task;

import calvin.lwk.state.AspaceStruct;
import calvin.lwk.state.TaskStruct;
import calvin.machine.hosted.HartPort;
import calvin.machine.isa.Csr;
import calvin.sim.state.Memory;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;

/**
 * What a signal handler finds on its stack: {@code struct rt_sigframe} of Linux on RISC-V (arch/riscv/kernel/signal.c,
 * uapi/asm/ucontext.h, sigcontext.h).
 *
 * <pre>
 *    0 siginfo  128   si_signo, si_errno, si_code, (8 from 16 on) si_addr or si_pid and si_uid
 *  128 ucontext 960   +0 flags, +8 link, +16 stack {sp, flags, size}, +40 mask,
 *                     +176 pc and x1..x31, +432 f0..f31, +688 fcsr
 * </pre>
 */
public final class SignalFrame {
    private static final int BYTES = 1088;
    private static final int UCONTEXT = 128;
    private static final int STACK = UCONTEXT + 16;
    private static final int MASK = UCONTEXT + 40;
    private static final int REGISTERS = UCONTEXT + 176;
    private static final int FLOATS = REGISTERS + 256;
    private static final int FCSR = FLOATS + 256;
    private static final long SA_ONSTACK = 0x0800_0000L;
    private static final int SS_DISABLE = 2;
    private static final int SEPC = Csr.SEPC.number;
    private static final int SSTATUS = Csr.SSTATUS.number;
    /** sstatus.FS = Dirty. */
    private static final long FS_DIRTY = 3L << 13;

    private SignalFrame() {}

    /** Puts a frame on the stack and the task on the hart at the handler; false where the stack cannot be written. */
    static boolean push(HartPort port, long taskAt, long aspaceAt, int signal, int code, long value, long handler,
            long flags) {
        Memory memory = port.physical();
        long sp = port.x(2);
        long stackVa = TaskStruct.STACK_VA.get(memory, taskAt);
        long stackBytes = TaskStruct.STACK_BYTES.get(memory, taskAt);
        boolean onStack = Long.compareUnsigned(sp - stackVa, stackBytes) < 0;
        if ((flags & SA_ONSTACK) != 0 && stackBytes != 0 && !onStack) {
            sp = stackVa + stackBytes;
        }
        long frameVa = sp - BYTES & -16;
        ByteBuffer frame = ByteBuffer.allocate(BYTES).order(ByteOrder.LITTLE_ENDIAN);
        frame.putInt(0, signal).putInt(8, code).putLong(16, value);
        frame.putLong(STACK, stackVa).putInt(STACK + 8, stackBytes == 0 ? SS_DISABLE : 0).putLong(STACK + 16,
                stackBytes);
        boolean suspended = TaskStruct.SUSPENDED.get(memory, taskAt) != 0;
        frame.putLong(MASK, (suspended ? TaskStruct.SAVED_MASK : TaskStruct.SIGNAL_MASK).get(memory, taskAt));
        frame.putLong(REGISTERS, port.csr(SEPC));
        for (int i = 1; i < 32; i++) {
            frame.putLong(REGISTERS + 8 * i, port.x(i));
        }
        for (int i = 0; i < 32; i++) {
            frame.putLong(FLOATS + 8 * i, port.f(i));
        }
        frame.putInt(FCSR, port.fcsr());
        if (!port.copyToUser(frameVa, frame.array(), 0, BYTES)) {
            return false;
        }
        port.x(1, AspaceStruct.TRAMPOLINE.get(memory, aspaceAt));
        port.x(2, frameVa);
        port.x(10, signal);
        port.x(11, frameVa);
        port.x(12, frameVa + UCONTEXT);
        port.csr(SEPC, handler);
        return true;
    }

    /** rt_sigreturn: goes back to where the frame at the stack pointer says; false where it cannot be read. */
    public static boolean pop(HartPort port, long taskAt) {
        byte[] bytes = new byte[BYTES];
        if (!port.copyFromUser(port.x(2), bytes, 0, BYTES)) {
            return false;
        }
        ByteBuffer frame = ByteBuffer.wrap(bytes).order(ByteOrder.LITTLE_ENDIAN);
        TaskStruct.SIGNAL_MASK.set(port.physical(), taskAt, frame.getLong(MASK) & ~Signals.unblockable());
        port.csr(SEPC, frame.getLong(REGISTERS));
        for (int i = 1; i < 32; i++) {
            port.x(i, frame.getLong(REGISTERS + 8 * i));
        }
        for (int i = 0; i < 32; i++) {
            port.f(i, frame.getLong(FLOATS + 8 * i));
        }
        port.fcsr(frame.getInt(FCSR) & 0xFF);
        port.csr(SSTATUS, port.csr(SSTATUS) | FS_DIRTY);
        return true;
    }
}
