package io.packstone.testkit;

import java.io.File;
import java.net.MalformedURLException;
import java.net.URL;
import java.net.URLClassLoader;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Collectors;

/** What tests run with, for those that start another process or class loader. */
public final class ClassPath {
    private ClassPath() {}

    /** Folders and jars, whether the runner loads tests itself or leaves that to the virtual machine. */
    public static List<URL> entries() {
        if (ClassPath.class.getClassLoader() instanceof URLClassLoader loader) {
            return List.of(loader.getURLs());
        }
        return Arrays.stream(System.getProperty("java.class.path").split(File.pathSeparator))
                .map(ClassPath::url)
                .toList();
    }

    /** As the {@code -cp} option takes it. */
    public static String option() {
        return entries().stream()
                .map(entry -> Path.of(entry.getPath()).toString())
                .collect(Collectors.joining(File.pathSeparator));
    }

    private static URL url(String path) {
        try {
            return Path.of(path).toUri().toURL();
        } catch (MalformedURLException e) {
            throw new IllegalArgumentException(e);
        }
    }
}
