package calvin.machine.aia;

import calvin.machine.bus.IrqLine;
import java.util.List;

/**
 * By a wire to each hart.
 *
 * @param lines by hart index
 */
record DirectDelivery(List<IrqLine> lines) implements Delivery {
    DirectDelivery {
        lines = List.copyOf(lines);
    }
}
