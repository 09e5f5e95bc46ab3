package io.packstone.backup.cutting;

import io.packstone.format.CborWriter;
import io.packstone.manifest.ManifestEntry;
import io.packstone.manifest.ManifestEntry.Extensions;
import io.packstone.metadata.RawName;
import java.util.List;
import java.util.Map;

/** Where files are cut into chunks. Entries say which way they were cut (docs/format.md, Leaf nodes). */
public enum Cutting {
    /** Images of disks and block devices by {@link #FIXED}, all else by {@link #CONTENT}. */
    BY_KIND,
    /** Where the bytes say so: an insertion moves few cuts. */
    CONTENT,
    /** At every multiple of the average length, as disks are written to: a change costs the chunk it is in and moves no cut. */
    FIXED;

    /** The optional field of an entry that holds the length of its chunks. */
    private static final int FIELD = 15;

    private static final List<String> IMAGES =
            List.of(".img", ".raw", ".qcow2", ".vmdk", ".vdi", ".vhd", ".vhdx", ".iso");

    /** The length of the chunks of a file; 0 when they are cut by content. */
    public int lengthFor(RawName name, boolean device, int average) {
        boolean image = device || isImage(name);
        return this == FIXED || this == BY_KIND && image ? average : 0;
    }

    private static boolean isImage(RawName name) {
        for (String ending : IMAGES) {
            if (endsWith(name, ending)) {
                return true;
            }
        }
        return false;
    }

    /** In capitals or not. Each file is asked for each ending: a text made of its name would cost more than a hundredth of all. */
    private static boolean endsWith(RawName name, String ending) {
        int from = name.length() - ending.length();
        for (int i = 0; i < ending.length(); i++) {
            if (from < 0 || Character.toLowerCase(name.at(from + i)) != ending.charAt(i)) {
                return false;
            }
        }
        return true;
    }

    /** The fields of an entry whose chunks have that length. */
    public static Extensions recorded(int fixedLength) {
        return fixedLength == 0
                ? Extensions.NONE
                : Extensions.of(
                        Map.of(FIELD, new CborWriter().integer(fixedLength).toBytes()));
    }

    /** Whether an entry's chunks were cut by content. */
    public static boolean isByContent(ManifestEntry entry) {
        Extensions fields = entry.extensions();
        for (int i = 0; i < fields.size(); i++) {
            if (fields.key(i) == FIELD) {
                return false;
            }
        }
        return true;
    }
}
