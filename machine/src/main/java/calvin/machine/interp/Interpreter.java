package calvin.machine.interp;

import static calvin.machine.isa.OpIndex.*;

import calvin.machine.hart.Engine;
import calvin.machine.hart.Hart;
import calvin.machine.hart.HartBus;
import calvin.machine.hosted.HostedVector;
import calvin.machine.isa.Decoder;
import calvin.machine.isa.Extension;
import calvin.machine.isa.Slot;
import calvin.machine.mem.HostMemory;
import calvin.sim.state.Derived;
import java.util.Arrays;
import java.util.Set;

/**
 * Executes decoded slots (see {@link Slot}) of one hart.
 *
 * <p>{@link #hot} is the loop: it runs from page to page, over taken branches and TLB hits, with everything in locals,
 * and leaves as soon as anything else is needed. It counts its budget of cycles down once per instruction, so it stops
 * at exactly the first boundary at which {@code cycle >= deadline}, wherever that is; a run cut in pieces computes the
 * same. What it leaves on (a TLB miss, a CSR, a fence, a trap) is done by {@link ColdOps} with the hart's fields up to
 * date, and the loop is entered anew, so that deadline, translations and code may all have changed.
 *
 * <p>Interrupts are sampled by whoever calls {@link #run}: making one deliverable lowers the deadline.
 *
 * <p>Cost: one load of a slot, two of registers and an indirect jump per instruction; no allocation but decoded pages.
 * Not modelled: cycles that differ between instructions (every instruction is one cycle here).
 */
public final class Interpreter implements Engine {
    /** Slot of a 32-bit instruction whose halves lie on two pages. */
    static final int CROSSING = LIMIT;
    /** Slot after the last halfword of a page. */
    static final int PAGE_END = LIMIT + 1;

    private static final int FETCH_ENTRIES = 256;
    private static final int PAGE_MASK = CodePage.HALFWORDS - 1;

    private final HartBus bus;
    private final Decoder decoder;
    private final CodeCache code;
    private final ColdOps cold;
    private final FpOps fp = new FpOps();

    /** Page base and fetch context of the pages in {@link #fetchPage}, direct mapped by page number. */
    @Derived(from = "page tables")
    private final long[] fetchTag = new long[FETCH_ENTRIES];
    @Derived(from = "page tables and memory")
    private final CodePage[] fetchPage = new CodePage[FETCH_ENTRIES];
    @Derived(from = "Hart.translationGeneration when the fetch entries were made")
    private long translationGeneration = -1;
    @Derived(from = "CodeCache.generation when the fetch entries were made")
    private long codeGeneration = -1;
    /** Holds nothing but the one instruction that crosses into the next page. */
    @Derived(from = "nothing: used within one step")
    private final CodePage crossing = new CodePage(-1);

    /** An engine for one hart; {@code code} is shared by the harts of a machine. */
    public Interpreter(HartBus bus, CodeCache code, Set<Extension> extensions) {
        this.bus = bus;
        this.code = code;
        this.decoder = new Decoder(extensions);
        this.cold = new ColdOps(bus, this);
        Arrays.fill(fetchTag, Hart.TLB_EMPTY);
    }

    @Override
    public void codeChanged(long pagePa) {
        code.codeChanged(pagePa);
    }

    @Override
    public void allCodeChanged() {
        code.allCodeChanged();
    }

    @Override
    public void run(Hart hart) {
        while (hart.cycle < hart.deadline && !HostedVector.contains(hart.pc)) {
            CodePage page = page(hart, hart.pc);
            if (page == null) {
                return;
            }
            int budget = (int) Math.min(hart.deadline - hart.cycle, Integer.MAX_VALUE);
            long slot = hot(hart, page, hart.pc & ~0xFFFL, (int) (hart.pc & 0xFFF) >>> 1, budget);
            if (slot != 0 && Slot.op(slot) == CROSSING) {
                slot = runCrossing(hart);
            }
            if (slot != 0) {
                cold.execute(hart, slot);
            }
            if (hart.trapCause >= 0 || hart.waiting) {
                return;
            }
        }
    }

    /** The decoded page of a virtual address, or null with a trap pending. */
    private CodePage page(Hart hart, long va) {
        if (translationGeneration != hart.translationGeneration || codeGeneration != code.generation) {
            Arrays.fill(fetchTag, Hart.TLB_EMPTY);
            translationGeneration = hart.translationGeneration;
            codeGeneration = code.generation;
        }
        int entry = (int) (va >>> 12) & FETCH_ENTRIES - 1;
        long tag = va & ~0xFFFL | hart.fetchContext;
        if (fetchTag[entry] != tag) {
            long pa = bus.fetchPa(hart, va);
            if (pa < 0) {
                return null;
            }
            fetchPage[entry] = code.page(pa & ~0xFFFL);
            fetchTag[entry] = tag;
        }
        return fetchPage[entry];
    }

    private long decode(CodePage page, int at) {
        long pa = page.pa + 2L * at;
        int low = bus.fetchHalf(pa);
        if (Decoder.isCompressed(low)) {
            return decoder.decode(low);
        }
        return at == PAGE_MASK ? CROSSING : decoder.decode(low | bus.fetchHalf(pa + 2) << 16);
    }

    /** Executes the instruction at pc that lies on two pages; returns its slot if it is a cold one. */
    private long runCrossing(Hart hart) {
        int word = instructionBits(hart);
        if (hart.trapCause >= 0) {
            return 0;
        }
        crossing.slots[PAGE_MASK] = decoder.decode(word);
        return hot(hart, crossing, hart.pc & ~0xFFFL, PAGE_MASK, 1);
    }

    /** The encoding of the instruction at pc, which was fetched before; a trap may be pending if it crosses pages. */
    int instructionBits(Hart hart) {
        int low = halfAt(hart, hart.pc);
        return Decoder.isCompressed(low) ? low : low | halfAt(hart, hart.pc + 2) << 16;
    }

    private int halfAt(Hart hart, long va) {
        CodePage page = page(hart, va);
        return page == null ? 0 : bus.fetchHalf(page.pa + (va & 0xFFF));
    }

    /**
     * Runs from halfword {@code at} of {@code page}, which is mapped at {@code pageVa}, for at most {@code budget}
     * instructions. On return pc, cycle and instret are up to date.
     *
     * @return the slot at pc if it needs {@link ColdOps}, otherwise 0
     */
    // @formatter:off
    private long hot(Hart hart, CodePage page, long pageVa, int at, int budget) {
        final long[] x = hart.x;
        final long[] f = hart.f;
        final long[] readTag = hart.tlbReadTag;
        final long[] writeTag = hart.tlbWriteTag;
        final long[] addend = hart.tlbAddend;
        final long context = hart.dataContext;
        long[] slots = page.slots;
        long base = pageVa;
        int i = at;
        int left = budget;
        boolean fpReadable = false;
        boolean fpDirty = false;
        long target;
        long s = 0;
        run: while (left > 0) {
            s = slots[i];
            int w = (int) s;
            long a = x[w >>> 16 & 63];
            long b = x[w >>> 22 & 63];
            jump: {
                branch: {
                    cold: switch (w & 0x3FF) {
                        case UNDECODED: {
                            slots[i] = decode(page, i);
                            continue run;
                        }
                        case LUI: x[w >>> 10 & 63] = s >> 32; break;
                        case AUIPC: x[w >>> 10 & 63] = base + 2L * i + (s >> 32); break;
                        case JAL: x[w >>> 10 & 63] = base + 2L * (i + (w >>> 28)); break branch;
                        case JALR: {
                            target = a + (s >> 32) & ~1L;
                            x[w >>> 10 & 63] = base + 2L * (i + (w >>> 28));
                            left--;
                            break jump;
                        }
                        case BEQ: if (a == b) { break branch; } break;
                        case BNE: if (a != b) { break branch; } break;
                        case BLT: if (a < b) { break branch; } break;
                        case BGE: if (a >= b) { break branch; } break;
                        case BLTU: if (a + Long.MIN_VALUE < b + Long.MIN_VALUE) { break branch; } break;
                        case BGEU: if (a + Long.MIN_VALUE >= b + Long.MIN_VALUE) { break branch; } break;
                        case LB: {
                            long va = a + (s >> 32);
                            int k = (int) (va >>> 12) & Hart.TLB_ENTRIES - 1;
                            if (readTag[k] != (va & ~0xFFFL | context)) { break run; }
                            x[w >>> 10 & 63] = HostMemory.i8(va + addend[k]);
                            break;
                        }
                        case LH: {
                            long va = a + (s >> 32);
                            int k = (int) (va >>> 12) & Hart.TLB_ENTRIES - 1;
                            if (readTag[k] != (va + 1 & ~0xFFFL | context)) { break run; }
                            x[w >>> 10 & 63] = HostMemory.i16(va + addend[k]);
                            break;
                        }
                        case LW: {
                            long va = a + (s >> 32);
                            int k = (int) (va >>> 12) & Hart.TLB_ENTRIES - 1;
                            if (readTag[k] != (va + 3 & ~0xFFFL | context)) { break run; }
                            x[w >>> 10 & 63] = HostMemory.i32(va + addend[k]);
                            break;
                        }
                        case LD: {
                            long va = a + (s >> 32);
                            int k = (int) (va >>> 12) & Hart.TLB_ENTRIES - 1;
                            if (readTag[k] != (va + 7 & ~0xFFFL | context)) { break run; }
                            x[w >>> 10 & 63] = HostMemory.i64(va + addend[k]);
                            break;
                        }
                        case LBU: {
                            long va = a + (s >> 32);
                            int k = (int) (va >>> 12) & Hart.TLB_ENTRIES - 1;
                            if (readTag[k] != (va & ~0xFFFL | context)) { break run; }
                            x[w >>> 10 & 63] = HostMemory.i8(va + addend[k]) & 0xFF;
                            break;
                        }
                        case LHU: {
                            long va = a + (s >> 32);
                            int k = (int) (va >>> 12) & Hart.TLB_ENTRIES - 1;
                            if (readTag[k] != (va + 1 & ~0xFFFL | context)) { break run; }
                            x[w >>> 10 & 63] = HostMemory.i16(va + addend[k]) & 0xFFFF;
                            break;
                        }
                        case LWU: {
                            long va = a + (s >> 32);
                            int k = (int) (va >>> 12) & Hart.TLB_ENTRIES - 1;
                            if (readTag[k] != (va + 3 & ~0xFFFL | context)) { break run; }
                            x[w >>> 10 & 63] = HostMemory.i32(va + addend[k]) & 0xFFFF_FFFFL;
                            break;
                        }
                        case SB: {
                            long va = a + (s >> 32);
                            int k = (int) (va >>> 12) & Hart.TLB_ENTRIES - 1;
                            if (writeTag[k] != (va & ~0xFFFL | context)) { break run; }
                            HostMemory.i8(va + addend[k], (byte) b);
                            break;
                        }
                        case SH: {
                            long va = a + (s >> 32);
                            int k = (int) (va >>> 12) & Hart.TLB_ENTRIES - 1;
                            if (writeTag[k] != (va + 1 & ~0xFFFL | context)) { break run; }
                            HostMemory.i16(va + addend[k], (short) b);
                            break;
                        }
                        case SW: {
                            long va = a + (s >> 32);
                            int k = (int) (va >>> 12) & Hart.TLB_ENTRIES - 1;
                            if (writeTag[k] != (va + 3 & ~0xFFFL | context)) { break run; }
                            HostMemory.i32(va + addend[k], (int) b);
                            break;
                        }
                        case SD: {
                            long va = a + (s >> 32);
                            int k = (int) (va >>> 12) & Hart.TLB_ENTRIES - 1;
                            if (writeTag[k] != (va + 7 & ~0xFFFL | context)) { break run; }
                            HostMemory.i64(va + addend[k], b);
                            break;
                        }
                        case ADDI: x[w >>> 10 & 63] = a + (s >> 32); break;
                        case SLTI: x[w >>> 10 & 63] = a < s >> 32 ? 1 : 0; break;
                        case SLTIU:
                            x[w >>> 10 & 63] = a + Long.MIN_VALUE < (s >> 32) + Long.MIN_VALUE ? 1 : 0;
                            break;
                        case XORI: x[w >>> 10 & 63] = a ^ s >> 32; break;
                        case ORI: x[w >>> 10 & 63] = a | s >> 32; break;
                        case ANDI: x[w >>> 10 & 63] = a & s >> 32; break;
                        case SLLI: x[w >>> 10 & 63] = a << (s >> 32); break;
                        case SRLI: x[w >>> 10 & 63] = a >>> (s >> 32); break;
                        case SRAI: x[w >>> 10 & 63] = a >> (s >> 32); break;
                        case ADD: x[w >>> 10 & 63] = a + b; break;
                        case SUB: x[w >>> 10 & 63] = a - b; break;
                        case SLL: x[w >>> 10 & 63] = a << b; break;
                        case SLT: x[w >>> 10 & 63] = a < b ? 1 : 0; break;
                        case SLTU: x[w >>> 10 & 63] = a + Long.MIN_VALUE < b + Long.MIN_VALUE ? 1 : 0; break;
                        case XOR: x[w >>> 10 & 63] = a ^ b; break;
                        case SRL: x[w >>> 10 & 63] = a >>> b; break;
                        case SRA: x[w >>> 10 & 63] = a >> b; break;
                        case OR: x[w >>> 10 & 63] = a | b; break;
                        case AND: x[w >>> 10 & 63] = a & b; break;
                        case ADDIW: x[w >>> 10 & 63] = (int) a + (int) (s >> 32); break;
                        case SLLIW: x[w >>> 10 & 63] = (int) a << (int) (s >> 32); break;
                        case SRLIW: x[w >>> 10 & 63] = (int) a >>> (int) (s >> 32); break;
                        case SRAIW: x[w >>> 10 & 63] = (int) a >> (int) (s >> 32); break;
                        case ADDW: x[w >>> 10 & 63] = (int) a + (int) b; break;
                        case SUBW: x[w >>> 10 & 63] = (int) a - (int) b; break;
                        case SLLW: x[w >>> 10 & 63] = (int) a << (int) b; break;
                        case SRLW: x[w >>> 10 & 63] = (int) a >>> (int) b; break;
                        case SRAW: x[w >>> 10 & 63] = (int) a >> (int) b; break;
                        case MUL: x[w >>> 10 & 63] = a * b; break;
                        case MULW: x[w >>> 10 & 63] = (int) (a * b); break;
                        case FENCE: case FENCE_TSO: case FENCE_I: case PAUSE: break; // harts take turns; watched code
                        case FLD: {
                            long va = a + (s >> 32);
                            int k = (int) (va >>> 12) & Hart.TLB_ENTRIES - 1;
                            if (readTag[k] != (va + 7 & ~0xFFFL | context) 
                                    || !fpDirty && !bus.floatingPoint(hart, true)) {
                                break run;
                            }
                            fpDirty = true;
                            f[w >>> 10 & 31] = HostMemory.i64(va + addend[k]);
                            break;
                        }
                        case FLW: {
                            long va = a + (s >> 32);
                            int k = (int) (va >>> 12) & Hart.TLB_ENTRIES - 1;
                            if (readTag[k] != (va + 3 & ~0xFFFL | context) 
                                    || !fpDirty && !bus.floatingPoint(hart, true)) {
                                break run;
                            }
                            fpDirty = true;
                            f[w >>> 10 & 31] = HostMemory.i32(va + addend[k]) | FpOps.BOX;
                            break;
                        }
                        case FSD: {
                            long va = a + (s >> 32);
                            int k = (int) (va >>> 12) & Hart.TLB_ENTRIES - 1;
                            if (writeTag[k] != (va + 7 & ~0xFFFL | context) 
                                    || !fpReadable && !bus.floatingPoint(hart, false)) {
                                break run;
                            }
                            fpReadable = true;
                            HostMemory.i64(va + addend[k], f[w >>> 22 & 31]);
                            break;
                        }
                        case FSW: {
                            long va = a + (s >> 32);
                            int k = (int) (va >>> 12) & Hart.TLB_ENTRIES - 1;
                            if (writeTag[k] != (va + 3 & ~0xFFFL | context) 
                                    || !fpReadable && !bus.floatingPoint(hart, false)) {
                                break run;
                            }
                            fpReadable = true;
                            HostMemory.i32(va + addend[k], (int) f[w >>> 22 & 31]);
                            break;
                        }
                        case PAGE_END: {
                            target = base + 0x1000;
                            break jump;
                        }
                        default: {
                            int op = w & 0x3FF;
                            if (RareAlu.knows(op)) {
                                x[w >>> 10 & 63] = RareAlu.evaluate(op, a, b, (int) (s >> 32));
                            } else if (!FpOps.knows(op) || !fpDirty && !bus.floatingPoint(hart, FpOps.dirties(op))
                                    || !fp.execute(hart, s)) {
                                break run;
                            } else {
                                fpDirty |= FpOps.dirties(op);
                            }
                        }
                    }
                    i += w >>> 28;
                    left--;
                    continue run;
                }
                // a taken branch or JAL; halfword numbers outside 0..2047 are on other pages
                i += (int) (s >> 33);
                left--;
                if ((i & ~PAGE_MASK) == 0) {
                    continue run;
                }
                target = base + 2L * i;
            }
            // to an address that may be on another page
            i = (int) target >>> 1 & PAGE_MASK;
            long targetBase = target & ~0xFFFL;
            if (targetBase != base) {
                int entry = (int) (target >>> 12) & FETCH_ENTRIES - 1;
                base = targetBase;
                if (fetchTag[entry] != (targetBase | hart.fetchContext)) {
                    s = 0;
                    break run;
                }
                page = fetchPage[entry];
                slots = page.slots;
            }
            s = 0;
        }
        hart.pc = base + 2L * i;
        int done = budget - left;
        hart.cycle += done;
        hart.instret += done;
        return left > 0 ? s : 0;
    }    // @formatter:on
}
