package io.packstone.restore;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.packstone.backend.local.LocalBackend;
import io.packstone.crypto.SecretKey;
import io.packstone.keyslot.Secret;
import io.packstone.metadata.TreePath;
import io.packstone.progress.ProgressListener;
import io.packstone.repository.Repository;
import io.packstone.repository.RepositoryOptions;
import io.packstone.repository.StoredSnapshot;
import io.packstone.restore.disk.Policy;
import io.packstone.restore.disk.Policy.Rule;
import io.packstone.testkit.OrdinaryUser;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.stream.Stream;

/** Restores, as an ordinary user, the newest snapshot of a fixture that root has made. */
public final class NobodysRestore {
    private static final int NOBODY = 65534;

    private NobodysRestore() {}

    /** A fresh folder of nobody's below {@code place}, beside a copy of the repository that nobody may read. */
    static Path folder(Path place) throws IOException {
        Path folder = Files.createTempDirectory(place, "nobody");
        Files.setAttribute(folder, "unix:mode", 0755);
        Files.setAttribute(place, "unix:mode", 0711);
        for (Path path = place.getParent(); path.getParent() != null; path = path.getParent()) {
            if (path.startsWith(System.getProperty("java.io.tmpdir")) && path.getNameCount() > 1) {
                Files.setAttribute(path, "unix:mode", (int) Files.getAttribute(path, "unix:mode") & 07777 | 0111);
            }
        }
        Path copy = folder.resolve("repository");
        try (Stream<Path> all = Files.walk(place.resolve("repository"))) {
            for (Path each : all.toList()) {
                Files.copy(
                        each,
                        copy.resolve(
                                place.resolve("repository").relativize(each).toString()));
            }
        }
        try (Stream<Path> all = Files.walk(folder)) {
            for (Path each : all.toList()) {
                Files.setAttribute(each, "unix:uid", NOBODY);
            }
        }
        return folder;
    }

    static void run(Path place, Path folder, String rule) throws IOException, InterruptedException {
        List<String> command =
                new ArrayList<>(OrdinaryUser.command(List.of("-Xmx256m"), NobodysRestore.class.getName()));
        command.addAll(List.of(folder.toString(), place.resolve("source").toString(), rule));
        Process child = new ProcessBuilder(command)
                .directory(new java.io.File("/"))
                .redirectErrorStream(true)
                .start();
        String output = new String(child.getInputStream().readAllBytes());
        assertEquals(0, child.waitFor(), output);
    }

    /** Folder, source, rule. */
    public static void main(String[] arguments) throws IOException {
        Path folder = Path.of(arguments[0]);
        Secret secret = new Secret.KeyFile(SecretKey.copyOf(new byte[32]));
        try (Repository repository = Repository.open(
                new LocalBackend(folder.resolve("repository")),
                secret,
                RepositoryOptions.defaults().withPlainIndex(true))) {
            List<StoredSnapshot> all = repository.snapshots().list().snapshots();
            Rule owner = Rule.valueOf(arguments[2].toUpperCase(Locale.ROOT));
            RestoreOptions options = RestoreOptions.to(RestoreFixture.name(folder.resolve("target")))
                    .withPath(TreePath.parse(RestoreFixture.name(Path.of(arguments[1]))))
                    .withPolicy(new Policy(owner, Rule.TRY, Rule.TRY));
            RestoreReport report = new Restore(repository).run(all.get(all.size() - 1), options, ProgressListener.NONE);
            List<String> lines = new ArrayList<>();
            report.notSet().forEach(each -> lines.add(each.kind() + " " + each.count()));
            lines.add("errors " + report.errors());
            lines.add("files " + report.filesRestored());
            Files.write(folder.resolve("report"), lines);
        }
    }
}
