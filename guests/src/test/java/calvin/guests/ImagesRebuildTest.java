package calvin.guests;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The images come from the sources beside them, and users can build programs with what the script installs. */
final class ImagesRebuildTest {
    @TempDir
    private static Path built;

    @BeforeAll
    static void build() throws Exception {
        Tool.assumeInstalled("riscv64-linux-gnu-gcc", "gcc-riscv64-linux-gnu");
        Tool.Outcome outcome = Tool.run(built, Tool.module().resolve("build-images.sh").toString(), built.toString());
        assertEquals(0, outcome.code(), outcome.text());
    }

    @Test
    void sameCompilerGivesTheSameBytes() throws Exception {
        String recorded = resource("toolchain.txt");
        String installed = Files.readString(built.resolve("images/toolchain.txt"));
        assumeTrue(recorded.equals(installed),
                () -> "images were built by\n" + recorded + "but installed is\n" + installed);
        for (Guest guest : Guests.all()) {
            assertArrayEquals(guest.bytes(), Files.readAllBytes(built.resolve("images").resolve(guest.name())),
                    () -> guest.name() + " differs from its sources: run guests/build-images.sh and copy its images");
        }
        assertEquals(resource("images.sha256"), Files.readString(built.resolve("images/images.sha256")));
    }

    private static String resource(String name) throws Exception {
        byte[] bytes = ImagesRebuildTest.class.getResourceAsStream("images/" + name).readAllBytes();
        return new String(bytes, StandardCharsets.UTF_8);
    }

    /** The command line docs/guests.md gives to users. */
    @Test
    void aUserBuildsHisOwnProgram() throws Exception {
        Files.writeString(built.resolve("own.c"), """
                #include <mpi.h>
                #include <infiniband/verbs.h>
                #include <stdio.h>

                int main(int argc, char **argv) {
                    int size, sum = 1;
                    MPI_Init(&argc, &argv);
                    MPI_Comm_size(MPI_COMM_WORLD, &size);
                    MPI_Allreduce(MPI_IN_PLACE, &sum, 1, MPI_INT, MPI_SUM, MPI_COMM_WORLD);
                    printf("%d of %d, %s\\n", sum, size, ibv_wc_status_str(IBV_WC_SUCCESS));
                    return MPI_Finalize();
                }
                """);
        Tool.Outcome compiled = Tool.run(built, "riscv64-linux-gnu-gcc", "-static", "-O2", "-Wall", "-Werror",
                "-Iinclude", "own.c", "-Llib", "-lmpi", "-o", "own");
        assertEquals(0, compiled.code(), compiled.text());
        Tool.assumeInstalled("qemu-riscv64", "qemu-user");
        assertEquals("1 of 1, success\n", Tool.run(built, "qemu-riscv64", "own").text());
    }
}
