package calvin.experiment.cli;

import calvin.experiment.json.JsonWriter;
import calvin.guests.Guest;
import calvin.guests.Guests;
import java.io.PrintWriter;
import java.util.Locale;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** {@code calvin guest}: the catalogue of guest images. */
// @formatter:off
@Command(name = "guest", description = "The catalogue of guest images.", mixinStandardHelpOptions = true,
        subcommands = GuestCommand.ListCommand.class, synopsisSubcommandLabel = "COMMAND")
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
    static final class ListCommand implements Runnable {
        @Spec
        private CommandSpec spec;
        @Option(names = "--json", description = "As one JSON object.")
        private boolean json;

        @Override
        public void run() {
            PrintWriter out = spec.commandLine().getOut();
            if (json) {
                JsonWriter writer = JsonWriter.indented().beginArray("guests");
                for (Guest guest : Guests.all()) {
                    writer.beginObject().field("name", guest.name()).field("kind", kind(guest))
                            .field("description", guest.description())
                            .end();
                }
                out.println(writer.end());
                return;
            }
            int width = Guests.all().stream().mapToInt(guest -> guest.name().length()).max().orElse(0);
            for (Guest guest : Guests.all()) {
                out.printf(Locale.ROOT, "%-" + width + "s  %-12s  %s%n", guest.name(), kind(guest),
                        guest.description());
            }
        }

        private static String kind(Guest guest) {
            return guest.kind().name().toLowerCase(Locale.ROOT).replace('_', '-');
        }
    }
}
