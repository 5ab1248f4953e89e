package dev.firn.cli;

import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.classes;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static com.tngtech.archunit.library.Architectures.layeredArchitecture;
import static com.tngtech.archunit.library.dependencies.SlicesRuleDefinition.slices;

import com.tngtech.archunit.core.importer.ImportOption.DoNotIncludeTests;
import com.tngtech.archunit.junit.AnalyzeClasses;
import com.tngtech.archunit.junit.ArchTest;
import com.tngtech.archunit.lang.ArchRule;
import dev.firn.embedded.FirnConfig;

/** What may depend on what: the pipe, as a test. The command needs nothing of {@code embedded}, which is named to be looked at too. */
@AnalyzeClasses(packages = "dev.firn", packagesOf = FirnConfig.class, importOptions = DoNotIncludeTests.class)
class ArchitectureTest {
    @ArchTest
    static final ArchRule DEPENDENCIES_POINT_ONE_WAY = layeredArchitecture()
            .consideringOnlyDependenciesInLayers()
            .layer("event")
            .definedBy("dev.firn.event..")
            .layer("journal")
            .definedBy("dev.firn.journal..")
            .layer("ingest")
            .definedBy("dev.firn.ingest..")
            .layer("ddl")
            .definedBy("dev.firn.ddl..")
            .layer("upload")
            .definedBy("dev.firn.upload..")
            .layer("sinks")
            .definedBy("dev.firn.sink..")
            .layer("snowflake")
            .definedBy("dev.firn.snowflake..")
            .layer("emulator")
            .definedBy("dev.firn.emulator..")
            .layer("embedded")
            .definedBy("dev.firn.embedded..")
            .layer("cli")
            .definedBy("dev.firn.cli..")
            .whereLayer("event")
            .mayNotAccessAnyLayer()
            .whereLayer("ddl")
            .mayNotAccessAnyLayer()
            .whereLayer("snowflake")
            .mayOnlyAccessLayers("event", "upload")
            .whereLayer("journal")
            .mayOnlyAccessLayers("event")
            .whereLayer("ingest")
            .mayOnlyAccessLayers("event", "journal")
            .whereLayer("upload")
            .mayOnlyAccessLayers("event", "journal")
            .whereLayer("sinks")
            .mayOnlyAccessLayers("event", "upload", "ddl", "snowflake")
            .whereLayer("emulator")
            .mayOnlyAccessLayers("ddl", "sinks")
            .whereLayer("embedded")
            .mayOnlyAccessLayers("journal", "ingest", "upload", "sinks")
            .whereLayer("embedded")
            .mayNotBeAccessedByAnyLayer()
            .whereLayer("cli")
            .mayNotBeAccessedByAnyLayer();

    @ArchTest
    static final ArchRule THE_CLIENT_FOR_TESTS_NEEDS_NO_JOURNAL = noClasses()
            .that()
            .resideInAPackage("dev.firn.ingest.testing..")
            .should()
            .dependOnClassesThat()
            .resideInAnyPackage("dev.firn.journal..", "com.lmax..");

    @ArchTest
    static final ArchRule CHRONICLE_HAS_ONE_HOME = noClasses()
            .that()
            .resideOutsideOfPackage("dev.firn.journal..")
            .should()
            .dependOnClassesThat()
            .resideInAPackage("net.openhft..");

    @ArchTest
    static final ArchRule DISRUPTOR_HAS_ONE_HOME = noClasses()
            .that()
            .resideOutsideOfPackage("dev.firn.ingest..")
            .should()
            .dependOnClassesThat()
            .resideInAPackage("com.lmax..");

    @ArchTest
    static final ArchRule DUCKDB_HAS_ONE_HOME = noClasses()
            .that()
            .resideOutsideOfPackages("dev.firn.sink.duckdb..", "dev.firn.emulator..")
            .should()
            .dependOnClassesThat()
            .resideInAPackage("org.duckdb..");

    @ArchTest
    static final ArchRule DDL_NEEDS_NOTHING_BUT_JDBC = classes()
            .that()
            .resideInAPackage("dev.firn.ddl..")
            .should()
            .onlyDependOnClassesThat()
            .resideInAnyPackage("dev.firn.ddl..", "java..", "org.jspecify..");

    @ArchTest
    static final ArchRule PACKAGES_HAVE_NO_CYCLES =
            slices().matching("dev.firn.(**)").should().beFreeOfCycles();
}
