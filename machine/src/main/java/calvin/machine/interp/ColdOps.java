package calvin.machine.interp;

import static calvin.machine.isa.OpIndex.*;

import calvin.machine.exec.Atomic;
import calvin.machine.hart.CompareAndSwap;
import calvin.machine.hart.Hart;
import calvin.machine.hart.HartBus;
import calvin.machine.isa.Cause;
import calvin.machine.isa.Op;
import calvin.machine.isa.Slot;
import calvin.machine.mem.HostMemory;

/**
 * The instructions that need the rest of the hart: memory accesses that missed the TLB, atomics, CSRs, fences, returns
 * and environment calls. The hart's fields are up to date before each and may all have changed after it.
 */
final class ColdOps {
    private final HartBus bus;
    private final Interpreter interpreter;

    ColdOps(HartBus bus, Interpreter interpreter) {
        this.bus = bus;
        this.interpreter = interpreter;
    }

    /** Executes the instruction at pc, advances pc and counts it, or leaves a trap pending. */
    void execute(Hart hart, long slot) {
        long next = hart.pc + 2L * Slot.halfwords(slot);
        int op = Slot.op(slot);
        if (op == ILLEGAL) {
            hart.raise(Cause.ILLEGAL_INSTRUCTION.code, Slot.immediate(slot) & 0xFFFF_FFFFL);
            return;
        }
        switch (Op.at(op - 1).kind) {
            case LOAD -> load(hart, slot);
            case STORE -> store(hart, slot);
            case ATOMIC -> atomic(hart, slot);
            case CSR -> csr(hart, slot);
            case HYPLOAD -> guestLoad(hart, slot);
            case HYPSTORE -> guestStore(hart, slot);
            case SYSTEM -> next = system(hart, slot, next);
            case CACHE -> bus.cacheBlock(hart, Op.at(op - 1).match >>> 20, hart.x[Slot.rs1(slot)]);
            case FP, FPDIV, FMA -> hart.raise(Cause.ILLEGAL_INSTRUCTION.code, 0);
            case ALU, MULT, DIVIDE, BRANCH, JUMP, ORDER -> {
                if (op != PAUSE) {
                    throw new IllegalStateException("the hot loop left on " + Op.at(op - 1));
                }
                bus.pause(hart);
            }
        }
        if (hart.trapCause < 0) {
            hart.pc = next;
            hart.cycle++;
            hart.instret++;
        } else if (hart.trapCause == Cause.ILLEGAL_INSTRUCTION.code
                || hart.trapCause == Cause.VIRTUAL_INSTRUCTION.code) {
            hart.trapValue = interpreter.instructionBits(hart) & 0xFFFF_FFFFL; // priv 3.1.16: the faulting instruction
        }
    }

    private void load(Hart hart, long slot) {
        int op = Slot.op(slot);
        long va = hart.x[Slot.rs1(slot)] + Slot.immediate(slot);
        if ((op == FLW || op == FLD || op == FLH) && !interpreter.floatingPoint(hart, true)) {
            hart.raise(Cause.ILLEGAL_INSTRUCTION.code, 0);
            return;
        }
        long value = bus.load(hart, va, Slot.sizeLog2(slot));
        if (hart.trapCause >= 0) {
            return;
        }
        switch (op) {
            case LB -> hart.x[Slot.rd(slot)] = (byte) value;
            case LH -> hart.x[Slot.rd(slot)] = (short) value;
            case LW -> hart.x[Slot.rd(slot)] = (int) value;
            case FLW -> hart.f[Slot.rd(slot)] = value | FpOps.BOX;
            case FLH -> hart.f[Slot.rd(slot)] = value | FpMoreOps.HALF_BOX;
            case FLD -> hart.f[Slot.rd(slot)] = value;
            default -> hart.x[Slot.rd(slot)] = value;
        }
    }

    private void store(Hart hart, long slot) {
        int op = Slot.op(slot);
        boolean fp = op == FSW || op == FSD || op == FSH;
        if (fp && !interpreter.floatingPoint(hart, false)) {
            hart.raise(Cause.ILLEGAL_INSTRUCTION.code, 0);
            return;
        }
        long value = fp ? hart.f[Slot.rs2(slot)] : hart.x[Slot.rs2(slot)];
        bus.store(hart, hart.x[Slot.rs1(slot)] + Slot.immediate(slot), Slot.sizeLog2(slot), value);
    }

    /** Atomics that hit the TLB are done here: for stores, a hit means plain, unwatched RAM. */
    private void atomic(Hart hart, long slot) {
        int op = Slot.op(slot);
        int sizeLog2 = Slot.sizeLog2(slot);
        long va = hart.x[Slot.rs1(slot)];
        long operand = hart.x[Slot.rs2(slot)];
        int entry = (int) (va >>> 12) & Hart.TLB_ENTRIES - 1;
        long tag = va & ~0xFFFL | hart.dataContext;
        boolean aligned = (va & (1L << sizeLog2) - 1) == 0;
        boolean readable = aligned && hart.tlbReadTag[entry] == tag;
        boolean writable = aligned && hart.tlbWriteTag[entry] == tag;
        long host = va + hart.tlbAddend[entry];
        long result;
        switch (op) {
            case LR_W, LR_D -> {
                result = readable ? old(host, sizeLog2) : bus.loadReserved(hart, va, sizeLog2);
                if (readable) {
                    hart.reservationPa = reserved(hart, entry, va);
                }
            }
            case SC_W, SC_D -> {
                result = writable
                        ? storeConditional(hart, entry, va, sizeLog2, operand)
                        : bus.storeConditional(hart, va, sizeLog2, operand);
            }
            case AMOCAS_W, AMOCAS_D, AMOCAS_Q -> {
                compareAndSwap(hart, slot, op == AMOCAS_Q ? CompareAndSwap.QUADWORD : sizeLog2, writable);
                return;
            }
            default -> {
                int operation = Op.at(op - 1).match >>> 27;
                if (!writable) {
                    result = bus.atomic(hart, operation, va, sizeLog2, operand);
                } else {
                    result = old(host, sizeLog2);
                    HostMemory.store(host, sizeLog2,
                            Atomic.combine(operation, result, sizeLog2 == 2 ? (int) operand : operand));
                }
            }
        }
        if (hart.trapCause < 0) {
            hart.x[Slot.rd(slot)] = result;
        }
    }

    private static long old(long host, int sizeLog2) {
        return sizeLog2 == 2 ? HostMemory.i32(host) : HostMemory.i64(host);
    }

    private static long reserved(Hart hart, int entry, long va) {
        return hart.tlbPa[entry] | va & 0xFF8;
    }

    private static long storeConditional(Hart hart, int entry, long va, int sizeLog2, long operand) {
        boolean held = hart.reservationPa == reserved(hart, entry, va);
        hart.reservationPa = -1;
        if (held) {
            HostMemory.store(va + hart.tlbAddend[entry], sizeLog2, operand);
        }
        return held ? 0 : 1;
    }

    private void compareAndSwap(Hart hart, long slot, int sizeLog2, boolean writable) {
        long va = hart.x[Slot.rs1(slot)];
        if (writable && (va & (1L << sizeLog2) - 1) == 0) {
            long host = va + hart.tlbAddend[(int) (va >>> 12) & Hart.TLB_ENTRIES - 1];
            CompareAndSwap.execute(hart, host, Slot.rd(slot), Slot.rs2(slot), sizeLog2);
        } else {
            bus.compareAndSwap(hart, Slot.rd(slot), Slot.rs2(slot), va, sizeLog2);
        }
    }

    private void csr(Hart hart, long slot) {
        int op = Slot.op(slot);
        boolean immediate = op >= CSRRWI;
        int kind = op - (immediate ? CSRRWI : CSRRW) + 1;
        long operand = immediate ? Slot.rs1(slot) : hart.x[Slot.rs1(slot)];
        boolean reads = kind != 1 || Slot.rd(slot) != Slot.SINK; // unpriv Zicsr: CSRRW with rd=x0 does not read
        boolean writes = kind == 1 || Slot.rs1(slot) != 0;
        long old = bus.csr(hart, Slot.immediate(slot), kind, operand, reads, writes);
        if (hart.trapCause < 0) {
            hart.x[Slot.rd(slot)] = old;
        }
    }

    private void guestLoad(Hart hart, long slot) {
        int op = Slot.op(slot);
        long value = bus.guestLoad(hart, hart.x[Slot.rs1(slot)], Slot.sizeLog2(slot), op == HLVX_HU || op == HLVX_WU);
        if (hart.trapCause < 0) {
            hart.x[Slot.rd(slot)] = switch (op) {
                case HLV_B -> (byte) value;
                case HLV_H -> (short) value;
                case HLV_W -> (int) value;
                default -> value;
            };
        }
    }

    private void guestStore(Hart hart, long slot) {
        bus.guestStore(hart, hart.x[Slot.rs1(slot)], Slot.sizeLog2(slot), hart.x[Slot.rs2(slot)]);
    }

    /** Returns the address of the next instruction. */
    private long system(Hart hart, long slot, long next) {
        switch (Slot.op(slot)) {
            case ECALL -> bus.ecall(hart);
            case EBREAK -> bus.ebreak(hart);
            case SRET -> {
                bus.sret(hart);
                return hart.pc;
            }
            case MRET -> {
                bus.mret(hart);
                return hart.pc;
            }
            case WFI, WRS_NTO, WRS_STO -> stall(hart, Slot.op(slot), next);
            case SFENCE_VMA, SINVAL_VMA -> fence(hart, slot, 0);
            case HFENCE_VVMA, HINVAL_VVMA -> fence(hart, slot, 1);
            case HFENCE_GVMA, HINVAL_GVMA -> fence(hart, slot, 2);
            case SFENCE_W_INVAL, SFENCE_INVAL_IR -> orderInvalidations(hart);
            default -> throw new IllegalStateException("the hot loop left on " + Op.at(Slot.op(slot) - 1));
        }
        return next;
    }

    /** The bus wants it counted and pc behind it, so that the hart can be woken by an interrupt that returns there. */
    private void stall(Hart hart, int op, long next) {
        long pc = hart.pc;
        hart.pc = next;
        hart.cycle++;
        hart.instret++;
        if (op == WFI) {
            bus.wfi(hart);
        } else {
            bus.waitOnReservation(hart, op == WRS_STO);
        }
        hart.cycle--; // counted by the caller, unless a trap is pending
        hart.instret--;
        if (hart.trapCause >= 0) {
            hart.pc = pc;
        }
    }

    private void fence(Hart hart, long slot, int kind) {
        int rs1 = Slot.rs1(slot);
        int rs2 = Slot.rs2(slot);
        bus.fence(hart, kind, hart.x[rs1], hart.x[rs2], rs1 != 0, rs2 != 0);
    }

    /** priv Svinval: ordering is immediate here; only the privilege is checked. */
    private static void orderInvalidations(Hart hart) {
        if (hart.mode == Hart.MODE_U) {
            hart.raise(Cause.ILLEGAL_INSTRUCTION.code, 0);
        } else if (hart.mode == Hart.MODE_U + Hart.MODE_V) {
            hart.raise(Cause.VIRTUAL_INSTRUCTION.code, 0);
        }
    }
}
