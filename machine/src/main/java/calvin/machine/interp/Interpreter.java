package calvin.machine.interp;

import static calvin.machine.isa.OpIndex.*;

import calvin.machine.hart.Engine;
import calvin.machine.hart.Hart;
import calvin.machine.hart.HartBus;
import calvin.machine.hosted.HostedVector;
import calvin.machine.isa.Decoder;
import calvin.machine.isa.Extension;
import calvin.machine.isa.Op;
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
 * <p>Cost: one load of a slot, two of registers, an indirect jump; no allocation but decoded pages. One cycle each.
 */
public final class Interpreter implements Engine {
    /** Slot of a 32-bit instruction whose halves lie on two pages. */
    static final int CROSSING = LIMIT;
    /** Slot after the last halfword of a page. */
    static final int PAGE_END = LIMIT + 1;
    /** Slot in place of an instruction at which a debugger may stop; what it hides is decoded when it is passed. */
    static final int STOP = LIMIT + 2;
    /** Slot where a translated region may be entered. */
    static final int REGION = LIMIT + 3;

    /** What is known of mstatus.FS: nothing, on, on and dirty. */
    private static final int FP_UNKNOWN = 0;
    private static final int FP_ON = 1;
    private static final int FP_DIRTY = 2;

    private static final int FETCH_ENTRIES = 256;
    private static final int PAGE_MASK = CodePage.HALFWORDS - 1;
    private final HartBus bus;
    private final Decoder decoder;
    private final CodeCache code;
    private final ColdOps cold;
    private final FpOps fp = new FpOps();
    /** Null where nothing is translated. */
    private final Sampler sampler;
    private final Promoter promoter;
    private final RegionRunner regions;

    /** Page base and fetch context of the pages in {@link #fetchPage}, direct mapped by page number. */
    @Derived(from = "page tables")
    private final long[] fetchTag = new long[FETCH_ENTRIES];
    @Derived(from = "page tables and memory")
    private final CodePage[] fetchPage = new CodePage[FETCH_ENTRIES];
    @Derived(from = "Hart.translationGeneration when the fetch entries were made")
    private long translationGeneration = -1;
    @Derived(from = "CodeCache.generation when the fetch entries were made")
    private long codeGeneration = -1;
    @Derived(from = "mstatus.FS, within one run")
    private int fpState;
    /** Holds nothing but the one instruction that crosses pages, or that a region's entry or a stop hides. */
    @Derived(from = "nothing: used within one step")
    private final CodePage crossing = new CodePage(-1);

    /** An engine for one hart; {@code code} is shared by the harts of a machine. */
    public Interpreter(HartBus bus, CodeCache code, Set<Extension> extensions) {
        this(bus, code, new Decoder(extensions), null);
    }

    /** As above; the decoder, which is large and immutable, may be shared by any number of machines. */
    public Interpreter(HartBus bus, CodeCache code, Decoder decoder) {
        this(bus, code, decoder, null);
    }

    /** As above, and enters the regions that {@code promoter}, shared by the machine's harts, links to pages. */
    public Interpreter(HartBus bus, CodeCache code, Decoder decoder, Promoter promoter) {
        this.promoter = promoter;
        this.sampler = promoter == null ? null : new Sampler(promoter);
        this.regions = promoter == null ? null : new RegionRunner(this, promoter, fp);
        this.bus = bus;
        this.code = code;
        this.decoder = decoder;
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
    public void stopsChanged() {
        code.stopsChanged();
    }

    @Override
    public void run(Hart hart) {
        fpState = FP_UNKNOWN;
        while (hart.cycle < hart.deadline && !HostedVector.contains(hart.pc)) {
            CodePage page = page(hart, hart.pc);
            if (page == null) {
                return;
            }
            int at = (int) (hart.pc & 0xFFF) >>> 1;
            if (page.slots[at] == UNDECODED) {
                decodeBlock(page, at);
            }
            long most = sampler == null ? Integer.MAX_VALUE : sampler.limit();
            int budget = (int) Math.min(hart.deadline - hart.cycle, most);
            long pc = hart.pc;
            long retired = hart.instret;
            long slot = hot(hart, page.slots, pc & ~0xFFFL, at, budget, fpState);
            if (sampler != null) {
                sampled(hart, pc, hart.instret - retired);
            }
            if (slot != 0 && Slot.op(slot) == REGION) {
                // A page asked about for every instruction (divided by PMP, or with triggers) is not known again.
                slot = known(hart, hart.pc) != null
                        ? regions.run(hart, fpState, codeGeneration + promoter.links())
                        : runHidden(hart, page);
            }
            if (slot != 0 && Slot.op(slot) == STOP) {
                if (bus.stops().at(hart)) {
                    return;
                }
                slot = runOne(hart, decode(page(hart, hart.pc), (int) (hart.pc & 0xFFF) >>> 1));
            }
            if (slot != 0 && Slot.op(slot) == CROSSING) {
                slot = runCrossing(hart);
            }
            if (slot != 0) {
                execute(hart, slot);
            }
            if (hart.trapCause >= 0 || hart.waiting) {
                return;
            }
        }
    }

    private void sampled(Hart hart, long pc, long instructions) {
        if (sampler.bursting() && instructions > 0) {
            CodePage page = known(hart, hart.pc);
            if (page != null && !page.hasStops()) {
                CodePage from = known(hart, pc);
                boolean indirect = from != null && Slot.op(from.slots[(int) (pc & 0xFFF) >>> 1]) == JALR;
                sampler.stepped(hart, pc, indirect, page);
            }
        }
        sampler.ran(instructions);
    }

    /** The decoded page of a virtual address if it is at hand. */
    CodePage known(Hart hart, long va) {
        int entry = (int) (va >>> 12) & FETCH_ENTRIES - 1;
        boolean current = translationGeneration == hart.translationGeneration && codeGeneration == code.generation;
        return current && fetchTag[entry] == (va & ~0xFFFL | hart.fetchContext) ? fetchPage[entry] : null;
    }

    /** Executes the instruction at pc if a region's entry hides it; returns its slot if it is not for the hot loop. */
    long runHidden(Hart hart, CodePage page) {
        int at = (int) (hart.pc & 0xFFF) >>> 1;
        if (page == null || !page.linked(at)) {
            return 0;
        }
        long slot = page.link(page.slots[at]).hidden();
        return runOne(hart, slot == UNDECODED ? decode(page, at) : slot);
    }

    /** An instruction that is not for the hot loop, and those that follow it on its page while they compute only. */
    private void execute(Hart hart, long first) {
        long pageVa = hart.pc & ~0xFFFL;
        long slot = first;
        while (compute(hart, slot)) {
            hart.pc += 2L * Slot.halfwords(slot);
            hart.cycle++;
            hart.instret++;
            if (hart.cycle >= hart.deadline || (hart.pc & ~0xFFFL) != pageVa) {
                return;
            }
            // Not the page that the hot loop was entered on: it may have gone on to others.
            CodePage page = page(hart, hart.pc);
            if (page == null) {
                return;
            }
            slot = page.slots[(int) (hart.pc & 0xFFF) >>> 1];
            if (!RareAlu.knows(Slot.op(slot)) && !FpOps.knows(Slot.op(slot))) {
                return;
            }
        }
        cold.execute(hart, slot);
        int op = Slot.op(slot);
        if (op >= ILLEGAL || Op.at(op - 1).kind.endsBlock()) {
            fpState = FP_UNKNOWN; // it may have switched floating point off
        }
    }

    /** Executes the instruction if it only computes from registers to registers. */
    private boolean compute(Hart hart, long slot) {
        int op = Slot.op(slot);
        if (RareAlu.knows(op)) {
            hart.x[Slot.rd(slot)] = RareAlu.evaluate(op, hart.x[Slot.rs1(slot)], hart.x[Slot.rs2(slot)],
                    Slot.immediate(slot));
            return true;
        }
        return FpOps.knows(op) && floatingPoint(hart, FpOps.dirties(op)) && fp.execute(hart, slot);
    }

    /** Whether floating point is on; remembered until an instruction that may switch it off. */
    boolean floatingPoint(Hart hart, boolean dirties) {
        int wanted = dirties ? FP_DIRTY : FP_ON;
        if (fpState < wanted && bus.floatingPoint(hart, dirties)) {
            fpState = wanted;
        }
        return fpState >= wanted;
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
            fetchPage[entry] = code.page(pa & ~0xFFFL, va & ~0xFFFL, bus.stops());
            fetchTag[entry] = tag;
        }
        return fetchPage[entry];
    }

    /** Decodes from a halfword up to the end of its block, or of the page, or to what is decoded already. */
    private void decodeBlock(CodePage page, int at) {
        int i = at;
        while (i <= PAGE_MASK && page.slots[i] == UNDECODED) {
            long slot = decode(page, i);
            page.slots[i] = slot;
            int op = Slot.op(slot);
            if (op >= ILLEGAL || Op.at(op - 1).kind.endsBlock()) {
                return;
            }
            i += Slot.halfwords(slot);
        }
    }

    private long decode(CodePage page, int at) {
        long pa = page.pa + 2L * at;
        int low = bus.fetchHalf(pa);
        if (Decoder.isCompressed(low)) {
            return decoder.decode(low);
        }
        return at == PAGE_MASK ? CROSSING : decoder.decode(low | bus.fetchHalf(pa + 2) << 16);
    }

    private long runOne(Hart hart, long slot) {
        int at = (int) (hart.pc & 0xFFF) >>> 1;
        crossing.slots[at] = slot;
        long left = hot(hart, crossing.slots, hart.pc & ~0xFFFL, at, 1, fpState);
        crossing.slots[at] = UNDECODED;
        return left;
    }

    /** Executes the instruction at pc that lies on two pages; returns its slot if it is a cold one. */
    private long runCrossing(Hart hart) {
        int word = instructionBits(hart);
        if (hart.trapCause >= 0) {
            return 0;
        }
        crossing.slots[PAGE_MASK] = decoder.decode(word);
        return hot(hart, crossing.slots, hart.pc & ~0xFFFL, PAGE_MASK, 1, fpState);
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
     * Runs decoded code from halfword {@code at} of the page that is mapped at {@code pageVa}, for at most {@code
     * budget} instructions. On return pc, cycle and instret are up to date.
     *
     * <p>There is no call in the loop, and its result, address and link computations are each in one place: C2 computes
     * what several cases of a switch share before it, in every iteration, and keeps what lives across a call in memory.
     *
     * @return the slot at pc if it is not for this loop, otherwise 0
     */
    // @formatter:off
    private long hot(Hart hart, long[] code, long pageVa, int at, int budget, int fpState) {
        final long[] x = hart.x;
        final long[] f = hart.f;
        final long[] readTag = hart.tlbReadTag;
        final long[] writeTag = hart.tlbWriteTag;
        final long[] addend = hart.tlbAddend;
        final long context = hart.dataContext;
        long[] slots = code;
        long base = pageVa;
        int i = at;
        int left = budget;
        long target;
        long result;
        long s = 0;
        run: while (left > 0) {
            s = slots[i];
            int w = (int) s;
            long a = x[w >>> 16 & 63];
            long b = x[w >>> 22 & 63];
            long imm = s >> 32;
            next: {
                write: {
                    jump: {
                        branch: {
                            link: {
                                memory: {
                                    switch (w & 0x3FF) {
                                        case LB: case LH: case LW: case LD: case LBU: case LHU: case LWU: break memory;
                                        case SB: case SH: case SW: case SD: break memory;
                                        case FLW: case FLD: case FSW: case FSD: break memory;
                                        case JAL: case JALR: break link;
                                        case BEQ: if (a == b) { break branch; } break next;
                                        case BNE: if (a != b) { break branch; } break next;
                                        case BLT: if (a < b) { break branch; } break next;
                                        case BGE: if (a >= b) { break branch; } break next;
                                        case BLTU: if (Long.compareUnsigned(a, b) < 0) { break branch; } break next;
                                        case BGEU: if (Long.compareUnsigned(a, b) >= 0) { break branch; } break next;
                                        case LUI: result = imm; break write;
                                        case AUIPC: result = base + 2L * i + imm; break write;
                                        case ADDI: result = a + imm; break write;
                                        case SLTI: result = a < imm ? 1 : 0; break write;
                                        case SLTIU: result = Long.compareUnsigned(a, imm) < 0 ? 1 : 0; break write;
                                        case XORI: result = a ^ imm; break write;
                                        case ORI: result = a | imm; break write;
                                        case ANDI: result = a & imm; break write;
                                        case SLLI: result = a << imm; break write;
                                        case SRLI: result = a >>> imm; break write;
                                        case SRAI: result = a >> imm; break write;
                                        case ADD: result = a + b; break write;
                                        case SUB: result = a - b; break write;
                                        case SLL: result = a << b; break write;
                                        case SLT: result = a < b ? 1 : 0; break write;
                                        case SLTU: result = Long.compareUnsigned(a, b) < 0 ? 1 : 0; break write;
                                        case XOR: result = a ^ b; break write;
                                        case SRL: result = a >>> b; break write;
                                        case SRA: result = a >> b; break write;
                                        case OR: result = a | b; break write;
                                        case AND: result = a & b; break write;
                                        case ADDIW: result = (int) a + (int) imm; break write;
                                        case SLLIW: result = (int) a << (int) imm; break write;
                                        case SRLIW: result = (int) a >>> (int) imm; break write;
                                        case SRAIW: result = (int) a >> (int) imm; break write;
                                        case ADDW: result = (int) a + (int) b; break write;
                                        case SUBW: result = (int) a - (int) b; break write;
                                        case SLLW: result = (int) a << (int) b; break write;
                                        case SRLW: result = (int) a >>> (int) b; break write;
                                        case SRAW: result = (int) a >> (int) b; break write;
                                        case MUL: result = a * b; break write;
                                        case MULW: result = (int) a * (int) b; break write;
                                        case FENCE: case FENCE_TSO: case FENCE_I:
                                            break next; // harts take turns, and code is watched
                                        case PAGE_END: target = base + 0x1000; break jump;
                                        default: break run;
                                    }
                                }
                                // Memory. A tag matches only an access that does not cross the page.
                                long va = a + imm;
                                int k = (int) (va >>> 12) & Hart.TLB_ENTRIES - 1;
                                long tag = va + (1L << (w >>> 30)) - 1 & ~0xFFFL | context;
                                int op = w & 0x3FF;
                                if (op >= SB && op <= SD || op == FSW || op == FSD) {
                                    if (writeTag[k] != tag) {
                                        break run;
                                    }
                                    long host = va + addend[k];
                                    switch (op) {
                                        case SB: HostMemory.i8(host, (byte) b); break next;
                                        case SH: HostMemory.i16(host, (short) b); break next;
                                        case SW: HostMemory.i32(host, (int) b); break next;
                                        case SD: HostMemory.i64(host, b); break next;
                                        default: {
                                            if (fpState < FP_ON) {
                                                break run;
                                            }
                                            HostMemory.store(host, w >>> 30, f[w >>> 22 & 31]);
                                            break next;
                                        }
                                    }
                                }
                                if (readTag[k] != tag) {
                                    break run;
                                }
                                long host = va + addend[k];
                                switch (op) {
                                    case LB: result = HostMemory.i8(host); break write;
                                    case LH: result = HostMemory.i16(host); break write;
                                    case LW: result = HostMemory.i32(host); break write;
                                    case LD: result = HostMemory.i64(host); break write;
                                    case LBU: result = HostMemory.i8(host) & 0xFF; break write;
                                    case LHU: result = HostMemory.i16(host) & 0xFFFF; break write;
                                    case LWU: result = HostMemory.i32(host) & 0xFFFF_FFFFL; break write;
                                    default: {
                                        if (fpState < FP_DIRTY) {
                                            break run;
                                        }
                                        long bits = HostMemory.load(host, w >>> 30);
                                        f[w >>> 10 & 31] = op == FLD ? bits : bits | FpOps.BOX;
                                        break next;
                                    }
                                }
                            }
                            // JAL and JALR
                            x[w >>> 10 & 63] = base + 2L * (i + (w >>> 28 & 3));
                            if ((w & 0x3FF) == JALR) {
                                target = a + imm & ~1L;
                                left--;
                                break jump;
                            }
                        }
                        // A taken branch or JAL; halfword numbers outside 0..2047 are on other pages.
                        i += (int) (s >> 33);
                        left--;
                        if ((i & ~PAGE_MASK) == 0) {
                            continue run;
                        }
                        target = base + 2L * i;
                    }
                    // To an address that may be on another page.
                    i = (int) target >>> 1 & PAGE_MASK;
                    long targetBase = target & ~0xFFFL;
                    s = 0;
                    if (targetBase != base) {
                        int entry = (int) (target >>> 12) & FETCH_ENTRIES - 1;
                        base = targetBase;
                        if (fetchTag[entry] != (targetBase | hart.fetchContext)) {
                            break run;
                        }
                        slots = fetchPage[entry].slots;
                    }
                    continue run;
                }
                x[w >>> 10 & 63] = result;
            }
            i += w >>> 28 & 3;
            left--;
        }
        hart.pc = base + 2L * i;
        int done = budget - left;
        hart.cycle += done;
        hart.instret += done;
        return left > 0 ? s : 0;
    }    // @formatter:on
}
