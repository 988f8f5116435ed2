package calvin.experiment.cli;

import calvin.experiment.json.JsonWriter;
import calvin.guests.Guest;
import calvin.guests.Guests;
import calvin.guests.debian.DebianGuest;
import calvin.guests.debian.GuestStore;
import java.io.IOException;
import java.io.PrintWriter;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** {@code calvin guest}: the catalogue of guest images. */
// @formatter:off
@Command(name = "guest", description = "The catalogue of guest images.", mixinStandardHelpOptions = true,
        subcommands = {GuestCommand.ListCommand.class, DebianCommand.class}, synopsisSubcommandLabel = "COMMAND")
final class GuestCommand implements Runnable {
    @Spec
    private CommandSpec spec;

    // @formatter:on

    @Override
    public void run() {
        throw new picocli.CommandLine.ParameterException(spec.commandLine(),
                "which command? `calvin guest list` shows the images");
    }

    /** {@code calvin guest list}. */
    @Command(name = "list", description = "Lists the images by name.", mixinStandardHelpOptions = true)
    static final class ListCommand implements Callable<Integer> {
        /** Kind of guests that have been built of packages. */
        private static final String LINUX = "linux";
        @Spec
        private CommandSpec spec;
        @Option(names = "--json", description = "As one JSON object.")
        private boolean json;

        @Override
        public Integer call() throws IOException {
            PrintWriter out = spec.commandLine().getOut();
            List<DebianGuest> built = GuestStore.ofUser().all();
            if (json) {
                JsonWriter writer = JsonWriter.indented().beginArray("guests");
                for (Guest guest : Guests.all()) {
                    writer.beginObject().field("name", guest.name()).field("kind", kind(guest))
                            .field("description", guest.description())
                            .end();
                }
                for (DebianGuest guest : built) {
                    writer.beginObject().field("name", guest.name()).field("kind", LINUX)
                            .field("description", guest.summary()).field("kernel", guest.kernel().toString())
                            .field("initrd", guest.initrd().toString()).end();
                }
                out.println(writer.end());
                return ExitCode.SUCCESS;
            }
            int width = Guests.all().stream().mapToInt(guest -> guest.name().length()).max().orElse(0);
            for (Guest guest : Guests.all()) {
                out.printf(Locale.ROOT, "%-" + width + "s  %-12s  %s%n", guest.name(), kind(guest),
                        guest.description());
            }
            for (DebianGuest guest : built) {
                out.printf(Locale.ROOT, "%-" + width + "s  %-12s  %s%n", guest.name(), LINUX, guest.summary());
            }
            if (built.isEmpty()) {
                out.println("`calvin guest debian` builds one of Debian's stock kernel and packages.");
            }
            return ExitCode.SUCCESS;
        }

        private static String kind(Guest guest) {
            return guest.kind().name().toLowerCase(Locale.ROOT).replace('_', '-');
        }
    }
}
