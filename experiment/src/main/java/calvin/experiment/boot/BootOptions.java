package calvin.experiment.boot;

import java.nio.file.Path;

/**
 * What to boot.
 *
 * @param image           name in the catalogue or path
 * @param bare            whether it is a bare-metal program, entered in M mode; else a supervisor's kernel, entered
 *                        through the firmware
 * @param initrd          file with the initial RAM disk of a Linux kernel, or null
 * @param append          command line of a kernel
 * @param maxInstructions limit of instructions over all harts, 0 for none
 * @param signature       where to write the memory between {@code begin_signature} and {@code end_signature}, or null
 * @param traceCommits    where to write what the harts do, in Spike's form, or null
 */
public record BootOptions(String image, boolean bare, String board, int harts, long memoryBytes, Path initrd,
        String append, long maxInstructions, Path signature, Path traceCommits) {}
