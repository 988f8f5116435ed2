package calvin.network.transport;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import calvin.network.topo.Defaults;
import calvin.network.topo.Generators;
import calvin.network.topo.Placement;
import calvin.network.topo.Topology;
import calvin.sim.event.Peers;
import calvin.sim.wire.Frame;
import io.netty.buffer.ByteBuf;
import io.netty.channel.Channel;
import io.netty.handler.codec.ByteToMessageDecoder;
import io.netty.handler.timeout.IdleStateHandler;
import io.netty.resolver.AddressResolverGroup;
import io.netty.util.concurrent.DefaultThreadFactory;
import java.io.DataInputStream;
import java.io.File;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.util.ArrayList;
import java.util.List;
import java.util.TreeMap;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(60)
class MeshTest {
    static final InetSocketAddress ANY_LOCAL_PORT = new InetSocketAddress(InetAddress.getLoopbackAddress(), 0);
    private static final TransportOptions OPTIONS = TransportOptions.withToken("a secret".getBytes())
            .withTimes(10_000, 1_000, 10_000);
    private static final byte[] PLAN = new byte[32];

    /** What worker {@code self} does with its joined mesh. */
    private interface Work<T> {
        T run(int self, Mesh mesh) throws Exception;
    }

    /**
     * Opens a mesh of {@code workers} in this process, runs {@code work} on a thread each, and returns what they
     * return.
     */
    private static <T> List<T> together(int workers, TransportOptions options, int[] ownerOfPort, Work<T> work)
            throws IOException {
        List<Mesh> meshes = new ArrayList<>();
        for (int i = 0; i < workers; i++) {
            meshes.add(Mesh.listen(ANY_LOCAL_PORT, options));
        }
        List<InetSocketAddress> addresses = meshes.stream().map(Mesh::address).toList();
        try (ExecutorService threads = Executors.newFixedThreadPool(workers)) {
            List<CompletableFuture<T>> done = new ArrayList<>();
            for (int i = 0; i < workers; i++) {
                int self = i;
                done.add(CompletableFuture.supplyAsync(() -> {
                    try (Mesh mesh = meshes.get(self)) {
                        mesh.join(self, addresses, PLAN, ownerOfPort);
                        return work.run(self, mesh);
                    } catch (RuntimeException e) {
                        throw e;
                    } catch (Exception e) {
                        throw new IllegalStateException(e);
                    }
                }, threads));
            }
            return done.stream().map(CompletableFuture::join).toList();
        }
    }

    private static String lossOf(Runnable action) {
        return assertThrows(PeerLostException.class, action::run).getMessage();
    }

    @Test
    void workersOverLoopbackGiveTheSameWorldAsOneProcess() throws IOException {
        long endPs = 60_000_000;
        for (Topology topology : List.of(Generators.ring(6, Defaults.SWITCH, Defaults.LINK),
                Generators.star(7, Defaults.SWITCH, Defaults.LINK))) {
            GossipWorld alone = new GossipWorld(topology, Placement.blocks(topology, 1), 0, Peers.NONE);
            alone.runUntil(endPs);
            for (int workers = 2; workers <= 3; workers++) {
                Placement placement = Placement.blocks(topology, workers);
                TreeMap<String, String> hashes = new TreeMap<>();
                together(workers, OPTIONS, placement.workerOfPort(topology), (self, mesh) -> {
                    GossipWorld part = new GossipWorld(topology, placement, self, mesh);
                    part.runUntil(endPs);
                    assertEquals(alone.windows(), part.windows());
                    assertTrue(mesh.statistics().sentFrames() > 0);
                    return part.hashes();
                }).forEach(hashes::putAll);
                assertEquals(alone.hashes(), hashes, workers + " workers");
            }
        }
    }

    @Test
    void framesTimesAndStatusReachTheRightWorker() throws IOException {
        byte[] large = new byte[9000];
        large[8999] = 42;
        List<Peers.Answer> answers = together(3, OPTIONS, new int[]{0, 1, 2}, (self, mesh) -> {
            Frame frame = new Frame(-1L >>> 1, 77, (self + 1) % 3, self, 1L << 50, Frame.origin(self, 9), large);
            return mesh.exchange(List.of(frame), 1000 - self, 0b111 ^ 1 << self);
        });
        for (int self = 0; self < 3; self++) {
            Peers.Answer answer = answers.get(self);
            assertEquals(1, answer.in().size());
            Frame frame = answer.in().getFirst();
            int from = (self + 2) % 3;
            assertEquals(new Frame(-1L >>> 1, 77, self, from, 1L << 50, Frame.origin(from, 9), frame.bytes()), frame);
            assertArrayEquals(large, frame.bytes());
            assertEquals(self == 2 ? 999 : 998, answer.nextPs());
            assertEquals(1 << self, answer.status());
        }
    }

    @Test
    void computingLongerThanTheTimeoutIsNotSilence() throws IOException {
        TransportOptions quick = OPTIONS.withTimes(300, 75, 10_000);
        assertEquals(List.of(3L, 3L), together(2, quick, new int[0], (self, mesh) -> {
            for (int i = 0; i < 3; i++) {
                if (self == i) {
                    Thread.sleep(700);
                }
                mesh.exchange(List.of(), 0, 0);
            }
            return mesh.statistics().windows();
        }));
    }

    @Test
    void aWorkerThatStopsTellsTheOthersWhy() throws IOException {
        List<String> said = together(3, OPTIONS, new int[0], (self, mesh) -> {
            mesh.exchange(List.of(), 0, 0);
            if (self == 1) {
                mesh.abort("no space left on device");
                return "";
            }
            return lossOf(() -> mesh.exchange(List.of(), 0, 0));
        });
        for (int self : new int[]{0, 2}) {
            assertTrue(said.get(self).contains("no space left on device"), said.get(self));
        }
        assertTrue(said.stream().anyMatch(text -> text.startsWith("worker 1 (127.0.0.1:")), said.toString());
    }

    @Test
    void aWorkerThatEndsEarlyIsNamed() throws IOException {
        List<String> said = together(2, OPTIONS, new int[0], (self, mesh) -> {
            mesh.exchange(List.of(), 0, 0);
            return self == 1 ? "" : lossOf(() -> mesh.exchange(List.of(), 0, 0));
        });
        assertTrue(said.getFirst().matches("worker 1 \\(.*\\) has ended its run before window 2"), said.getFirst());
    }

    @Test
    void aWindowThatIsTooLargeSaysSo() throws IOException {
        TransportOptions small = new TransportOptions("t".getBytes(), 10_000, 1_000, 10_000, 1 << 20);
        List<String> said = together(2, small, new int[]{0, 1}, (self, mesh) -> {
            List<Frame> frames = new ArrayList<>();
            for (int i = 0; i < 20 * self; i++) {
                frames.add(new Frame(0, 0, 0, 1, i, i, new byte[60_000]));
            }
            return lossOf(() -> mesh.exchange(frames, 0, 0));
        });
        assertTrue(said.get(1).contains("more than the 1048576 that a message may have"), said.get(1));
        assertTrue(said.get(0).contains("worker 1"), said.get(0));
    }

    @Test
    void aKilledProcessIsNamedAndEndsTheRun() throws Exception {
        try (Mesh mesh = Mesh.listen(ANY_LOCAL_PORT, OPTIONS)) {
            Process child = new ProcessBuilder(System.getProperty("java.home") + "/bin/java", "-XX:TieredStopAtLevel=1",
                    "-cp", classPath(), DyingWorker.class.getName(), "" + mesh.address().getPort())
                    .redirectError(ProcessBuilder.Redirect.INHERIT).start();
            try {
                int port = Integer.parseInt(new String(child.getInputStream().readNBytes(6)).trim());
                mesh.join(0, List.of(mesh.address(), new InetSocketAddress("127.0.0.1", port)), PLAN, new int[0]);
                String said = lossOf(() -> {
                    for (int i = 0; i < 10; i++) {
                        mesh.exchange(List.of(), 0, 0);
                    }
                });
                // Its last window may die with it, unsent.
                assertTrue(said.matches("worker 1 \\(127.0.0.1:" + port + "\\) .* in window [34]"), said);
                assertEquals(said, lossOf(() -> mesh.exchange(List.of(), 0, 0)));
                assertTrue(child.waitFor(10, TimeUnit.SECONDS));
            } finally {
                child.destroyForcibly();
            }
        }
    }

    /** Where the classes of the child come from, whatever has loaded them here. */
    private static String classPath() {
        return Stream.of(MeshTest.class, Mesh.class, Frame.class, ByteBuf.class, Channel.class,
                ByteToMessageDecoder.class,
                IdleStateHandler.class, DefaultThreadFactory.class, AddressResolverGroup.class)
                .map(from -> new File(from.getProtectionDomain().getCodeSource().getLocation().getPath()).getPath())
                .distinct().collect(Collectors.joining(File.pathSeparator));
    }

    /** Joins, takes part in three windows and dies without a word. */
    static final class DyingWorker {
        private DyingWorker() {}

        public static void main(String[] arguments) throws IOException {
            Mesh mesh = Mesh.listen(ANY_LOCAL_PORT, OPTIONS);
            System.out.printf("%5d\n", mesh.address().getPort());
            System.out.flush();
            InetSocketAddress first = new InetSocketAddress("127.0.0.1", Integer.parseInt(arguments[0]));
            mesh.join(1, List.of(first, mesh.address()), PLAN, new int[0]);
            for (int i = 0; i < 3; i++) {
                mesh.exchange(List.of(), 0, 0);
            }
            Runtime.getRuntime().halt(9);
        }
    }

    /** A hand-made worker 1 on a plain socket, after its handshake. */
    private static Socket handshake(Mesh mesh, byte[] token) throws IOException {
        Socket socket = new Socket(mesh.address().getAddress(), mesh.address().getPort());
        ByteBuf hello = new MeshHello(1, 2, PLAN, token).to(0);
        hello.readBytes(socket.getOutputStream(), hello.readableBytes());
        return socket;
    }

    private static void answered(Socket socket) throws IOException {
        DataInputStream in = new DataInputStream(socket.getInputStream());
        byte[] answer = in.readNBytes(in.readInt());
        assertEquals(MeshHello.TYPE, answer[0]);
    }

    @Test
    void silenceIsLoss() throws IOException {
        try (Mesh mesh = Mesh.listen(ANY_LOCAL_PORT, OPTIONS.withTimes(300, 100, 10_000));
                Socket silent = handshake(mesh, "a secret".getBytes())) {
            mesh.join(0, List.of(mesh.address(), mesh.address()), PLAN, new int[0]);
            answered(silent);
            String said = lossOf(() -> mesh.exchange(List.of(), 0, 0));
            assertTrue(said.contains("worker 1 (") && said.contains("sent nothing for 300 ms in window 1"), said);
        }
    }

    @Test
    void aMessageBeyondTheLimitOrWithoutSenseIsLoss() throws IOException {
        byte[][] messages = {{0x40, 0, 0, 0, 2}, {0, 0, 0, 1, 99}, {0, 0, 0, 3, 2, 0, 0}, {0, 0, 0, 0},
            {0, 0, 0, 29, 2, 0, 0, 0, 0, 0, 0, 0, 1, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 127, 0, 0, 0}};
        for (byte[] message : messages) {
            try (Mesh mesh = Mesh.listen(ANY_LOCAL_PORT, OPTIONS);
                    Socket odd = handshake(mesh, "a secret".getBytes())) {
                mesh.join(0, List.of(mesh.address(), mesh.address()), PLAN, new int[0]);
                answered(odd);
                odd.getOutputStream().write(message);
                String said = lossOf(() -> mesh.exchange(List.of(), 0, 0));
                assertTrue(said.contains("worker 1 (") && said.contains("failed: "), said);
            }
        }
    }

    @Test
    void strangersLearnNothingAndDoNotDisturb() throws Exception {
        TransportOptions hasty = OPTIONS.withTimes(10_000, 1_000, 800);
        try (Mesh mesh = Mesh.listen(ANY_LOCAL_PORT, hasty)) {
            try (Socket wrongToken = handshake(mesh, "a guess!".getBytes());
                    Socket web = handshake(mesh,
                            "x".getBytes());
                    Socket flood = new Socket(mesh.address().getAddress(), mesh.address().getPort())) {
                flood.getOutputStream().write(new byte[]{0x7F, 0, 0, 0, 1});
                String said = lossOf(() -> mesh.join(0, List.of(mesh.address(), mesh.address()), PLAN, new int[0]));
                assertTrue(said.startsWith("not all workers joined in 800 ms: no sign of worker 1 ("), said);
                assertEquals(-1, wrongToken.getInputStream().read());
                assertEquals(-1, web.getInputStream().read());
                assertEquals(-1, flood.getInputStream().read());
            }
        }
    }

    @Test
    void aCallerWithAnotherTokenIsToldItsOwnMistake() throws Exception {
        try (Mesh mesh = Mesh.listen(ANY_LOCAL_PORT, OPTIONS.withTimes(10_000, 1_000, 500));
                Mesh other = Mesh.listen(ANY_LOCAL_PORT, TransportOptions.withToken("b".getBytes()))) {
            CompletableFuture<Void> here = CompletableFuture.runAsync(
                    () -> mesh.join(0, List.of(mesh.address(), other.address()), PLAN, new int[0]));
            String said = lossOf(() -> other.join(1, List.of(mesh.address(), other.address()), PLAN, new int[0]));
            assertTrue(said.startsWith("worker 0 (") && said.contains("wrong token?"), said);
            assertThrows(CompletionException.class, here::join);
        }
    }

    @Test
    void anotherPlanIsRefusedOnBothSides() throws Exception {
        try (Mesh mesh = Mesh.listen(ANY_LOCAL_PORT, OPTIONS); Mesh other = Mesh.listen(ANY_LOCAL_PORT, OPTIONS)) {
            CompletableFuture<String> here = CompletableFuture.supplyAsync(() -> lossOf(
                    () -> mesh.join(0, List.of(mesh.address(), other.address()), PLAN, new int[0])));
            byte[] changed = PLAN.clone();
            changed[31] = 1;
            String said = lossOf(() -> other.join(1, List.of(mesh.address(), other.address()), changed, new int[0]));
            assertTrue(said.contains("refused this worker, which has loaded another plan than worker 0"), said);
            assertTrue(here.join().contains("worker 1 (") && here.join().contains("has loaded another plan"),
                    here.join());
        }
    }

    @Test
    void anAddressWhereNobodyListensIsNamed() throws Exception {
        InetSocketAddress nobody;
        try (Mesh gone = Mesh.listen(ANY_LOCAL_PORT, OPTIONS)) {
            nobody = gone.address();
        }
        try (Mesh mesh = Mesh.listen(ANY_LOCAL_PORT, OPTIONS)) {
            String said = lossOf(() -> mesh.join(1, List.of(nobody, mesh.address()), PLAN, new int[0]));
            assertTrue(said.startsWith("worker 0 (127.0.0.1:" + nobody.getPort() + ") cannot be reached: "), said);
            assertThrows(IOException.class, () -> Mesh.listen(mesh.address(), OPTIONS));
        }
    }

    @Test
    void oneWorkerNeedsNobody() throws IOException {
        assertEquals(List.of(new Peers.Answer(List.of(), Long.MAX_VALUE, -1)),
                together(1, OPTIONS, new int[0], (self, mesh) -> mesh.exchange(List.of(), 5, 5)));
    }
}
