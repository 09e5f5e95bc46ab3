package io.packstone.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import io.packstone.cli.setup.Interruption;
import io.packstone.cli.setup.RawText;
import io.packstone.cli.setup.Surroundings;
import io.packstone.cli.text.Console;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Clock;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Runs the program in this process with an environment, a folder and typed passwords of its own. */
public final class Shell {
    public final Map<String, String> environment = new HashMap<>();
    final Deque<String> typed = new ArrayDeque<>();
    final List<String> questions = new ArrayList<>();
    private final Path folder;
    private byte[] input = new byte[0];

    /** How a run ended. */
    public record Outcome(int code, byte[] output, String messages) {
        public String text() {
            return new String(output, StandardCharsets.UTF_8);
        }

        public Outcome expect(int wanted) {
            assertEquals(wanted, code, () -> "messages: " + messages + "\noutput: " + text());
            return this;
        }

        @Nullable
        public Object json() throws IOException {
            return Shell.json(text());
        }

        @SuppressWarnings("unchecked")
        public Map<String, Object> object() throws IOException {
            return (Map<String, Object>) require(json());
        }

        @SuppressWarnings("unchecked")
        public List<Map<String, Object>> array() throws IOException {
            return (List<Map<String, Object>>) require(json());
        }

        @SuppressWarnings("unchecked")
        public Map<String, Object> error() throws IOException {
            return (Map<String, Object>) require(object().get("error"));
        }
    }

    /** With {@code folder} as the current one. */
    public Shell(Path folder) {
        this.folder = folder;
        environment.put("HOME", folder.resolve("home").toString());
    }

    Shell input(byte[] bytes) {
        input = bytes;
        return this;
    }

    public Outcome run(String... arguments) {
        ByteArrayOutputStream output = new ByteArrayOutputStream();
        ByteArrayOutputStream messages = new ByteArrayOutputStream();
        Console console = new Console(new ByteArrayInputStream(input), output, messages, null);
        Surroundings surroundings = new Surroundings(
                environment, RawText.name(folder), console, Clock.systemDefaultZone(), this::answer, false);
        int code = new Program(surroundings, Interruption.none()).run(arguments).number();
        return new Outcome(code, output.toByteArray(), messages.toString(StandardCharsets.UTF_8));
    }

    private byte @Nullable [] answer(String question) {
        questions.add(question);
        String answer = typed.poll();
        return answer == null ? null : answer.getBytes(StandardCharsets.UTF_8);
    }

    static <T> T require(@Nullable T value) {
        if (value == null) {
            throw new AssertionError("nothing is there");
        }
        return value;
    }

    /** One document: maps, lists, strings, longs, doubles, booleans, null; anything after it fails. */
    static @Nullable Object json(String text) throws IOException {
        try (JsonParser parser = new JsonFactory().createParser(text)) {
            parser.nextToken();
            Object value = value(parser);
            assertEquals(null, parser.nextToken(), "more than one document");
            return value;
        }
    }

    private static @Nullable Object value(JsonParser parser) throws IOException {
        return switch (parser.currentToken()) {
            case START_OBJECT -> {
                Map<String, @Nullable Object> object = new LinkedHashMap<>();
                while (parser.nextToken() != JsonToken.END_OBJECT) {
                    String key = parser.currentName();
                    parser.nextToken();
                    object.put(key, value(parser));
                }
                yield object;
            }
            case START_ARRAY -> {
                List<@Nullable Object> array = new ArrayList<>();
                while (parser.nextToken() != JsonToken.END_ARRAY) {
                    array.add(value(parser));
                }
                yield array;
            }
            case VALUE_STRING -> parser.getText();
            case VALUE_NUMBER_INT -> parser.getLongValue();
            case VALUE_NUMBER_FLOAT -> parser.getDoubleValue();
            case VALUE_TRUE -> true;
            case VALUE_FALSE -> false;
            case VALUE_NULL -> null;
            default -> throw new IOException("unexpected " + parser.currentToken());
        };
    }

    /** The ids of the snapshots listed with those options too, in their order. */
    List<String> ids(String... more) throws IOException {
        String[] arguments = new String[more.length + 2];
        arguments[0] = "snapshots";
        arguments[1] = "--json";
        System.arraycopy(more, 0, arguments, 2, more.length);
        return run(arguments).expect(0).array().stream()
                .map(snapshot -> (String) snapshot.get("id"))
                .toList();
    }
}
