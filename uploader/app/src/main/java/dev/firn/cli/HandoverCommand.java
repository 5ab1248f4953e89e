package dev.firn.cli;

import dev.firn.upload.Handover;
import dev.firn.upload.JournalSource;
import dev.firn.upload.Sink;
import dev.firn.upload.SinkBinding;
import dev.firn.upload.SinkException;
import java.nio.file.Path;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;

/** Moves a data directory from one way into Snowflake to the other. */
@Command(
        name = "handover",
        description = {
            "Move every journal of the data directory from one way into the same Snowflake tables to the other: what the"
                    + " former has committed is not sent again, and nothing is left out.",
            "No upload of this directory may run meanwhile, nor a former one be started again afterwards. May be repeated if it is"
                    + " interrupted."
        },
        mixinStandardHelpOptions = true)
final class HandoverCommand implements Callable<Integer> {
    @Mixin
    private DirectoryOption directoryOption = new DirectoryOption();

    @Mixin
    private SinkOption sinkOption = new SinkOption();

    private final Console console;

    HandoverCommand(Console console) {
        this.console = console;
    }

    @Override
    public Integer call() {
        DataDirectory directory = directoryOption.directory(console);
        String former = directory
                .boundSink()
                .orElseThrow(() -> new CommandFailure(
                        "no sink is bound yet, the first upload binds one: there is nothing to hand over"));
        if (sinkOption.isEmbedded() || former.equals("duckdb")) {
            throw new CommandFailure("only the two ways into Snowflake write into the same tables: bound=" + former
                    + " sink=" + sinkOption.name() + ": name the one to go to with --sink");
        }
        if (former.equals(sinkOption.name())) {
            console.out().println("the directory is bound to this sink already: " + former);
            return Exit.DONE;
        }
        Settings settings = directoryOption.settings(console);
        Table table = new Table().text("journal").text("producer").number("goes on behind");
        try (Sink from = sinkOption.open(former, settings, console.environment());
                Sink to = sinkOption.open(sinkOption.name(), settings, console.environment())) {
            Handover handover = new Handover(from, to);
            for (Path journal : directory.journals()) {
                try (JournalSource source = JournalSource.open(journal)) {
                    table.row(String.valueOf(journal.getFileName()), source.producerId(), handover.move(source));
                }
            }
            SinkBinding.rebind(directory.sinkBinding(), former, to.name());
        } catch (SinkException e) {
            throw new CommandFailure(
                    "not handed over, the directory stays bound to " + former + ": " + e.getMessage(), e);
        }
        console.out().println(table.render(console.width()));
        console.out().println("from now on: firn upload --sink " + sinkOption.name() + " --dir " + directory.root());
        return Exit.DONE;
    }
}
