package calvin.experiment.plan;

import calvin.experiment.input.Problems;
import calvin.experiment.input.Text;
import calvin.guests.Guest;
import calvin.machine.elf.ElfException;
import calvin.machine.elf.ElfFile;

/** Whether an image is an executable of the wanted kind, before anything runs. */
final class ImageCheck {
    private ImageCheck() {}

    static boolean check(Text image, byte[] bytes, Guest.Kind wanted, Problems problems) {
        try {
            ElfFile elf = ElfFile.parse(bytes);
            if (wanted == Guest.Kind.SUPERVISOR && elf.positionIndependent()) {
                problems.add(image.place(),
                        "the image `" + image + "` is position independent; a kernel must be linked to where it runs"
                                + " (-no-pie)");
                return false;
            }
            return true;
        } catch (ElfException e) {
            problems.add(image.place(), "the image `" + image + "` cannot run: " + e.getMessage());
            return false;
        }
    }
}
