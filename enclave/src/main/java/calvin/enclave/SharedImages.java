package calvin.enclave;

import calvin.machine.mem.PhysicalMemory;
import calvin.machine.mem.RamRegion;
import calvin.sim.state.Derived;
import calvin.sim.state.Pages;
import java.util.ArrayList;
import java.util.List;

/**
 * Program files that many nodes have at the same places in their memories, held once and shared copy-on-write. Give the
 * same object to every {@link Node#build} of a process. Owned by the thread that builds.
 */
public final class SharedImages {
    @Derived(from = "the plan")
    private final List<Template> templates = new ArrayList<>();

    private record Template(List<RamRegion> regions, Images images, Pages.PageImage pages) {}

    /** Writes files into a memory that is empty so far. */
    void write(Images images, PhysicalMemory memory) {
        for (Template template : templates) {
            if (template.regions.equals(memory.regions()) && template.images.sameAs(images)) {
                memory.adopt(template.pages);
                return;
            }
        }
        images.write(memory);
        templates.add(new Template(memory.regions(), images, memory.share()));
    }
}
