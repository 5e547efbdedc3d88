package dev.muster.arrows;

import static com.tngtech.archunit.base.DescribedPredicate.not;
import static com.tngtech.archunit.core.domain.JavaAccess.Predicates.target;
import static com.tngtech.archunit.core.domain.JavaClass.Predicates.assignableTo;
import static com.tngtech.archunit.core.domain.JavaClass.Predicates.resideInAPackage;
import static com.tngtech.archunit.core.domain.JavaClass.Predicates.resideInAnyPackage;
import static com.tngtech.archunit.core.domain.properties.HasName.Predicates.nameMatching;
import static com.tngtech.archunit.core.domain.properties.HasOwner.Predicates.With.owner;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static com.tngtech.archunit.library.dependencies.SlicesRuleDefinition.slices;

import com.tngtech.archunit.base.DescribedPredicate;
import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.core.importer.ImportOption;
import com.tngtech.archunit.library.dependencies.SliceAssignment;
import com.tngtech.archunit.library.dependencies.SliceIdentifier;
import org.junit.jupiter.api.Test;

/**
 * The arrows of ARCHITECTURE.md: app → {cluster, lab, load, fault} → core → wire ← agent and lab →
 * policy, and no cycle.
 */
class ArrowsTest {
  private static final JavaClasses CLASSES =
      new ClassFileImporter()
          .withImportOption(new ImportOption.DoNotIncludeTests())
          .withImportOption(location -> !location.contains("-test/"))
          .importPackages("dev.muster");

  private static final DescribedPredicate<JavaClass> CLOCKS =
      assignableTo(System.class)
          .or(assignableTo(Thread.class))
          .or(assignableTo(java.time.Instant.class))
          .or(assignableTo(java.time.Clock.class));

  private static final String[] CORE = {
    "dev.muster.drill..",
    "dev.muster.chaosmesh..",
    "dev.muster.source..",
    "dev.muster.timeline..",
    "dev.muster.verdict.."
  };

  @Test
  void coreKnowsNobody() {
    noClasses()
        .that()
        .resideInAnyPackage(CORE)
        .should()
        .dependOnClassesThat()
        .resideInAnyPackage(
            "dev.muster.fault..",
            "dev.muster.load..",
            "dev.muster.cluster..",
            "dev.muster.observe..",
            "dev.muster.lab..",
            "dev.muster.engine..",
            "dev.muster.report..",
            "dev.muster.cli..",
            "dev.muster.agent..",
            "dev.muster.policy..",
            "java.net.http..")
        .because("core is pure: a run is judged from its folder, without network or processes")
        .check(CLASSES);
  }

  @Test
  void coreStartsNoProcess() {
    noClasses()
        .that()
        .resideInAnyPackage(CORE)
        .should()
        .dependOnClassesThat()
        .areAssignableTo(ProcessBuilder.class)
        .check(CLASSES);
  }

  @Test
  void sidesDoNotKnowEachOther() {
    for (String side : new String[] {"fault", "load", "lab"}) {
      noClasses()
          .that()
          .resideInAPackage("dev.muster." + side + "..")
          .should()
          .dependOnClassesThat()
          .resideInAnyPackage(otherSides(side))
          .check(CLASSES);
    }
    noClasses()
        .that()
        .resideInAnyPackage("dev.muster.cluster..", "dev.muster.observe..")
        .should()
        .dependOnClassesThat()
        .resideInAnyPackage(
            "dev.muster.fault..",
            "dev.muster.load..",
            "dev.muster.lab..",
            "dev.muster.engine..",
            "dev.muster.report..",
            "dev.muster.cli..")
        .check(CLASSES);
  }

  @Test
  void thePolicyEnforcerKnowsNothingOfMuster() {
    knowsOfMusterOnly("it is a process of its own and must start fast and small", "policy");
  }

  @Test
  void theWireKnowsNeitherOfItsEnds() {
    knowsOfMusterOnly("it is in the agent's image as well", "wire");
  }

  @Test
  void theAgentKnowsTheWireAlone() {
    knowsOfMusterOnly("its image has nothing else", "agent", "wire");
  }

  /**
   * @param packages the one that is meant, and others that it may use
   */
  private static void knowsOfMusterOnly(String because, String... packages) {
    String[] known =
        java.util.Arrays.stream(packages).map(p -> "dev.muster." + p + "..").toArray(String[]::new);
    noClasses()
        .that()
        .resideInAPackage(known[0])
        .should()
        .dependOnClassesThat(resideInAPackage("dev.muster..").and(not(resideInAnyPackage(known))))
        .because(because)
        .check(CLASSES);
  }

  @Test
  void timeIsAPort() {
    noClasses()
        .that()
        .resideInAnyPackage(
            "dev.muster.engine..",
            "dev.muster.cli..",
            "dev.muster.fault..",
            "dev.muster.cluster..",
            "dev.muster.drill..")
        .and()
        // all but the first wait for programs and sockets, which know no other time
        .haveNameNotMatching(
            "dev\\.muster\\.(drill\\.time\\.RealTime|cluster\\.connect\\.(Connection|ExecProgram|PodStream)).*")
        .should()
        .accessTargetWhere(
            target(nameMatching("nanoTime|currentTimeMillis|now|systemUTC|ofVirtual|sleep"))
                .and(target(owner(CLOCKS))))
        .orShould()
        .dependOnClassesThat()
        .areAssignableTo(java.util.concurrent.CountDownLatch.class)
        .because(
            "a run goes on in virtual time in tests: dev.muster.drill.time.Time knows and waits")
        .check(CLASSES);
  }

  @Test
  void noCycleBetweenPackages() {
    slices().matching("dev.muster.(**)").should().beFreeOfCycles().check(CLASSES);
  }

  @Test
  void noCycleBetweenFamiliesOfPackages() {
    slices().assignedFrom(new Families()).should().beFreeOfCycles().check(CLASSES);
  }

  private static String[] otherSides(String side) {
    return java.util.stream.Stream.of(
            "fault", "load", "lab", "cluster", "observe", "engine", "report", "cli")
        .filter(s -> !s.equals(side))
        .map(s -> "dev.muster." + s + "..")
        .toArray(String[]::new);
  }

  /**
   * By the word behind dev.muster; kinds of fault know all of the cluster and nobody knows them.
   */
  private static final class Families implements SliceAssignment {
    private static final String KINDS = "dev.muster.cluster.kind";

    @Override
    public SliceIdentifier getIdentifierOf(JavaClass each) {
      String name = each.getPackageName();
      if (!name.startsWith("dev.muster.")) {
        return SliceIdentifier.ignore();
      }
      return name.startsWith(KINDS)
          ? SliceIdentifier.of("cluster.kind")
          : SliceIdentifier.of(name.split("\\.", 4)[2]);
    }

    @Override
    public String getDescription() {
      return "families of packages of dev.muster";
    }
  }
}
