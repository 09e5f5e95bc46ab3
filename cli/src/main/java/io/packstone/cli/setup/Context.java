package io.packstone.cli.setup;

import io.packstone.cli.text.Console;
import io.packstone.cli.text.Json;
import io.packstone.cli.text.ProgressDisplay;
import io.packstone.id.SnapshotId;
import io.packstone.metadata.Quoting;
import io.packstone.repository.SnapshotLog;
import java.time.ZoneId;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import picocli.CommandLine;

/** What a command runs with. */
public final class Context {
    private final GlobalOptions options;
    private final Surroundings surroundings;
    private final FullModel model;
    private final Map<SnapshotId, ExitCode> unreadable = new HashMap<>();

    /** Builds the model of all commands, for help and completion. */
    public interface FullModel {
        /** A fresh one. */
        CommandLine build();
    }

    /** For one run of one command. */
    public Context(GlobalOptions options, Surroundings surroundings, FullModel model) {
        this.options = options;
        this.surroundings = surroundings;
        this.model = model;
    }

    /** Environment, current folder, clock. */
    public Surroundings surroundings() {
        return surroundings;
    }

    /** The standard streams. */
    public Console console() {
        return surroundings.console();
    }

    /** The zone that times are shown in. */
    public ZoneId zone() {
        return surroundings.clock().getZone();
    }

    /** True when the result is to be one JSON document. */
    public boolean json() {
        return options.json;
    }

    /** True when a result that is not the point of the command may be said. */
    public boolean talks() {
        return !options.quiet && !options.json;
    }

    /** A JSON document on standard output. */
    public Json document() {
        return new Json(console().results());
    }

    /** The way to the repository. */
    public StoreOpener opener() {
        return new StoreOpener(options, surroundings);
    }

    /** The model of all commands. */
    public CommandLine model() {
        return model.build();
    }

    /** Tells a person something that is no error; nothing with {@code --quiet}. */
    public void say(String line) {
        if (!options.quiet) {
            console().tell(line);
        }
    }

    /** Tells, once, of snapshots that can't be read: whatever was chosen or counted without them may be the wrong one. */
    public void passedOver(List<SnapshotLog.Unreadable> snapshots) {
        for (SnapshotLog.Unreadable snapshot : snapshots) {
            if (unreadable.put(snapshot.id(), ExitCode.of(snapshot.cause().kind())) == null) {
                console()
                        .tell("packstone: "
                                + Quoting.quote(String.valueOf(snapshot.cause().getMessage()))
                                + "; this snapshot was passed over: run packstone check");
            }
        }
    }

    /** How the run ends, for a command that did what it says by {@code code}. */
    public ExitCode outcome(ExitCode code) {
        boolean done = code == ExitCode.DONE || code == ExitCode.PARTIAL;
        return done ? ExitCode.worst(code, unreadable.values()) : code;
    }

    /** Shows progress, by the options and the kind of standard error, until closed. */
    public ProgressDisplay progress() {
        return new ProgressDisplay(console(), style());
    }

    private ProgressDisplay.Style style() {
        if (options.quiet) {
            return ProgressDisplay.Style.SILENT;
        }
        if (options.json) {
            return options.progress ? ProgressDisplay.Style.JSON : ProgressDisplay.Style.WARNINGS;
        }
        if (console().messagesAreTerminal()) {
            return ProgressDisplay.Style.LINE;
        }
        return options.progress ? ProgressDisplay.Style.LOG : ProgressDisplay.Style.WARNINGS;
    }
}
