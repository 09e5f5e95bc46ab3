package io.packstone.cli.command.taking;

import io.packstone.cli.setup.Context;
import io.packstone.cli.setup.RawText;
import io.packstone.cli.setup.UsageException;
import io.packstone.metadata.RawName;
import io.packstone.metadata.TreePath;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/** The places of Packstone itself, which a snapshot never takes. */
final class OwnPlaces {
    private final Context context;

    OwnPlaces(Context context) {
        this.context = context;
    }

    /** The repository and the cache, by their real paths; says which of them lie in {@code sources}. */
    List<RawName> leftOut(List<RawName> sources) throws IOException, UsageException {
        List<RawName> leftOut = new ArrayList<>();
        Path repository = context.opener().folder();
        add(leftOut, repository, sources, "the repository");
        Path cache = context.opener().cache();
        if (cache != null) {
            add(leftOut, cache, sources, "the cache");
        }
        warnOfSameDisk(repository, sources);
        return leftOut;
    }

    /** The same, without a word. */
    List<RawName> all() throws IOException, UsageException {
        List<RawName> all = new ArrayList<>();
        all.add(real(context.opener().folder()));
        Path cache = context.opener().cache();
        if (cache != null) {
            all.add(real(cache));
        }
        return all;
    }

    private static RawName real(Path place) throws IOException {
        return RawText.name(Files.exists(place) ? place.toRealPath() : place);
    }

    private void add(List<RawName> leftOut, Path place, List<RawName> sources, String what) throws IOException {
        RawName real = real(place);
        leftOut.add(real);
        TreePath inTree = TreePath.parse(real);
        if (sources.stream().anyMatch(source -> TreePath.parse(source).contains(inTree))) {
            context.say("leaving out " + what + " itself, " + real);
        }
    }

    private void warnOfSameDisk(Path repository, List<RawName> sources) {
        for (RawName source : sources) {
            if (sameDevice(repository, RawText.path(source))) {
                context.say("warning: the repository is on the same disk as " + source
                        + "; a copy on another disk or computer survives its failure");
                return;
            }
        }
    }

    private static boolean sameDevice(Path a, Path b) {
        try {
            Object deviceA = Files.getAttribute(a, "unix:dev");
            return deviceA.equals(Files.getAttribute(b, "unix:dev", LinkOption.NOFOLLOW_LINKS));
        } catch (IOException e) {
            return false; // A source that can't be looked at is reported by the snapshot.
        }
    }
}
