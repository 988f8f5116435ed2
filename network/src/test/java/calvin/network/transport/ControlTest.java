package calvin.network.transport;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import calvin.sim.check.BugException;
import io.netty.buffer.ByteBuf;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

@Timeout(60)
class ControlTest {
    private static final InetSocketAddress BIND = new InetSocketAddress(InetAddress.getLoopbackAddress(), 0);
    private static final byte[] TOKEN = "a secret".getBytes();
    private static final TransportOptions OPTIONS = TransportOptions.withToken(TOKEN).withTimes(10_000, 500, 10_000);

    private final Map<String, ByteArrayOutputStream> results = new ConcurrentHashMap<>();

    private OutputStream store(int worker, String name) {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        results.put(worker + ":" + name, out);
        return out;
    }

    private static InetSocketAddress mesh(int port) {
        return new InetSocketAddress("127.0.0.1", port);
    }

    private static byte[] noise(int size) {
        byte[] bytes = new byte[size];
        new Random(size).nextBytes(bytes);
        return bytes;
    }

    private static String lossOf(Runnable action) {
        return assertThrows(PeerLostException.class, action::run).getMessage();
    }

    @Test
    void plansGoOutAndResultsComeBackWhole() throws Exception {
        byte[] plan = noise(1_000_003);
        byte[] large = noise(3_000_001);
        try (WorkerServer server = WorkerServer.listen(BIND, 3, OPTIONS)) {
            List<CompletableFuture<Void>> workers = java.util.stream.IntStream.range(0, 3)
                    .mapToObj(i -> CompletableFuture.runAsync(() -> {
                        try (WorkerClient client = WorkerClient.connect(server.address(), OPTIONS, 2 - i,
                                mesh(7000 + i))) {
                            WorkerClient.Assignment mine = client.awaitPlan();
                            assertEquals(2 - i, mine.worker());
                            assertEquals(3, mine.workers());
                            assertArrayEquals(plan, mine.plan());
                            assertEquals(List.of(7002, 7001, 7000),
                                    client.awaitStart().stream().map(InetSocketAddress::getPort).toList());
                            try (OutputStream out = client.file("node" + mine.worker() + "/port0.pcapng")) {
                                out.write(large, 0, 17);
                                out.write(large[17]);
                                out.write(large, 18, large.length - 18);
                            }
                            client.file("empty").close();
                            client.done("{\"worker\": " + mine.worker() + "}");
                        } catch (IOException e) {
                            throw new IllegalStateException(e);
                        }
                    })).toList();
            server.awaitWorkers();
            server.start(plan, this::store);
            List<WorkerOutcome> outcomes = server.awaitOutcomes();
            workers.forEach(CompletableFuture::join);
            for (int i = 0; i < 3; i++) {
                assertEquals(new WorkerOutcome(i, WorkerOutcome.Status.DONE, "{\"worker\": " + i + "}"),
                        outcomes.get(i));
                assertArrayEquals(large, results.get(i + ":node" + i + "/port0.pcapng").toByteArray());
                assertEquals(0, results.get(i + ":empty").size());
            }
            assertEquals(6, results.size());
        }
    }

    @Test
    void workersWithoutAWishGetTheFreeNumbers() throws Exception {
        try (WorkerServer server = WorkerServer.listen(BIND, 2, OPTIONS);
                WorkerClient one = WorkerClient.connect(server.address(), OPTIONS, -1, mesh(1));
                WorkerClient two = WorkerClient.connect(server.address(), OPTIONS, -1, mesh(2))) {
            server.awaitWorkers();
            server.start(new byte[0], this::store);
            assertEquals(1, one.awaitPlan().worker() + two.awaitPlan().worker());
            assertEquals(0, one.awaitPlan().plan().length);
            assertEquals(2, two.awaitStart().size());
            assertFalse(one.lost());
        }
    }

    @Test
    void aMeshAtAllAddressesIsReachedWhereItsWorkerCalledFrom() throws Exception {
        try (WorkerServer server = WorkerServer.listen(BIND, 1, OPTIONS);
                WorkerClient client = WorkerClient.connect(server.address(), OPTIONS, -1,
                        new InetSocketAddress(4711))) {
            server.awaitWorkers();
            server.start(new byte[1], this::store);
            assertEquals(InetSocketAddress.createUnresolved("127.0.0.1", 4711), client.awaitStart().getFirst());
        }
    }

    @Test
    void anErrorAndALossAreToldApart() throws Exception {
        TransportOptions quick = OPTIONS.withTimes(500, 100, 10_000);
        try (WorkerServer server = WorkerServer.listen(BIND, 3, quick);
                WorkerClient bad = WorkerClient.connect(server.address(), quick, 0, mesh(1));
                WorkerClient gone = WorkerClient.connect(server.address(), quick, 1, mesh(2));
                WorkerClient hangs = WorkerClient.connect(server.address(), quick, 2, mesh(3))) {
            server.awaitWorkers();
            server.start(new byte[]{1}, this::store);
            bad.awaitStart();
            bad.error("node 3: unexpected end of the image");
            gone.awaitStart();
            OutputStream half = gone.file("half");
            half.write(1);
            gone.close();
            hangs.awaitStart();
            List<WorkerOutcome> outcomes = server.awaitOutcomes();
            assertEquals(new WorkerOutcome(0, WorkerOutcome.Status.ERROR, "node 3: unexpected end of the image"),
                    outcomes.get(0));
            assertEquals(new WorkerOutcome(1, WorkerOutcome.Status.LOST, "closed the connection"), outcomes.get(1));
            assertEquals(WorkerOutcome.Status.LOST, outcomes.get(2).status());
            assertTrue(outcomes.get(2).text().contains("did not end"), outcomes.get(2).text());
        }
    }

    @Test
    void anEndInsideAResultIsAnError() throws Exception {
        try (WorkerServer server = WorkerServer.listen(BIND, 1, OPTIONS);
                WorkerClient client = WorkerClient.connect(server.address(), OPTIONS, 0, mesh(1))) {
            server.awaitWorkers();
            server.start(new byte[]{1}, this::store);
            client.awaitStart();
            OutputStream open = client.file("open");
            open.write(noise(300_000));
            client.done("{}");
            assertEquals(List.of(new WorkerOutcome(0, WorkerOutcome.Status.ERROR, "ended inside the result open")),
                    server.awaitOutcomes());
        }
    }

    @Test
    void theEndOfTheRunnerReachesTheWorkers() throws Exception {
        WorkerServer server = WorkerServer.listen(BIND, 2, OPTIONS);
        try (WorkerClient client = WorkerClient.connect(server.address(), OPTIONS, 0, mesh(1))) {
            CompletableFuture<String> waiting = CompletableFuture.supplyAsync(() -> lossOf(client::awaitPlan));
            Thread.sleep(100);
            server.close();
            assertTrue(waiting.join().startsWith("the runner (127.0.0.1:"), waiting.join());
            assertTrue(client.lost());
            assertTrue(lossOf(() -> client.done("{}")).contains("closed the connection"));
            assertTrue(lossOf(() -> WorkerClient.connect(server.address(), OPTIONS, 0, mesh(1)))
                    .contains("cannot be reached"));
        }
    }

    @Test
    void workersThatDoNotComeAreCounted() throws Exception {
        try (WorkerServer server = WorkerServer.listen(BIND, 2, OPTIONS.withTimes(10_000, 500, 700));
                WorkerClient one = WorkerClient.connect(server.address(), OPTIONS, -1, mesh(1))) {
            assertEquals("only 1 of 2 workers came in 700 ms", lossOf(server::awaitWorkers));
            assertFalse(one.lost());
        }
    }

    @Test
    void onlyThoseWhoKnowTheTokenAreWorkers() throws Exception {
        TransportOptions wrong = TransportOptions.withToken("a guess!".getBytes());
        try (WorkerServer server = WorkerServer.listen(BIND, 1, OPTIONS.withTimes(10_000, 500, 600));
                WorkerClient guess = WorkerClient.connect(server.address(), wrong, 0, mesh(1))) {
            assertTrue(lossOf(guess::awaitPlan).contains("wrong token"));
            assertTrue(lossOf(server::awaitWorkers).startsWith("only 0 of 1 workers"));
        }
    }

    @Test
    void aWorkerTooManyIsToldSo() throws Exception {
        try (WorkerServer server = WorkerServer.listen(BIND, 1, OPTIONS);
                WorkerClient one = WorkerClient.connect(server.address(), OPTIONS, 0, mesh(1))) {
            server.awaitWorkers();
            try (WorkerClient same = WorkerClient.connect(server.address(), OPTIONS, 0, mesh(2));
                    WorkerClient more = WorkerClient.connect(server.address(), OPTIONS, -1, mesh(3))) {
                assertTrue(lossOf(same::awaitPlan).contains("wants number 0, which another worker has"));
                assertTrue(lossOf(more::awaitPlan).contains("is not needed: there are 1 workers"));
            }
            assertFalse(one.lost());
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "/etc/passwd", "../x", "a/../b", "a/./b", "a//b", "a/", "a\\b", "a b", "\u00e4",
        "a\u0000b"})
    void namesThatCouldLeaveTheFolderAreRefused(String name) throws Exception {
        assertFalse(Control.isFileName(name));
        try (WorkerServer server = WorkerServer.listen(BIND, 1, OPTIONS);
                Socket socket = new Socket(server.address().getAddress(), server.address().getPort())) {
            // A worker that is not ours says it all the same.
            ByteBuf hello = Control.message(Control.HELLO).writeLong(Control.MAGIC);
            Messages.writeBytes(hello, TOKEN);
            hello.writeShort(Control.VERSION).writeInt(0);
            Messages.writeText(hello, "127.0.0.1");
            send(socket, hello.writeInt(9));
            server.awaitWorkers();
            server.start(new byte[1], this::store);
            ByteBuf file = Control.message(Control.RESULT_FILE).writeByte(Control.FIRST_CHUNK | Control.LAST_CHUNK);
            Messages.writeText(file, name);
            send(socket, file.writeInt(1).writeByte(7));
            WorkerOutcome outcome = server.awaitOutcomes().getFirst();
            assertEquals(WorkerOutcome.Status.LOST, outcome.status());
            assertTrue(outcome.text().contains("is not expected"), outcome.text());
            assertEquals(Map.of(), results);
        }
    }

    private static void send(Socket socket, ByteBuf message) throws IOException {
        Messages.end(message);
        message.readBytes(socket.getOutputStream(), message.readableBytes());
    }

    @Test
    void goodNamesAreGood() throws Exception {
        for (String name : List.of("a", "metrics.json", "node0/port0.pcapng", "a/b/c_d-e.1", "..a", ".hidden")) {
            assertTrue(Control.isFileName(name), name);
        }
        try (WorkerServer server = WorkerServer.listen(BIND, 1, OPTIONS);
                WorkerClient client = WorkerClient.connect(server.address(), OPTIONS, 0, mesh(1))) {
            assertThrows(BugException.class, () -> client.file("../x"));
        }
    }

    @Test
    void aSinkThatFailsEndsTheWorkerNotTheRunner() throws Exception {
        try (WorkerServer server = WorkerServer.listen(BIND, 1, OPTIONS);
                WorkerClient client = WorkerClient.connect(server.address(), OPTIONS, 0, mesh(1))) {
            server.awaitWorkers();
            server.start(new byte[1], (worker, name) -> {
                throw new IOException("No space left on device");
            });
            client.awaitStart();
            client.file("a").close();
            assertEquals(List.of(new WorkerOutcome(0, WorkerOutcome.Status.LOST, "failed: No space left on device")),
                    server.awaitOutcomes());
        }
    }

    @Test
    void optionsThatCannotWorkAreRefused() {
        assertThrows(IllegalArgumentException.class, () -> TransportOptions.withToken(new byte[0]));
        assertThrows(IllegalArgumentException.class, () -> OPTIONS.withTimes(100, 100, 100));
        assertThrows(IllegalArgumentException.class, () -> new TransportOptions(TOKEN, 100, 10, 100, 1));
        assertFalse(OPTIONS.toString().contains("secret"));
    }
}
