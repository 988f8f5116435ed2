package calvin.machine.nic;

import calvin.machine.bus.Device;
import calvin.machine.bus.DeviceContractTest;
import calvin.machine.nic.verbs.CardSpec;
import calvin.sim.event.Lane;
import calvin.sim.trace.TraceSink;

class RdmaCardContractTest extends DeviceContractTest {
    @Override
    protected Device build(Lane lane) {
        TestWire wire = new TestWire(lane, 1_000_000);
        RdmaCard card = new RdmaCard(CardSpec.connectX5Class(), 0, RdmaCard.macOf(1), 1, new Ram("ram", 1 << 16),
                lane.queue(), wire.port(0), TraceSink.NONE);
        card.attach(lane.addTarget(card));
        return card;
    }

    /** A reset keeps the numbers that must not repeat while old events and frames are about. */
    @Override
    protected boolean resetsToPowerOn() {
        return false;
    }
}
