package calvin.experiment.run;

import calvin.experiment.plan.ImageStore;
import calvin.experiment.plan.Plan;
import calvin.experiment.plan.PlanDocument;
import calvin.experiment.plan.PlanReader;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.Map;

/**
 * What a worker gets: the plan as it is hashed, the images by their hashes, how many threads and which engine to
 * use.
 *
 * @param hash SHA-256 of the plan's bytes, computed where it arrives
 */
record Shipment(Plan plan, String hash, ImageStore images, int threads, String engine) {
    static byte[] write(PlanDocument document, int threads) {
        try {
            ByteArrayOutputStream bytes = new ByteArrayOutputStream();
            DataOutputStream out = new DataOutputStream(bytes);
            out.writeInt(threads);
            out.writeUTF(document.spec().execution().engine());
            out.writeInt(document.bytes().length);
            out.write(document.bytes());
            out.writeInt(document.images().all().size());
            for (Map.Entry<String, byte[]> image : document.images().all().entrySet()) {
                out.writeUTF(image.getKey());
                out.writeInt(image.getValue().length);
                out.write(image.getValue());
            }
            return bytes.toByteArray();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    static Shipment read(byte[] bytes) throws IOException {
        DataInputStream in = new DataInputStream(new ByteArrayInputStream(bytes));
        int threads = in.readInt();
        String engine = in.readUTF();
        byte[] plan = new byte[in.readInt()];
        in.readFully(plan);
        ImageStore images = new ImageStore();
        for (int n = in.readInt(); n > 0; n--) {
            String hash = in.readUTF();
            byte[] image = new byte[in.readInt()];
            in.readFully(image);
            images.addExpecting(hash, image);
        }
        return new Shipment(PlanReader.read(plan), PlanDocument.sha256(plan), images, threads, engine);
    }
}
