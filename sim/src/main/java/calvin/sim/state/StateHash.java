package calvin.sim.state;

import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;

/** SHA-256 over the state of components: equal states, and only those, have equal hashes. */
public final class StateHash implements StateWriter {
    private final MessageDigest digest;
    private final byte[] word = new byte[8];
    private final byte[] page = new byte[Pages.PAGE_BYTES];

    public StateHash() {
        try {
            digest = MessageDigest.getInstance("SHA-256");
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every Java platform has SHA-256", e);
        }
    }

    /** The hash of one component, as 64 hexadecimal digits. */
    public static String of(Stateful component) {
        StateHash hash = new StateHash();
        hash.add(component);
        return hash.hex();
    }

    /** Adds a component's name and state. */
    public void add(Stateful component) {
        byte[] name = component.stateName().getBytes(java.nio.charset.StandardCharsets.UTF_8);
        blob(name);
        component.save(this);
    }

    @Override
    public void u64(long value) {
        for (int i = 0; i < 8; i++) {
            word[i] = (byte) (value >>> (8 * i));
        }
        digest.update(word);
    }

    @Override
    public void bytes(byte[] from, int offset, int length) {
        digest.update(from, offset, length);
    }

    @Override
    public void pages(Pages pages) {
        for (long p = pages.nextPage(0); p >= 0; p = pages.nextPage(p + 1)) {
            pages.copyPage(p, page);
            if (!isZero(page)) {
                u64(p);
                digest.update(page);
            }
        }
        u64(-1);
    }

    /** Ends the hash and returns it as hexadecimal digits. */
    public String hex() {
        return HexFormat.of().formatHex(digest.digest());
    }

    static boolean isZero(byte[] bytes) {
        int or = 0;
        for (byte b : bytes) {
            or |= b;
        }
        return or == 0;
    }
}
