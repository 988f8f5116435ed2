package calvin.hypervisor.vdev;

import calvin.hypervisor.host.VmmHost;
import calvin.hypervisor.vm.VmStruct;
import calvin.machine.hosted.HartPort;
import calvin.sim.state.Memory;

/**
 * An RDMA card that the guest owns (ADR 0004): its doorbell pages are mapped, so the data path has no exits; its
 * command registers are hooked, so that every physical address in a command is checked to lie in guest RAM and turned
 * into the host's. That is what an IOMMU would do, made cheap by contiguous guest memory. A command that names other
 * memory is not given to the card and has status EINVAL.
 */
final class VirtualCard implements VirtualDevice {
    private static final int ARGUMENTS = 0x100;
    private static final int ARGUMENTS_END = 0x140;
    private static final int COMMAND = 0x140;
    private static final int STATUS = 0x144;
    private static final int REG_MR = 3;
    private static final int CREATE_CQ = 5;
    private static final int CREATE_QP = 7;
    private static final int CQ_ENTRY_BYTES = 32;
    private static final int SQ_ENTRY_BYTES = 256;
    private static final int RQ_ENTRY_BYTES = 64;
    private static final int DOORBELL_BYTES = 8;
    private static final int MAX_LOG2 = 24;
    private static final int EINVAL = 22;
    /** Words: the guest's arguments 0..7, then the status of a command that was refused, or 0. */
    private static final int REFUSED = 8;

    @Override
    public long load(HartPort port, VmmHost host, long vmAt, int offset, int bytes) {
        Memory memory = port.physical();
        if (offset >= ARGUMENTS && offset < ARGUMENTS_END) {
            return bytes == 8 && offset % 8 == 0 ? word(memory, vmAt, (offset - ARGUMENTS) / 8) : 0;
        }
        if (offset == STATUS && word(memory, vmAt, REFUSED) != 0) {
            return word(memory, vmAt, REFUSED);
        }
        long pa = card(memory, vmAt) + offset;
        return switch (bytes) {
            case 1 -> memory.u8(pa);
            case 2 -> memory.u16(pa);
            case 4 -> memory.u32(pa);
            default -> memory.u64(pa);
        };
    }

    @Override
    public void store(HartPort port, VmmHost host, long vmAt, int offset, int bytes, long value) {
        Memory memory = port.physical();
        if (offset >= ARGUMENTS && offset < ARGUMENTS_END) {
            if (bytes == 8 && offset % 8 == 0) {
                word(memory, vmAt, (offset - ARGUMENTS) / 8, value);
            }
        } else if (offset == COMMAND && bytes == 4) {
            command(memory, vmAt, (int) value);
        }
    }

    private static void command(Memory memory, long vmAt, int opcode) {
        boolean allowed = switch (opcode) {
            case REG_MR -> pass(memory, vmAt, 3, word(memory, vmAt, 2));
            case CREATE_CQ -> pass(memory, vmAt, 0, ring(memory, vmAt, 1, CQ_ENTRY_BYTES))
                    && pass(memory, vmAt, 2, DOORBELL_BYTES);
            case CREATE_QP -> pass(memory, vmAt, 2, ring(memory, vmAt, 3, SQ_ENTRY_BYTES))
                    && pass(memory, vmAt, 4, ring(memory, vmAt, 5, RQ_ENTRY_BYTES))
                    && pass(memory, vmAt, 6, DOORBELL_BYTES);
            default -> true;
        };
        word(memory, vmAt, REFUSED, allowed ? 0 : EINVAL);
        if (!allowed) {
            return;
        }
        int translated = switch (opcode) {
            case REG_MR -> 1 << 3;
            case CREATE_CQ -> 1 | 1 << 2;
            case CREATE_QP -> 1 << 2 | 1 << 4 | 1 << 6;
            default -> 0;
        };
        for (int i = 0; i < 8; i++) {
            if ((translated >>> i & 1) == 0) {
                memory.u64(card(memory, vmAt) + ARGUMENTS + 8 * i, word(memory, vmAt, i));
            }
        }
        memory.u32(card(memory, vmAt) + COMMAND, opcode);
    }

    /** Gives the card argument {@code i} as host address if {@code bytes} bytes from there are guest RAM. */
    private static boolean pass(Memory memory, long vmAt, int i, long bytes) {
        long pa = bytes < 0 ? -1 : VmStruct.ramPa(memory, vmAt, word(memory, vmAt, i), bytes);
        if (pa == -1) {
            return false;
        }
        memory.u64(card(memory, vmAt) + ARGUMENTS + 8 * i, pa);
        return true;
    }

    /** Bytes of a ring whose log2 number of entries is argument {@code i}, or -1. */
    private static long ring(Memory memory, long vmAt, int i, int entryBytes) {
        long log2 = word(memory, vmAt, i);
        return log2 < 0 || log2 > MAX_LOG2 ? -1 : (long) entryBytes << log2;
    }

    private static long card(Memory memory, long vmAt) {
        return word(memory, vmAt, REFUSED + 1);
    }

    /** Tells the virtual card where the real one is. */
    static void attach(Memory memory, long vmAt, long cardPa) {
        word(memory, vmAt, REFUSED + 1, cardPa);
    }

    private static long word(Memory memory, long vmAt, int i) {
        return VmStruct.DEVICE.get(memory, vmAt, Devices.CARD.firstWord + i);
    }

    private static void word(Memory memory, long vmAt, int i, long value) {
        VmStruct.DEVICE.set(memory, vmAt, Devices.CARD.firstWord + i, value);
    }
}
