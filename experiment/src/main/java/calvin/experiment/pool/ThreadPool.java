package calvin.experiment.pool;

import calvin.sim.event.Lane;
import calvin.sim.event.LanePool;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;
import java.util.concurrent.locks.LockSupport;

/**
 * Advances the lanes of a window on several platform threads, the caller's among them.
 *
 * <p>Lanes are taken one by one from a common counter, so a busy lane does not hold up the others. A window costs one
 * volatile write to start and one counter to end; helpers spin for some microseconds between windows, since the next
 * one mostly comes at once, and then park. A window with one busy lane runs on the caller's thread alone. Nothing here
 * can change results: lanes meet only in the frames that {@link calvin.sim.event.Lanes} delivers between windows.
 */
public final class ThreadPool implements LanePool, AutoCloseable {
    /** About 20 us on current hosts: longer than the pause between two windows, shorter than a time slice. */
    private static final int SPINS = 2_000;

    private final Thread[] helpers;
    private final AtomicInteger next = new AtomicInteger();
    private final AtomicInteger unfinished = new AtomicInteger();
    private final AtomicReference<Throwable> failure = new AtomicReference<>();
    /** Written by the caller before {@link #epoch}, read by helpers after it. */
    private Lane[] busy = new Lane[0];
    private int busyCount;
    private long horizonPs;
    private volatile int epoch;
    private volatile boolean closed;
    private Thread caller;

    /** @param threads how many threads work on a window, at least 1 */
    public ThreadPool(int threads) {
        helpers = new Thread[threads - 1];
        for (int i = 0; i < helpers.length; i++) {
            helpers[i] = new Thread(this::serve, "lanes-" + (i + 1));
            helpers[i].setDaemon(true);
            helpers[i].start();
        }
    }

    @Override
    public void runUntil(List<Lane> lanes, long horizon) {
        if (busy.length < lanes.size()) {
            busy = new Lane[lanes.size()];
        }
        busyCount = 0;
        for (int i = 0; i < lanes.size(); i++) {
            Lane lane = lanes.get(i);
            if (lane.nextTimePs() < horizon) {
                busy[busyCount++] = lane;
            } else if (lane.timePs() < horizon) {
                lane.runUntil(horizon);
            }
        }
        if (busyCount <= 1 || helpers.length == 0) {
            for (int i = 0; i < busyCount; i++) {
                busy[i].runUntil(horizon);
            }
            return;
        }
        horizonPs = horizon;
        caller = Thread.currentThread();
        next.set(0);
        unfinished.set(helpers.length);
        epoch++;
        for (Thread helper : helpers) {
            LockSupport.unpark(helper);
        }
        work();
        for (int spins = 0; unfinished.get() != 0; spins++) {
            pause(spins);
        }
        Throwable thrown = failure.get();
        if (thrown instanceof Error error) {
            throw error;
        }
        if (thrown instanceof RuntimeException exception) {
            throw exception;
        }
    }

    private void work() {
        try {
            for (int i = next.getAndIncrement(); i < busyCount; i = next.getAndIncrement()) {
                busy[i].runUntil(horizonPs);
            }
        } catch (RuntimeException | Error e) {
            failure.compareAndSet(null, e);
        }
    }

    private void serve() {
        int seen = 0;
        while (true) {
            for (int spins = 0; epoch == seen && !closed; spins++) {
                pause(spins);
            }
            if (closed) {
                return;
            }
            seen = epoch;
            work();
            if (unfinished.decrementAndGet() == 0) {
                LockSupport.unpark(caller);
            }
        }
    }

    private static void pause(int spins) {
        if (spins < SPINS) {
            Thread.onSpinWait();
        } else {
            LockSupport.park();
        }
    }

    @Override
    public void close() {
        closed = true;
        for (Thread helper : helpers) {
            LockSupport.unpark(helper);
        }
        for (Thread helper : helpers) {
            try {
                helper.join();
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
            }
        }
    }
}
