package calvin.experiment.arch;

import static org.junit.jupiter.api.Assertions.assertEquals;

import calvin.sim.state.Part;
import com.tngtech.archunit.core.domain.Dependency;
import com.tngtech.archunit.core.domain.JavaAnnotation;
import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.domain.JavaPackage;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.core.importer.ImportOption;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import org.junit.jupiter.api.Test;

/** Every package says whom it may use, and uses nobody else. */
class PartsArchTest {
    private static final Set<String> ALWAYS = Set.of("sim.check", "sim.time", "sim.state");

    private final JavaClasses classes = new ClassFileImporter()
            .withImportOption(ImportOption.Predefined.DO_NOT_INCLUDE_TESTS)
            .withImportOption(location -> !location.contains("/test-classes/")).importPackages("calvin");

    private final Map<String, Set<String>> allowed = new HashMap<>();
    private final List<String> problems = new ArrayList<>();

    @Test
    void packagesUseOnlyWhatTheyDeclare() {
        Set<String> packages = new TreeSet<>();
        classes.forEach(c -> packages.add(c.getPackageName()));
        for (String name : packages) {
            declare(classes.getPackage(name), name.substring("calvin.".length()));
        }
        Map<String, Set<String>> used = new HashMap<>();
        for (JavaClass each : classes) {
            if (isTest(each)) {
                continue;
            }
            String own = part(each);
            for (Dependency dependency : each.getDirectDependenciesFromSelf()) {
                JavaClass target = dependency.getTargetClass().getBaseComponentType();
                if (target.getPackageName().startsWith("calvin.") && !part(target).equals(own)) {
                    used.computeIfAbsent(own, p -> new TreeSet<>()).add(part(target));
                    if (!ALWAYS.contains(part(target)) && !allowed.getOrDefault(own, Set.of()).contains(part(target))) {
                        problems.add(own + " uses " + part(target) + ", which its package-info does not name: "
                                + dependency.getDescription());
                    }
                }
            }
        }
        assertEquals("", String.join("\n", new TreeSet<>(problems)));
    }

    private void declare(JavaPackage javaPackage, String name) {
        if (javaPackage.getClasses().stream().allMatch(PartsArchTest::isTest)) {
            return;
        }
        if (javaPackage.tryGetPackageInfo().isEmpty() || !javaPackage.isAnnotatedWith(Part.class)) {
            problems.add(name + " has no package-info with @Part");
            return;
        }
        JavaAnnotation<?> part = javaPackage.getAnnotationOfType(Part.class.getName());
        if (!name.equals(part.get("name").orElse(""))) {
            problems.add(name + " calls itself " + part.get("name").orElse("nothing"));
        }
        allowed.put(name, Set.of((String[]) part.get("mayUse").orElse(new String[0])));
    }

    private static String part(JavaClass each) {
        return each.getPackageName().substring("calvin.".length());
    }

    /** The fast loop compiles tests beside the classes, so a test is also known by its name. */
    static boolean isTest(JavaClass each) {
        String name = each.getFullName().replaceAll("\\$.*", "");
        return TEST_CLASSES.contains(name);
    }

    private static final Set<String> TEST_CLASSES = testClasses();

    private static Set<String> testClasses() {
        Set<String> names = new TreeSet<>();
        for (String module : Project.MODULES) {
            var folder = Project.root().resolve(module).resolve("src/test/java");
            for (var file : Project.files(folder, ".java")) {
                names.add(folder.relativize(file).toString().replace(java.io.File.separatorChar, '.')
                        .replaceAll("\\.java$", ""));
            }
        }
        return names;
    }
}
