package calvin.machine.virtio.character;

import calvin.sim.state.Struct;
import calvin.sim.state.Struct.Bytes;
import calvin.sim.state.Struct.U32;

/** State of a {@link VirtioConsole}. */
final class ConsoleStruct {
    static final int WAITING_BYTES = 1024;
    static final Struct S = Struct.named("virtio_console");
    static final U32 COUNT = S.u32("count", "typed bytes that the driver has not supplied buffers for");
    static {
        S.reserved(4);
    }
    static final Bytes WAITING = S.bytes("waiting", WAITING_BYTES, "those bytes, oldest first");
    static {
        S.endsAt(1032);
    }

    private ConsoleStruct() {}
}
