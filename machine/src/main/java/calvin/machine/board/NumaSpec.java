package calvin.machine.board;

import java.util.ArrayList;
import java.util.List;

/**
 * Which NUMA nodes have harts, and how far nodes are from each other.
 *
 * @param hartNodes the nodes with harts, ascending; harts are dealt to them in equal consecutive runs
 * @param distances row by row as ACPI and Linux count them: 10 is local, 20 twice as far
 */
public record NumaSpec(List<Integer> hartNodes, List<List<Integer>> distances) {
    /** From a node to itself. */
    public static final int LOCAL = 10;
    /** Between two nodes of one package. */
    static final int NEAR = 12;
    /** Between packages. */
    static final int FAR = 20;

    public NumaSpec {
        hartNodes = List.copyOf(hartNodes);
        distances = distances.stream().map(List::copyOf).toList();
    }

    /** Every node has harts; every other node is equally far. */
    public static NumaSpec even(int nodes) {
        return packages(nodes, 1);
    }

    /** Every node has harts; {@code nodesPerPackage} nodes that follow each other are near. */
    static NumaSpec packages(int nodes, int nodesPerPackage) {
        List<Integer> hartNodes = new ArrayList<>();
        List<List<Integer>> distances = new ArrayList<>();
        for (int from = 0; from < nodes; from++) {
            hartNodes.add(from);
            List<Integer> row = new ArrayList<>();
            for (int to = 0; to < nodes; to++) {
                row.add(from == to ? LOCAL : from / nodesPerPackage == to / nodesPerPackage ? NEAR : FAR);
            }
            distances.add(row);
        }
        return new NumaSpec(hartNodes, distances);
    }

    public int nodes() {
        return distances.size();
    }

    public int distance(int from, int to) {
        return distances.get(from).get(to);
    }
}
