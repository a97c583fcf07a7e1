package io.heliograph.server;

import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.classes;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.methods;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static com.tngtech.archunit.library.dependencies.SlicesRuleDefinition.slices;

import com.tngtech.archunit.base.DescribedPredicate;
import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.core.domain.JavaMethod;
import com.tngtech.archunit.core.importer.ImportOption;
import com.tngtech.archunit.junit.AnalyzeClasses;
import com.tngtech.archunit.junit.ArchTest;
import com.tngtech.archunit.lang.ArchCondition;
import com.tngtech.archunit.lang.ArchRule;
import com.tngtech.archunit.lang.ConditionEvents;
import com.tngtech.archunit.lang.SimpleConditionEvent;
import io.heliograph.eventlog.Command;
import io.heliograph.eventlog.EventLog;
import io.heliograph.eventlog.WorkspaceId;
import io.heliograph.server.web.Commands;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.springframework.web.bind.annotation.DeleteMapping;
import org.springframework.web.bind.annotation.PatchMapping;
import org.springframework.web.bind.annotation.PostMapping;
import org.springframework.web.bind.annotation.PutMapping;

/** Holds the import directions of ARCHITECTURE.md. */
@AnalyzeClasses(packages = "io.heliograph", importOptions = ImportOption.DoNotIncludeTests.class)
final class ArchitectureTest {
    private static final String SERVER = "io.heliograph.server..";
    private static final String GATEWAY = "io.heliograph.gateway..";
    private static final String[] SHARED = {
        "io.heliograph.server.errors..",
        "io.heliograph.server.json..",
        "io.heliograph.server.sql..",
        "io.heliograph.server.web..",
        "io.heliograph.server.events..",
        "io.heliograph.server.identity..",
        "io.heliograph.server.limits..",
        "io.heliograph.server.retention..",
        "io.heliograph.server.storage..",
        "io.heliograph.server.workspaces.."
    };

    private static final String[] DOMAIN = {
        "io.heliograph.server.agents..",
        "io.heliograph.server.approvals..",
        "io.heliograph.server.audit..",
        "io.heliograph.server.deadlines..",
        "io.heliograph.server.events..",
        "io.heliograph.server.identity..",
        "io.heliograph.server.limits..",
        "io.heliograph.server.notifications..",
        "io.heliograph.server.overview..",
        "io.heliograph.server.publishing..",
        "io.heliograph.server.retention..",
        "io.heliograph.server.statistics..",
        "io.heliograph.server.storage..",
        "io.heliograph.server.usage..",
        "io.heliograph.server.views..",
        "io.heliograph.server.workspaces.."
    };
    /** Identity's argument resolver and cookies. */
    private static final Set<String> HTTP_EDGE = Set.of("IdentityArguments", "SessionCookie");

    private static final Set<String> WRITERS = Set.of(
            "Commands",
            "AgedRows", // retention
            "IdempotencyRetention", // retention
            "TracedLog", // hands on
            "Administration", // the command line and the start
            "StreamingMessages", // a message's row keeps the key of its last delta
            "AgentPresence", // signs of life: repeating one is harmless
            "AgentLeases", // a timer
            "DeadlineSweeper"); // a timer

    @ArchTest
    static final ArchRule engineioKnowsNoOtherModule = noClasses()
            .that()
            .resideInAPackage("io.heliograph.engineio..")
            .should()
            .dependOnClassesThat()
            .resideInAnyPackage("io.heliograph.socketio..", "io.heliograph.eventlog..", GATEWAY, SERVER)
            .allowEmptyShould(true);

    @ArchTest
    static final ArchRule socketioKnowsOnlyEngineio = noClasses()
            .that()
            .resideInAPackage("io.heliograph.socketio..")
            .should()
            .dependOnClassesThat()
            .resideInAnyPackage("io.heliograph.eventlog..", GATEWAY, SERVER)
            .allowEmptyShould(true);

    @ArchTest
    static final ArchRule eventlogKnowsNoOtherModule = noClasses()
            .that()
            .resideInAPackage("io.heliograph.eventlog..")
            .should()
            .dependOnClassesThat()
            .resideInAnyPackage("io.heliograph.engineio..", "io.heliograph.socketio..", GATEWAY, SERVER);

    @ArchTest
    static final ArchRule gatewayKnowsNothingOfTheProduct = noClasses()
            .that()
            .resideInAPackage(GATEWAY)
            .should()
            .dependOnClassesThat()
            .resideInAPackage(SERVER);

    @ArchTest
    static final ArchRule librariesAndGatewayKnowNothingOfSpring = noClasses()
            .that()
            .resideInAnyPackage(
                    "io.heliograph.engineio..", "io.heliograph.socketio..", "io.heliograph.eventlog..", GATEWAY)
            .should()
            .dependOnClassesThat()
            .resideInAPackage("org.springframework..");

    /** A feature's edge answers HTTP: its controllers, and what identity has in front of all of them. */
    @ArchTest
    static final ArchRule domainNeverImportsWeb = noClasses()
            .that(DescribedPredicate.describe(
                    "belong to a feature and not to its edge",
                    (JavaClass type) ->
                            JavaClass.Predicates.resideInAnyPackage(DOMAIN).test(type)
                                    && !HTTP_EDGE.contains(outermost(type).getSimpleName())
                                    && !outermost(type).getSimpleName().endsWith("Controller")
                                    && !outermost(type).getSimpleName().endsWith("Filter")))
            .should()
            .dependOnClassesThat()
            .resideInAPackage("io.heliograph.server.web..");

    private static JavaClass outermost(JavaClass type) {
        return type.getEnclosingClass().map(ArchitectureTest::outermost).orElse(type);
    }

    /** The start wires everything; nothing comes back to it. */
    @ArchTest
    static final ArchRule nothingImportsTheStart = noClasses()
            .that()
            .resideOutsideOfPackage("io.heliograph.server.start..")
            .should()
            .dependOnClassesThat()
            .resideInAPackage("io.heliograph.server.start..");

    @ArchTest
    static final ArchRule storageKnowsNoFeature = noClasses()
            .that()
            .resideInAPackage("io.heliograph.server.storage..")
            .should()
            .dependOnClassesThat(DescribedPredicate.describe(
                    "belong to another package of the server than errors",
                    (JavaClass type) -> type.getPackageName().startsWith("io.heliograph.server.")
                            && !type.getPackageName().startsWith("io.heliograph.server.errors")
                            && !type.getPackageName().startsWith("io.heliograph.server.storage")));

    @ArchTest
    static final ArchRule webAndEventsKnowNoFeature = noClasses()
            .that()
            .resideInAnyPackage("io.heliograph.server.web..", "io.heliograph.server.events..")
            .should()
            .dependOnClassesThat(DescribedPredicate.describe(
                    "belong to another package of the server",
                    (JavaClass type) -> type.getPackageName().startsWith("io.heliograph.server.")
                            && !type.getPackageName().startsWith("io.heliograph.server.errors")
                            && !type.getPackageName().startsWith("io.heliograph.server.json")
                            && !type.getPackageName().startsWith("io.heliograph.server.storage")
                            && !type.getPackageName().startsWith("io.heliograph.server.sql")
                            && !type.getPackageName().startsWith("io.heliograph.server.web")
                            && !type.getPackageName().startsWith("io.heliograph.server.events")));

    @ArchTest
    static final ArchRule errorsKnowNoOtherPackage = noClasses()
            .that()
            .resideInAPackage("io.heliograph.server.errors..")
            .should()
            .dependOnClassesThat(DescribedPredicate.describe(
                    "belong to another package of Heliograph",
                    (JavaClass type) -> type.getPackageName().startsWith("io.heliograph.")
                            && !type.getPackageName().startsWith("io.heliograph.server.errors")));

    @ArchTest
    static final ArchRule workspacesKnowNothingOfCredentials = noClasses()
            .that()
            .resideInAPackage("io.heliograph.server.workspaces..")
            .should()
            .dependOnClassesThat()
            .resideInAPackage("io.heliograph.server.identity..");

    @ArchTest
    static final ArchRule identityKnowsNoFeature = noClasses()
            .that()
            .resideInAPackage("io.heliograph.server.identity..")
            .should()
            .dependOnClassesThat(DescribedPredicate.describe(
                    "belong to a feature",
                    (JavaClass type) -> type.getPackageName().startsWith("io.heliograph.server.")
                            && !JavaClass.Predicates.resideInAnyPackage(SHARED).test(type)));

    /** The wire is joined to the log in the module {@code gateway}, and wired in one package. */
    @ArchTest
    static final ArchRule onlyTheGatewayKnowsSockets = noClasses()
            .that()
            .resideInAPackage(SERVER)
            .and()
            .resideOutsideOfPackage("io.heliograph.server.gateway..")
            .should()
            .dependOnClassesThat()
            .resideInAnyPackage("io.heliograph.socketio..", "io.heliograph.engineio..");

    @ArchTest
    static final ArchRule serverPackagesHaveNoCycles =
            slices().matching("io.heliograph.server.(*)..").should().beFreeOfCycles();

    @ArchTest
    static final ArchRule controllersAreNoBodysImport = classes()
            .that()
            .areAnnotatedWith("org.springframework.web.bind.annotation.RestController")
            .should()
            .notBePublic();

    /**
     * A request's change goes through {@code Commands}, so that its Idempotency-Key is kept in the same transaction. Who
     * else writes to the log serves no such request, or says here why it needs no stored answer.
     */
    @ArchTest
    static final ArchRule requestsChangeThingsThroughCommands = noClasses()
            .that(DescribedPredicate.describe(
                    "belong to the server and are none of those",
                    (JavaClass type) -> type.getPackageName().startsWith("io.heliograph.server")
                            && !WRITERS.contains(type.getSimpleName())))
            .should()
            .callMethod(EventLog.class, "write", WorkspaceId.class, Command.class);

    /**
     * But for the ones that only sign a token or tell of a code, deltas, whose last key is in their message's row, and
     * volatile events, which are stored nowhere.
     */
    @ArchTest
    static final ArchRule changingHandlersRunCommands = methods()
            .that()
            .areAnnotatedWith(PostMapping.class)
            .or()
            .areAnnotatedWith(PutMapping.class)
            .or()
            .areAnnotatedWith(PatchMapping.class)
            .or()
            .areAnnotatedWith(DeleteMapping.class)
            .should(runCommands());

    private static ArchCondition<JavaMethod> runCommands() {
        return new ArchCondition<>("run their change through Commands") {
            @Override
            public void check(JavaMethod handler, ConditionEvents events) {
                boolean exempt = Set.of(
                                "SignInController.token(",
                                "SignInController.preview(",
                                "AgentController.delta(",
                                "PublishController.publishVolatile(")
                        .stream()
                        .anyMatch(name -> handler.getFullName().contains(name));
                Deque<JavaMethod> open = new ArrayDeque<>(List.of(handler));
                Set<JavaMethod> seen = new HashSet<>();
                boolean runs = false;
                while (!open.isEmpty() && !runs) {
                    JavaMethod method = open.remove();
                    runs = method.getMethodCallsFromSelf().stream()
                            .anyMatch(call -> call.getTargetOwner().isEquivalentTo(Commands.class));
                    method.getMethodCallsFromSelf().stream()
                            .flatMap(call -> call.getTarget().resolveMember().stream())
                            .filter(target -> target.getOwner().equals(handler.getOwner()) && seen.add(target))
                            .forEach(open::add);
                }
                events.add(new SimpleConditionEvent(
                        handler,
                        runs || exempt,
                        handler.getFullName() + (runs ? " runs" : " does not run") + " Commands"));
            }
        };
    }
}
