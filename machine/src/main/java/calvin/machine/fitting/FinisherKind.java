package calvin.machine.fitting;

import calvin.machine.dev.Finisher;

/** The device that ends the machine, and the {@code syscon} nodes by which Linux finds out how. */
final class FinisherKind implements FittingKind {
    private static final long WINDOW_BYTES = 0x1000;

    @Override
    public long windowBytes(Fitting fitting) {
        return WINDOW_BYTES;
    }

    @Override
    public void build(Fitting fitting, Workbench bench) {
        bench.add(fitting.basePa(), new Finisher(bench.stateName(fitting.name()), bench.end()));
    }

    @Override
    public void describe(Fitting fitting, TreeWriter tree) {
        tree.begin("test", fitting, "sifive,test1", "sifive,test0", "syscon")
                .cells("phandle", tree.phandle(fitting.name())).end();
    }

    @Override
    public void describeAtRoot(Fitting fitting, TreeWriter tree) {
        command(fitting, tree, "poweroff", Finisher.PASS);
        command(fitting, tree, "reboot", Finisher.RESET);
    }

    /** A word whose writing to the finisher turns the machine off or restarts it. */
    private static void command(Fitting fitting, TreeWriter tree, String name, int value) {
        tree.fdt().begin(name).strings("compatible", "syscon-" + name).cells("regmap", tree.phandle(fitting.name()))
                .cells("offset", 0).cells("value", value).end();
    }
}
