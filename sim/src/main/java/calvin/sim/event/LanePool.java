package calvin.sim.event;

import java.util.List;

/** Advances lanes to a horizon, on one thread or several; the result is the same. */
public interface LanePool {
    void runUntil(List<Lane> lanes, long horizonPs);

    /** One after the other on the caller's thread. */
    LanePool SEQUENTIAL = (lanes, horizonPs) -> {
        for (int i = 0; i < lanes.size(); i++) {
            lanes.get(i).runUntil(horizonPs);
        }
    };
}
