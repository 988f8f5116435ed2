package calvin.machine.nic;

import calvin.machine.bus.RegisterMap;
import calvin.machine.bus.RegisterMap.Access;
import calvin.machine.nic.verbs.VerbsEngine;

/** The card's registers: BAR0 at the beginning of its window, the user access pages at {@link RdmaCard#UAR_AT}. */
final class CardRegisters {
    static final int MAGIC_AT = 0x000;
    static final int VERSION_AT = 0x004;
    static final int MAC_AT = 0x008;
    static final int IPV4_AT = 0x010;
    static final int UAR_COUNT_AT = 0x014;
    static final int MAX_QP_AT = 0x018;
    static final int MAX_CQ_AT = 0x01C;
    static final int MAX_MR_AT = 0x020;
    static final int MAX_INLINE_AT = 0x024;
    static final int PORT_MTU_AT = 0x028;
    static final int ARGUMENTS_AT = 0x100;
    static final int ARGUMENTS = 8;
    static final int COMMAND_AT = 0x140;
    static final int STATUS_AT = 0x144;
    static final int RESULT_AT = 0x148;

    private static final String ADR = "docs/adr/0004: ";

    private CardRegisters() {}

    static RegisterMap map() {
        RegisterMap map = new RegisterMap(RdmaCard.SIZE_BYTES);
        // @formatter:off
        read(map,  "MAGIC",      MAGIC_AT,      RegisterMap.W4, "0x494E5643");
        read(map,  "VERSION",    VERSION_AT,    RegisterMap.W4, "1");
        read(map,  "MAC",        MAC_AT,        RegisterMap.W8, "MAC address, first octet in bits 47..40");
        read(map,  "IPV4",       IPV4_AT,       RegisterMap.W4, "address of the port, host order");
        read(map,  "UAR_COUNT",  UAR_COUNT_AT,  RegisterMap.W4, "user access pages");
        read(map,  "MAX_QP",     MAX_QP_AT,     RegisterMap.W4, "queue pairs");
        read(map,  "MAX_CQ",     MAX_CQ_AT,     RegisterMap.W4, "completion queues");
        read(map,  "MAX_MR",     MAX_MR_AT,     RegisterMap.W4, "memory regions");
        read(map,  "MAX_INLINE", MAX_INLINE_AT, RegisterMap.W4, "inline bytes of an SQ entry");
        read(map,  "PORT_MTU",   PORT_MTU_AT,   RegisterMap.W4, "largest path MTU");
        read(map,  "STATUS",     STATUS_AT,     RegisterMap.W4, "0 or a positive errno");
        read(map,  "RESULT",     RESULT_AT,     RegisterMap.W8, "what the command returns");
        // @formatter:on
        map.registers("ARG", ARGUMENTS_AT, ARGUMENTS, 8, RegisterMap.W8, Access.READ_WRITE, ADR + "command arguments");
        map.register("COMMAND", COMMAND_AT, RegisterMap.W4, Access.WRITE_ONLY, ADR + "executes a command; reads as 0");
        page(map, "SQ_DOORBELL", RdmaCard.SQ_DOORBELL, "qpn<<32 | SQ producer index");
        page(map, "CQ_ARM", RdmaCard.CQ_ARM, "cqn<<32 | flags<<24 | consumer index; counted only");
        return map;
    }

    private static void read(RegisterMap map, String name, int at, int width, String meaning) {
        map.register(name, at, width, Access.READ_ONLY, ADR + meaning);
    }

    /** A register of every user access page. The last has its own row: its stride would end beyond the device. */
    private static void page(RegisterMap map, String name, int inPage, String meaning) {
        int first = RdmaCard.UAR_AT + inPage;
        int most = VerbsEngine.UAR_PAGES - 1;
        map.registers(name, first, most, RdmaCard.UAR_BYTES, RegisterMap.W8, Access.WRITE_ONLY, ADR + meaning);
        map.register(name, first + most * RdmaCard.UAR_BYTES, RegisterMap.W8, Access.WRITE_ONLY, ADR + meaning);
    }
}
