package calvin.experiment.plan;

import calvin.experiment.spec.ExperimentSpec;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;

/**
 * A plan with its canonical form and the images it names.
 *
 * @param bytes the canonical JSON; {@code execution} has no part in it
 * @param hash  SHA-256 of the bytes, in hexadecimal: the name of the experiment
 * @param spec  what the plan was made from, for what only the coordinator does (expectations, campaigns, execution)
 */
public record PlanDocument(Plan plan, byte[] bytes, String hash, ImageStore images, ExperimentSpec spec) {
    static PlanDocument of(Plan plan, ImageStore images, ExperimentSpec spec) {
        byte[] bytes = PlanWriter.write(plan, spec);
        return new PlanDocument(plan, bytes, sha256(bytes), images, spec);
    }

    /** The same plan to be run otherwise, which does not change its hash; null keeps what the file says. */
    public PlanDocument withExecution(Integer threads, Integer workers) {
        return new PlanDocument(plan, bytes, hash, images, spec.withExecution(spec.execution().with(threads, workers)));
    }

    /** The same with another engine, which does not change its hash either; null keeps what the file says. */
    public PlanDocument withEngine(String engine) {
        return new PlanDocument(plan, bytes, hash, images, spec.withExecution(spec.execution().withEngine(engine)));
    }

    /** SHA-256 in hexadecimal. */
    public static String sha256(byte[] bytes) {
        try {
            return HexFormat.of().formatHex(MessageDigest.getInstance("SHA-256").digest(bytes));
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every Java platform has SHA-256", e);
        }
    }
}
