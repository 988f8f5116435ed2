package calvin.machine.fitting;

import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;

/**
 * What a machine is given from outside for its devices, by type and name: bytes of a disk, a port of a network. Whoever
 * builds the machine fills it; a device's builder takes what its fitting names. Immutable.
 */
public final class Supplies {
    /** Nothing but what the machine's constructor says. */
    public static final Supplies NONE = new Supplies(Map.of());

    private record Key(Class<?> type, String name) {}

    private final Map<Key, Object> things;

    private Supplies(Map<Key, Object> things) {
        this.things = things;
    }

    /** These and {@code thing}, in place of what had its type and name. */
    public <T> Supplies with(Class<T> type, String name, T thing) {
        Map<Key, Object> more = new LinkedHashMap<>(things);
        more.put(new Key(type, name), thing);
        return new Supplies(more);
    }

    public <T> Optional<T> find(Class<T> type, String name) {
        return Optional.ofNullable(things.get(new Key(type, name))).map(type::cast);
    }

    /** What must be there; that it is missing is a bug of whoever built the machine. */
    public <T> T get(Class<T> type, String name) {
        return find(type, name).orElseThrow(() -> new IllegalStateException(
                "the machine was built without a " + type.getSimpleName() + " named " + name));
    }
}
