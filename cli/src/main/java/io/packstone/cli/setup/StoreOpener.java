package io.packstone.cli.setup;

import io.packstone.backend.Backend;
import io.packstone.backend.local.LocalBackend;
import io.packstone.crypto.Randomness;
import io.packstone.error.ErrorKind;
import io.packstone.error.RepositoryException;
import io.packstone.error.StoreException;
import io.packstone.id.RepositoryId;
import io.packstone.keyslot.Secret;
import io.packstone.maintenance.healing.TrialBackend;
import io.packstone.metadata.Quoting;
import io.packstone.repository.HistoryWatch;
import io.packstone.repository.InitOptions;
import io.packstone.repository.Repository;
import io.packstone.repository.RepositoryOptions;
import io.packstone.repository.objects.StoredObjects;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Set;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** Opens and creates the repository that the options and the environment name. */
public final class StoreOpener {
    private static final Pattern SCHEME = Pattern.compile("[a-z][a-z0-9+]*:.*", Pattern.DOTALL);

    private static final Set<String> LEFT_BY_INIT = Set.of("tmp", "keys", "config", "lost+found");
    private static final int SUSPICIONS_TOLD_MAX = 3;

    private final GlobalOptions options;
    private final Surroundings surroundings;
    private final SecretSource secrets;
    private final DefaultPlaces places;
    private int suspicionsTold;

    StoreOpener(GlobalOptions options, Surroundings surroundings) {
        this.options = options;
        this.surroundings = surroundings;
        this.secrets = new SecretSource(surroundings, Randomness.secure());
        this.places = new DefaultPlaces(surroundings);
    }

    /** Where secrets come from. */
    public SecretSource secrets() {
        return secrets;
    }

    /** The folder of the repository. */
    public Path folder() throws IOException, UsageException {
        String url = url();
        return url == null ? places.repository() : surroundings.path(filePart(url));
    }

    /** Where the index is kept; null when it is not to be kept. */
    public @Nullable Path cache() throws IOException {
        if (options.noCache) {
            return null;
        }
        return options.cacheFolder == null ? places.cache() : surroundings.path(options.cacheFolder);
    }

    private @Nullable String url() {
        return options.repository == null ? surroundings.variable("PACKSTONE_REPOSITORY") : options.repository;
    }

    private static String filePart(String url) throws UsageException {
        if (url.isEmpty()) {
            throw new UsageException("--repo is empty; give a folder");
        }
        if (url.startsWith("file://")) {
            String rest = url.substring("file://".length());
            String path = rest.startsWith("localhost/") ? rest.substring("localhost".length()) : rest;
            return java.net.URLDecoder.decode(path.replace("+", "%2B"), StandardCharsets.UTF_8);
        }
        if (url.startsWith("file:")) {
            return url.substring("file:".length());
        }
        if (SCHEME.matcher(url).matches()) {
            String scheme = url.substring(0, url.indexOf(':'));
            throw new UsageException("this version has no storage of kind '" + Quoting.quote(scheme)
                    + "'; give a folder, or ./" + Quoting.quote(url) + " for a folder of that name");
        }
        return url;
    }

    private SecretOptions secretOptions() throws UsageException {
        return new SecretOptions(options.passwordFile, options.passwordCommand, options.keyFile).checked("--");
    }

    /** The secret that opens the repository. */
    public Secret secret() throws IOException, UsageException {
        Secret given = secrets.given(secretOptions());
        if (given != null) {
            return given;
        }
        boolean embedded = url() == null && Files.exists(places.keyFile());
        return embedded ? KeyFiles.open(places.keyFile()) : secrets.existing(secretOptions());
    }

    /** Opens the repository, which must be there. */
    public Repository open() throws IOException, UsageException {
        requireRepository();
        return open(secret());
    }

    /** Opens the repository, which must be there, and loads its index. */
    public Repository openIndexed() throws IOException, UsageException {
        Repository repository = indexed(open());
        if (!options.quiet) {
            repository.notes().forEach(note -> surroundings.console().tell("warning: " + Quoting.quote(note)));
            for (StoreException damage : repository.damage()) {
                String message = Quoting.quote(String.valueOf(damage.getMessage()));
                surroundings.console().tell("warning: " + message + "; see packstone check");
            }
        }
        return repository;
    }

    /** Opens the repository with a secret known already, and loads its index. */
    public Repository openIndexed(Secret secret) throws IOException, UsageException {
        return indexed(open(secret));
    }

    /**
     * Opens the repository, and loads its index, so that nothing it does reaches the storage: that goes to {@code
     * scratch}, an empty folder.
     */
    public Repository openTrial(Secret secret, Path scratch) throws IOException, UsageException {
        Backend trial = new TrialBackend(backend(), new LocalBackend(scratch));
        return indexed(Repository.open(trial, secret, RepositoryOptions.defaults()));
    }

    /** As {@link #openTrial}, for what needs no key. */
    public StoredObjects openKeylessTrial(Path scratch) throws IOException, UsageException {
        return StoredObjects.at(new TrialBackend(backend(), new LocalBackend(scratch)));
    }

    /** What needs no key of another repository. */
    public StoredObjects openOther(String url) throws IOException, UsageException {
        return StoredObjects.at(new LocalBackend(surroundings.path(filePart(url))));
    }

    /** Opens another repository and loads its index. */
    public Repository openOther(String url, Secret secret) throws IOException, UsageException {
        return indexed(Repository.open(new LocalBackend(surroundings.path(filePart(url))), secret, how()));
    }

    private RepositoryOptions how() throws IOException, UsageException {
        return RepositoryOptions.defaults().withCacheDirectory(cache()).withClock(surroundings.clock());
    }

    private static Repository indexed(Repository repository) throws IOException {
        try {
            return repository.loadIndex();
        } catch (IOException | RuntimeException e) {
            try (repository) {
                throw e;
            }
        }
    }

    /** Opens the repository with a secret known already. */
    public Repository open(Secret secret) throws IOException, UsageException {
        Repository repository = Repository.open(backend(), secret, how());
        repository.history().listen(this::tell);
        return repository;
    }

    /** Of many only the first are told: a repository that was rolled back lacks all of them. */
    private void tell(HistoryWatch.Suspicion suspicion) {
        suspicionsTold++;
        if (suspicionsTold <= SUSPICIONS_TOLD_MAX) {
            surroundings.console().tell("warning: " + suspicion.message() + "; see packstone check");
        } else if (suspicionsTold == SUSPICIONS_TOLD_MAX + 1) {
            surroundings.console().tell("warning: and more of the same; see packstone check");
        }
    }

    /** Opens what needs no key of the repository, which must be there. */
    public StoredObjects openKeyless() throws IOException, UsageException {
        requireRepository();
        return StoredObjects.at(backend());
    }

    /** Says what is missing before anybody is asked for a password. */
    public void requireRepository() throws IOException, UsageException {
        try (Backend backend = backend()) {
            if (!Repository.exists(backend)) {
                String next = url() == null
                        ? "the first snapshot makes one there, or name another with --repo"
                        : "make one with: packstone init --repo " + Quoting.quote(String.valueOf(url()));
                throw new RepositoryException(
                        ErrorKind.NO_REPOSITORY, null, "there is no repository at " + backend.describe() + "; " + next);
            }
        }
    }

    private Backend backend() throws IOException, UsageException {
        return new LocalBackend(folder());
    }

    /** Opens the repository to store in; makes the embedded one, and its key, when that is meant and absent. */
    public Repository openOrCreate(Notice notice) throws IOException, UsageException {
        if (url() == null && !exists()) {
            createEmbedded(notice);
        }
        return openIndexed();
    }

    private boolean exists() throws IOException, UsageException {
        try (Backend backend = backend()) {
            return Repository.exists(backend);
        }
    }

    private void createEmbedded(Notice notice) throws IOException, UsageException {
        Secret given = secrets.given(secretOptions());
        Secret secret = given;
        if (secret == null) {
            Path keyFile = places.keyFile();
            secret = Files.exists(keyFile) ? KeyFiles.open(keyFile) : KeyFiles.create(keyFile, Randomness.secure());
        }
        try (Backend backend = backend()) {
            Repository.init(backend, InitOptions.defaults(), secret, surroundings.clock());
        } catch (RepositoryException e) {
            if (e.kind() == ErrorKind.OCCUPIED) {
                return; // Another first snapshot was faster, with the same key file: use what it made.
            }
            throw e;
        }
        notice.say("made a repository in " + Quoting.quote(RawText.name(places.repository())));
        if (given == null) {
            notice.say("its key is " + Quoting.quote(RawText.name(places.keyFile()))
                    + ": without the key nothing can be read; print a sheet to keep apart with:"
                    + " packstone key recovery-sheet");
        }
    }

    /** Makes a repository. */
    public RepositoryId init(InitOptions how) throws IOException, UsageException {
        SecretOptions given = secretOptions();
        try (Backend backend = backend()) {
            if (Repository.exists(backend)) {
                throw new RepositoryException(
                        ErrorKind.OCCUPIED, null, "there is a repository at " + backend.describe() + " already");
            }
            requireNothingElse(folder());
            return Repository.init(backend, how, secrets.fresh(given, true), surroundings.clock());
        }
    }

    /** A repository among other files is most often a slip; what an interrupted init left is no other file. */
    private static void requireNothingElse(Path folder) throws IOException {
        if (!Files.isDirectory(folder)) {
            return;
        }
        try (DirectoryStream<Path> inside = Files.newDirectoryStream(folder)) {
            for (Path path : inside) {
                if (!LEFT_BY_INIT.contains(path.getFileName().toString())) {
                    throw new RepositoryException(
                            ErrorKind.OCCUPIED,
                            null,
                            Quoting.quote(RawText.name(folder)) + " holds other things; name a new folder in it");
                }
            }
        }
    }

    /** Tells a person something once. */
    public interface Notice {
        /** One line, quoted. */
        void say(String line);
    }
}
