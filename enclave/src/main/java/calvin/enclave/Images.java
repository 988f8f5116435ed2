package calvin.enclave;

import calvin.lwk.abi.Job;
import calvin.sim.state.Memory;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/** Places files in memory one after the other, each at a page boundary, equal ones once. */
final class Images {
    private static final long PAGE = 4096;

    private final long basePa;
    private final List<byte[]> files = new ArrayList<>();
    private final List<Job.Content.Placed> places = new ArrayList<>();
    private long endPa;

    Images(long basePa) {
        this.basePa = basePa;
        endPa = basePa;
    }

    /** Where {@code file} lies, which is decided here. */
    Job.Content.Placed place(byte[] file) {
        for (int i = 0; i < files.size(); i++) {
            if (Arrays.equals(files.get(i), file)) {
                return places.get(i);
            }
        }
        Job.Content.Placed place = new Job.Content.Placed(endPa, file.length);
        files.add(file);
        places.add(place);
        endPa = (endPa + file.length + PAGE - 1) & -PAGE;
        return place;
    }

    /** Whether equal files lie at equal places. */
    boolean sameAs(Images other) {
        if (basePa != other.basePa || !places.equals(other.places)) {
            return false;
        }
        for (int i = 0; i < files.size(); i++) {
            if (!Arrays.equals(files.get(i), other.files.get(i))) {
                return false;
            }
        }
        return true;
    }

    long basePa() {
        return basePa;
    }

    /** The first page boundary behind the last file. */
    long endPa() {
        return endPa;
    }

    void write(Memory memory) {
        for (int i = 0; i < files.size(); i++) {
            memory.write(places.get(i).pa(), files.get(i), 0, files.get(i).length);
        }
    }
}
