package calvin.machine.hart;

import calvin.machine.isa.Extension;
import java.util.List;
import java.util.Set;

/** Makes the execution engines of one machine: one per hart, which may share what they have decoded. */
public interface EngineFactory {
    /** @return an engine for each hart, in their order */
    List<Engine> create(HartBus bus, int harts, Set<Extension> extensions);
}
