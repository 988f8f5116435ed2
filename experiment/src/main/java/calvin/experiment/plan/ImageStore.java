package calvin.experiment.plan;

import java.io.IOException;
import java.util.LinkedHashMap;
import java.util.Map;

/** Images by their SHA-256. Their bytes are never changed. */
public final class ImageStore {
    private final Map<String, byte[]> byHash = new LinkedHashMap<>();

    /** Adds an image and returns its hash. */
    public String add(byte[] bytes) {
        String hash = PlanDocument.sha256(bytes);
        byHash.putIfAbsent(hash, bytes);
        return hash;
    }

    /** Adds an image that came from elsewhere; refuses one that is not what its name says. */
    public void addExpecting(String hash, byte[] bytes) throws IOException {
        if (!add(bytes).equals(hash)) {
            throw new IOException("an image arrived damaged: its SHA-256 should be " + hash);
        }
    }

    public byte[] get(String hash) {
        byte[] bytes = byHash.get(hash);
        if (bytes == null) {
            throw new IllegalStateException("no image with SHA-256 " + hash);
        }
        return bytes;
    }

    public Map<String, byte[]> all() {
        return java.util.Collections.unmodifiableMap(byHash);
    }
}
