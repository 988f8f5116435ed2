package calvin.sim.seed;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.HashSet;
import java.util.Set;
import org.junit.jupiter.api.Test;

class SeedTest {
    @Test
    void drawsAreTheStreamOfSplitMix64() {
        // The first outputs of SplitMix64 from state 1234567, as published with the reference code.
        Seed seed = new Seed(1234567);
        String[] published = {"6457827717110365317", "3203168211198807973", "9817491932198370423",
            "4593380528125082431",
            "16408922859458223821"};
        for (int i = 0; i < published.length; i++) {
            assertEquals(Long.parseUnsignedLong(published[i]), seed.draw(i));
        }
    }

    @Test
    void aChildDependsOnItsWholePathAndItsParent() {
        Seed root = new Seed(1);
        assertEquals(root.child("link/3/loss"), root.child("link/3/loss"));
        Set<Seed> all = new HashSet<>();
        for (String path : new String[]{"", "a", "b", "ab", "ba", "a/b", "link/3/loss", "link/3/lost"}) {
            assertTrue(all.add(root.child(path)), path);
        }
        for (int i = -2; i < 1000; i++) {
            assertTrue(all.add(root.child(i)), "index " + i);
        }
        assertNotEquals(root.child("a"), new Seed(2).child("a"));
    }

    @Test
    void boundedDrawsAreEven() {
        Seed seed = new Seed(99).child("test");
        int[] count = new int[10];
        for (int i = 0; i < 100_000; i++) {
            count[(int) seed.drawBelow(i, 10)]++;
        }
        for (int c : count) {
            // Five standard deviations of a binomial with p = 0.1 are 475.
            assertTrue(Math.abs(c - 10_000) < 475, "a count of " + c);
        }
        for (int i = 0; i < 100; i++) {
            assertEquals(0, seed.drawBelow(i, 1));
        }
    }
}
