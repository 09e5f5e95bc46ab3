package io.packstone.metadata;

import java.util.Arrays;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * What a file has besides its bytes and the usual metadata: values by name, both bytes, of all namespaces (user,
 * trusted, security, system, where access control lists are). Ordered by name. Immutable.
 */
public final class ExtendedAttributes {
    /** The longest name (XATTR_NAME_MAX). */
    public static final int NAME_MAX = 255;

    /** The longest value (XATTR_SIZE_MAX). */
    public static final int VALUE_MAX = 1 << 16;

    /** The most bytes that the names and values of one file may have. */
    public static final int TOTAL_MAX = 768 << 10;

    /** None. */
    public static final ExtendedAttributes NONE = new ExtendedAttributes(new RawName[0], new byte[0][]);

    private final RawName[] names;
    private final byte[][] values;

    private ExtendedAttributes(RawName[] names, byte[][] values) {
        this.names = names;
        this.values = values;
    }

    /**
     * Takes over the values of {@code byName}.
     *
     * @throws IllegalArgumentException when a name or value is too long or a name is none, or all are too long together
     */
    public static ExtendedAttributes of(Map<RawName, byte[]> byName) {
        if (byName.isEmpty()) {
            return NONE;
        }
        SortedMap<RawName, byte[]> sorted = new TreeMap<>(byName);
        RawName[] names = sorted.keySet().toArray(new RawName[0]);
        byte[][] values = sorted.values().toArray(new byte[0][]);
        long total = 0;
        for (int i = 0; i < names.length; i++) {
            total += names[i].length() + values[i].length;
            if (!isName(names[i]) || values[i].length > VALUE_MAX || total > TOTAL_MAX) {
                throw new IllegalArgumentException("no attribute " + names[i] + " of " + values[i].length + " bytes");
            }
        }
        return new ExtendedAttributes(names, values);
    }

    /** True for 1 to {@value #NAME_MAX} bytes that are not 0. */
    public static boolean isName(RawName name) {
        boolean fine = name.length() > 0 && name.length() <= NAME_MAX;
        for (int i = 0; fine && i < name.length(); i++) {
            fine = name.at(i) != 0;
        }
        return fine;
    }

    /** How many there are. */
    public int count() {
        return names.length;
    }

    /** True when there is none. */
    public boolean isEmpty() {
        return names.length == 0;
    }

    /** A name; they ascend. */
    public RawName name(int index) {
        return names[index];
    }

    /** A value, borrowed. */
    public byte[] value(int index) {
        return values[index];
    }

    /** The value of {@code name}, borrowed; null without one. */
    public byte @Nullable [] value(RawName name) {
        int index = Arrays.binarySearch(names, name);
        return index < 0 ? null : values[index];
    }

    @Override
    public boolean equals(Object other) {
        return this == other
                || other instanceof ExtendedAttributes that
                        && Arrays.equals(names, that.names)
                        && Arrays.deepEquals(values, that.values);
    }

    @Override
    public int hashCode() {
        return 31 * Arrays.hashCode(names) + Arrays.deepHashCode(values);
    }

    @Override
    public String toString() {
        return Arrays.toString(names);
    }
}
