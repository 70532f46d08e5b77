package dev.latente.cli;

import static com.tngtech.archunit.base.DescribedPredicate.not;
import static com.tngtech.archunit.core.domain.JavaClass.Predicates.belongToAnyOf;
import static com.tngtech.archunit.core.domain.JavaClass.Predicates.resideInAnyPackage;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;

import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.core.importer.ImportOption;
import dev.latente.tensor.Acceleration;
import dev.latente.tensor.Device;
import dev.latente.tensor.NoiseSource;
import dev.latente.tensor.OperationCost;
import dev.latente.tensor.OperationKind;
import dev.latente.tensor.OperationProfile;
import dev.latente.tensor.PeakRate;
import dev.latente.tensor.Precision;
import dev.latente.tensor.Threads;
import org.junit.jupiter.api.Test;

class ArchitectureTest {
  private static final JavaClasses CODE =
      new ClassFileImporter()
          .withImportOption(new ImportOption.DoNotIncludeTests())
          .importPackages("dev.latente.cli");

  private static final Class<?>[] CHOICES = {Device.class, NoiseSource.class, Precision.class};

  private static final Class<?>[] MEASUREMENTS = {
    OperationCost.class, OperationKind.class, OperationProfile.class, PeakRate.class, Threads.class
  };

  // Has no result but that later ones come sooner.
  private static final Class<?>[] PREPARATION = {Acceleration.class};

  @Test
  void theCommandComputesNothingItself() {
    noClasses()
        .should()
        .dependOnClassesThat(
            resideInAnyPackage("dev.latente.tensor")
                .and(not(belongToAnyOf(CHOICES)))
                .and(not(belongToAnyOf(MEASUREMENTS)))
                .and(not(belongToAnyOf(PREPARATION))))
        .check(CODE);
    noClasses()
        .should()
        .dependOnClassesThat()
        .resideInAnyPackage(
            "dev.latente.text", "dev.latente.tokenizer", "dev.latente.vae", "org.bytedeco..")
        .check(CODE);
  }

  @Test
  void onlySessionKnowsTheStandardStreams() {
    noClasses()
        .that()
        .areNotAssignableTo(Session.class)
        .should()
        .accessField(System.class, "out")
        .orShould()
        .accessField(System.class, "err")
        .check(CODE);
  }

  @Test
  void onlyMainEndsTheProcess() {
    noClasses()
        .that()
        .areNotAssignableTo(Main.class)
        .should()
        .callMethod(System.class, "exit", int.class)
        .check(CODE);
  }
}
