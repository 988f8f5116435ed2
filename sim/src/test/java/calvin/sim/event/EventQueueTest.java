package calvin.sim.event;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import calvin.sim.check.BugException;
import calvin.sim.seed.Seed;
import calvin.sim.state.StateHash;
import calvin.sim.state.StateReader;
import calvin.sim.state.StateWriter;
import calvin.sim.state.Stateful;
import calvin.sim.time.SimTime;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.TreeSet;
import org.junit.jupiter.api.Test;

class EventQueueTest {
    private record Key(long timePs, int rank, int source, long sequence) {
        static final Comparator<Key> ORDER = Comparator.comparingLong(Key::timePs).thenComparingInt(Key::rank)
                .thenComparingInt(Key::source).thenComparingLong(Key::sequence);
    }

    /** Pushes an event that carries its own key in its arguments. */
    private static void push(EventQueue queue, Key key) {
        queue.push(key.timePs, key.rank, key.source, key.sequence, key.rank, key.source, key.sequence, key.timePs,
                key.sequence % 3 == 0 ? new byte[]{(byte) key.sequence} : null);
    }

    private static Key take(EventQueue queue) {
        queue.take();
        if (queue.a() % 3 == 0) {
            assertArrayEquals(new byte[]{(byte) queue.a()}, queue.payload());
        } else {
            assertNull(queue.payload());
        }
        assertEquals(queue.b(), queue.nowPs());
        return new Key(queue.nowPs(), queue.target(), queue.kind(), queue.a());
    }

    private static String hash(EventQueue queue) {
        return StateHash.of(new Stateful() {
            @Override
            public String stateName() {
                return "queue";
            }

            @Override
            public void save(StateWriter out) {
                queue.save(out);
            }

            @Override
            public void load(StateReader in) {
                throw new UnsupportedOperationException();
            }
        });
    }

    @Test
    void timeThenRankThenSourceThenSequenceDecide() {
        List<Key> sorted = new ArrayList<>();
        for (long time = 1; time < 3; time++) {
            for (int rank = 0; rank < 3; rank++) {
                for (int source = 0; source < 3; source++) {
                    for (long sequence = 0; sequence < 3; sequence++) {
                        sorted.add(new Key(time, rank, source, sequence));
                    }
                }
            }
        }
        EventQueue queue = new EventQueue();
        for (int i = 0; i < sorted.size(); i++) {
            // 41 is coprime to 54: every key comes once, far from sorted.
            push(queue, sorted.get(i * 41 % sorted.size()));
        }
        List<Key> taken = new ArrayList<>();
        while (queue.size() > 0) {
            taken.add(take(queue));
        }
        assertEquals(sorted, taken);
        assertEquals(SimTime.NEVER, queue.nextTimePs());
    }

    /** Random pushes, takes and cancels against a sorted set, over sizes that make the arrays grow. */
    @Test
    void agreesWithASortedSet() {
        for (long run = 0; run < 60; run++) {
            Seed seed = new Seed(run);
            long draws = 0;
            EventQueue queue = new EventQueue();
            TreeSet<Key> reference = new TreeSet<>(Key.ORDER);
            long sequence = 0;
            for (int step = 0; step < 2000; step++) {
                long choice = seed.drawBelow(draws++, 100);
                // The bias changes so that the queue fills and empties.
                if (choice < (step / 400 % 2 == 0 ? 65 : 35)) {
                    Key key = new Key(queue.nowPs() + seed.drawBelow(draws++, 20), (int) seed.drawBelow(draws++, 3),
                            (int) seed.drawBelow(draws++, 4), sequence++);
                    push(queue, key);
                    reference.add(key);
                } else if (choice < 95) {
                    if (!reference.isEmpty()) {
                        assertEquals(reference.pollFirst(), take(queue), "seed " + run + " step " + step);
                    }
                } else if (!reference.isEmpty()) {
                    List<Key> pending = new ArrayList<>(reference);
                    Key victim = pending.get((int) seed.drawBelow(draws++, pending.size()));
                    assertTrue(queue.cancel(victim.rank, victim.source, victim.sequence));
                    reference.remove(victim);
                }
                assertEquals(reference.size(), queue.size());
                long next = reference.isEmpty() ? SimTime.NEVER : reference.first().timePs;
                assertEquals(next, queue.nextTimePs(), "seed " + run + " step " + step);
            }
        }
    }

    @Test
    void equalKeysAreABugWhereverTheyLieInTheHeap() {
        for (int pending = 1; pending < 40; pending++) {
            for (int twin = 0; twin < pending; twin++) {
                EventQueue queue = new EventQueue();
                for (int i = 0; i < pending; i++) {
                    push(queue, new Key(100 + i * 7 % 5, 0, 0, i));
                }
                Key key = new Key(100 + twin * 7 % 5, 0, 0, twin);
                // At the push, or at the latest when one of the twins comes to the top.
                assertThrows(BugException.class, () -> {
                    push(queue, key);
                    while (queue.size() > 0) {
                        take(queue);
                    }
                }, "twin " + twin + " of " + pending);
            }
        }
    }

    @Test
    void anEventBeforeNowIsABug() {
        EventQueue queue = new EventQueue();
        push(queue, new Key(10, 0, 0, 0));
        take(queue);
        assertThrows(BugException.class, () -> push(queue, new Key(9, 0, 0, 1)));
        assertThrows(BugException.class, () -> push(queue, new Key(SimTime.NEVER, 0, 0, 1)));
        assertThrows(BugException.class, queue::take);
        push(queue, new Key(10, 0, 0, 1));
        assertEquals(10, queue.nextTimePs());
    }

    @Test
    void cancelTakesOutOnlyItsEvent() {
        EventQueue queue = new EventQueue();
        for (int i = 0; i < 10; i++) {
            push(queue, new Key(i, 1, 2, i));
        }
        assertFalse(queue.cancel(0, 2, 4));
        assertFalse(queue.cancel(1, 1, 4));
        assertFalse(queue.cancel(1, 2, 10));
        assertTrue(queue.cancel(1, 2, 4));
        assertFalse(queue.cancel(1, 2, 4));
        assertEquals(9, queue.size());
        List<Long> times = new ArrayList<>();
        while (queue.size() > 0) {
            times.add(take(queue).timePs);
        }
        assertEquals(List.of(0L, 1L, 2L, 3L, 5L, 6L, 7L, 8L, 9L), times);
    }

    @Test
    void equalQueuesHaveEqualBytesWhateverTheirHistory() {
        EventQueue first = new EventQueue();
        EventQueue second = new EventQueue();
        for (int i = 0; i < 50; i++) {
            push(first, new Key(1000 + i, 1, 0, i));
            push(second, new Key(1049 - i, 1, 0, 49 - i));
        }
        push(second, new Key(2000, 1, 0, 99));
        assertFalse(hash(first).equals(hash(second)));
        second.cancel(1, 0, 99);
        assertEquals(hash(first), hash(second));
    }

    @Test
    void cancellingASourceLeavesTheOthersInTheirOrder() {
        Seed seed = new Seed(9);
        EventQueue queue = new EventQueue();
        TreeSet<Key> kept = new TreeSet<>(Key.ORDER);
        for (int i = 0; i < 200; i++) {
            Key key = new Key(seed.drawBelow(2 * i, 50), 1, (int) seed.drawBelow(2 * i + 1, 4), i);
            push(queue, key);
            if (key.source != 2) {
                kept.add(key);
            }
        }
        queue.cancelAll(1, 2);
        assertEquals(kept.size(), queue.size());
        for (Key key : kept) {
            assertEquals(key, take(queue));
        }
        queue.cancelAll(1, 2);
        assertEquals(0, queue.size());
    }
}
