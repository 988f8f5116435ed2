package calvin.experiment.spec;

import calvin.experiment.input.Text;
import calvin.network.link.LinkSpec;
import calvin.network.topo.SwitchSpec;
import java.util.List;

/** Nodes, switches and links, already expanded from a generator where the file names one. Order gives the numbers. */
public record TopologySpec(List<NodeSpec> nodes, List<HubSpec> switches, List<CableSpec> links) {
    /** A node and its class. */
    public record NodeSpec(Text name, Text nodeClass) {}

    /** A switch by name. */
    public record HubSpec(Text name, SwitchSpec spec) {}

    /** A full-duplex link by the names of what it joins. */
    public record CableSpec(Text from, Text to, LinkSpec spec) {}
}
