package io.heliograph.spring;

import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;

import com.tngtech.archunit.core.importer.ImportOption;
import com.tngtech.archunit.junit.AnalyzeClasses;
import com.tngtech.archunit.junit.ArchTest;
import com.tngtech.archunit.lang.ArchRule;
import com.tngtech.archunit.library.dependencies.SlicesRuleDefinition;

/** Holds the import directions of ARCHITECTURE.md, as far as the starter has part in them. */
@AnalyzeClasses(packages = "io.heliograph", importOptions = ImportOption.DoNotIncludeTests.class)
final class ArchitectureTest {

    @ArchTest
    static final ArchRule theLibrariesKnowNothingOfTheStarter = noClasses()
            .that()
            .resideInAnyPackage(
                    "io.heliograph.engineio..",
                    "io.heliograph.socketio..",
                    "io.heliograph.eventlog..",
                    "io.heliograph.gateway..")
            .should()
            .dependOnClassesThat()
            .resideInAnyPackage("io.heliograph.spring..", "org.springframework..");

    @ArchTest
    static final ArchRule theClientForTestsKnowsNoOtherModule = noClasses()
            .that()
            .resideInAPackage("io.heliograph.spring.test..")
            .should()
            .dependOnClassesThat()
            .resideInAnyPackage(
                    "io.heliograph.spring",
                    "io.heliograph.gateway..",
                    "io.heliograph.socketio..",
                    "org.springframework..");

    @ArchTest
    static final ArchRule theStarterKnowsNothingOfTheProduct = noClasses()
            .that()
            .resideInAPackage("io.heliograph.spring..")
            .should()
            .dependOnClassesThat()
            .resideInAPackage("io.heliograph.server..");

    @ArchTest
    static final ArchRule thereAreNoCycles = SlicesRuleDefinition.slices()
            .matching("io.heliograph.(**)")
            .should()
            .beFreeOfCycles();
}
