package calvin.network.topo;

/**
 * What a link ends at.
 *
 * @param index counts the nodes, and the switches, of the experiment from 0
 */
public record Vertex(Kind kind, int index) {
    /** Nodes end traffic, switches pass it on. */
    public enum Kind {
        NODE("node"),
        SWITCH("switch");

        private final String word;

        Kind(String word) {
            this.word = word;
        }
    }

    public static Vertex node(int index) {
        return new Vertex(Kind.NODE, index);
    }

    public static Vertex switchAt(int index) {
        return new Vertex(Kind.SWITCH, index);
    }

    public boolean isNode() {
        return kind == Kind.NODE;
    }

    /** For example {@code node0} or {@code switch3}. */
    public String name() {
        return kind.word + index;
    }
}
