package calvin.machine.engine;

import calvin.machine.isa.Assembler;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** Assembles lines of four-byte instructions; {@code @name} as a target is a label, defined by {@code name:}. */
final class Lines {
    private final List<String> lines = new ArrayList<>();
    private final Map<String, Integer> labels = new LinkedHashMap<>();

    Lines add(String... texts) {
        for (String text : texts) {
            if (text.endsWith(":")) {
                labels.put(text.substring(0, text.length() - 1), 4 * lines.size());
            } else {
                lines.add(text);
            }
        }
        return this;
    }

    int offset(String label) {
        return labels.get(label);
    }

    List<Integer> words() {
        List<Integer> words = new ArrayList<>();
        for (int i = 0; i < lines.size(); i++) {
            String line = lines.get(i);
            int at = line.indexOf('@');
            if (at >= 0) {
                int distance = labels.get(line.substring(at + 1)) - 4 * i;
                line = line.substring(0, at) + (distance < 0 ? ".-" + -distance : ".+" + distance);
            }
            words.add(Assembler.assemble(line));
        }
        return words;
    }
}
