package io.packstone.format;

import com.fasterxml.jackson.core.JsonToken;
import com.fasterxml.jackson.dataformat.cbor.CBORFactory;
import com.fasterxml.jackson.dataformat.cbor.CBORParser;
import io.packstone.error.CorruptionException;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/**
 * Reads what {@link CborWriter} wrote, and nothing else: a longer form than needed, an indefinite length, a tag, a
 * float, a key out of order or a type not asked for is a {@link CorruptionException} that says where. Lengths and
 * counts are compared with the bytes left before anything is allocated. The array is borrowed. For one thread.
 */
public final class CborReader {
    /** How deep arrays and maps may nest. */
    public static final int MAX_DEPTH = 32;

    static final long NO_MAP = -2;
    static final long NO_KEY_YET = -1;

    private static final CBORFactory FACTORY = new CBORFactory();
    private static final int UNSIGNED = 0;
    private static final int NEGATIVE = 1;
    private static final int BYTES = 2;
    private static final int TEXT = 3;
    private static final int ARRAY = 4;
    private static final int MAP = 5;
    private static final int FALSE = 0xf4;
    private static final int TRUE = 0xf5;
    private static final int NULL = 0xf6;

    private final byte[] source;
    private final int start;
    private final int length;
    private final String name;
    private final CBORParser parser;
    private final int[] remaining = new int[MAX_DEPTH];
    private final long[] lastKeys = new long[MAX_DEPTH];
    private final Head head = new Head();
    private int depth;
    private boolean peeked;

    /** Reads {@code length} bytes of {@code source} from {@code offset}; {@code name} names them in errors. */
    public CborReader(byte[] source, int offset, int length, String name) {
        if (offset < 0 || length < 0 || length > source.length - offset) {
            throw new IllegalArgumentException("no range: " + offset + " + " + length + " of " + source.length);
        }
        this.source = source;
        this.start = offset;
        this.length = length;
        this.name = name;
        try {
            this.parser = FACTORY.createParser(source, offset, length);
        } catch (IOException e) {
            throw new IllegalStateException(e);
        }
    }

    /** Begins an array of at most {@code max} values and returns how many it has. */
    public int array(int max) throws CorruptionException {
        return begin(ARRAY, max, NO_MAP);
    }

    /** Begins an array of exactly {@code count} values. */
    public void arrayOf(int count) throws CorruptionException {
        int found = array(Integer.MAX_VALUE);
        if (found != count) {
            throw corrupt("an array of " + count, Integer.toString(found));
        }
    }

    /** Begins a map of at most {@code max} pairs and returns how many it has; each is a {@link #key} and a value. */
    public int map(int max) throws CorruptionException {
        return begin(MAP, max, NO_KEY_YET);
    }

    private int begin(int major, int max, long lastKey) throws CorruptionException {
        expect(major);
        if (head.argument > max) {
            throw corrupt("a count up to " + max, Long.toString(head.argument));
        }
        if (depth == MAX_DEPTH) {
            throw corrupt("at most " + MAX_DEPTH + " levels", "more");
        }
        int count = (int) head.argument;
        remaining[depth] = count;
        lastKeys[depth++] = lastKey;
        closeFull();
        return count;
    }

    /** The next key of a map, in ascending order. */
    public long key() throws CorruptionException {
        if (depth == 0 || lastKeys[depth - 1] == NO_MAP) {
            throw new IllegalStateException("not in a map");
        }
        expect(UNSIGNED);
        if (head.argument <= lastKeys[depth - 1]) {
            throw corrupt("a key above " + lastKeys[depth - 1], Long.toString(head.argument));
        }
        lastKeys[depth - 1] = head.argument;
        return head.argument;
    }

    /** An integer. */
    public long integer() throws CorruptionException {
        advance();
        if (head.major != UNSIGNED && head.major != NEGATIVE) {
            throw wrongType("an integer");
        }
        long value = head.major == UNSIGNED ? head.argument : ~head.argument;
        endValue();
        return value;
    }

    /** An integer from {@code min} to {@code max}. */
    public long integer(long min, long max) throws CorruptionException {
        long value = integer();
        if (value < min || value > max) {
            throw corrupt("an integer from " + min + " to " + max, Long.toString(value));
        }
        return value;
    }

    /** A byte string of at most {@code max} bytes; a fresh array. */
    public byte[] bytes(int max) throws CorruptionException {
        expectString(BYTES, max);
        byte[] value = Arrays.copyOfRange(source, head.end(), head.end() + (int) head.argument);
        endValue();
        return value;
    }

    /** A byte string of exactly {@code count} bytes; a fresh array. */
    public byte[] bytesOf(int count) throws CorruptionException {
        byte[] value = bytes(count);
        if (value.length != count) {
            throw corrupt(count + " bytes", value.length + " bytes");
        }
        return value;
    }

    /** A text string of at most {@code max} bytes of UTF-8. */
    public String text(int max) throws CorruptionException {
        expectString(TEXT, max);
        String value = new String(source, head.end(), (int) head.argument, StandardCharsets.UTF_8);
        if (value.indexOf('\uFFFD') >= 0) {
            expectUtf8();
        }
        endValue();
        return value;
    }

    private void expectUtf8() throws CorruptionException {
        try {
            StandardCharsets.UTF_8.newDecoder().decode(ByteBuffer.wrap(source, head.end(), (int) head.argument));
        } catch (CharacterCodingException e) {
            throw corrupt("UTF-8", "other bytes");
        }
    }

    private void expectString(int major, int max) throws CorruptionException {
        expect(major);
        if (head.argument > max) {
            throw corrupt("a string of at most " + max + " bytes", head.argument + " bytes");
        }
    }

    /** True or false. */
    public boolean bool() throws CorruptionException {
        advance();
        if (head.first != FALSE && head.first != TRUE) {
            throw wrongType("true or false");
        }
        boolean value = head.first == TRUE;
        endValue();
        return value;
    }

    /** True when the next value is none at all, which is then read; else nothing is. */
    public boolean nothing() throws CorruptionException {
        advance();
        if (head.first != NULL) {
            peeked = true;
            return false;
        }
        endValue();
        return true;
    }

    /** Reads one value of any type and forgets it. */
    public void skipValue() throws CorruptionException {
        walkValue(null);
    }

    /** Reads one value of any type and returns its bytes, for {@link CborWriter#captured}. */
    public byte[] captureValue() throws CorruptionException {
        advance();
        peeked = true;
        int from = head.at;
        int to = walkValue(null);
        return Arrays.copyOfRange(source, from, to);
    }

    void copyValue(CborWriter target) throws CorruptionException {
        walkValue(target);
    }

    /** Reads one value with all in it, repeats it to {@code target} if any, and returns where it ends. */
    private int walkValue(@Nullable CborWriter target) throws CorruptionException {
        int outside = depth;
        int end;
        do {
            if (depth > outside && lastKeys[depth - 1] != NO_MAP) {
                long key = key();
                if (target != null) {
                    target.key(key);
                }
            }
            advance();
            end = head.end() + (head.major == BYTES || head.major == TEXT ? (int) head.argument : 0);
            peeked = true;
            walkToken(target);
        } while (depth > outside);
        return end;
    }

    private void walkToken(@Nullable CborWriter target) throws CorruptionException {
        switch (head.major) {
            case UNSIGNED, NEGATIVE -> {
                long value = integer();
                if (target != null) {
                    target.integer(value);
                }
            }
            case BYTES -> {
                byte[] value = bytes(length);
                if (target != null) {
                    target.bytes(value);
                }
            }
            case TEXT -> {
                String value = text(length);
                if (target != null) {
                    target.text(value);
                }
            }
            default -> walkOther(target);
        }
    }

    private void walkOther(@Nullable CborWriter target) throws CorruptionException {
        if (head.major == ARRAY) {
            int count = array(length);
            if (target != null) {
                target.array(count);
            }
        } else if (head.major == MAP) {
            int count = map(length);
            if (target != null) {
                target.map(count);
            }
        } else if (nothing()) {
            if (target != null) {
                target.nothing();
            }
        } else {
            boolean value = bool();
            if (target != null) {
                target.bool(value);
            }
        }
    }

    /** Refuses bytes that nobody read. */
    public void expectEnd() throws CorruptionException {
        if (depth != 0 || peeked) {
            throw new IllegalStateException("an array or map is not read to its end");
        }
        if (nextToken() != null) {
            throw corrupt("the end", "more bytes");
        }
    }

    /** Damage at the last value read: {@code expected} says what should stand there. */
    public CorruptionException corrupt(String expected, String found) {
        return new CorruptionException(name, head.at - start, expected, found);
    }

    private void expect(int major) throws CorruptionException {
        advance();
        if (head.major != major) {
            throw wrongType(Head.NAMES[major]);
        }
    }

    private CorruptionException wrongType(String expected) {
        return corrupt(expected, Head.NAMES[head.major]);
    }

    /** Steps to the next token unless one was only looked at. */
    private void advance() throws CorruptionException {
        if (peeked) {
            peeked = false;
            return;
        }
        if (nextToken() == null) {
            throw new CorruptionException(name, length, "a value", "the end");
        }
        int at = start + (int) parser.currentTokenLocation().getByteOffset();
        if (!head.read(source, at, start + length)) {
            throw new CorruptionException(name, at - start, "deterministic CBOR", "first byte " + head.first);
        }
    }

    private @Nullable JsonToken nextToken() throws CorruptionException {
        try {
            return parser.nextToken();
        } catch (IOException e) {
            throw new CorruptionException(name, "not CBOR: " + e.getMessage());
        }
    }

    private void endValue() throws CorruptionException {
        if (depth > 0) {
            remaining[depth - 1]--;
            closeFull();
        }
    }

    private void closeFull() throws CorruptionException {
        while (depth > 0 && remaining[depth - 1] == 0) {
            JsonToken end = nextToken();
            if (end == null || !end.isStructEnd()) {
                throw corrupt("the end of an array or map", "more values");
            }
            depth--;
            if (depth > 0) {
                remaining[depth - 1]--;
            }
        }
    }

    /** The first bytes of a value: its type and its number, length or count. */
    private static final class Head {
        static final String[] NAMES = {
            "an integer", "an integer", "a byte string", "a text string", "an array", "a map", "a tag", "a simple value"
        };

        int at;
        int first;
        int major;
        long argument;
        private int extra;

        /** False when the value is not of the deterministic forms, or can't fit before {@code limit}. */
        boolean read(byte[] bytes, int offset, int limit) {
            at = offset;
            first = bytes[offset] & 0xff;
            major = first >> 5;
            int low = first & 0x1f;
            if (major == 7) {
                extra = 0;
                return first >= FALSE && first <= NULL;
            }
            extra = low < 24 ? 0 : 1 << low - 24;
            if (major == 6 || low > 27 || extra > limit - offset - 1) {
                return false;
            }
            argument = low;
            if (extra > 0) {
                argument = 0;
                for (int i = 1; i <= extra; i++) {
                    argument = argument << 8 | bytes[offset + i] & 0xff;
                }
            }
            return argument >= 0 && isShortest() && fits(limit - end());
        }

        private boolean isShortest() {
            return switch (extra) {
                case 0 -> true;
                case 1 -> argument >= 24;
                case 2 -> argument > 0xff;
                case 4 -> argument > 0xffff;
                default -> argument > 0xffffffffL;
            };
        }

        /** Every byte, value or pair announced takes at least one or two of the bytes left. */
        private boolean fits(int left) {
            return major < BYTES || argument <= (major == MAP ? left / 2 : left);
        }

        int end() {
            return at + 1 + extra;
        }
    }
}
