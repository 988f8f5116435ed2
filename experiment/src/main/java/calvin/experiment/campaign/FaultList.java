package calvin.experiment.campaign;

import calvin.experiment.input.InputException;
import calvin.experiment.plan.PlanDocument;
import calvin.experiment.spec.FaultsSpec;
import calvin.sim.fault.Fault;
import calvin.sim.seed.Seed;
import java.util.ArrayList;
import java.util.List;

/**
 * All faults of a campaign, numbered from 0 through its strata.
 *
 * @param strata entry <em>i</em> is the stratum of fault <em>i</em>
 */
record FaultList(List<FaultSpace> spaces, List<Fault> faults, List<Integer> strata) {
    static FaultList draw(PlanDocument document, Golden golden) {
        FaultsSpec spec = document.spec().faults();
        List<FaultSpace> spaces = new ArrayList<>();
        List<Fault> faults = new ArrayList<>();
        List<Integer> strata = new ArrayList<>();
        for (int s = 0; s < spec.strata().size(); s++) {
            FaultSpace space = FaultSpace.of(spec.strata().get(s), document.plan(), golden);
            if (space.size() == 0) {
                throw new InputException(spec.place(),
                        "stratum " + s + " of `faults` has nothing to strike: within its window its nodes"
                                + " execute and send nothing");
            }
            Seed seed = new Seed(document.spec().faultSeed()).child("campaign/stratum/" + s);
            for (int i = 0; i < space.stratum().count(); i++) {
                faults.add(space.draw(faults.size(), seed, i));
                strata.add(s);
            }
            spaces.add(space);
        }
        return new FaultList(List.copyOf(spaces), List.copyOf(faults), List.copyOf(strata));
    }
}
