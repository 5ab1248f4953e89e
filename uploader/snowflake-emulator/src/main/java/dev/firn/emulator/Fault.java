package dev.firn.emulator;

import static java.util.Objects.requireNonNull;

import java.time.Duration;
import java.util.Arrays;
import java.util.Locale;

/**
 * What goes wrong at an endpoint, and how often.
 *
 * @param endpoint where
 * @param skip     requests that go well before, at least 0
 * @param times    requests that go wrong then, at least 1
 * @param effect   how
 */
public record Fault(Endpoint endpoint, int skip, int times, Effect effect) {
    /** How a request goes wrong. */
    public sealed interface Effect {}

    /**
     * It is answered with an error and has no effect.
     *
     * @param http HTTP status, 400 to 599
     * @param code of the body, such as {@code STALE_CONTINUATION_TOKEN_SEQUENCER}
     */
    public record Refuse(int http, String code) implements Effect {
        public Refuse {
            if (http < 400 || http > 599) {
                throw new IllegalArgumentException("http must be in 400..599: value=" + http);
            }
            requireNonNull(code, "code");
        }
    }

    /**
     * It is answered with HTTP 200 and an error's number in the body, as classic streaming and sessions do; no effect otherwise. The
     * number is that of each channel, where the request is for several.
     *
     * @param statusCode Snowflake's: 10 for a transient error of classic streaming, 3001 for a statement that is
     *                   not permitted
     */
    public record Answer(int statusCode) implements Effect {}

    /**
     * It takes effect, and the reply is lost: the connection ends without one, or a proxy answers for the server.
     *
     * @param http what the client gets to see, 500 to 599; 0 for a connection that ends
     */
    public record LoseReply(int http) implements Effect {
        public LoseReply {
            if (http != 0 && (http < 500 || http > 599)) {
                throw new IllegalArgumentException("http must be 0 or in 500..599: value=" + http);
            }
        }
    }

    /** It is answered late. */
    public record Delay(Duration by) implements Effect {
        public Delay {
            requireNonNull(by, "by");
        }
    }

    public Fault {
        requireNonNull(endpoint, "endpoint");
        requireNonNull(effect, "effect");
        if (skip < 0 || times < 1) {
            throw new IllegalArgumentException(
                    "skip must be at least 0, times at least 1: skip=" + skip + " times=" + times);
        }
    }

    public static Fault once(Endpoint endpoint, Effect effect) {
        return new Fault(endpoint, 0, 1, effect);
    }

    /**
     * Reads one from text: the endpoint and its effect, then how often.
     *
     * <pre>
     * append-rows:refuse=503:times=2
     * append-rows:refuse=400,STALE_CONTINUATION_TOKEN_SEQUENCER:skip=5
     * classic-register:answer=10
     * append-rows:lose-reply=500
     * channel-status:delay=250ms
     * </pre>
     *
     * @throws IllegalArgumentException if it is none, with what was expected
     */
    public static Fault parse(String text) {
        String[] parts = text.split(":", -1);
        if (parts.length < 2) {
            throw new IllegalArgumentException(
                    "a fault is ENDPOINT:EFFECT=VALUE[:skip=N][:times=N], such as append-rows:refuse=503:times=2: value="
                            + text);
        }
        Endpoint endpoint = Arrays.stream(Endpoint.values())
                .filter(one -> one.label().equals(parts[0]))
                .findFirst()
                .orElseThrow(() -> new IllegalArgumentException("no such endpoint: value=" + parts[0] + " endpoints="
                        + Arrays.stream(Endpoint.values()).map(Endpoint::label).toList()));
        int skip = 0;
        int times = 1;
        for (String part : Arrays.asList(parts).subList(2, parts.length)) {
            String[] setting = part.split("=", 2);
            switch (setting[0]) {
                case "skip" -> skip = number(setting, text);
                case "times" -> times = number(setting, text);
                default -> throw new IllegalArgumentException("expected skip=N or times=N: value=" + part);
            }
        }
        return new Fault(endpoint, skip, times, effect(parts[1].split("=", 2), text));
    }

    private static Effect effect(String[] setting, String text) {
        return switch (setting[0]) {
            case "refuse" -> {
                String[] values = setting.length < 2 ? new String[] {""} : setting[1].split(",", 2);
                yield new Refuse(
                        number(new String[] {setting[0], values[0]}, text), values.length < 2 ? "TOLD_TO" : values[1]);
            }
            case "answer" -> new Answer(number(setting, text));
            case "lose-reply" -> new LoseReply(setting.length < 2 ? 0 : number(setting, text));
            case "delay" -> {
                if (setting.length < 2 || !setting[1].matches("\\d{1,7}ms")) {
                    throw new IllegalArgumentException("delay takes milliseconds, such as delay=250ms: value=" + text);
                }
                yield new Delay(Duration.ofMillis(Long.parseLong(setting[1].substring(0, setting[1].length() - 2))));
            }
            default ->
                throw new IllegalArgumentException(String.format(
                        Locale.ROOT, "the effect must be refuse, answer, lose-reply or delay: value=%s", setting[0]));
        };
    }

    private static int number(String[] setting, String text) {
        if (setting.length < 2 || !setting[1].matches("\\d{1,9}")) {
            throw new IllegalArgumentException(setting[0] + " takes a number: value=" + text);
        }
        return Integer.parseInt(setting[1]);
    }
}
