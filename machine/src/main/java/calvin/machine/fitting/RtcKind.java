package calvin.machine.fitting;

import calvin.machine.dev.GoldfishRtc;
import java.util.List;

/** The real-time clock. Parameter {@code epoch}: seconds since 1970 at which the experiment starts. */
final class RtcKind implements FittingKind {
    private static final String EPOCH = "epoch";
    private static final String DEFAULT = Long.toString(GoldfishRtc.DEFAULT_EPOCH_S);

    @Override
    public long windowBytes(Fitting fitting) {
        return GoldfishRtc.WINDOW_BYTES;
    }

    @Override
    public List<String> parameters() {
        return List.of(EPOCH);
    }

    @Override
    public List<String> problems(Fitting fitting) {
        return fitting.parameter(EPOCH, DEFAULT).matches("[0-9]{1,10}")
                ? List.of()
                : List.of("epoch is not a number of seconds since 1970 of at most 10 digits");
    }

    @Override
    public void build(Fitting fitting, Workbench bench) {
        bench.add(fitting.basePa(), new GoldfishRtc(bench.stateName(fitting.name()), bench.lane(),
                Long.parseLong(fitting.parameter(EPOCH, DEFAULT)), bench.wire(fitting.wire())));
    }

    @Override
    public void describe(Fitting fitting, TreeWriter tree) {
        tree.begin("rtc", fitting, "google,goldfish-rtc");
        tree.interrupt(fitting);
        tree.fdt().end();
    }
}
