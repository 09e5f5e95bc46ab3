package io.packstone.restore;

import java.io.IOException;
import java.nio.file.Path;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.io.TempDir;

/** Tests that begin with a repository on disk and an empty source beside it. */
public class FixtureCase {
    @TempDir
    protected Path place;

    protected RestoreFixture fixture;

    @BeforeEach
    void openFixture() throws IOException {
        fixture = new RestoreFixture(place);
    }

    @AfterEach
    void closeFixture() throws IOException {
        fixture.close();
    }
}
