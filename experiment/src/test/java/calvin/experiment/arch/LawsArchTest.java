package calvin.experiment.arch;

import static org.junit.jupiter.api.Assertions.assertEquals;

import calvin.sim.state.Derived;
import calvin.sim.state.Published;
import calvin.sim.state.Stateful;
import com.tngtech.archunit.core.domain.Dependency;
import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.domain.JavaField;
import com.tngtech.archunit.core.domain.JavaMethodCall;
import com.tngtech.archunit.core.domain.JavaModifier;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.core.importer.ImportOption;
import java.io.IOException;
import java.io.InputStream;
import java.lang.classfile.ClassFile;
import java.lang.classfile.ClassModel;
import java.lang.classfile.MethodModel;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.Predicate;
import org.junit.jupiter.api.Test;

/** The laws of the project that a machine can check: determinism, state, edges, size of methods. */
class LawsArchTest {
    /** HotSpot compiles no method that is larger. */
    private static final int MAX_METHOD_BYTES = 8_000;

    private static final Set<String> FORBIDDEN_CALLS = Set.of("java.lang.System.nanoTime",
            "java.lang.System.currentTimeMillis",
            "java.lang.System.identityHashCode", "java.lang.Math.random", "java.time.Instant.now",
            "java.time.Clock.systemUTC",
            "java.util.concurrent.ThreadLocalRandom.current", "java.util.Collection.parallelStream");
    private static final Set<String> FORBIDDEN_TYPES = Set.of("java.lang.Thread", "java.util.Random",
            "java.security.SecureRandom",
            "java.util.SplittableRandom", "java.lang.ThreadLocal", "java.util.Timer", "sun.misc.Unsafe");
    private static final List<String> FORBIDDEN_PACKAGES = List.of("java.util.concurrent", "java.net",
            "java.lang.reflect");

    /**
     * Host resources that threads share and no simulation can see: free frames, and the translator's regions with the
     * thread that makes them (ADR 6).
     */
    private static final Set<String> SHARED_HOST_RESOURCES = Set.of("calvin.machine.mem.Slab",
            "calvin.machine.jit.Compiler", "calvin.machine.jit.PageCode", "calvin.machine.jit.RegionCache");

    private final JavaClasses classes = new ClassFileImporter()
            .withImportOption(ImportOption.Predefined.DO_NOT_INCLUDE_TESTS)
            .importPackages("calvin");

    private List<JavaClass> production(Predicate<String> packages) {
        List<JavaClass> chosen = new ArrayList<>();
        for (JavaClass each : classes) {
            if (!PartsArchTest.isTest(each) && packages.test(each.getPackageName() + ".")) {
                chosen.add(each);
            }
        }
        return chosen;
    }

    /** What is simulated: all but the edges, where sockets, files and host threads live. */
    private static boolean isSimulated(String packageName) {
        return !packageName.startsWith("calvin.experiment.") && !packageName.startsWith("calvin.network.transport.")
                && !packageName.startsWith("calvin.bench.") && !packageName.startsWith("calvin.guests.");
    }

    @Test
    void theSimulatedWorldKnowsNoHostClockThreadOrChance() {
        Set<String> problems = new TreeSet<>();
        for (JavaClass each : production(LawsArchTest::isSimulated)) {
            if (SHARED_HOST_RESOURCES.contains(each.getFullName())) {
                continue;
            }
            for (JavaMethodCall call : each.getMethodCallsFromSelf()) {
                String target = call.getTargetOwner().getFullName() + "." + call.getName();
                if (FORBIDDEN_CALLS.contains(target)) {
                    problems.add(call.getDescription());
                }
            }
            for (Dependency dependency : each.getDirectDependenciesFromSelf()) {
                String target = dependency.getTargetClass().getFullName();
                if (FORBIDDEN_TYPES.contains(target)
                        || FORBIDDEN_PACKAGES.stream().anyMatch(p -> target.startsWith(p + "."))) {
                    problems.add(dependency.getDescription());
                }
            }
            each.getMethods().stream().filter(m -> m.getModifiers().contains(JavaModifier.SYNCHRONIZED))
                    .forEach(m -> problems.add(m.getFullName() + " is synchronized"));
        }
        assertEquals("", String.join("\n", problems));
    }

    @Test
    void componentsHoldStateInBytesOrSayWhatTheirFieldsAre() {
        Set<String> problems = new TreeSet<>();
        for (JavaClass each : production(p -> isSimulated(p))) {
            if (!each.isAssignableTo(Stateful.class) || each.isInterface()) {
                continue;
            }
            for (JavaField field : each.getFields()) {
                if (!field.getModifiers().contains(JavaModifier.FINAL) && !field.isAnnotatedWith(Derived.class)
                        && !field.isAnnotatedWith(Published.class)) {
                    problems.add(field.getFullName() + " is neither final nor @Derived nor @Published");
                }
            }
        }
        assertEquals("", String.join("\n", problems));
    }

    @Test
    void nettyStaysInTheTransportAndPicocliInTheCommandLine() {
        Set<String> problems = new TreeSet<>();
        onlyIn("io.netty.", "calvin.network.transport.", problems);
        onlyIn("picocli.", "calvin.experiment.cli.", problems);
        onlyIn("org.snakeyaml.", "calvin.experiment.input.", problems);
        onlyIn("com.fasterxml.", "calvin.experiment.json.", problems);
        onlyIn("java.sql.", "calvin.experiment.", problems);
        onlyIn("calvin.hypervisor.", "calvin.(hypervisor|lwk.vmm|enclave|experiment|bench)", problems);
        onlyIn("calvin.lwk.", "calvin.(lwk|enclave|experiment|bench)", problems);
        onlyIn("calvin.network.", "calvin.(network|experiment|bench)", problems);
        assertEquals("", String.join("\n", problems));
    }

    private void onlyIn(String library, String home, Set<String> problems) {
        Predicate<String> outside = p -> !p.matches(home + ".*");
        for (JavaClass each : production(outside)) {
            for (Dependency dependency : each.getDirectDependenciesFromSelf()) {
                if (dependency.getTargetClass().getFullName().startsWith(library)) {
                    problems.add(dependency.getDescription());
                }
            }
        }
    }

    @Test
    void noMethodIsTooLargeToBeCompiled() throws IOException {
        Set<String> problems = new TreeSet<>();
        for (JavaClass each : production(p -> true)) {
            String resource = each.getName().replace('.', '/') + ".class";
            try (InputStream in = LawsArchTest.class.getClassLoader().getResourceAsStream(resource)) {
                ClassModel model = ClassFile.of().parse(in.readAllBytes());
                for (MethodModel method : model.methods()) {
                    method.findAttribute(java.lang.classfile.Attributes.code()).ifPresent(code -> {
                        if (code.codeLength() > MAX_METHOD_BYTES && !method.methodName().equalsString("<clinit>")) {
                            problems.add(each.getName() + "." + method.methodName().stringValue() + " has "
                                    + code.codeLength()
                                    + " bytes");
                        }
                    });
                }
            }
        }
        assertEquals("", String.join("\n", problems));
    }
}
