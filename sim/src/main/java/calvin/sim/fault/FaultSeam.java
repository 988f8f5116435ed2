package calvin.sim.fault;

import java.util.List;

/** Where faults enter a component. Production code has no other hook for them. */
public interface FaultSeam {
    /** Whether this component is the one a fault names. */
    boolean owns(Fault fault);

    /**
     * Arms a fault that this component owns. A place that has already passed never fires; the campaign reports it as
     * not fired.
     */
    void arm(Fault fault);

    /** What has fired since the component was built or restored, in order. */
    List<Applied> applied();
}
