package calvin.machine.iommu;

/** Why a transaction is refused, or what else went wrong (iommu 4.2, table "Fault record CAUSE field encodings"). */
enum FaultCause {
    // @formatter:off
    //                      code  reported though DTF = 1
    INSTRUCTION_ACCESS_FAULT  (1, false),
    READ_ACCESS_FAULT         (5, false),
    WRITE_ACCESS_FAULT        (7, false),
    INSTRUCTION_PAGE_FAULT   (12, false),
    READ_PAGE_FAULT          (13, false),
    WRITE_PAGE_FAULT         (15, false),
    INSTRUCTION_GUEST_FAULT  (20, false),
    READ_GUEST_FAULT         (21, false),
    WRITE_GUEST_FAULT        (23, false),
    ALL_DISALLOWED          (256, true),
    DDT_ACCESS_FAULT        (257, true),
    DDT_NOT_VALID           (258, true),
    DDT_MISCONFIGURED       (259, true),
    TYPE_DISALLOWED         (260, false),
    MSI_PTE_ACCESS_FAULT    (261, false),
    MSI_PTE_NOT_VALID       (262, false),
    MSI_PTE_MISCONFIGURED   (263, false),
    MRIF_ACCESS_FAULT       (264, false),
    PDT_ACCESS_FAULT        (265, false),
    PDT_NOT_VALID           (266, false),
    PDT_MISCONFIGURED       (267, false),
    MSI_WRITE_ACCESS_FAULT  (273, true);
    // @formatter:on

    final int code;
    /** Whether a device context's DTF leaves it reported. */
    final boolean always;

    FaultCause(int code, boolean always) {
        this.code = code;
        this.always = always;
    }

    /** The one of three for READ, WRITE and EXECUTE of {@link calvin.machine.mmu.Access}. */
    static FaultCause of(int access, FaultCause read, FaultCause write, FaultCause execute) {
        return switch (access) {
            case calvin.machine.mmu.Access.READ -> read;
            case calvin.machine.mmu.Access.WRITE -> write;
            default -> execute;
        };
    }
}
