package calvin.experiment.campaign;

import calvin.experiment.json.JsonWriter;
import calvin.experiment.plan.PlanDocument;
import calvin.experiment.plan.TextTable;
import calvin.sim.time.SimTime;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.apache.commons.statistics.interval.BinomialConfidenceInterval;
import org.apache.commons.statistics.interval.Interval;

/**
 * Counts of outcomes by stratum. Proportions are of the experiments whose fault fired, with Wilson's interval at 95 %;
 * the expected number of faults with an outcome is the proportion times the stratum's space (EAFC of the
 * fault-injection literature).
 *
 * @param counts by stratum and outcome
 */
public record Statistics(String name, String planHash, long goldenPs, List<Row> strata, long[][] counts, int drawn) {
    private static final double ALPHA = 0.05;

    /** A stratum: what it is and how large its space is. */
    public record Row(String kind, int draws, long space, double weight) {}

    static Statistics of(PlanDocument document, long goldenPs, FaultList list, Map<Integer, Outcome> outcomes) {
        List<Row> rows = new ArrayList<>();
        for (FaultSpace space : list.spaces()) {
            rows.add(new Row(CampaignTables.word(space.stratum().kind()), space.stratum().count(), space.size(),
                    space.weight()));
        }
        long[][] counts = new long[rows.size()][Outcome.values().length];
        outcomes.forEach((id, outcome) -> counts[list.strata().get(id)][outcome.ordinal()]++);
        return new Statistics(document.plan().name(), document.hash(), goldenPs, rows, counts, list.faults().size());
    }

    private static boolean isResult(Outcome outcome) {
        return outcome != Outcome.NOT_FIRED && outcome != Outcome.TOOL_ERROR;
    }

    private long fired(int stratum) {
        long sum = 0;
        for (Outcome outcome : Outcome.values()) {
            sum += isResult(outcome) ? counts[stratum][outcome.ordinal()] : 0;
        }
        return sum;
    }

    /** Experiments that have been run. */
    public long run() {
        long sum = 0;
        for (long[] stratum : counts) {
            for (long count : stratum) {
                sum += count;
            }
        }
        return sum;
    }

    /** Whether Calvin itself failed in an experiment. */
    public boolean anyToolError() {
        for (long[] stratum : counts) {
            if (stratum[Outcome.TOOL_ERROR.ordinal()] > 0) {
                return true;
            }
        }
        return false;
    }

    private static Interval wilson(long trials, long hits) {
        return BinomialConfidenceInterval.WILSON_SCORE.fromErrorRate((int) trials, (int) hits, ALPHA);
    }

    /** For people. */
    public String text() {
        StringBuilder out = new StringBuilder();
        out.append(String.format(Locale.ROOT, "%s: %d of %d experiments, golden run %s%n", name, run(), drawn,
                SimTime.format(goldenPs)));
        for (int s = 0; s < strata.size(); s++) {
            Row row = strata.get(s);
            long fired = fired(s);
            out.append(String.format(Locale.ROOT,
                    "%n%s: %d draws from a space of %d faults, each stands for %.4g; %d fired%n", row.kind(),
                    row.draws(), row.space(), row.weight(), fired));
            List<String[]> rows = new ArrayList<>();
            rows.add(new String[]{"outcome", "count", "share", "95 % interval", "expected faults", "meaning"});
            for (Outcome outcome : Outcome.values()) {
                rows.add(cells(s, outcome, fired));
            }
            TextTable.append(out, rows);
        }
        return out.append("\nplan   ").append(planHash).append('\n').toString();
    }

    private String[] cells(int stratum, Outcome outcome, long fired) {
        long count = counts[stratum][outcome.ordinal()];
        String word = CampaignTables.word(outcome);
        if (!isResult(outcome) || fired == 0) {
            return new String[]{word, Long.toString(count), "-", "-", "-", outcome.meaning()};
        }
        Interval interval = wilson(fired, count);
        return new String[]{word, Long.toString(count), percent((double) count / fired),
            percent(interval.getLowerBound()) + " .. " + percent(interval.getUpperBound()),
            String.format(Locale.ROOT, "%.3g", strata.get(stratum).space() * ((double) count / fired)),
            outcome.meaning()};
    }

    private static String percent(double share) {
        return String.format(Locale.ROOT, "%.2f %%", 100 * share);
    }

    /** For scripts. */
    public String json() {
        JsonWriter json = JsonWriter.indented().field("name", name).field("plan_hash", planHash)
                .field("golden_ps", goldenPs)
                .field("drawn", drawn).field("run", run()).beginArray("strata");
        for (int s = 0; s < strata.size(); s++) {
            Row row = strata.get(s);
            long fired = fired(s);
            json.beginObject().field("kind", row.kind()).field("draws", row.draws()).field("space", row.space())
                    .field("weight", row.weight()).field("fired", fired).beginObject("outcomes");
            for (Outcome outcome : Outcome.values()) {
                long count = counts[s][outcome.ordinal()];
                json.beginObject(CampaignTables.word(outcome)).field("count", count);
                if (isResult(outcome) && fired > 0) {
                    Interval interval = wilson(fired, count);
                    json.field("share", (double) count / fired).field("low", interval.getLowerBound())
                            .field("high", interval.getUpperBound());
                }
                json.end();
            }
            json.end().end();
        }
        return json.end() + "\n";
    }
}
