package dev.firn.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.time.Clock;
import java.time.Instant;
import java.time.ZoneOffset;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import picocli.CommandLine;

class EventCommandTest {
    private static final String AT = "--at=2026-01-02T03:04:05+01:00";

    @TempDir
    Path directory;

    private CliFixture cli;

    @BeforeEach
    void setUp() {
        cli = new CliFixture(directory);
    }

    private String written() {
        return cli.journal().get(0).canonical();
    }

    @Test
    void aKnownActionHasItsObjectAndItsKinds() {
        int code = cli.run(
                "event",
                "tenant.created",
                "--tenant",
                "HCS0001",
                "--actor=admin",
                AT,
                "org_name=Health = Care",
                "daily_token_limit=5",
                "enable_caching=true",
                "monthly_cost_limit=1000.00",
                "other=7");
        assertThat(code).isEqualTo(Exit.DONE);
        assertThat(written())
                .isEqualTo("{\"action\":\"tenant.created\",\"actor_id\":\"admin\",\"attributes\":{"
                        + "\"daily_token_limit\":5,\"enable_caching\":true,\"monthly_cost_limit\":\"1000.00\","
                        + "\"org_name\":\"Health = Care\",\"other\":\"7\"},\"object_id\":\"HCS0001\","
                        + "\"object_type\":\"tenant\",\"occurred_at\":\"2026-01-02T02:04:05.000000Z\","
                        + "\"tenant_id\":\"HCS0001\",\"v\":3}");
        assertThat(cli.journal()).extracting(CliFixture.Entry::lane).containsExactly("APPLICATION");
        assertThat(cli.out())
                .contains(
                        "\"daily_token_limit\" : 5",
                        "event id: " + cli.journal().get(0).eventId())
                .contains("sequence: 1", "durable: yes");
        assertThat(cli.err()).doesNotContain("Write this event?");
    }

    @Test
    void aKnownActionIsCheckedAsItsBuilderChecksIt() {
        assertThat(cli.run("event", "tenant.created", "--tenant", "t", "--yes")).isEqualTo(Exit.FAILED);
        assertThat(cli.err()).contains("attributes.org_name: is required");
        assertThat(cli.run("event", "user.added", "--tenant", "t", "--object", "u", "role=planted"))
                .isEqualTo(Exit.FAILED);
        assertThat(cli.err())
                .contains("attributes.role: must be one of admin, user, viewer")
                .doesNotContain("planted");
        assertThat(cli.run("event", "user.locked", "--tenant", "t")).isEqualTo(Exit.USAGE);
        assertThat(cli.err()).contains("--object is missing: the ID of the user");
        assertThat(cli.run("event", "user.locked", "--tenant", "t", "--object=u", "--object-type=thing"))
                .isEqualTo(Exit.USAGE);
        assertThat(cli.data()).doesNotExist();
    }

    @Test
    void whatCouldNotBeReadAsTextIsRefused() {
        assertThat(cli.run("event", "order.placed", "--tenant", "t", "--yes", "name=M\uFFFD\uFFFDller"))
                .isEqualTo(Exit.USAGE);
        assertThat(cli.err()).contains("U+FFFD", "argument=6", "C.UTF-8").doesNotContain("ller");
        cli.environment("FIRN_ACTOR", "M\uFFFDller");
        assertThat(cli.run("event", "order.placed", "--tenant", "t", "--yes")).isEqualTo(Exit.USAGE);
        assertThat(cli.err()).contains("U+FFFD", "FIRN_ACTOR");
        assertThat(cli.data()).doesNotExist();
    }

    @Test
    void anUnknownActionIsAllowedWithANote() {
        assertThat(cli.run(
                        "event", "order.placed", "--tenant", "t", "--object", "1", "--object-type", "order", "n=1", AT))
                .isEqualTo(Exit.DONE);
        assertThat(cli.err()).contains("note: the catalogue does not know this action");
        assertThat(written()).contains("\"object_id\":\"1\",\"object_type\":\"order\"", "{\"n\":\"1\"}");
        assertThat(cli.run("event", "order.placed", "--tenant", "t", AT)).isEqualTo(Exit.DONE);
        assertThat(cli.run("event", "order.placed", "--tenant", "t", "--object", "1"))
                .isEqualTo(Exit.USAGE);
    }

    @Test
    void whatIsNoEventIsRefusedWithTheRule() {
        assertThat(cli.run("event", "Nope", "--tenant", "t")).isEqualTo(Exit.FAILED);
        assertThat(cli.err()).contains("action: must be two to 5 parts");
        assertThat(cli.run("event", "order.placed", "--tenant", "a b")).isEqualTo(Exit.FAILED);
        assertThat(cli.run("event", "order.placed", "--tenant", "t", "--at", "2026-01-01T00:00:00"))
                .isEqualTo(Exit.FAILED);
        assertThat(cli.err()).contains("--at: has no zone");
        assertThat(cli.run("event", "pipeline.done", "--tenant", "t")).isEqualTo(Exit.FAILED);
        assertThat(cli.err()).contains("are Firn's own");
        assertThat(cli.run("event", "order.placed")).isEqualTo(Exit.USAGE);
        assertThat(cli.run("event", "order.placed", "--tenant", "t", "planted")).isEqualTo(Exit.USAGE);
        assertThat(cli.err()).contains("not of the form key=value: argument 1").doesNotContain("planted");
        assertThat(cli.run("event", "order.placed", "--tenant", "t", "a=1", "a=2"))
                .isEqualTo(Exit.USAGE);
        assertThat(cli.data()).doesNotExist();
    }

    @Test
    void aDryRunShowsAndWritesNothing() {
        assertThat(cli.run("event", "order.placed", "--tenant", "t", "--dry-run"))
                .isEqualTo(Exit.DONE);
        assertThat(cli.out()).contains("\"action\" : \"order.placed\"", "event id: ");
        assertThat(cli.data()).doesNotExist();
    }

    @Test
    void onATerminalItAsks() {
        cli.interactive();
        assertThat(cli.input("n\n").run("event", "order.placed", "--tenant", "t"))
                .isEqualTo(Exit.FAILED);
        assertThat(cli.input("").run("event", "order.placed", "--tenant", "t")).isEqualTo(Exit.FAILED);
        assertThat(cli.data()).doesNotExist();
        assertThat(cli.input("y\n").run("event", "order.placed", "--tenant", "t"))
                .isEqualTo(Exit.DONE);
        assertThat(cli.err()).contains("Write this event?");
        assertThat(cli.input("").run("event", "order.placed", "--tenant", "t", "--yes"))
                .isEqualTo(Exit.DONE);
        assertThat(cli.journal()).hasSize(2);
    }

    @Test
    void whoAndWhenHaveDefaults() {
        Clock clock = Clock.fixed(Instant.parse("2026-01-02T03:04:05Z"), ZoneOffset.UTC);
        EventCommand command = new EventCommand(cli.console(), clock);
        new CommandLine(command).execute("order.placed", "--tenant=t", "--dir=" + cli.data());
        assertThat(cli.journal().get(0).fields().actorId()).isEqualTo(System.getProperty("user.name"));
        assertThat(written()).contains("\"occurred_at\":\"2026-01-02T03:04:05.000000Z\"");
        cli.environment("FIRN_ACTOR", "ops").run("event", "order.placed", "--tenant=t");
        assertThat(cli.journal().get(1).fields().actorId()).isEqualTo("ops");
    }
}
