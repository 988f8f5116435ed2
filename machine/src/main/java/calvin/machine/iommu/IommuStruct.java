package calvin.machine.iommu;

import calvin.sim.state.Struct;
import calvin.sim.state.Struct.U32;
import calvin.sim.state.Struct.U64;
import calvin.sim.state.Struct.Words;

/** State of an {@link Iommu}: its registers where software sees them (iommu 6.1), then what it remembers besides. */
final class IommuStruct {
    /** Interrupt vectors: wires, or messages. */
    static final int VECTORS = 4;
    static final Struct S = Struct.named("iommu");
    static final U64 CAPABILITIES = S.u64("capabilities", "what is supported");
    static final U32 FCTL = S.u32("fctl", "bit 1: interrupts by wire");
    static {
        S.reserved(4);
    }
    static final U64 DDTP = S.u64("ddtp", "mode and root page of the device directory");
    static final U64 CQB = S.u64("cqb", "size and root page of the command queue");
    static final U32 CQH = S.u32("cqh", "index of the next command");
    static final U32 CQT = S.u32("cqt", "index behind the last command");
    static final U64 FQB = S.u64("fqb", "size and root page of the fault queue");
    static final U32 FQH = S.u32("fqh", "index of the next record that software takes");
    static final U32 FQT = S.u32("fqt", "index of the next record written");
    static {
        S.reserved(16);
    }
    static final U32 CQCSR = S.u32("cqcsr", "command queue: enables, errors, on");
    static final U32 FQCSR = S.u32("fqcsr", "fault queue: enables, errors, on");
    static {
        S.reserved(4);
    }
    static final U32 IPSR = S.u32("ipsr", "interrupts pending: bit 0 command queue, 1 fault queue");
    static {
        S.reserved(672);
    }
    static final U64 ICVEC = S.u64("icvec", "vector by cause");
    static final Words MSI_CFG_TBL = S.words("msi_cfg_tbl", 2 * VECTORS, "address; data and mask, by vector");
    static {
        S.reserved(192);
    }
    static final U32 HELD = S.u32("held", "vectors whose message waits for its mask to be cleared");
    static final U32 RAISED = S.u32("raised", "wires that are high, by vector");
    static {
        S.endsAt(1032);
    }

    private IommuStruct() {}
}
