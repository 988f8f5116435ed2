package calvin.machine.jit;

import static calvin.machine.isa.OpIndex.*;

import calvin.machine.isa.Decoder;
import calvin.machine.isa.Op;
import calvin.machine.isa.Slot;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.SortedSet;
import java.util.TreeMap;
import java.util.TreeSet;

/**
 * Finds the blocks that are reachable from an entry on one page: along branches and jumps first, then into the
 * functions that are called, then from other warm places, until there are as many instructions as a region may have.
 */
final class BlockFinder {
    private final Decoder decoder;
    private final PageImage page;
    private final int most;
    private final Deque<Integer> near = new ArrayDeque<>();
    private final Deque<Integer> calls = new ArrayDeque<>();
    private final TreeMap<Integer, Long> found = new TreeMap<>();
    private final SortedSet<Integer> leaders = new TreeSet<>();
    private final SortedSet<Integer> entries = new TreeSet<>();

    private BlockFinder(Decoder decoder, PageImage page, int most) {
        this.decoder = decoder;
        this.page = page;
        this.most = most;
    }

    /**
     * The region of at most some {@code most} instructions with this entry; without blocks if there is none.
     *
     * @param warm byte offsets of places on the page that are known to be executed often
     */
    static RegionShape find(Decoder decoder, PageImage page, int entry, List<Integer> warm, int most) {
        return new BlockFinder(decoder, page, most).find(entry, warm);
    }

    private RegionShape find(int entry, List<Integer> warm) {
        enter(entry, near);
        explore();
        // What indirect jumps lead to: cases of a switch, functions called through pointers.
        warm.forEach(place -> enter(place, calls));
        explore();
        List<Block> blocks = new ArrayList<>();
        for (int at : leaders) {
            if (found.containsKey(at)) {
                blocks.add(block(at));
            }
        }
        entries.removeIf(at -> !found.containsKey(at));
        return new RegionShape(blocks, entries);
    }

    private void explore() {
        while (found.size() < most && !(near.isEmpty() && calls.isEmpty())) {
            follow(near.isEmpty() ? calls.pop() : near.pop());
        }
    }

    private void lead(int at, Deque<Integer> queue) {
        if (at >= 0 && at < PageImage.BYTES && leaders.add(at)) {
            queue.add(at);
        }
    }

    private void enter(int at, Deque<Integer> queue) {
        lead(at, queue);
        if (at >= 0 && at < PageImage.BYTES) {
            entries.add(at);
        }
    }

    /** Decodes from a leader to the end of its block, or to where something is known already. */
    private void follow(int leader) {
        int at = leader;
        while (at < PageImage.BYTES && !found.containsKey(at) && found.size() < most) {
            long slot = page.decode(decoder, at);
            if (!Translatable.is(slot)) {
                resume(slot, at);
                return;
            }
            found.put(at, slot);
            int next = at + 2 * Slot.halfwords(slot);
            if (jumps(slot)) {
                branch(slot, at, next);
                return;
            }
            at = next;
        }
        // The walk has run into another leader's instructions, which then begin a block.
        if (at < PageImage.BYTES) {
            leaders.add(at);
        }
    }

    /** Where the region goes on when the interpreter has executed what it cannot. */
    private void resume(long slot, int at) {
        boolean goesOn = slot != UNDECODED && Slot.op(slot) != ILLEGAL && switch (Slot.op(slot)) {
            case SRET, MRET, ECALL, EBREAK, WFI -> false;
            default -> true;
        };
        if (goesOn) {
            enter(at + 2 * Slot.halfwords(slot), near);
        }
    }

    private void branch(long slot, int at, int next) {
        int op = Slot.op(slot);
        boolean linked = (op == JAL || op == JALR) && Slot.rd(slot) != Slot.SINK;
        if (op != JALR) {
            int target = at + Slot.immediate(slot);
            if (linked) {
                enter(target, calls);
            } else if (target <= at) {
                enter(target, near);
            } else {
                lead(target, near);
            }
        }
        if (linked) {
            enter(next, near);
        } else if (op != JAL && op != JALR) {
            lead(next, near);
        }
    }

    private Block block(int leader) {
        List<Long> slots = new ArrayList<>();
        int at = leader;
        while (found.containsKey(at) && (at == leader || !leaders.contains(at))) {
            long slot = found.get(at);
            slots.add(slot);
            at += 2 * Slot.halfwords(slot);
            if (jumps(slot)) {
                return new Block(leader, slots, at, false);
            }
        }
        boolean leaves = at < PageImage.BYTES && !Translatable.is(page.decode(decoder, at));
        return new Block(leader, slots, at, leaves);
    }

    static boolean jumps(long slot) {
        Op.Kind kind = Op.at(Slot.op(slot) - 1).kind;
        return kind == Op.Kind.BRANCH || kind == Op.Kind.JUMP;
    }
}
