package calvin.machine.hart;

/** Makes the execution engine of one machine; all its harts share it, and with it what it has decoded. */
public interface EngineFactory {
    Engine create(HartBus bus);
}
