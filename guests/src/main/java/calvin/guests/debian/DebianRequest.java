package calvin.guests.debian;

import java.util.List;

/**
 * What is to be built.
 *
 * @param name     by which the guest will be called
 * @param suite    of Debian
 * @param mirror   a mirror of Debian, or empty for that of the host's apt
 * @param packages beyond the kernel and busybox, with all that they depend on
 * @param refresh  whether the lists of packages are fetched anew
 */
public record DebianRequest(String name, String suite, String mirror, List<String> packages, boolean refresh) {
    /** What a name looks like. */
    public static final String NAME = "[a-z0-9][a-z0-9.-]{0,40}";
    /** What a package is called (Debian Policy 5.6.7). */
    public static final String PACKAGE = "[a-z0-9][a-z0-9+.-]+";

    public DebianRequest {
        packages = packages.stream().sorted().distinct().toList();
    }
}
