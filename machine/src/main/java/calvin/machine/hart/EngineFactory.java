package calvin.machine.hart;

import java.util.List;

/**
 * Makes the execution engines of one machine: one per hart, which may share what they have decoded. They execute the
 * extensions of {@link HartIsa}.
 */
public interface EngineFactory {
    /** @return an engine for each hart, in their order */
    List<Engine> create(HartBus bus, int harts);
}
