package dev.firn.cli;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.json.JsonMapper;
import dev.firn.event.ActionCatalog;
import dev.firn.event.ActionSpec;
import dev.firn.event.AttributeSpec;
import dev.firn.event.Event;
import dev.firn.event.EventTime;
import dev.firn.event.InvalidEventException;
import java.time.Clock;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.Callable;
import java.util.function.Function;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** One event typed by a person: checked as its typed builder checks it, shown, then written. */
@Command(
        name = "event",
        description = {
            "Write one event, typed by hand: it is checked and shown, then written.",
            "On a terminal it asks before it writes. For a known action the type of the object and the kinds of its"
                    + " attributes come from the catalogue; of any other action only the format is checked, and all"
                    + " its attributes are text. The lane is APPLICATION."
        },
        mixinStandardHelpOptions = true)
final class EventCommand implements Callable<Integer> {
    private static final String LANE = "APPLICATION";
    private static final JsonMapper JSON = JsonMapper.builder()
            .enable(DeserializationFeature.USE_BIG_DECIMAL_FOR_FLOATS)
            .build();

    @Spec
    private CommandSpec spec = CommandSpec.create();

    @Mixin
    private DirectoryOption directoryOption = new DirectoryOption();

    @Parameters(index = "0", paramLabel = "ACTION", description = "what was done, such as tenant.created")
    private String action = "";

    @Parameters(
            index = "1..*",
            paramLabel = "key=value",
            description = "attributes; of a known action, counts, numbers and true or false are read as such")
    private List<String> attributes = new ArrayList<>();

    @Option(names = "--tenant", paramLabel = "T", required = true, description = "whose event it is")
    private String tenant = "";

    @Option(
            names = "--object",
            paramLabel = "ID",
            description = "what it was done to (default for tenant. actions: the tenant)")
    private @Nullable String object;

    @Option(names = "--object-type", paramLabel = "TYPE", description = "type of the object of an unknown action")
    private @Nullable String objectType;

    @Option(names = "--actor", paramLabel = "A", description = "who did it (default: $FIRN_ACTOR, else your user name)")
    private @Nullable String actor;

    @Option(names = "--at", paramLabel = "TIME", description = "when, RFC 3339 with a zone (default: now)")
    private @Nullable String at;

    @Option(names = "--yes", description = "do not ask")
    private boolean yes;

    @Option(names = "--dry-run", description = "check and show, write nothing")
    private boolean dryRun;

    private final Console console;
    private final Clock clock;

    EventCommand(Console console) {
        this(console, Clock.systemUTC());
    }

    EventCommand(Console console, Clock clock) {
        this.console = console;
        this.clock = clock;
    }

    @Override
    public Integer call() {
        requireReadableArguments();
        Event event;
        try {
            event = event();
            CliJournal.requireAdmissible(event);
        } catch (InvalidEventException e) {
            throw new CommandFailure("this is no valid event: " + e.getMessage(), e);
        }
        show(event);
        if (dryRun) {
            console.err().println("nothing was written: --dry-run");
            return Exit.DONE;
        }
        if (console.interactive() && !yes && !console.confirmed("Write this event?")) {
            console.err().println("nothing was written");
            return Exit.FAILED;
        }
        try (CliJournal journal = CliJournal.open(
                directoryOption.directory(console),
                LANE,
                clock,
                directoryOption.settings(console).minFreeBytes())) {
            journal.emit(event);
            journal.finish();
            console.out().println("journal: " + journal.directory());
            console.out().println("sequence: " + journal.lastSequence());
            console.out().println("durable: yes");
        }
        return Exit.DONE;
    }

    /** The runtime puts U+FFFD for bytes that are no text in its locale: they would be lost for ever. */
    private void requireReadableArguments() {
        List<String> arguments = spec.commandLine().getParseResult().originalArgs();
        for (int i = 0; i < arguments.size(); i++) {
            requireText(arguments.get(i), "argument=" + (i + 1));
        }
    }

    private void requireText(String text, String where) {
        if (text.indexOf('\uFFFD') >= 0) {
            throw usage("not all of it could be read as text (it holds U+FFFD): " + where
                    + ": give it in UTF-8, and set LC_ALL to a UTF-8 locale such as C.UTF-8");
        }
    }

    private Event event() {
        Optional<ActionSpec> known = ActionCatalog.find(action);
        Event.Builder event = Event.builder(action).tenant(tenant).actor(actor());
        event.occurredAt(at == null ? clock.instant() : EventTime.instant(EventTime.parse(at, "--at")));
        setObject(event, known.orElse(null));
        setAttributes(event, known.orElse(null));
        if (known.isPresent()) {
            return known.get().build(event);
        }
        console.err()
                .println("note: the catalogue does not know this action, so that only its format was checked: action="
                        + action);
        return event.build();
    }

    private String actor() {
        if (actor != null) {
            return actor;
        }
        String name = console.environment().getOrDefault("FIRN_ACTOR", System.getProperty("user.name", ""));
        if (name.isEmpty()) {
            throw usage("who did it? Give --actor");
        }
        requireText(name, "FIRN_ACTOR, or else your user name");
        return name;
    }

    private void setObject(Event.Builder event, @Nullable ActionSpec known) {
        if (known == null) {
            if ((object == null) != (objectType == null)) {
                throw usage("an unknown action needs --object and --object-type, or neither");
            }
            if (object != null && objectType != null) {
                event.object(objectType, object);
            }
            return;
        }
        if (objectType != null && !objectType.equals(known.objectType())) {
            throw usage(
                    "--object-type is for unknown actions: the object of " + action + " is a " + known.objectType());
        }
        String id = object == null && known.objectType().equals("tenant") ? tenant : object;
        if (id == null) {
            throw usage("--object is missing: the ID of the " + known.objectType());
        }
        event.object(known.objectType(), id);
    }

    private void setAttributes(Event.Builder event, @Nullable ActionSpec known) {
        Map<String, AttributeSpec> kinds = (known == null ? List.<AttributeSpec>of() : known.attributes())
                .stream().collect(Collectors.toMap(AttributeSpec::name, Function.identity()));
        Set<String> seen = new HashSet<>();
        for (int i = 0; i < attributes.size(); i++) {
            int equals = attributes.get(i).indexOf('=');
            if (equals < 1) {
                throw usage("not of the form key=value: argument " + (i + 1) + " behind the action");
            }
            String name = attributes.get(i).substring(0, equals);
            String text = attributes.get(i).substring(equals + 1);
            if (!seen.add(name)) {
                throw usage("an attribute stands twice: " + InvalidEventException.shownName(name));
            }
            AttributeSpec kind = kinds.get(name);
            event.attribute(name, kind == null ? text : kind.fromText(text));
        }
    }

    private ParameterException usage(String problem) {
        return new ParameterException(spec.commandLine(), problem);
    }

    private void show(Event event) {
        try {
            console.out().println(JSON.readTree(event.canonical()).toPrettyString());
        } catch (JsonProcessingException e) {
            throw new IllegalStateException("a canonical form is JSON: bytes=" + event.canonicalLength(), e);
        }
        console.out().println("event id: " + event.eventId());
    }
}
