package io.packstone.backup.cutting;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.packstone.metadata.RawName;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

final class CuttingTest {
    private static final int AVERAGE = 65_536;

    @ParameterizedTest
    @ValueSource(strings = {"disk.img", "DISK.IMG", "a.b.Qcow2", ".raw", "x.vhd", "x.vhdx", "x.iso", "x.vdi", "x.VMDK"})
    void imagesAreCutWhereTheyAreWritten(String name) {
        assertEquals(AVERAGE, Cutting.BY_KIND.lengthFor(RawName.of(name), false, AVERAGE));
        assertEquals(0, Cutting.CONTENT.lengthFor(RawName.of(name), false, AVERAGE));
    }

    @ParameterizedTest
    @ValueSource(strings = {"img", "disk.img2", "disk.img.gz", "imgx", "a", ".qcow", "\u00ff.im"})
    void otherFilesAreCutByContent(String name) {
        assertEquals(0, Cutting.BY_KIND.lengthFor(RawName.of(name), false, AVERAGE));
        assertEquals(AVERAGE, Cutting.FIXED.lengthFor(RawName.of(name), false, AVERAGE));
        assertEquals(AVERAGE, Cutting.BY_KIND.lengthFor(RawName.of(name), true, AVERAGE));
    }
}
