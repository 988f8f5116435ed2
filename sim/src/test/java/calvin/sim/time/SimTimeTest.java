package calvin.sim.time;

import static org.junit.jupiter.api.Assertions.assertEquals;

import org.junit.jupiter.api.Test;

class SimTimeTest {
    @Test
    void aSumThatOverflowsIsNever() {
        assertEquals(30, SimTime.plus(10, 20));
        assertEquals(SimTime.NEVER, SimTime.plus(SimTime.NEVER, 1));
        assertEquals(SimTime.NEVER, SimTime.plus(SimTime.NEVER - 5, 6));
        assertEquals(SimTime.NEVER - 1, SimTime.plus(SimTime.NEVER - 5, 4));
    }

    @Test
    void timesHaveTheUnitAPersonWouldChoose() {
        assertEquals("0 ps", SimTime.format(0));
        assertEquals("999 ps", SimTime.format(999));
        assertEquals("1.000 ns", SimTime.format(1000));
        assertEquals("1.670 us", SimTime.format(1_670_000));
        assertEquals("-2.500 ms", SimTime.format(-2_500_000_000L));
        assertEquals("3600.000 s", SimTime.format(3600 * SimTime.PS_PER_S));
        assertEquals("never", SimTime.format(SimTime.NEVER));
    }
}
