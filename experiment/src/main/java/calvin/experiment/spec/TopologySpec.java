package calvin.experiment.spec;

import calvin.experiment.input.Text;
import java.util.List;

/** Nodes, switches and links, already expanded from a generator where the file names one. Order gives the numbers. */
public record TopologySpec(List<NodeSpec> nodes, List<SwitchSpec> switches, List<LinkSpec> links) {
    /** A node and its class. */
    public record NodeSpec(Text name, Text nodeClass) {
    }

    /** @param latencyPs from a frame's last bit in to its first bit out where the output is free */
    public record SwitchSpec(Text name, long latencyPs) {
    }

    /** A full-duplex cable with the MACs and PHYs at its ends. */
    public record LinkSpec(Text from, Text to, long latencyPs, long bandwidthBps) {
    }
}
