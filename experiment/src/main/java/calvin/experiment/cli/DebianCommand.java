package calvin.experiment.cli;

import calvin.experiment.input.InputException;
import calvin.experiment.input.Place;
import calvin.experiment.json.JsonWriter;
import calvin.guests.debian.DebianBuilder;
import calvin.guests.debian.DebianException;
import calvin.guests.debian.DebianGuest;
import calvin.guests.debian.DebianRequest;
import calvin.guests.debian.GuestStore;
import java.io.IOException;
import java.io.PrintWriter;
import java.util.List;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** {@code calvin guest debian}. */
// @formatter:off
@Command(name = "debian", mixinStandardHelpOptions = true, sortOptions = false,
        description = {"Builds a guest of Debian's stock kernel, busybox and packages, obtained by this machine's apt.",
                "Nothing is installed and nothing is run as root; `calvin boot --guest debian` boots it."})
final class DebianCommand implements Callable<Integer> {
    @Spec
    private CommandSpec spec;
    @Option(names = "--packages", paramLabel = "NAME,...", split = ",",
            description = "Packages to put in, with all that they depend on. They are unpacked, not configured.")
    private List<String> packages = List.of();
    @Option(names = "--name", paramLabel = "NAME", defaultValue = "debian",
            description = "What to call the guest (default: debian).")
    private String name;
    @Option(names = "--suite", paramLabel = "NAME", defaultValue = "trixie",
            description = "Debian's suite (default: trixie).")
    private String suite;
    @Option(names = "--mirror", paramLabel = "URI", defaultValue = "",
            description = "A mirror of Debian (default: the one that apt is configured with).")
    private String mirror;
    @Option(names = "--refresh", description = "Fetches the lists of packages anew, also when they are not old.")
    private boolean refresh;
    @Option(names = "--json", description = "Prints where the files are as one JSON object.")
    private boolean json;

    // @formatter:on

    @Override
    public Integer call() throws IOException {
        check("--name", name, DebianRequest.NAME);
        check("--suite", suite, DebianRequest.NAME);
        packages.forEach(each -> check("--packages", each, DebianRequest.PACKAGE));
        PrintWriter out = spec.commandLine().getOut();
        DebianGuest guest;
        try {
            DebianBuilder builder = new DebianBuilder(GuestStore.ofUser(),
                    step -> spec.commandLine().getErr().println("calvin: " + step));
            guest = builder.build(new DebianRequest(name, suite, mirror, packages, refresh));
        } catch (DebianException e) {
            throw new InputException(Place.of("guest debian"), e.getMessage());
        }
        if (json) {
            out.println(JsonWriter.indented().field("name", guest.name()).field("summary", guest.summary())
                    .field("kernel", guest.kernel().toString()).field("initrd", guest.initrd().toString())
                    .field("firmware", guest.firmware("").toString()));
            return ExitCode.SUCCESS;
        }
        out.println(guest.summary());
        out.println(guest.folder());
        out.println("calvin boot --guest " + guest.name() + " --harts 4 --memory 1G");
        return ExitCode.SUCCESS;
    }

    private static void check(String option, String value, String form) {
        if (!value.matches(form)) {
            throw new InputException(Place.of(option), "'" + value + "' is no name (" + form + ")");
        }
    }
}
