package calvin.network.topo;

import java.util.List;

/** A topology that cannot be built; lists everything that is wrong with it. */
public final class TopologyException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    private final transient List<String> problems;

    TopologyException(List<String> problems) {
        super(String.join("\n", problems));
        this.problems = List.copyOf(problems);
    }

    public List<String> problems() {
        return problems;
    }
}
