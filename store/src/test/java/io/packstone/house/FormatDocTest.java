package io.packstone.house;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;

/** docs/format.md and the classes that hold layouts name each other. */
class FormatDocTest {
    private static final Path PAGE = Path.of("docs/format.md");
    private static final Pattern NAMED = Pattern.compile("\\b[A-Z][A-Za-z]*Format\\b");

    @Test
    void everyFormatClassIsNamedInThePageAndTheOtherWayRound() throws IOException {
        assumeTrue(Files.exists(Checkout.root().resolve(PAGE)), "docs/format.md is assembled from its parts later");
        Set<String> named = new TreeSet<>();
        Matcher name = NAMED.matcher(Checkout.text(PAGE));
        while (name.find()) {
            named.add(name.group());
        }
        Set<String> classes = Checkout.files().stream()
                .filter(file -> Checkout.isMain(file) && file.startsWith("store"))
                .map(file -> file.getFileName().toString())
                .filter(file -> file.endsWith("Format.java"))
                .map(file -> file.replace(".java", ""))
                .collect(Collectors.toCollection(TreeSet::new));
        assertEquals(
                classes,
                named,
                "left: classes *Format; right: those that docs/format.md names. Describe the structure, or mend the name");
    }
}
