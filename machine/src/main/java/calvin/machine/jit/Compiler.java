package calvin.machine.jit;

import calvin.machine.jit.PageCode.Translation;
import java.util.List;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.atomic.AtomicBoolean;

/**
 * Makes regions of pages, on a daemon thread that is started when it is first needed. This is the one thread below the
 * command line (ADR 6): when it is done decides how fast a run is, never what it computes.
 */
final class Compiler {
    /** Fewer instructions are not worth entering a region for. */
    private static final int LEAST = 3;

    private record Request(PageCode page, int entry) {}

    private final RegionCache cache;
    private final boolean background;
    private final BlockingQueue<Request> requests = new LinkedBlockingQueue<>();
    private final AtomicBoolean started = new AtomicBoolean();

    Compiler(RegionCache cache, boolean background) {
        this.cache = cache;
        this.background = background;
    }

    /** Requests that nobody has begun with. */
    int waiting() {
        return requests.size();
    }

    void request(PageCode page, int entry) {
        if (!background) {
            compile(page, entry);
            return;
        }
        requests.add(new Request(page, entry));
        if (started.compareAndSet(false, true)) {
            Thread.ofPlatform().daemon().name("translator").start(this::work);
        }
    }

    private void work() {
        try {
            while (true) {
                Request request = requests.take();
                compile(request.page, request.entry);
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private void compile(PageCode page, int entry) {
        int most = cache.tuning().instructions();
        RegionShape shape = find(page, entry, most);
        while (shape.instructions() >= LEAST) {
            byte[] classFile = RegionWriter.write(shape);
            if (RegionWriter.codeBytes(classFile) <= cache.tuning().codeBytes()) {
                cache.publish(page, new Translation(RegionWriter.define(classFile), entry, shape.entries()));
                return;
            }
            most = most * 2 / 3;
            shape = find(page, entry, most);
        }
    }

    private RegionShape find(PageCode page, int entry, int most) {
        List<Integer> warm = page.warm(Math.max(1, cache.tuning().threshold() / 64));
        return BlockFinder.find(cache.decoder(), page.image(), entry, warm, most);
    }
}
