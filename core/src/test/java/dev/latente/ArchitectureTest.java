package dev.latente;

import static com.tngtech.archunit.base.DescribedPredicate.describe;
import static com.tngtech.archunit.core.domain.JavaCall.Predicates.target;
import static com.tngtech.archunit.core.domain.JavaModifier.FINAL;
import static com.tngtech.archunit.core.domain.properties.HasName.Predicates.name;
import static com.tngtech.archunit.lang.conditions.ArchConditions.be;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.classes;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.methods;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static com.tngtech.archunit.library.dependencies.SlicesRuleDefinition.slices;
import static org.assertj.core.api.Assertions.assertThat;

import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.core.importer.ImportOption;
import com.tngtech.archunit.library.GeneralCodingRules;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;
import org.jspecify.annotations.NullMarked;
import org.junit.jupiter.api.Test;

class ArchitectureTest {
  private static final JavaClasses CODE =
      new ClassFileImporter()
          .withImportOption(new ImportOption.DoNotIncludeTests())
          .importPackages("dev.latente");

  /// Each package, and all that it may see of ours. DESIGN.md draws the same picture.
  private static final Map<String, Set<String>> SEES =
      Map.ofEntries(
          sees("hub", ""),
          sees("image", ""),
          sees("prompt", ""),
          sees("kernel", ""),
          sees("tensor", "kernel"),
          sees("nn", "tensor"),
          sees("lora", "tensor"),
          sees("sampling", "tensor"),
          sees("tokenizer", "nn"),
          sees("text", "nn tensor"),
          sees("unet", "nn tensor"),
          sees("vae", "nn tensor"),
          sees("vision", "image nn tensor"),
          sees("control", "unet nn tensor"),
          sees("depth", "image nn tensor"),
          sees("preprocess", "image"),
          sees("model", "control depth image lora sampling text unet vae vision nn tensor"),
          sees(
              "pipeline",
              "control depth image lora model preprocess prompt sampling text tokenizer unet vae"
                  + " vision nn tensor"),
          sees(
              "training",
              "control depth image model sampling text tokenizer unet vae vision nn tensor"));

  /// What javac makes: bodies of enum constants, tables of switches.
  private static final String ANONYMOUS = ".*\\$\\d+";

  @Test
  void packagesSeeOnlyWhatLiesBelow() {
    for (String name : SEES.keySet()) {
      Set<String> hidden = new TreeSet<>(SEES.keySet());
      hidden.remove(name);
      hidden.removeAll(SEES.get(name));
      noClasses()
          .that()
          .resideInAPackage("dev.latente." + name)
          .should()
          .dependOnClassesThat()
          .resideInAnyPackage(
              hidden.stream().map(other -> "dev.latente." + other).toArray(String[]::new))
          .allowEmptyShould(true)
          .check(CODE);
    }
  }

  @Test
  void everyPackageHasItsPlace() {
    Set<String> packages =
        CODE.stream()
            .map(type -> type.getPackageName().substring("dev.latente.".length()))
            .collect(Collectors.toCollection(TreeSet::new));
    assertThat(SEES.keySet()).containsAll(packages);
    assertThat(packages).contains("tensor", "nn", "unet", "vae", "text", "sampling", "model");
  }

  @Test
  void packagesHaveNoCycles() {
    slices().matching("dev.latente.(*)..").should().beFreeOfCycles().check(CODE);
  }

  @Test
  void onlyTensorAndItsNativeCallsSeeTheNativeLibrary() {
    noClasses()
        .that()
        .haveNameNotMatching(
            "dev\\.latente\\.tensor\\.(Tensor|FeatureMaps|Convolution|Linears|Widened|Operation\\w*|Native\\w*)(\\$.*)?")
        .should()
        .dependOnClassesThat()
        .resideInAPackage("org.bytedeco..")
        .check(CODE);
  }

  @Test
  void theLibraryPrintsNothing() {
    GeneralCodingRules.NO_CLASSES_SHOULD_ACCESS_STANDARD_STREAMS.check(CODE);
    GeneralCodingRules.NO_CLASSES_SHOULD_USE_JAVA_UTIL_LOGGING.check(CODE);
  }

  @Test
  void theLibraryReadsNoEnvironmentAndNeverExits() {
    noClasses()
        .should()
        .callMethod(System.class, "getenv")
        .orShould()
        .callMethod(System.class, "getenv", String.class)
        .orShould()
        .callMethod(System.class, "getProperty", String.class)
        .orShould()
        .callMethod(System.class, "getProperty", String.class, String.class)
        .orShould()
        .callMethod(System.class, "exit", int.class)
        .orShould()
        .callMethod(Runtime.class, "exit", int.class)
        .orShould()
        .callMethod(Runtime.class, "halt", int.class)
        .check(CODE);
  }

  /// `reduceLanes` adds in an order of its own, another one before Java has compiled the loop and
  /// after, so that equal requests would give other pictures.
  @Test
  void lanesAreAddedInAFixedOrder() {
    noClasses().should().callMethodWhere(target(name("reduceLanes"))).check(CODE);
  }

  @Test
  void exceptionsSayWhatWentWrong() {
    GeneralCodingRules.NO_CLASSES_SHOULD_THROW_GENERIC_EXCEPTIONS.check(CODE);
  }

  @Test
  void classesAreFinal() {
    classes()
        .that()
        .areNotInterfaces()
        .and()
        .areNotEnums()
        .and()
        .haveNameNotMatching(ANONYMOUS)
        .should()
        .haveModifier(FINAL)
        .check(CODE);
  }

  @Test
  void namesSayWhatAThingIs() {
    noClasses()
        .should()
        .haveNameMatching(".*(Utils?|Helper|Manager|Impl)")
        .orShould()
        .haveNameMatching(".*\\.I[A-Z][a-z]\\w*")
        .check(CODE);
    methods().that().arePublic().should().haveNameNotMatching("get[A-Z].*").check(CODE);
  }

  @Test
  void everyPackageIsNullMarked() {
    classes()
        .should()
        .resideInAPackage("dev.latente..")
        .andShould(
            be(
                describe(
                    "in a package marked @NullMarked",
                    type -> type.getPackage().isAnnotatedWith(NullMarked.class))))
        .check(CODE);
  }

  private static Map.Entry<String, Set<String>> sees(String name, String others) {
    return Map.entry(name, Set.of(others.split(" ")));
  }
}
