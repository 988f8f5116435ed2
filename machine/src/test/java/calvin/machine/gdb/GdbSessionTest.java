package calvin.machine.gdb;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import calvin.guests.Guests;
import calvin.machine.board.BoardSpec;
import calvin.machine.board.Engines;
import calvin.machine.board.Machine;
import calvin.machine.debug.Debugger;
import calvin.machine.debug.ReplayConsole;
import calvin.machine.debug.StopEvent;
import calvin.machine.elf.ElfException;
import calvin.machine.isa.Csr;
import calvin.machine.sbi.SbiFirmware;
import calvin.sim.event.Lane;
import calvin.sim.time.SimTime;
import calvin.sim.trace.TraceSink;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.SplittableRandom;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** The protocol, packet by packet, as gdb's manual has it. */
class GdbSessionTest {
    private final Lane lane = new Lane("node0");
    private final ReplayConsole console = new ReplayConsole((timePs, value) -> {
    });
    private final Machine machine = new Machine(lane, 0, BoardSpec.virt(2, 64 << 20), List.of(new SbiFirmware()),
            Engines.INTERPRETER, console, TraceSink.NONE);
    private long kernelMain;
    private Debugger debugger;
    private GdbSession session;

    @BeforeEach
    void boot() throws ElfException {
        var elf = machine.loadElf(Guests.get("smode.elf").bytes());
        kernelMain = elf.symbol("kernel_main").orElseThrow();
        machine.bootSupervisor(elf.entry(), "");
        debugger = new Debugger(machine, console);
        session = new GdbSession(debugger, file -> "saved " + file);
        raw("$QStartNoAckMode#b0");
    }

    private String raw(String bytes) {
        byte[] in = bytes.getBytes(StandardCharsets.ISO_8859_1);
        session.receive(in, in.length);
        return new String(session.takeOutput(), StandardCharsets.ISO_8859_1);
    }

    private static String packet(String body) {
        int sum = 0;
        for (char each : body.toCharArray()) {
            sum += each;
        }
        return "$" + body + "#" + HexFormat.of().toHexDigits((byte) sum);
    }

    /** Sends a packet and returns the body of the only reply. */
    private String ask(String body) {
        String reply = raw(packet(body));
        assertTrue(reply.startsWith("$") && reply.charAt(reply.length() - 3) == '#', reply);
        return reply.substring(1, reply.length() - 3);
    }

    /** Runs until the session tells gdb something. */
    private String run() {
        for (int i = 0; i < 10_000 && session.running(); i++) {
            session.happened(debugger.advance(lane.timePs() + 100 * SimTime.PS_PER_US, session.takeInterrupt()));
        }
        String reply = new String(session.takeOutput(), StandardCharsets.ISO_8859_1);
        return reply.isEmpty() ? reply : reply.substring(1, reply.length() - 3);
    }

    @Test
    void packetsAreAcknowledgedUntilGdbSaysNot() {
        session = new GdbSession(debugger, Host.NONE);
        assertEquals("+" + packet("QC1"), raw(packet("qC")));
        assertEquals("-", raw("$qC#00"), "a wrong checksum");
        assertEquals(packet("QC1"), raw("-"), "again");
        assertEquals("", raw("+"));
        assertEquals("+" + packet("OK"), raw(packet("QStartNoAckMode")));
        assertEquals(packet("QC1"), raw("$qC#00"), "checksums are not looked at any more");
    }

    @Test
    void whatIsNotKnownIsAnsweredEmpty() {
        for (String body : List.of("vMustReplyEmpty", "qSymbol::", "qTStatus", "qOffsets", "!", "R00", "Z9,0,1")) {
            assertEquals("", ask(body), body);
        }
    }

    @Test
    void featuresHartsAndRegistersAreDescribed() {
        String features = ask("qSupported:multiprocess+;swbreak+");
        for (String each : List.of("ReverseStep+", "ReverseContinue+", "swbreak+", "hwbreak+", "qXfer:features:read+",
                "QStartNoAckMode+", "vContSupported+")) {
            assertTrue(features.contains(each), features);
        }
        assertEquals("m1,2", ask("qfThreadInfo"));
        assertEquals("l", ask("qsThreadInfo"));
        assertEquals("hart 1, M mode", new String(HexFormat.of().parseHex(ask("qThreadExtraInfo,2")),
                StandardCharsets.UTF_8));
        assertEquals("E01", ask("qThreadExtraInfo,3"));
        assertEquals("OK", ask("T2"));
        assertEquals("E01", ask("T3"));
        assertEquals("E01", ask("Hg3"));
        StringBuilder xml = new StringBuilder();
        for (int at = 0;; at += 1000) {
            String part = ask("qXfer:features:read:target.xml:" + Integer.toHexString(at) + ",3e8");
            xml.append(part.substring(1));
            if (part.charAt(0) == 'l') {
                break;
            }
            assertEquals(1001, part.length());
        }
        assertEquals(TargetDescription.XML, xml.toString());
        assertTrue(xml.toString().contains("<reg name=\"mstatus\" bitsize=\"64\" regnum=\"833\""), "65 + 0x300");
        assertTrue(ask("qXfer:threads:read::0,fff").contains("<thread id=\"2\" core=\"1\""));
    }

    @Test
    void registersAndMemoryAreReadAndWritten() {
        assertEquals(16 * 33, ask("g").length());
        assertEquals("OK", ask("P5=8877665544332211"));
        assertEquals("8877665544332211", ask("p5"));
        assertEquals(0x1122334455667788L, machine.hart(0).hart().x[5]);
        assertEquals("OK", ask("P" + Integer.toHexString(65 + Csr.MSCRATCH.number) + "=0100000000000000"));
        assertEquals(1, machine.hart(0).csr(Csr.MSCRATCH));
        assertEquals("0300000000000000", ask("p" + Integer.toHexString(TargetDescription.PRIVILEGE)));
        assertEquals("E01", ask("p" + Integer.toHexString(TargetDescription.VIRTUAL + 1)));
        assertEquals("E01", ask("P0fff=00"));
        assertEquals("OK", ask("M80000000,4:deadbeef"));
        assertEquals("deadbeef", ask("m80000000,4"));
        assertEquals("OK", ask("X80000000,2:}\u0003A"), "an escaped 0x23 and an A");
        assertEquals("2341beef", ask("m80000000,4"));
        assertEquals("E14", ask("m10000000,4"), "the UART is not read");
        assertEquals("E14", ask("M10000000,1:00"));
        assertEquals("E16", ask("M80000000,4:de"), "another length");
    }

    @Test
    void breaksStepsAndGoesBack() {
        assertEquals("OK", ask("Z0," + Long.toHexString(kernelMain) + ",2"));
        assertEquals("", raw(packet("vCont;c")));
        assertTrue(session.running());
        assertEquals("T05thread:1;core:0;swbreak:;", run());
        assertEquals("T05thread:1;core:0;swbreak:;", ask("?"));
        assertEquals(kernelMain, machine.hart(0).hart().pc);
        raw(packet("vCont;s:1;c"));
        assertEquals("T05thread:1;core:0;", run());
        assertEquals("T05thread:1;core:0;", ask("bs"));
        assertEquals(kernelMain, machine.hart(0).hart().pc);
        raw(packet("vCont;r" + Long.toHexString(kernelMain) + "," + Long.toHexString(kernelMain + 8) + ":1"));
        assertEquals("T05thread:1;core:0;", run());
        assertTrue(machine.hart(0).hart().pc >= kernelMain + 8, "the range is left");
        assertEquals("T05thread:1;core:0;swbreak:;", ask("bc"));
        assertTrue(ask("bc").contains("replaylog:begin;"));
    }

    @Test
    void anInterruptStopsARunningMachine() {
        raw(packet("c"));
        session.happened(debugger.advance(SimTime.PS_PER_US, session.takeInterrupt()));
        assertTrue(session.running());
        raw("\u0003");
        assertTrue(run().startsWith("T02thread:"));
    }

    @Test
    void theEndCanBeLeftBackwardsAndIsTheEndOnlyThen() {
        raw(packet("c"));
        String said = run();
        assertTrue(said.contains("T0fthread:"), said);
        assertFalse(session.running());
        assertTrue(session.open());
        assertTrue(ask("bs").startsWith("T05"));
        raw(packet("c"));
        assertTrue(run().contains("T0f"));
        assertEquals("W00", ask("c"));
        assertFalse(session.open());
    }

    @Test
    void monitorCommandsAnswerInText() {
        String reply = raw(packet("qRcmd," + HexFormat.of().formatHex("walk 0x80200000".getBytes())));
        assertTrue(reply.startsWith("$O") && reply.endsWith("$OK#9a"), reply);
        List<String> commands = new ArrayList<>(List.of("help", "info", "mode", "time", "csr mstatus", "csr nothing",
                "csr mscratch 5", "walk", "walk zebra", "phys on", "phys off", "watch 0x80000000 4", "unwatch 1 0",
                "checkpoint", "save x", "reset", "", "\u0000\u00ff"));
        for (String command : commands) {
            assertTrue(raw(packet("qRcmd," + HexFormat.of().formatHex(command.getBytes()))).endsWith("$OK#9a"));
        }
        assertTrue(ask("qqemu.PhyMemMode").equals("0") && ask("Qqemu.PhyMemMode:1").equals("OK")
                && ask("qqemu.PhyMemMode").equals("1"));
    }

    /** Noise, cut packets and well-formed packets of nonsense: an answer or none, but never an exception. */
    @Test
    void noBytesMakeItFail() {
        SplittableRandom random = new SplittableRandom(7);
        String starts = "?gGpPmMXHTZzcCsSbvqQDk!RxA";
        String[] words = {"vCont;", "vCont;r", "qSupported:", "qRcmd,", "qXfer:features:read:target.xml:", "qCRC:",
            "Z0,", "z2,", "Z4,", "m", "X", "Hg", "qThreadExtraInfo,", "P20=", "G", "bc", "bs", "vKill;", "QStart"};
        for (int i = 0; i < 20_000; i++) {
            StringBuilder body = new StringBuilder();
            if (random.nextInt(3) > 0) {
                body.append(random.nextBoolean()
                        ? words[random.nextInt(words.length)]
                        : String.valueOf(starts.charAt(random.nextInt(starts.length()))));
            }
            for (int n = random.nextInt(12); n > 0; n--) {
                body.append(random.nextInt(4) > 0
                        ? "0123456789abcdef,;:=-".charAt(random.nextInt(21))
                        : (char) random.nextInt(256));
            }
            String sent = random.nextInt(4) == 0 ? body.toString() : packet(body.toString());
            raw(sent);
            if (session.running()) {
                StopEvent event = debugger.advance(lane.timePs() + 1000, true);
                session.happened(event);
            }
            if (!session.open()) {
                session = new GdbSession(debugger, Host.NONE);
            }
        }
        session = new GdbSession(debugger, Host.NONE);
        assertTrue(raw("\u0000" + packet("qC")).contains("QC"), "it still speaks");
    }
}
