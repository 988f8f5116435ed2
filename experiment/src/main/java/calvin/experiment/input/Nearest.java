package calvin.experiment.input;

import java.util.Collection;
import java.util.Locale;

/** Finds what a misspelt word was probably meant to be. */
public final class Nearest {
    private Nearest() {}

    /**
     * {@code "; did you mean `x`?"} for the closest candidate within a third of the word's length, otherwise the list
     * of candidates.
     */
    public static String hint(String word, Collection<String> candidates) {
        String best = null;
        int bestDistance = Math.max(2, word.length() / 3) + 1;
        for (String candidate : candidates) {
            int distance = distance(word.toLowerCase(Locale.ROOT), candidate.toLowerCase(Locale.ROOT));
            if (distance < bestDistance) {
                best = candidate;
                bestDistance = distance;
            }
        }
        if (best != null) {
            return "; did you mean `" + best + "`?";
        }
        return candidates.isEmpty() ? "" : "; valid here: " + String.join(", ", candidates);
    }

    /** Levenshtein's distance: insertions, deletions and substitutions. */
    static int distance(String a, String b) {
        int[] row = new int[b.length() + 1];
        for (int j = 0; j <= b.length(); j++) {
            row[j] = j;
        }
        for (int i = 1; i <= a.length(); i++) {
            int diagonal = row[0];
            row[0] = i;
            for (int j = 1; j <= b.length(); j++) {
                int substitute = diagonal + (a.charAt(i - 1) == b.charAt(j - 1) ? 0 : 1);
                diagonal = row[j];
                row[j] = Math.min(substitute, 1 + Math.min(row[j], row[j - 1]));
            }
        }
        return row[b.length()];
    }
}
