package calvin.hypervisor.vdev;

import calvin.sim.state.Memory;

/**
 * The kinds of virtual devices; the ordinal is the number in {@code VmStruct.REGION_KIND}. A word table gives every
 * device its place in {@code VmStruct.DEVICE}.
 */
public enum Devices {
    // @formatter:off
    //        base         bytes       first word   device
    DIRECT   (0,           0,          0,           null),
    UART     (0x1000_0000, 0x100,      0,           new VirtualUart()),
    FINISHER (0x0010_0000, 0x1000,     8,           new VirtualFinisher()),
    CARD     (0x4000_0000, 0x1_0000,   16,          new VirtualCard());
    // @formatter:on

    /** Base of the user access region pages of an RDMA card, behind its BAR0, and their length (ADR 0004). */
    public static final long CARD_PAGES_OFFSET = 0x10_0000;
    public static final long CARD_PAGES_BYTES = 256 * 4096;

    /** Where the guest sees it, on the {@code virt} address map. */
    public final long gpa;
    public final long bytes;
    final int firstWord;
    private final VirtualDevice device;

    private static final Devices[] ALL = values();

    Devices(long gpa, long bytes, int firstWord, VirtualDevice device) {
        this.gpa = gpa;
        this.bytes = bytes;
        this.firstWord = firstWord;
        this.device = device;
    }

    /** Tells the virtual card where the real one is. */
    public static void attachCard(Memory memory, long vmAt, long cardPa) {
        VirtualCard.attach(memory, vmAt, cardPa);
    }

    /** The device of a number in memory, or null when no hooked kind has it. */
    public static VirtualDevice device(long kind) {
        return kind > 0 && kind < ALL.length ? ALL[(int) kind].device : null;
    }
}
