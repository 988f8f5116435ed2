package calvin.machine.iommu;

import calvin.machine.bus.Dma;
import calvin.machine.mmu.Access;
import calvin.sim.state.Block;
import calvin.sim.state.Derived;
import java.util.Arrays;

/**
 * What a device behind the IOMMU reads and writes through. An access of several pages is translated as a whole before
 * any of it is done; the first page that cannot be reached is reported.
 */
final class IommuPort implements Dma {
    private static final int PAGE = 4096;
    /** Of memory-resident interrupt files: eight bytes of pending bits, eight of enable bits, for 64 identities. */
    private static final int MRIF_STRIDE = 16;

    private final Iommu iommu;
    private final Transaction who;
    /** Physical addresses of the pages of the access that is under way. */
    @Derived(from = "the access under way")
    private long[] pages = new long[16];
    @Derived(from = "the access under way")
    private final byte[] word = new byte[8];

    IommuPort(Iommu iommu, Transaction who) {
        this.iommu = iommu;
        this.who = who;
    }

    @Override
    public boolean read(long iova, byte[] into, int offset, int length) {
        if (!translate(iova, length, Access.READ)) {
            return false;
        }
        for (int done = 0, page = 0; done < length; page++) {
            int part = part(iova + done, length - done);
            if (!iommu.bus().read(pages[page], into, offset + done, part)) {
                return false;
            }
            done += part;
        }
        return true;
    }

    @Override
    public boolean write(long iova, byte[] from, int offset, int length) {
        if (!translate(iova, length, Access.WRITE)) {
            return false;
        }
        // Nothing may have been written when a later part turns out not to be RAM.
        for (int done = 0, page = 0; done < length; page++) {
            int part = part(iova + done, length - done);
            if (length > part && !isRam(pages[page], part)) {
                return false;
            }
            done += part;
        }
        for (int done = 0, page = 0; done < length; page++) {
            int part = part(iova + done, length - done);
            if (!iommu.bus().write(pages[page], from, offset + done, part)) {
                return false;
            }
            done += part;
        }
        return true;
    }

    private boolean isRam(long pa, int length) {
        return iommu.bus().read(pa, word, 0, 1) && iommu.bus().read(pa + length - 1, word, 0, 1);
    }

    private static int part(long iova, int left) {
        return Math.min(left, PAGE - (int) (iova & PAGE - 1));
    }

    private boolean translate(long iova, int length, int access) {
        int count = 0;
        for (int done = 0; done < length; done += part(iova + done, length - done)) {
            if (!iommu.translate(who, iova + done, access) || iommu.translation().mrifPa() != 0) {
                return false;
            }
            if (count == pages.length) {
                pages = Arrays.copyOf(pages, 2 * count);
            }
            pages[count++] = iommu.translation().pa();
        }
        return true;
    }

    @Override
    public boolean message(long iova, int data) {
        if ((iova & 3) != 0 || !iommu.translate(who, iova, Access.WRITE)) {
            return false;
        }
        Translation found = iommu.translation();
        if (found.mrifPa() == 0) {
            return iommu.bus().message(found.pa(), data);
        }
        long within = found.pa() & PAGE - 1;
        int identity = within == 4 ? Integer.reverseBytes(data) : data;
        // aia 8.3.2: anything else is accepted and discarded.
        return within > 4 || identity >>> 11 != 0 || store(found, iova, identity);
    }

    /** Makes an identity pending in a memory-resident interrupt file and sends the notice (aia 8.3.2). */
    private boolean store(Translation found, long iova, int identity) {
        long pa = found.mrifPa() + (long) MRIF_STRIDE * (identity >>> 6);
        if (!iommu.bus().read(pa, word, 0, 8)) {
            iommu.refuseMrif(who, iova);
            return false;
        }
        word[(identity & 63) >>> 3] |= (byte) (1 << (identity & 7));
        iommu.bus().write(pa, word, 0, 8);
        iommu.bus().message(found.noticePa(), found.noticeData());
        return true;
    }
}
