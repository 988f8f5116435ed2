package calvin.machine.fitting;

import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/** The kinds of devices there are, by the name that a board gives. */
public final class FittingTable {
    private static final Map<String, FittingKind> KINDS = new LinkedHashMap<>();

    static {
        // @formatter:off
        KINDS.put("finisher",     new FinisherKind());
        KINDS.put("clint",        new ClintKind());
        KINDS.put("ns16550a",     new UartKind());
        KINDS.put("goldfish-rtc", new RtcKind());
        KINDS.put("pci-host",     new PciHostKind());
        KINDS.put("virtio-mmio",  VirtioKind.MMIO);
        KINDS.put("virtio-pci",   VirtioKind.PCI);
        KINDS.put("iommu",        new IommuKind());
        // @formatter:on
    }

    private FittingTable() {}

    public static Optional<FittingKind> find(String kind) {
        return Optional.ofNullable(KINDS.get(kind));
    }

    /** The kind of a fitting whose board has been checked. */
    public static FittingKind of(Fitting fitting) {
        return find(fitting.kind()).orElseThrow();
    }

    public static Set<String> names() {
        return KINDS.keySet();
    }
}
